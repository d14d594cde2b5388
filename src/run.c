/* Running programs: the binding of spawn.c and child.c. Which options there are and when what is ended, Lua decides
 * (lua/nx/process.lua); here one child is started, told about, signalled and reaped. */
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "core.h"
#include "err.h"
#include "pipes.h"
#include "run.h"
#include "vectors.h"

#define PROCESS "nx.process"
#define MAX_FDS 16

struct runtime { /* one a state */
  nx_children children;
  nx_vectors vectors;
  int null; /* /dev/null, opened once */
};

struct process { /* user value 1: the bytes that are fed */
  nx_waitable waitable;
  nx_child *child;
  int theirs[3]; /* to be closed when the child has them, -1: none */
  int ours[3];   /* not attached to anything yet */
  int told;      /* that it has exited */
};

/* ---- names of signals ---- */

int nx_signal_number(const char *name)
{
  if (strncmp(name, "SIG", 3) == 0) name += 3;
  for (int signum = 1; signum < NSIG; signum++) {
    const char *known = sigabbrev_np(signum);
    if (known && strcmp(known, name) == 0) return signum;
  }
  return 0;
}

void nx_push_signal_name(lua_State *L, int signum)
{
  const char *known = sigabbrev_np(signum);
  if (known) lua_pushfstring(L, "SIG%s", known);
  else if (signum >= SIGRTMIN) lua_pushfstring(L, "SIGRTMIN+%d", signum - SIGRTMIN);
  else lua_pushfstring(L, "SIG%d", signum);
}

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
  struct runtime *rt = lua_touserdata(L, 1);
  nx_children_close(&rt->children);
  nx_vectors_free(&rt->vectors);
  if (rt->null >= 0) close(rt->null);
  rt->null = -1;
  return 0;
}

static struct runtime *runtime_get(lua_State *L)
{
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &runtime_key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    nx_loop *loop = nx_loop_get(L);
    struct runtime *rt = lua_newuserdatauv(L, sizeof *rt, 0);
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
  struct runtime *rt = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return rt;
}

/* ---- a process ---- */

static void close_fds(int fds[3])
{
  for (int i = 0; i < 3; i++) {
    if (fds[i] >= 0) close(fds[i]);
    fds[i] = -1;
  }
}

static void close_process(struct process *p)
{
  close_fds(p->theirs);
  close_fds(p->ours);
  nx_waitable_close(&p->waitable);
  if (p->child) nx_child_drop(p->child);
  p->child = NULL;
}

static int process_close(lua_State *L)
{
  close_process(luaL_checkudata(L, 1, PROCESS));
  return 0;
}

static nx_child *check_child(lua_State *L)
{
  struct process *p = luaL_checkudata(L, 1, PROCESS);
  if (!p->child) nx_fail(L, &(nx_error){ .kind = "usage" }, "the process handle is closed");
  return p->child;
}

/* What one spawn is put together from. */
struct start {
  struct runtime *rt;
  struct process *p;
  int fds[MAX_FDS]; /* the child's 0, 1, 2, … */
  void *ends[3];    /* handles for what Lua reads or writes */
  int merged;       /* stderr goes where stdout goes */
};

static int stream_failed(lua_State *L, const char *stream, const char *path)
{
  int failed = errno;
  return nx_fail(L, &(nx_error){ .kind = "spawn", .errnum = failed, .step = stream, .path = path }, "%s%s%s", stream,
                 path ? ": " : "", path ? path : "");
}

static const char *const stream_names[3] = { "stdin", "stdout", "stderr" };

/* A pipe: the child's end and ours, which does not block. */
static void open_pipe(lua_State *L, struct start *s, int i)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) stream_failed(L, stream_names[i], NULL);
  s->p->theirs[i] = ends[i != 0];
  s->p->ours[i] = ends[i == 0];
  s->fds[i] = s->p->theirs[i];
  if (fcntl(s->p->ours[i], F_SETFL, O_NONBLOCK) < 0) stream_failed(L, stream_names[i], NULL);
}

