/* The error object: building and raising it, and finding the user's line. */
#include "err.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "embedded.h"

const char *nx_error_kind(int errnum)
{
  switch (errnum) {
  case ENOENT:
  case ENOTDIR: return "not_found";
  case EEXIST:
  case ENOTEMPTY: return "exists";
  case EACCES:
  case EPERM:
  case EROFS: return "permission";
  case ENOSPC:
  case EDQUOT:
  case EMFILE:
  case ENFILE:
  case EFBIG:
  case ENOMEM: return "limit";
  default: return "io";
  }
}

/* Is the frame of code that we carry? A command is ours, the same script run as a file is the user's. */
static int is_ours(lua_State *L, const char *source)
{
  if (strncmp(source, "@scripts/", 9) == 0) {
    lua_getfield(L, LUA_REGISTRYINDEX, NX_COMMAND_KEY);
    int command = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (!command) return 0;
  }
  return nx_embedded_is_chunk(source);
}

int nx_push_where(lua_State *L, int level)
{
  lua_Debug ar;
  for (; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || is_ours(L, ar.source)) continue;
    lua_pushfstring(L, "%s:%d", ar.short_src, ar.currentline);
    return 1;
  }
  return 0;
}

static void set_text(lua_State *L, const char *key, const char *value)
{
  if (!value) return;
  lua_pushstring(L, value);
  lua_setfield(L, -2, key);
}

static void push_error(lua_State *L, const nx_error *error, const char *format, va_list arguments)
{
  char message[2048];
  int length = vsnprintf(message, sizeof message, format, arguments);
  if (length < 0) length = 0;
  if ((size_t)length >= sizeof message) length = sizeof message - 1;
  luaL_checkstack(L, 6, "error object");
  lua_createtable(L, 0, 8);
  luaL_newmetatable(L, "nx.error");
  lua_setmetatable(L, -2);
  set_text(L, "kind", error->kind);
  if (error->errnum) {
    char reason[128] = "";
    /* the GNU strerror_r: thread safe, may return a constant instead of filling the buffer */
    const char *text = strerror_r(error->errnum, reason, sizeof reason);
    lua_pushfstring(L, "%s: %s", message, text);
    lua_pushinteger(L, error->errnum);
    lua_setfield(L, -3, "errno");
  } else {
    lua_pushlstring(L, message, (size_t)length);
  }
  lua_setfield(L, -2, "message");
  set_text(L, "step", error->step);
  set_text(L, "path", error->path);
  lua_pushinteger(L, error->exit_code ? error->exit_code : 1);
  lua_setfield(L, -2, "exit_code");
  if (nx_push_where(L, 0)) lua_setfield(L, -2, "where");
}

void nx_push_error(lua_State *L, const nx_error *error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  push_error(L, error, format, arguments);
  va_end(arguments);
}

int nx_fail(lua_State *L, const nx_error *error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  push_error(L, error, format, arguments);
  va_end(arguments);
  return lua_error(L);
}

static void add_frame(lua_State *L, luaL_Buffer *text, const lua_Debug *ar)
{
  if (luaL_bufflen(text) > 0) luaL_addchar(text, '\n');
  if (ar->currentline > 0) lua_pushfstring(L, "%s:%d: ", ar->short_src, ar->currentline);
  else lua_pushfstring(L, "%s: ", ar->short_src);
  luaL_addvalue(text);
  if (*ar->namewhat)
    lua_pushfstring(L, "in %s '%s'", strcmp(ar->namewhat, "method") == 0 ? "method" : "function", ar->name);
  else if (*ar->what == 'm') lua_pushliteral(L, "in main chunk");
  else if (*ar->what == 'C') lua_pushliteral(L, "in C");
  else lua_pushfstring(L, "in function <%s:%d>", ar->short_src, ar->linedefined);
  luaL_addvalue(text);
}

