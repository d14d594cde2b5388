/* nx.core.text: looking at the bytes of a text. Lua's patterns take a hundred instructions for each, which is what a
 * list of a hundred thousand names used to wait for. */
#include <lauxlib.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "core.h"

static int all_ascii(const char *text, size_t n)
{
  uint64_t seen = 0, word;
  for (; n >= sizeof word; text += sizeof word, n -= sizeof word) {
    memcpy(&word, text, sizeof word);
    seen |= word;
  }
  for (; n > 0; n--) seen |= (unsigned char)*text++;
  return !(seen & 0x8080808080808080u);
}

/* ascii(text) -> boolean: no byte above 127 */
static int text_ascii(lua_State *L)
{
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n);
  lua_pushboolean(L, all_ascii(text, n));
  return 1;
}

/* plain(text) -> boolean: may it stand between double quotes as it is, in JSON as in most languages? Printable ASCII
   without a quote or a backslash. */
static int text_plain(lua_State *L)
{
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') return lua_pushboolean(L, 0), 1;
  }
  lua_pushboolean(L, 1);
  return 1;
}

static int compare(const char *a, size_t n, const char *b, size_t m)
{
  int order = memcmp(a, b, n < m ? n : m);
  return order ? order : n < m ? -1 : n > m;
}

/* lines(text, ending) -> list, rising | nil: the lines of a text that all end alike, without that ending; are they in
   strictly rising order of their bytes? nil when one of them ends otherwise. */
static int text_lines(lua_State *L)
{
  size_t size, m, before = 0;
  const char *text = luaL_checklstring(L, 1, &size), *ending = luaL_checklstring(L, 2, &m), *end = text + size;
  lua_Integer count = 0;
  for (const char *p = text, *stop; p < end; p = stop + 1, count++) {
    stop = memchr(p, '\n', (size_t)(end - p));
    if (!stop) stop = end;
    size_t n = (size_t)(stop - p);
    if (n < m || memcmp(stop - m, ending, m) != 0) return 0;
  }
  if (count > INT_MAX) return luaL_error(L, "too many lines");
  lua_createtable(L, (int)count, 0);
  int rising = 1;
  const char *last = NULL;
  lua_Integer i = 0;
  for (const char *p = text, *stop; p < end; p = stop + 1) {
    stop = memchr(p, '\n', (size_t)(end - p));
    if (!stop) stop = end;
    size_t n = (size_t)(stop - p) - m;
    if (last && compare(last, before, p, n) >= 0) rising = 0;
    last = p;
    before = n;
    lua_pushlstring(L, p, n);
    lua_rawseti(L, -2, ++i);
  }
  lua_pushboolean(L, rising);
  return 2;
}

static const luaL_Reg functions[] = {
  { "ascii", text_ascii }, { "plain", text_plain }, { "lines", text_lines }, { NULL, NULL }
};

int luaopen_nx_core_text(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
