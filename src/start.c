/* Starting a program: the options of one spawn out of a Lua table, its streams, and who reads or writes them. */
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "pipes.h"
#include "process.h"

#define MAX_FDS 16

/* What one spawn is put together from. */
struct start {
  nx_runtime *rt;
  nx_process *p;
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
  nx_process *p = s->p;
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
int nx_process_spawn(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  struct start s = { .rt = nx_runtime_get(L) };
  nx_children *children = &s.rt->children;
  if (!children->stack) return nx_fail(L, &(nx_error){ .kind = "usage" }, "the state is being closed");
  nx_process *p = s.p = lua_newuserdatauv(L, sizeof *p, 1);
  *p = (nx_process){ .theirs = { -1, -1, -1 }, .ours = { -1, -1, -1 } };
  luaL_setmetatable(L, NX_PROCESS);
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
  if (!p->child) return nx_no_memory(L);
  nx_spawned failed;
  if (nx_child_start(p->child, &spawn, spawn.group == 0, &failed) < 0) {
    nx_process_close(p);
    return spawn_failed(L, &spawn, &failed);
  }
  nx_process_close_fds(p->theirs);
  int errnum = attach(L, &s, limit);
  if (errnum) {
    nx_process_close(p);
    return nx_fail(L, &(nx_error){ .kind = "spawn", .errnum = errnum, .step = "watch" }, "event loop");
  }
  lua_settop(L, 5);
  return 4;
}