/* The outermost level, by halving: lua_getstack takes time in proportion to the level. */
static int outermost(lua_State *L1)
{
  lua_Debug ar;
  int low = 0, high = 1;
  while (lua_getstack(L1, high, &ar)) low = high, high *= 2;
  while (high - low > 1) {
    int middle = low + (high - low) / 2;
    if (lua_getstack(L1, middle, &ar)) low = middle;
    else high = middle;
  }
  return low;
}

void nx_push_trace(lua_State *L, lua_State *L1, int level)
{
  enum { NEAR = 24 }; /* so many levels are looked at at either end; a frame that repeats is shown once */
  lua_Debug ar;
  const char *source = NULL;
  int line = 0, repeated = 0;
  lua_getfield(L, LUA_REGISTRYINDEX, NX_FULL_TRACE_KEY);
  int full = lua_toboolean(L, -1), last = outermost(L1), cut = last - level > 2 * NEAR ? level + NEAR : -1;
  lua_pop(L, 1);
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  for (; lua_getstack(L1, level, &ar); level++) {
    if (level == cut) {
      level = last - NEAR;
      if (!repeated) luaL_addstring(&text, "\n...");
      continue;
    }
    lua_getinfo(L1, "Slnt", &ar);
    if (!full && (ar.currentline <= 0 || is_ours(L, ar.source))) continue;
    if (source == ar.source && line == ar.currentline && line > 0) { /* a function that calls itself */
      if (!repeated++) luaL_addstring(&text, "\n... (repeated)");
      continue;
    }
    source = ar.source, line = ar.currentline, repeated = 0;
    add_frame(L, &text, &ar);
  }
  luaL_pushresult(&text);
}

int nx_error_handler(lua_State *L)
{
  if (lua_islightuserdata(L, 1)) return 1; /* the way out of os.exit */
  lua_createtable(L, 0, 3);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "value");
  nx_push_trace(L, L, 1);
  lua_setfield(L, -2, "trace");
  if (nx_push_where(L, 1)) lua_setfield(L, -2, "where");
  return 1;
}

int nx_error_report(lua_State *L)
{
  const char *memory_where = lua_touserdata(L, 2);
  lua_settop(L, 1);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "nx.script");
  lua_getfield(L, -1, "report");
  lua_pushvalue(L, 1);
  lua_pushstring(L, memory_where);
  lua_call(L, 2, 5);
  return 5;
}

int nx_no_memory(lua_State *L)
{
  return nx_fail(L, &(nx_error){ .kind = "limit" }, "not enough memory");
}

/* where(level = 1) -> "file:line" | nil: the innermost user frame, counted from the caller */
static int err_where(lua_State *L)
{
  return nx_push_where(L, (int)luaL_optinteger(L, 1, 1));
}

/* is_ours(source) -> boolean: is lua_Debug's `source` a carried file? */
static int err_is_ours(lua_State *L)
{
  lua_pushboolean(L, is_ours(L, luaL_checkstring(L, 1)));
  return 1;
}

/* trace(coroutine = the running one, level = 1) -> text, a line a frame */
static int err_trace(lua_State *L)
{
  lua_State *other = lua_tothread(L, 1);
  nx_push_trace(L, other ? other : L, (int)luaL_optinteger(L, other ? 2 : 1, other && other != L ? 0 : 1));
  return 1;
}

/* full_trace(boolean): show all frames */
static int err_full_trace(lua_State *L)
{
  lua_pushboolean(L, lua_toboolean(L, 1));
  lua_setfield(L, LUA_REGISTRYINDEX, NX_FULL_TRACE_KEY);
  return 0;
}

static const luaL_Reg functions[] = { { "where", err_where },          { "is_ours", err_is_ours },
                                      { "trace", err_trace },          { "full_trace", err_full_trace },
                                      { "handler", nx_error_handler }, { NULL, NULL } };

int luaopen_nx_core_err(lua_State *L)
{
  luaL_newlib(L, functions);
  luaL_newmetatable(L, "nx.error");
  lua_setfield(L, -2, "metatable");
  if (lua_getfield(L, LUA_REGISTRYINDEX, NX_RAW_XPCALL_KEY) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_getglobal(L, "xpcall");
  }
  lua_setfield(L, -2, "xpcall");
  return 1;
}
