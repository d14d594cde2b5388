/* Running programs: the handle of a child. Which options there are and when what is ended, Lua decides
 * (lua/nx/process.lua); here one child is told about, signalled and reaped. start.c starts it. */
#include "run.h"

#include <errno.h>
#include <lauxlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "pipes.h"
#include "process.h"
#include "signame.h"

static int check_signal(lua_State *L, int index)
{
  if (lua_isinteger(L, index)) return (int)lua_tointeger(L, index);
  const char *name = luaL_checkstring(L, index);
  int signum = nx_signal_number(name);
  if (!signum) nx_fail(L, &(nx_error){ .kind = "usage" }, "no signal is called \"%s\"", name);
  return signum;
}

/* ---- the state's children ---- */

static const char runtime_key;

static int runtime_gc(lua_State *L)
{
  nx_runtime *rt = lua_touserdata(L, 1);
  nx_children_close(&rt->children);
  nx_vectors_free(&rt->vectors);
  if (rt->null >= 0) close(rt->null);
  rt->null = -1;
  return 0;
}

nx_runtime *nx_runtime_get(lua_State *L)
{
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    nx_loop *loop = nx_loop_get(L);
    nx_runtime *rt = lua_newuserdatauv(L, sizeof *rt, 0);
    memset(rt, 0, sizeof *rt);
    rt->null = -1;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, runtime_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    int failed = nx_children_open(&rt->children, loop);
    if (failed) nx_fail(L, &(nx_error){ .kind = nx_error_kind(failed), .errnum = failed }, "children");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &runtime_key);
  }
  nx_runtime *rt = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return rt;
}

/* ---- a process ---- */

void nx_process_close_fds(int fds[3])
{
  for (int i = 0; i < 3; i++) {
    if (fds[i] >= 0) close(fds[i]);
    fds[i] = -1;
  }
}

void nx_process_close(nx_process *p)
{
  nx_process_close_fds(p->theirs);
  nx_process_close_fds(p->ours);
  nx_waitable_close(&p->waitable);
  if (p->child) nx_child_drop(p->child);
  p->child = NULL;
}

static int process_close(lua_State *L)
{
  nx_process_close(luaL_checkudata(L, 1, NX_PROCESS));
  return 0;
}

static nx_child *check_child(lua_State *L)
{
  nx_process *p = luaL_checkudata(L, 1, NX_PROCESS);
  if (!p->child) nx_fail(L, &(nx_error){ .kind = "usage" }, "the process handle is closed");
  return p->child;
}

/* next() -> "done" | "exited" (once: a stream is still open) | "stopped", signal | "continued" | nil: wait */
static int process_next(lua_State *L)
{
  nx_process *p = luaL_checkudata(L, 1, NX_PROCESS);
  nx_child *child = check_child(L);
  int event = child->event;
  child->event = 0;
  if (nx_child_done(child)) {
    lua_pushliteral(L, "done");
    return 1;
  }
  if (child->ended) {
    if (p->told) return 0;
    p->told = 1;
    lua_pushliteral(L, "exited");
    return 1;
  }
  if (event == 1) {
    lua_pushliteral(L, "stopped");
    nx_push_signal_name(L, child->stopped);
    return 2;
  }
  if (event == 2) {
    lua_pushliteral(L, "continued");
    return 1;
  }
  return 0;
}

/* cut() -> was an output still open? Reads what is there and stops reading. */
static int process_cut(lua_State *L)
{
  lua_pushboolean(L, nx_child_cut(check_child(L)));
  return 1;
}

/* size() -> bytes that its outputs have given so far */
static int process_size(lua_State *L)
{
  nx_child *child = check_child(L);
  uint64_t total = 0;
  for (int i = 0; i < 2; i++) {
    const nx_capture *capture = &child->out[i].capture;
    total += capture->nhead + capture->ntail + capture->dropped;
  }
  lua_pushinteger(L, (lua_Integer)total);
  return 1;
}

/* signal(name | number) -> did anyone get it? */
static int process_signal(lua_State *L)
{
  nx_child *child = check_child(L);
  int failed = nx_child_signal(child, check_signal(L, 2));
  if (failed && failed != ESRCH)
    return nx_fail(L, &(nx_error){ .kind = nx_error_kind(failed), .errnum = failed }, "signal to process %d",
                   (int)child->pid);
  lua_pushboolean(L, !failed);
  return 1;
}

/* continue(): lets its group go on, with our terminal where it reads that */
static int process_continue(lua_State *L)
{
  nx_child_continue(check_child(L));
  return 0;
}

/* alive() -> does it, or after its end anyone of its group, still run? */
static int process_alive(lua_State *L)
{
  lua_pushboolean(L, nx_child_group_alive(check_child(L)));
  return 1;
}

/* about() -> pid, started_at, has it the terminal?, has it ended? */
static int process_about(lua_State *L)
{
  nx_child *child = check_child(L);
  lua_pushinteger(L, child->pid);
  lua_pushnumber(L, child->started_at);
  lua_pushboolean(L, child->terminal);
  lua_pushboolean(L, child->ended);
  return 4;
}

