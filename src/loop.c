/* The event loop for Lua, one a state: time, timers, randomness, and what has happened. */
#include "loop.h"

#include <errno.h>
#include <lauxlib.h>

#include "err.h"
#include "poller.h"

static const char loop_key, handles_key; /* registry: the loop; waitable's address -> userdata, weak */

static int loop_gc(lua_State *L)
{
  nx_poll_close(lua_touserdata(L, 1));
  return 0;
}

nx_loop *nx_loop_get(lua_State *L)
{
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loop_key) == LUA_TUSERDATA) {
    nx_loop *loop = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return loop;
  }
  lua_pop(L, 1);
  luaL_checkstack(L, 4, "event loop");
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &handles_key);
  nx_loop *loop = lua_newuserdatauv(L, sizeof *loop, 0);
  nx_poll_init(loop);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, loop_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  int failed = nx_poll_open(loop);
  if (failed) nx_fail(L, &(nx_error){ .kind = nx_error_kind(failed), .errnum = failed }, "event loop");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &loop_key);
  return loop;
}

void nx_waitable_open(lua_State *L, int index, nx_waitable *w)
{
  nx_loop *loop = nx_loop_get(L);
  index = lua_absindex(L, index);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &handles_key);
  lua_pushvalue(L, index);
  lua_rawsetp(L, -2, w);
  lua_pop(L, 1);
  w->next = NULL;
  w->signalled = 0;
  w->loop = loop;
}

/* Rounded up: a deadline is not met before it. */
static int64_t check_seconds(lua_State *L, int index)
{
  double ns = luaL_checknumber(L, index) * 1e9;
  if (!(ns > 0)) return 0;
  if (ns > 9e18) return (int64_t)9e18;
  int64_t whole = (int64_t)ns;
  return (double)whole < ns ? whole + 1 : whole;
}

/* poll(seconds | nil, list) -> n, or -1 when nothing can ever happen: waits until something has happened; list[1…n] is
   what: handles that were signalled, and the numbers of timers that are due. Signals are asked for apart. */
static int l_poll(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  int64_t limit = lua_isnoneornil(L, 1) ? -1 : check_seconds(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  if (limit < 0 && nx_poll_idle(loop)) {
    lua_pushinteger(L, -1);
    return 1;
  }
  int failed = nx_poll_wait(loop, limit);
  if (failed) return nx_fail(L, &(nx_error){ .kind = "io", .errnum = failed }, "event loop");
  lua_settop(L, 2);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &handles_key);
  lua_Integer n = 0;
  while (loop->first) {
    nx_waitable *w = loop->first;
    loop->first = w->next;
    if (!loop->first) loop->last = NULL;
    w->signalled = 0;
    if (lua_rawgetp(L, 3, w) == LUA_TNIL) lua_pop(L, 1);
    else lua_rawseti(L, 2, ++n);
  }
  for (uint32_t i = 0; i < loop->timers.nexpired; i++) {
    lua_pushinteger(L, loop->timers.expired[i]);
    lua_rawseti(L, 2, ++n);
  }
  loop->timers.nexpired = 0;
  lua_pushinteger(L, n);
  return 1;
}

