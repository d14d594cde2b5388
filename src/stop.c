/* Ending a script from inside (os.exit) and from outside (nxlua_interrupt).
 *
 * os.exit in a host raises a value that pcall, xpcall and coroutine.resume pass on, so that every <close> runs and the
 * host goes on. In the program it closes what is open and ends the process.
 *
 * An interrupt wakes the loop, and a waiting call answers it. A script that computes and does not wait is stopped by a
 * count hook: set by the interrupting thread on the coroutine that runs, as a signal handler would, it raises once the
 * interrupt has gone unanswered for a moment. lua_sethook walks the call frames of that coroutine; so that none is
 * freed meanwhile, the allocator holds still while `walking` is set. membarrier(2) makes the flag visible before the
 * walk begins, at no cost for the allocator; without it only the state's own thread (a handler) sets the hook. */
#include <errno.h>
#include <lauxlib.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "embedded.h"
#include "err.h"
#include "mem.h"
#include "state.h"

enum { HOOK_COUNT = 1000, GRACE_MS = 100 };

static const char exit_key;

static int64_t now_ns(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Lua gives an error for want of memory no place: no handler can run. So it is looked up when the allocation fails. */
static void note_place(nxlua *s)
{
  lua_State *L = atomic_load(&s->current);
  lua_Debug ar;
  s->memory_where[0] = 0;
  for (int level = 0; L && lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || nx_embedded_is_chunk(ar.source)) continue;
    snprintf(s->memory_where, sizeof s->memory_where, "%s:%d", ar.short_src, ar.currentline);
    return;
  }
}

void *nx_stop_allocate(void *ud, void *block, size_t old, size_t n)
{
  nxlua *s = ud;
  if (block && n < old)
    while (atomic_load_explicit(&s->walking, memory_order_relaxed)) sched_yield();
  if (n == 0) {
    nx_free(block);
    return NULL;
  }
  void *moved = nx_realloc(block, n);
  if (!moved) note_place(s);
  return moved;
}

/* ---- interrupts ---- */

static void hook(lua_State *L, lua_Debug *ar);

static void set_hook(lua_State *L)
{
  if (lua_gethook(L) != hook) lua_sethook(L, hook, LUA_MASKCOUNT, HOOK_COUNT);
}

static void hook(lua_State *L, lua_Debug *ar)
{
  (void)ar;
  nxlua *s = nx_state(L);
  if (!nx_loop_interrupted(s->loop)) {
    lua_sethook(L, NULL, 0, 0);
    return;
  }
  if (now_ns() - atomic_load(&s->interrupted_at) < GRACE_MS * INT64_C(1000000)) return;
  lua_sethook(L, NULL, 0, 0);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE); /* raised there, where handlers have a say */
  lua_getfield(L, -1, "nx.scheduler");
  lua_getfield(L, -1, "answer_interrupt");
  lua_call(L, 0, 0);
}

void nx_stop_interrupt(nxlua *s, int signum)
{
  int saved = errno;
  if (!nx_loop_interrupted(s->loop)) atomic_store(&s->interrupted_at, now_ns());
  if (signum) nx_loop_signal(s->loop, signum);
  else nx_loop_interrupt(s->loop);
  if (s->fences || pthread_equal(pthread_self(), s->owner)) {
    atomic_fetch_add(&s->walking, 1);
    if (s->fences) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    lua_State *current = atomic_load(&s->current);
    if (current) set_hook(current);
    atomic_fetch_sub(&s->walking, 1);
  }
  errno = saved;
}

void nxlua_interrupt(nxlua *s)
{
  nx_stop_interrupt(s, 0);
}

/* ---- the functions of the base library that notice ---- */

int nx_is_exit(lua_State *L, int index)
{
  return lua_touserdata(L, index) == (void *)&exit_key;
}

static int finish_pcall(lua_State *L, int status, lua_KContext extra)
{
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)extra;
  if (nx_is_exit(L, -1)) return lua_error(L);
  lua_pushboolean(L, 0);
  lua_pushvalue(L, -2);
  return 2;
}

static int stop_pcall(lua_State *L)
{
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  return finish_pcall(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall), 0);
}

/* A user's message handler does not get to see the way out. */
static int handler(lua_State *L)
{
  if (nx_is_exit(L, 1)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int stop_xpcall(lua_State *L)
{
  int n = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, handler, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2); /* f, handler, true, f, arguments… */
  return finish_pcall(L, lua_pcallk(L, n - 2, LUA_MULTRET, 2, 2, finish_pcall), 2);
}

/* Resumes `co` with n arguments moved from L: the number of results moved to L, or -1 with the error on L. */
static int resume(lua_State *L, lua_State *co, int n)
{
  nxlua *s = nx_state(L);
  int results, status;
  if (!lua_checkstack(co, n)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, n);
  atomic_store(&s->current, co);
  if (nx_loop_interrupted(s->loop)) set_hook(co);
  status = lua_resume(co, L, n, &results);
  atomic_store(&s->current, L);
  if (nx_loop_interrupted(s->loop)) set_hook(L);
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, results);
  return results;
}

static int stop_resume(lua_State *L)
{
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  int results = resume(L, co, lua_gettop(L) - 1);
  if (results < 0 && nx_is_exit(L, -1)) return lua_error(L);
  lua_pushboolean(L, results >= 0);
  if (results < 0) results = 1;
  lua_insert(L, -(results + 1));
  return results + 1;
}

static int wrapped(lua_State *L)
{
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int results = resume(L, co, lua_gettop(L));
  if (results >= 0) return results;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) { /* it died: run its pending <close>s */
    status = lua_resetthread(co);
    if (status != LUA_OK) {
      lua_pop(L, 1);
      lua_xmove(co, L, 1);
    }
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int stop_wrap(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

/* ---- os.exit ---- */

static int stop_exit(lua_State *L)
{
  nxlua *s = nx_state(L);
  int status;
  if (lua_isboolean(L, 1)) status = lua_toboolean(L, 1) ? EXIT_SUCCESS : EXIT_FAILURE;
  else status = (int)luaL_optinteger(L, 1, EXIT_SUCCESS);
  if (s->leave) {
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, "nx.script");
    lua_getfield(L, -1, "close_all");
    lua_call(L, 0, 0);
    if (lua_toboolean(L, 2)) lua_close(s->L);
    s->leave(status);
  }
  s->exit_asked = 1;
  s->exit_status = status;
  lua_pushlightuserdata(L, (void *)&exit_key);
  return lua_error(L);
}

static void replace(lua_State *L, const char *table, const char *name, lua_CFunction f)
{
  lua_getglobal(L, table);
  lua_pushcfunction(L, f);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

void nx_stop_open(nxlua *s)
{
  lua_State *L = s->L;
  lua_getglobal(L, "xpcall");
  lua_setfield(L, LUA_REGISTRYINDEX, NX_RAW_XPCALL_KEY);
  replace(L, "_G", "pcall", stop_pcall);
  replace(L, "_G", "xpcall", stop_xpcall);
  replace(L, "coroutine", "resume", stop_resume);
  replace(L, "coroutine", "wrap", stop_wrap);
  replace(L, "os", "exit", stop_exit);
  s->fences = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}
