/* Our ends of a child's streams that Lua itself reads or writes, chunk by chunk. */
#include "pipes.h"

#include <errno.h>
#include <lauxlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "err.h"
#include "loop.h"
#include "quiet.h"

#define READER "nx.reader"
#define WRITER "nx.writer"
#define CHUNK  65536 /* what a pipe holds */

struct pipe_end {
  nx_source source; /* first */
  nx_waitable waitable;
  int fd; /* -1: closed */
};

static void ready(nx_source *source, uint32_t events)
{
  struct pipe_end *end = (struct pipe_end *)source;
  (void)events;
  nx_waitable_signal(&end->waitable);
}

static void close_end(struct pipe_end *end)
{
  nx_loop_unwatch(&end->source);
  nx_waitable_close(&end->waitable);
  if (end->fd >= 0) close(end->fd);
  end->fd = -1;
}

static struct pipe_end *open_end(lua_State *L, const char *kind)
{
  struct pipe_end *end = lua_newuserdatauv(L, sizeof *end, 0);
  *end = (struct pipe_end){ .fd = -1 };
  luaL_setmetatable(L, kind);
  nx_waitable_open(L, -1, &end->waitable);
  end->source.ready = ready;
  return end;
}

void *nx_reader_new(lua_State *L)
{
  return open_end(L, READER);
}

void *nx_writer_new(lua_State *L)
{
  return open_end(L, WRITER);
}

/* One shot at a time: reading pauses from a chunk on until it is asked for the next. */
int nx_pipe_attach(void *pipe_end, int fd)
{
  struct pipe_end *end = pipe_end;
  end->fd = fd;
  return nx_loop_watch(end->waitable.loop, &end->source, fd, EPOLLONESHOT);
}

/* reader:next() -> chunk | false at the end | nil: wait */
static int reader_next(lua_State *L)
{
  struct pipe_end *end = luaL_checkudata(L, 1, READER);
  ssize_t n = 0;
  if (end->fd >= 0) {
    luaL_Buffer buffer;
    char *bytes = luaL_buffinitsize(L, &buffer, CHUNK);
    do n = read(end->fd, bytes, CHUNK);
    while (n < 0 && errno == EINTR);
    if (n > 0) {
      luaL_pushresultsize(&buffer, (size_t)n);
      return 1;
    }
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      nx_loop_change(&end->source, EPOLLIN | EPOLLONESHOT);
      return 0;
    }
  }
  close_end(end);
  lua_pushboolean(L, 0);
  return 1;
}

/* writer:write(bytes, from) -> the place after what was written | false when nobody reads any more | nil: wait */
static int writer_write(lua_State *L)
{
  size_t size;
  struct pipe_end *end = luaL_checkudata(L, 1, WRITER);
  const char *bytes = luaL_checklstring(L, 2, &size);
  lua_Integer from = luaL_optinteger(L, 3, 1);
  luaL_argcheck(L, from >= 1 && (size_t)from <= size + 1, 3, "out of range");
  if (end->fd < 0) {
    lua_pushboolean(L, 0);
    return 1;
  }
  ssize_t n = nx_write_quietly(end->fd, bytes + from - 1, size - (size_t)from + 1);
  if (n >= 0) {
    lua_pushinteger(L, from + n);
    return 1;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    nx_loop_change(&end->source, EPOLLOUT | EPOLLONESHOT);
    return 0;
  }
  close_end(end);
  lua_pushboolean(L, 0);
  return 1;
}

static int reader_close(lua_State *L)
{
  close_end(luaL_checkudata(L, 1, READER));
  return 0;
}

static int writer_close(lua_State *L)
{
  close_end(luaL_checkudata(L, 1, WRITER));
  return 0;
}

static const luaL_Reg reader_methods[] = { { "next", reader_next },
                                           { "close", reader_close },
                                           { "__close", reader_close },
                                           { "__gc", reader_close },
                                           { NULL, NULL } };
static const luaL_Reg writer_methods[] = { { "write", writer_write },
                                           { "close", writer_close },
                                           { "__close", writer_close },
                                           { "__gc", writer_close },
                                           { NULL, NULL } };

void nx_pipes_register(lua_State *L)
{
  if (luaL_newmetatable(L, READER)) {
    luaL_setfuncs(L, reader_methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  if (luaL_newmetatable(L, WRITER)) {
    luaL_setfuncs(L, writer_methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  lua_pop(L, 2);
}