/* signals() -> nil | { n… }: what interrupted, 0 for an interrupt without a signal; then forgotten */
static int l_signals(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  if (!atomic_load(&loop->pending)) return 0;
  uint64_t pending = atomic_exchange(&loop->pending, 0);
  lua_newtable(L);
  lua_Integer n = 0;
  for (int i = 0; i < 64; i++) {
    if (!(pending >> i & 1)) continue;
    lua_pushinteger(L, i);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* interrupt([signum]): as nxlua_interrupt does, for tests */
static int l_interrupt(lua_State *L)
{
  int signum = (int)luaL_optinteger(L, 1, 0);
  if (signum) nx_loop_signal(nx_loop_get(L), signum);
  else nx_loop_interrupt(nx_loop_get(L));
  return 0;
}

/* timer() -> number; a timer is set and cleared any number of times, and is given back by free */
static int l_timer(lua_State *L)
{
  int64_t id = nx_timers_add(&nx_loop_get(L)->timers);
  if (id < 0) return nx_no_memory(L);
  lua_pushinteger(L, id);
  return 1;
}

static uint32_t check_timer(lua_State *L, nx_loop *loop)
{
  lua_Integer id = luaL_checkinteger(L, 1);
  luaL_argcheck(L, id >= 0 && id < (lua_Integer)loop->timers.ntimers, 1, "no such timer");
  return (uint32_t)id;
}

/* set(timer, at): at seconds of now() */
static int l_set(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  uint32_t id = check_timer(L, loop);
  nx_timers_set(&loop->timers, id, check_seconds(L, 2));
  return 0;
}

static int l_clear(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  nx_timers_clear(&loop->timers, check_timer(L, loop));
  return 0;
}

static int l_free(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  nx_timers_remove(&loop->timers, check_timer(L, loop));
  return 0;
}

/* now() -> seconds of a clock that only rises; time() -> Unix seconds */
static int l_now(lua_State *L)
{
  lua_pushnumber(L, (double)nx_loop_now(nx_loop_get(L)) / 1e9);
  return 1;
}

static int l_time(lua_State *L)
{
  lua_pushnumber(L, nx_loop_time(nx_loop_get(L)));
  return 1;
}

/* virtual(true [, unix seconds]) | virtual(false): time that jumps to the next timer when nothing real is under way */
static int l_virtual(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  nx_poll_virtual(loop, lua_toboolean(L, 1), luaL_optnumber(L, 2, nx_loop_time(loop)));
  return 0;
}

/* advance(seconds) of virtual time */
static int l_advance(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  if (!loop->is_virtual) return luaL_error(L, "the clock is not virtual");
  nx_poll_advance(loop, check_seconds(L, 1));
  return 0;
}

static int l_pause(lua_State *L)
{
  nx_loop_pause(nx_loop_get(L));
  return 0;
}

static int l_resume(lua_State *L)
{
  nx_loop_resume(nx_loop_get(L));
  return 0;
}

static int l_seed(lua_State *L)
{
  nx_random_seed(&nx_loop_get(L)->random, (uint64_t)luaL_checkinteger(L, 1));
  return 0;
}

/* random() -> [0, 1); random(n) -> 1 … n */
static int l_random(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  if (lua_isnoneornil(L, 1)) {
    lua_pushnumber(L, (double)(nx_random_next(&loop->random) >> 11) * 0x1p-53);
    return 1;
  }
  lua_Integer n = luaL_checkinteger(L, 1);
  luaL_argcheck(L, n > 0, 1, "must be positive");
  lua_pushinteger(L, (lua_Integer)nx_random_below(&loop->random, (uint64_t)n) + 1);
  return 1;
}

/* arm(busy): for the descriptor of fd(), once it has been asked for: readable when there is something to do, and at
   once when `busy` */
static int l_arm(lua_State *L)
{
  nx_poll_arm(nx_loop_get(L), lua_toboolean(L, 1));
  return 0;
}

/* fd() -> the descriptor for a loop around this one */
static int l_fd(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  int fd = nx_loop_fd(loop);
  if (fd < 0) return nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno }, "event loop");
  lua_pushinteger(L, fd);
  return 1;
}

static const luaL_Reg functions[] = {
  { "poll", l_poll },     { "signals", l_signals }, { "interrupt", l_interrupt }, { "timer", l_timer },
  { "set", l_set },       { "clear", l_clear },     { "free", l_free },           { "now", l_now },
  { "time", l_time },     { "virtual", l_virtual }, { "advance", l_advance },     { "pause", l_pause },
  { "resume", l_resume }, { "seed", l_seed },       { "random", l_random },       { "fd", l_fd },
  { "arm", l_arm },       { NULL, NULL },
};

int luaopen_nx_core_loop(lua_State *L)
{
  nx_loop_get(L);
  luaL_newlib(L, functions);
  return 1;
}
