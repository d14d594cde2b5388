/* argv and envp out of Lua tables. */
#include "vectors.h"

#include <lauxlib.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "mem.h"

#define BLOCK "nx.environment"

struct block {
  size_t count;
  char *list[]; /* count pointers, NULL, then the bytes */
};

static int usage(lua_State *L, const char *text, const char *name)
{
  return nx_fail(L, &(nx_error){ .kind = "usage" }, text, name);
}

/* At least `n` pointers; what was there is lost. */
static void reserve(lua_State *L, void **room, size_t *have, size_t n, size_t each)
{
  if (*have >= n) return;
  size_t count = n + n / 2 + 16;
  nx_free(*room);
  *have = 0;
  *room = nx_malloc(count * each);
  if (!*room) nx_no_memory(L);
  *have = count;
}

char *const *nx_vectors_argv(lua_State *L, nx_vectors *v, int index)
{
  lua_Unsigned count = lua_rawlen(L, index);
  if (count == 0) usage(L, "the program is missing%s", "");
  if (count > INT32_MAX) usage(L, "too many arguments%s", "");
  reserve(L, (void **)&v->argv, &v->nargv, (size_t)count + 2, sizeof *v->argv);
  for (lua_Unsigned i = 1; i <= count; i++) {
    size_t n;
    if (lua_rawgeti(L, index, (lua_Integer)i) != LUA_TSTRING) usage(L, "an argument is not a string%s", "");
    const char *text = lua_tolstring(L, -1, &n);
    if (strlen(text) != n) usage(L, "an argument contains a zero byte: \"%s\"", text);
    v->argv[i] = (char *)text; /* kept by the table, which nothing changes before exec */
    lua_pop(L, 1);
  }
  v->argv[count + 1] = NULL;
  return v->argv + 1;
}

/* ---- the environment ---- */

/* Checks the table at `index` of NAME = value | false: bytes and number of its NAME=value. */
static size_t measure(lua_State *L, int index, size_t *entries)
{
  size_t bytes = 0;
  *entries = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    size_t n, m;
    if (lua_type(L, -2) != LUA_TSTRING) usage(L, "env: a name is not a string%s", "");
    const char *name = lua_tolstring(L, -2, &n);
    if (n == 0 || strlen(name) != n || strchr(name, '=')) usage(L, "env: a variable cannot be named \"%s\"", name);
    ++*entries;
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) {
      m = 0;
    } else {
      if (lua_type(L, -1) != LUA_TSTRING) usage(L, "env: the value of %s is not a string (false removes it)", name);
      if (strlen(lua_tolstring(L, -1, &m)) != m) usage(L, "env: the value of %s contains a zero byte", name);
    }
    bytes += n + m + 2;
  }
  return bytes;
}

/* Puts the table over `list` (count entries, room for more): NAME=value goes to `bytes`. The new count. */
static size_t lay_over(lua_State *L, int index, char **list, size_t count, char *bytes)
{
  size_t base = count;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    size_t n, m, at = 0;
    const char *name = lua_tolstring(L, -2, &n);
    /* the first byte tells nearly all apart, without a call */
    while (at < base && !(list[at] && *list[at] == *name && strncmp(list[at], name, n) == 0 && list[at][n] == '='))
      at++;
    if (lua_isboolean(L, -1)) {
      if (at < base) list[at] = NULL;
      continue;
    }
    const char *value = lua_tolstring(L, -1, &m);
    list[at < base ? at : count++] = bytes;
    memcpy(bytes, name, n);
    bytes[n] = '=';
    memcpy(bytes + n + 1, value, m + 1);
    bytes += n + m + 2;
  }
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (list[i]) list[kept++] = list[i];
  list[kept] = NULL;
  return kept;
}

static size_t count_list(char *const *list)
{
  size_t n = 0;
  while (list && list[n]) n++;
  return n;
}

char *const *nx_vectors_envp(lua_State *L, nx_vectors *v, int base, int clear, int add)
{
  static char *const nothing[] = { NULL };
  struct block *block = base ? luaL_checkudata(L, base, BLOCK) : NULL;
  char *const *list = block ? block->list : clear || !environ ? nothing : environ;
  if (!add) return list;
  size_t count = count_list(list), entries, bytes = measure(L, add, &entries);
  reserve(L, (void **)&v->envp, &v->nenvp, count + entries + 1, sizeof *v->envp);
  reserve(L, (void **)&v->bytes, &v->nbytes, bytes + 1, 1);
  memcpy(v->envp, list, count * sizeof *list);
  lay_over(L, add, v->envp, count, v->bytes);
  return v->envp;
}

int nx_env_block(lua_State *L)
{
  static char *const nothing[] = { NULL };
  luaL_checktype(L, 1, LUA_TTABLE);
  char *const *from = lua_toboolean(L, 2) || !environ ? nothing : environ;
  size_t count = count_list(from), entries, bytes = measure(L, 1, &entries), copied = 0;
  for (size_t i = 0; i < count; i++) copied += strlen(from[i]) + 1;
  size_t places = count + entries + 1;
  struct block *block = lua_newuserdatauv(L, sizeof *block + places * sizeof(char *) + copied + bytes, 0);
  luaL_setmetatable(L, BLOCK);
  char *to = (char *)(block->list + places);
  for (size_t i = 0; i < count; i++) {
    size_t n = strlen(from[i]) + 1;
    block->list[i] = memcpy(to, from[i], n);
    to += n;
  }
  block->count = lay_over(L, 1, block->list, count, to);
  return 1;
}

void nx_vectors_free(nx_vectors *v)
{
  nx_free(v->argv);
  nx_free(v->envp);
  nx_free(v->bytes);
  *v = (nx_vectors){ 0 };
}
