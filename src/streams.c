/* What scripts print. With options.write, standard output and error of the state are streams into it; print raises
   when its text could not be written, so that a lost line is not a success. */
#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>

#include "err.h"
#include "state.h"

static ssize_t write_out(void *cookie, const char *bytes, size_t n)
{
  nxlua *s = cookie;
  int e = s->options.write(s->options.ud, 1, bytes, n);
  if (e == 0) return (ssize_t)n;
  errno = e;
  return 0; /* not -1: the contract of cookie streams */
}

static ssize_t write_err(void *cookie, const char *bytes, size_t n)
{
  nxlua *s = cookie;
  int e = s->options.write(s->options.ud, 2, bytes, n);
  if (e == 0) return (ssize_t)n;
  errno = e;
  return 0;
}

int nx_streams_init(nxlua *s)
{
  if (!s->options.write) return 0;
  s->out = fopencookie(s, "w", (cookie_io_functions_t){ .write = write_out });
  s->err = fopencookie(s, "w", (cookie_io_functions_t){ .write = write_err });
  if (!s->out || !s->err) return ENOMEM;
  setvbuf(s->out, NULL, _IOLBF, BUFSIZ);
  setvbuf(s->err, NULL, _IONBF, 0);
  return 0;
}

int nx_streams_flush(nxlua *s)
{
  if (!s->out) return 0;
  errno = 0;
  int lost = fflush(s->out) != 0;
  int e = errno;
  if (ferror(s->out)) lost = 1;
  clearerr(s->out);
  return !lost ? 0 : e ? e : EIO;
}

void nx_streams_free(nxlua *s)
{
  if (s->out) fclose(s->out);
  if (s->err) fclose(s->err);
}

static int print(lua_State *L)
{
  nxlua *s = nx_state(L);
  FILE *out = s->out ? s->out : stdout;
  int n = lua_gettop(L);
  errno = 0;
  for (int i = 1; i <= n; i++) {
    size_t length;
    const char *text = luaL_tolstring(L, i, &length);
    if (i > 1) putc('\t', out);
    if (fwrite(text, 1, length, out) != length) break;
    lua_pop(L, 1);
  }
  putc('\n', out);
  if (fflush(out) == 0 && !ferror(out)) return 0;
  int e = errno ? errno : EIO;
  return nx_fail(L, &(nx_error){ .kind = nx_error_kind(e), .errnum = e, .step = "write" }, "standard output");
}

/* Standard streams are not for scripts to close. */
static int keep_open(lua_State *L)
{
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  stream->closef = keep_open;
  lua_pushnil(L);
  lua_pushliteral(L, "cannot close standard file");
  return 2;
}

static void replace(lua_State *L, const char *name, FILE *file)
{
  luaL_Stream *stream = lua_newuserdatauv(L, sizeof *stream, 0);
  stream->closef = NULL;
  luaL_setmetatable(L, LUA_FILEHANDLE);
  stream->f = file;
  stream->closef = keep_open;
  lua_setfield(L, -2, name);
}

void nx_streams_open(nxlua *s)
{
  lua_State *L = s->L;
  lua_pushcfunction(L, print);
  lua_setglobal(L, "print");
  if (!s->out) return;
  lua_getglobal(L, "io");
  replace(L, "stdout", s->out);
  replace(L, "stderr", s->err);
  lua_getfield(L, -1, "output");
  lua_getfield(L, -2, "stdout");
  lua_call(L, 1, 0);
  lua_pop(L, 1);
}