static void open_null(lua_State *L, struct start *s, int i)
{
  if (s->rt->null < 0) s->rt->null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (s->rt->null < 0) stream_failed(L, stream_names[i], "/dev/null");
  s->fds[i] = s->rt->null;
}

/* { path = p, append = boolean } for an output, { path = p } | { data = s } for the input; it lies at the top. */
static void open_table(lua_State *L, struct start *s, int i)
{
  size_t n;
  if (i == 0 && lua_getfield(L, -1, "data") == LUA_TSTRING) {
    lua_tolstring(L, -1, &n);
    if (n == 0) {
      open_null(L, s, i);
    } else {
      open_pipe(L, s, i);
      lua_pushvalue(L, -1);
      lua_setiuservalue(L, 2, 1);
    }
    lua_pop(L, 1);
    return;
  }
  if (i == 0) lua_pop(L, 1);
  if (lua_getfield(L, -1, "path") != LUA_TSTRING)
    nx_fail(L, &(nx_error){ .kind = "usage" }, "%s: path is missing", stream_names[i]);
  const char *path = lua_tolstring(L, -1, &n);
  if (strlen(path) != n) nx_fail(L, &(nx_error){ .kind = "usage" }, "%s: path contains a zero byte", stream_names[i]);
  lua_getfield(L, -2, "append");
  int flags = i == 0 ? O_RDONLY : O_WRONLY | O_CREAT | (lua_toboolean(L, -1) ? O_APPEND : O_TRUNC);
  s->p->theirs[i] = open(path, flags | O_CLOEXEC, 0666);
  if (s->p->theirs[i] < 0) stream_failed(L, stream_names[i], path);
  s->fds[i] = s->p->theirs[i];
  lua_pop(L, 2);
}

static void open_stream(lua_State *L, struct start *s, int i)
{
  int type = lua_getfield(L, 1, stream_names[i]);
  const char *word = type == LUA_TSTRING ? lua_tostring(L, -1) : type == LUA_TNIL ? i ? "capture" : "null" : "";
  if (type == LUA_TNUMBER) s->fds[i] = (int)lua_tointeger(L, -1);
  else if (type == LUA_TFUNCTION) open_pipe(L, s, i);
  else if (strcmp(word, "null") == 0) open_null(L, s, i);
  else if (strcmp(word, "inherit") == 0) s->fds[i] = i;
  else if (strcmp(word, i ? "capture" : "pipe") == 0) open_pipe(L, s, i);
  else if (i == 2 && strcmp(word, "stdout") == 0) s->merged = 1;
  else if (type == LUA_TTABLE) open_table(L, s, i);
  else nx_fail(L, &(nx_error){ .kind = "usage" }, "%s: no such form", stream_names[i]);
  lua_pop(L, 1);
}

/* Handles for what Lua itself reads and writes; before any descriptor is there. They lie at 3, 4, 5. */
static void make_ends(lua_State *L, struct start *s)
{
  for (int i = 0; i < 3; i++) {
    int type = lua_getfield(L, 1, stream_names[i]);
    int wanted = i == 0 ? type == LUA_TSTRING && strcmp(lua_tostring(L, -1), "pipe") == 0 : type == LUA_TFUNCTION;
    lua_pop(L, 1);
    if (wanted) s->ends[i] = i ? nx_reader_new(L) : nx_writer_new(L);
    else lua_pushnil(L);
  }
}

/* The child has its ends now; ours go to whoever reads or writes them. 0 or an errno. */
static int attach(lua_State *L, struct start *s, size_t limit)
{
  struct process *p = s->p;
  for (int i = 0; i < 3; i++) {
    int fd = p->ours[i], failed;
    if (fd < 0) continue;
    p->ours[i] = -1;
    if (s->ends[i]) {
      failed = nx_pipe_attach(s->ends[i], fd);
    } else if (i) {
      failed = nx_child_capture(p->child, i - 1, fd, limit);
    } else {
      size_t n;
      lua_getiuservalue(L, 2, 1);
      const char *data = lua_tolstring(L, -1, &n);
      lua_pop(L, 1);
      failed = nx_child_feed(p->child, fd, data, n);
    }
    if (failed) return failed;
  }
  return 0;
}

