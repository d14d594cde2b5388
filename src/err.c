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
  case EFBIG: return "limit";
  default: return "io";
  }
}

int nx_push_where(lua_State *L, int level)
{
  lua_Debug ar;
  for (; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || nx_embedded_is_chunk(ar.source)) continue;
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

/* where(level = 1) -> "file:line" | nil: the innermost user frame, counted from the caller */
static int err_where(lua_State *L)
{
  return nx_push_where(L, (int)luaL_optinteger(L, 1, 1));
}

/* is_ours(source) -> boolean: is lua_Debug's `source` a carried file? */
static int err_is_ours(lua_State *L)
{
  lua_pushboolean(L, nx_embedded_is_chunk(luaL_checkstring(L, 1)));
  return 1;
}

static const luaL_Reg functions[] = { { "where", err_where }, { "is_ours", err_is_ours }, { NULL, NULL } };

int luaopen_nx_core_err(lua_State *L)
{
  luaL_newlib(L, functions);
  luaL_newmetatable(L, "nx.error");
  lua_setfield(L, -2, "metatable");
  return 1;
}