static void push_capture(lua_State *L, const nx_capture *capture)
{
  const char *piece[3];
  size_t n[3], total = 0;
  int count = nx_capture_pieces(capture, piece, n);
  if (count == 1) {
    lua_pushlstring(L, piece[0], n[0]);
    return;
  }
  for (int i = 0; i < count; i++) total += n[i];
  luaL_Buffer buffer;
  luaL_buffinitsize(L, &buffer, total);
  for (int i = 0; i < count; i++) luaL_addlstring(&buffer, piece[i], n[i]);
  luaL_pushresult(&buffer);
}

static double seconds_of(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void set_number(lua_State *L, const char *key, double value)
{
  lua_pushnumber(L, value);
  lua_setfield(L, -2, key);
}

/* outcome() -> { ok, exit_code, reason, signal?, stdout, stderr, truncated?, seconds, … } of a child that has ended */
static int process_outcome(lua_State *L)
{
  nx_child *child = check_child(L);
  if (!child->ended) return luaL_error(L, "the process has not ended");
  if (child->lost)
    return nx_fail(L, &(nx_error){ .kind = "internal", .errnum = ECHILD },
                   "how process %d ended is not known: SIGCHLD is ignored in this program, or it waits for any child",
                   (int)child->pid);
  int by_signal = child->code != CLD_EXITED;
  int code = by_signal ? 128 + child->status : child->status;
  for (int i = 0; i < 2; i++) {
    int failed = child->out[i].capture.failed;
    if (failed)
      return nx_fail(L, &(nx_error){ .kind = failed == ENOMEM ? "limit" : "io", .errnum = failed },
                     "reading the %s of process %d", i ? "stderr" : "stdout", (int)child->pid);
  }
  lua_createtable(L, 0, 15);
  lua_pushboolean(L, code == 0);
  lua_setfield(L, -2, "ok");
  lua_pushinteger(L, code);
  lua_setfield(L, -2, "exit_code");
  if (by_signal) lua_pushliteral(L, "signal");
  else lua_pushliteral(L, "exit");
  lua_setfield(L, -2, "reason");
  if (by_signal) {
    nx_push_signal_name(L, child->status);
    lua_setfield(L, -2, "signal");
  }
  push_capture(L, &child->out[0].capture);
  lua_setfield(L, -2, "stdout");
  push_capture(L, &child->out[1].capture);
  lua_setfield(L, -2, "stderr");
  uint64_t dropped = child->out[0].capture.dropped + child->out[1].capture.dropped;
  if (dropped) {
    lua_pushinteger(L, (lua_Integer)dropped);
    lua_setfield(L, -2, "truncated");
  }
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "leaked");
  set_number(L, "seconds", (double)(child->finished - child->started) / 1e9);
  set_number(L, "user_seconds", seconds_of(child->usage.ru_utime));
  set_number(L, "system_seconds", seconds_of(child->usage.ru_stime));
  lua_pushinteger(L, (lua_Integer)child->usage.ru_maxrss * 1024);
  lua_setfield(L, -2, "max_rss");
  set_number(L, "started_at", child->started_at);
  return 1;
}

static const luaL_Reg process_methods[] = {
  { "next", process_next },     { "cut", process_cut },           { "size", process_size },
  { "signal", process_signal }, { "continue", process_continue }, { "alive", process_alive },
  { "about", process_about },   { "outcome", process_outcome },   { "close", process_close },
  { "__close", process_close }, { "__gc", process_close },        { NULL, NULL },
};

/* kill_left(): SIGKILL to what outlived the first process of its group, of all children so far */
static int l_kill_left(lua_State *L)
{
  nx_children_kill_left(&nx_runtime_get(L)->children);
  return 0;
}

/* count() -> children that have not ended */
static int l_count(lua_State *L)
{
  lua_pushinteger(L, nx_runtime_get(L)->children.count);
  return 1;
}

/* signal_name(number), signal_number(name) */
static int l_signal_name(lua_State *L)
{
  nx_push_signal_name(L, (int)luaL_checkinteger(L, 1));
  return 1;
}

static int l_signal_number(lua_State *L)
{
  lua_pushinteger(L, check_signal(L, 1));
  return 1;
}

/* stop_self(signal): stops the group that we are in, as the terminal would; returns when it is continued. For a
   program, never for a library in a host. */
static int l_stop_self(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  nx_loop_pause(loop);
  kill(0, check_signal(L, 1));
  nx_loop_resume(loop);
  return 0;
}

/* is_program() -> are we the program, not a library in a host? main.c says so in the registry. */
static int l_is_program(lua_State *L)
{
  lua_getfield(L, LUA_REGISTRYINDEX, "nx.program");
  lua_pushboolean(L, lua_toboolean(L, -1));
  return 1;
}

static const luaL_Reg functions[] = {
  { "spawn", nx_process_spawn }, { "env", nx_env_block },          { "kill_left", l_kill_left },
  { "count", l_count },          { "signal_name", l_signal_name }, { "signal_number", l_signal_number },
  { "stop_self", l_stop_self },  { "is_program", l_is_program },   { NULL, NULL },
};

int luaopen_nx_core_run(lua_State *L)
{
  nx_runtime_get(L); /* before any finalizer that wants to end children in order: those run newest first */
  if (luaL_newmetatable(L, NX_PROCESS)) {
    luaL_setfuncs(L, process_methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  luaL_newmetatable(L, "nx.environment");
  nx_pipes_register(L);
  luaL_newlib(L, functions);
  return 1;
}