static int spawn_failed(lua_State *L, const nx_spawn *spawn, const nx_spawned *failed)
{
  const char *program = spawn->argv[0], *step = nx_spawn_step_name(failed->step);
  const char *path = failed->step == NX_STEP_DIRECTORY ? spawn->directory : program;
  struct stat st;
  nx_error e = { .kind = "spawn", .errnum = failed->errnum, .step = step, .path = path };
  if (failed->step == NX_STEP_DIRECTORY)
    return nx_fail(L, &e, "cannot start \"%s\": %s to \"%s\"", program, step, path);
  if (failed->step == NX_STEP_EXEC && failed->errnum == ENOENT && strchr(program, '/') && !spawn->directory &&
      !spawn->njoin && stat(program, &st) == 0)
    return nx_fail(L, &e, "cannot start \"%s\": %s: its interpreter is missing", program, step);
  return nx_fail(L, &e, "cannot start \"%s\": %s", program, step);
}

static int read_list(lua_State *L, const char *key, int *list, int most)
{
  int count = 0;
  if (lua_getfield(L, 1, key) == LUA_TTABLE) {
    count = (int)lua_rawlen(L, -1);
    if (count > most) luaL_error(L, "%s: too many", key);
    for (int i = 0; i < count; i++) {
      lua_rawgeti(L, -1, i + 1);
      list[i] = (int)luaL_checkinteger(L, -1);
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
  return count;
}

/* limits = { { resource, soft, hard }… }, by number: for the set-up of tests */
static int read_limits(lua_State *L, nx_limit *limits, int most)
{
  int count = 0;
  if (lua_getfield(L, 1, "limits") == LUA_TTABLE) {
    count = (int)lua_rawlen(L, -1);
    if (count > most) luaL_error(L, "limits: too many");
    for (int i = 0; i < count; i++) {
      lua_rawgeti(L, -1, i + 1);
      for (int k = 1; k <= 3; k++) lua_rawgeti(L, -k, k);
      limits[i].resource = (int)luaL_checkinteger(L, -3);
      limits[i].value.rlim_cur = (rlim_t)luaL_checkinteger(L, -2);
      limits[i].value.rlim_max = (rlim_t)luaL_checkinteger(L, -1);
      lua_pop(L, 4);
    }
  }
  lua_pop(L, 1);
  return count;
}

static lua_Integer integer_field(lua_State *L, const char *key, lua_Integer absent)
{
  lua_Integer value = lua_getfield(L, 1, key) == LUA_TNIL ? absent : luaL_checkinteger(L, -1);
  lua_pop(L, 1);
  return value;
}

/* spawn(options) -> process, writer | nil, reader of stdout | nil, reader of stderr | nil
   The options of nx.run that concern the start, checked and with sizes in bytes; and environment (a block of env()),
   join { namespace descriptors }, group (0 own, -1 ours, or a group), limits, umask, descriptors { for 3, 4, … }. */
static int l_spawn(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  struct start s = { .rt = runtime_get(L) };
  nx_children *children = &s.rt->children;
  if (!children->stack) return nx_fail(L, &(nx_error){ .kind = "usage" }, "the state is being closed");
  struct process *p = s.p = lua_newuserdatauv(L, sizeof *p, 1);
  *p = (struct process){ .theirs = { -1, -1, -1 }, .ours = { -1, -1, -1 } };
  luaL_setmetatable(L, PROCESS);
  nx_waitable_open(L, 2, &p->waitable);
  make_ends(L, &s);

  nx_limit limits[8];
  int join[8];
  char here[PATH_MAX];
  nx_spawn spawn = { .group = (pid_t)integer_field(L, "group", 0), .terminal = -1 };
  spawn.argv = nx_vectors_argv(L, &s.rt->vectors, 1);
  lua_getfield(L, 1, "clear_env");
  int clear = lua_toboolean(L, -1);
  int base = lua_getfield(L, 1, "environment") == LUA_TNIL ? 0 : lua_gettop(L);
  int add = lua_getfield(L, 1, "env") == LUA_TNIL ? 0 : lua_gettop(L);
  spawn.envp = nx_vectors_envp(L, &s.rt->vectors, base, clear, add);
  if (lua_getfield(L, 1, "cwd") == LUA_TSTRING) spawn.directory = lua_tostring(L, -1); /* the table keeps it */
  spawn.join = join;
  spawn.njoin = read_list(L, "join", join, 8);
  if (spawn.njoin && !spawn.directory) spawn.directory = getcwd(here, sizeof here);
  spawn.limits = limits;
  spawn.nlimits = read_limits(L, limits, 8);
  spawn.mask = (int)integer_field(L, "umask", -1);
  spawn.death_signal = (int)integer_field(L, "death_signal", 0);
  size_t limit = (size_t)integer_field(L, "max_output", 64 << 20);

  for (int i = 0; i < 3; i++) open_stream(L, &s, i);
  if (s.merged) s.fds[2] = s.fds[1];
  spawn.ndescriptors = 3 + read_list(L, "descriptors", s.fds + 3, MAX_FDS - 3);
  spawn.descriptors = s.fds;
  if (s.fds[0] == STDIN_FILENO && spawn.group == 0 && isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp())
    spawn.terminal = STDIN_FILENO;
  spawn.terminal = (int)integer_field(L, "terminal", spawn.terminal);

  p->child = nx_child_new(children, &p->waitable);
  if (!p->child) return luaL_error(L, "not enough memory");
  nx_spawned failed;
  if (nx_child_start(p->child, &spawn, spawn.group == 0, &failed) < 0) {
    close_process(p);
    return spawn_failed(L, &spawn, &failed);
  }
  close_fds(p->theirs);
  int errnum = attach(L, &s, limit);
  if (errnum) {
    close_process(p);
    return nx_fail(L, &(nx_error){ .kind = "spawn", .errnum = errnum, .step = "watch" }, "event loop");
  }
  lua_settop(L, 5);
  return 4;
}

/* next() -> "done" | "exited" (once: a stream is still open) | "stopped", signal | "continued" | nil: wait */
static int process_next(lua_State *L)
{
  struct process *p = luaL_checkudata(L, 1, PROCESS);
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
  { "next", process_next },
  { "cut", process_cut },
  { "signal", process_signal },
  { "continue", process_continue },
  { "alive", process_alive },
  { "about", process_about },
  { "outcome", process_outcome },
  { "close", process_close },
  { "__close", process_close },
  { "__gc", process_close },
  { NULL, NULL },
};

/* kill_left(): SIGKILL to what outlived the first process of its group, of all children so far */
static int l_kill_left(lua_State *L)
{
  nx_children_kill_left(&runtime_get(L)->children);
  return 0;
}

/* count() -> children that have not ended */
static int l_count(lua_State *L)
{
  lua_pushinteger(L, runtime_get(L)->children.count);
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

static const luaL_Reg functions[] = {
  { "spawn", l_spawn },
  { "env", nx_env_block },
  { "kill_left", l_kill_left },
  { "count", l_count },
  { "signal_name", l_signal_name },
  { "signal_number", l_signal_number },
  { "stop_self", l_stop_self },
  { NULL, NULL },
};

int luaopen_nx_core_run(lua_State *L)
{
  runtime_get(L); /* before any finalizer that wants to end children in order: those run newest first */
  if (luaL_newmetatable(L, PROCESS)) {
    luaL_setfuncs(L, process_methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  luaL_newmetatable(L, "nx.environment");
  nx_pipes_register(L);
  luaL_newlib(L, functions);
  return 1;
}
