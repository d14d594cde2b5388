/* nx.core.fs: files for scripts. What may take long is a job on a worker thread; stat and mkdir are done at once. */
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <lua.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"
#include "err.h"
#include "fsjob.h"
#include "hash.h"
#include "mem.h"

static const char job_type[] = "nx.fs.job";

enum { ring_slots = 16, ring_bytes = 4 << 20 };

typedef struct job {
  nx_waitable waitable;
  nx_worker worker;
  nx_message held; /* being turned into Lua values */
  int open;
  nx_fs_job work;
} job;

static int job_close(lua_State *L)
{
  job *j = luaL_checkudata(L, 1, job_type);
  nx_worker_close(&j->worker);
  nx_waitable_close(&j->waitable);
  nx_message_clear(&j->held);
  nx_free(j->work.path);
  j->work.path = NULL;
  j->open = 0;
  return 0;
}

/* A path as the system takes it: no NUL inside. */
static const char *check_path(lua_State *L, int index)
{
  size_t n;
  const char *path = luaL_checklstring(L, index, &n);
  if (strlen(path) != n || n == 0)
    nx_fail(L, &(nx_error){ .kind = "usage" }, n ? "the path holds a NUL byte" : "the path is empty");
  return path;
}

/* start(what, path, argument, bytes) -> job; the argument of read is the most bytes, of write the mode (or nil), of
   remove whether directories with what is in them */
static int fs_start(lua_State *L)
{
  static const char *const words[] = { "read", "write", "remove", "glob", "hash", NULL };
  int what = luaL_checkoption(L, 1, NULL, words);
  const char *path = check_path(L, 2);
  size_t size;
  const char *bytes = luaL_optlstring(L, 4, "", &size);
  nx_loop *loop = nx_loop_get(L); /* made before the job, so that it is collected after it */
  job *j = lua_newuserdatauv(L, sizeof *j, 1);
  memset(j, 0, sizeof *j);
  luaL_setmetatable(L, job_type);
  j->work.what = what;
  j->work.max = what == nx_fs_read ? (uint64_t)luaL_checkinteger(L, 3) : 0;
  j->work.mode = what == nx_fs_write ? (int)luaL_optinteger(L, 3, -1) : -1;
  j->work.recursive = what == nx_fs_remove && lua_toboolean(L, 3);
  j->work.bytes = bytes;
  j->work.size = size;
  lua_pushvalue(L, 4); /* the string stays where it is as long as the job holds it */
  lua_setiuservalue(L, -2, 1);
  j->work.path = nx_strdup(path);
  if (!j->work.path) return nx_fail(L, &(nx_error){ .kind = "limit", .errnum = ENOMEM }, "%s", path);
  nx_waitable_open(L, -1, &j->waitable);
  int status = nx_worker_start(&j->worker, loop, &j->waitable, nx_fs_work, &j->work, ring_slots, ring_bytes);
  if (status) return nx_fail(L, &(nx_error){ .kind = nx_error_kind(status), .errnum = status }, "starting a thread");
  j->open = 1;
  return 1;
}

static void push_paths(lua_State *L, const nx_message *message)
{
  const char *at = message->data;
  lua_createtable(L, message->code, 0);
  for (int i = 1; i <= message->code; i++) {
    lua_pushstring(L, at);
    at += strlen(at) + 1;
    lua_rawseti(L, -2, i);
  }
}

/* job:next() -> nothing (wait for the job) | "data", text | "paths", list | "hash", digits, bytes | "done", happened
     | "failed", error */
static int job_next(lua_State *L)
{
  static const char *const words[] = { "data", "paths", "hash", "done" };
  job *j = luaL_checkudata(L, 1, job_type);
  if (!j->open) return nx_fail(L, &(nx_error){ .kind = "usage" }, "the job is closed");
  nx_message_clear(&j->held);
  int got = nx_worker_next(&j->worker, &j->held);
  if (got == 0) return 0;
  if (got < 0) {
    const nx_fault *fault = &j->work.fault;
    lua_pushliteral(L, "failed");
    nx_push_error(L,
                  &(nx_error){ .kind = fault->kind ? fault->kind : "internal",
                               .errnum = fault->errnum,
                               .step = fault->step,
                               .path = j->work.path },
                  "%s", fault->kind ? fault->text : "the job has ended");
    return 2;
  }
  lua_pushstring(L, words[j->held.kind]);
  int results = 2;
  switch (j->held.kind) {
  case nx_fs_data: lua_pushlstring(L, j->held.data, j->held.size); break;
  case nx_fs_paths: push_paths(L, &j->held); break;
  case nx_fs_hashed:
    nx_push_hash128(L, (uint64_t)j->held.number[1], (uint64_t)j->held.number[2]);
    lua_pushinteger(L, j->held.number[0]);
    results = 3;
    break;
  case nx_fs_done: lua_pushboolean(L, j->held.code); break;
  }
  nx_message_clear(&j->held);
  return results;
}

static const char *type_of(mode_t mode)
{
  return S_ISREG(mode)    ? "file"
         : S_ISDIR(mode)  ? "dir"
         : S_ISLNK(mode)  ? "symlink"
         : S_ISFIFO(mode) ? "fifo"
         : S_ISSOCK(mode) ? "socket"
                          : "device";
}

static void set_integer(lua_State *L, const char *key, lua_Integer value)
{
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

/* stat(path, follow) -> { type, bytes, mode, mtime, … } | nil when there is nothing of that name */
static int fs_stat(lua_State *L)
{
  const char *path = check_path(L, 1);
  struct stat st;
  if ((lua_toboolean(L, 2) ? stat(path, &st) : lstat(path, &st)) < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return 0;
    return nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno, .path = path }, "reading %s", path);
  }
  char mode[8], link[PATH_MAX];
  size_t at = 0;
  for (int shift = 9; shift >= 0; shift -= 3) mode[at++] = (char)('0' + (st.st_mode >> shift & 7));
  lua_createtable(L, 0, 10);
  lua_pushstring(L, type_of(st.st_mode));
  lua_setfield(L, -2, "type");
  lua_pushlstring(L, mode, at);
  lua_setfield(L, -2, "mode");
  set_integer(L, "bytes", st.st_size);
  set_integer(L, "mtime", st.st_mtime);
  set_integer(L, "uid", st.st_uid);
  set_integer(L, "gid", st.st_gid);
  set_integer(L, "device", (lua_Integer)st.st_dev);
  set_integer(L, "inode", (lua_Integer)st.st_ino);
  set_integer(L, "links", (lua_Integer)st.st_nlink);
  ssize_t n = S_ISLNK(st.st_mode) ? readlink(path, link, sizeof link) : -1;
  if (n >= 0) {
    lua_pushlstring(L, link, (size_t)n);
    lua_setfield(L, -2, "link");
  }
  return 1;
}

static int make(const char *path, mode_t mode)
{
  struct stat st;
  if (mkdir(path, mode) == 0) return 1;
  if (errno != EEXIST) return -1;
  if (stat(path, &st) < 0) return -1;
  if (S_ISDIR(st.st_mode)) return 0;
  errno = EEXIST;
  return -1;
}

/* mkdir(path, mode) -> made?: with the parents that are missing */
static int fs_mkdir(lua_State *L)
{
  const char *path = check_path(L, 1);
  mode_t mode = (mode_t)luaL_optinteger(L, 2, 0777);
  size_t n = strlen(path);
  char part[PATH_MAX];
  int made = n < sizeof part ? make(path, mode) : (errno = ENAMETOOLONG, -1);
  if (made < 0 && errno == ENOENT) {
    made = 0;
    for (size_t i = 1; i <= n; i++) {
      if (path[i] != '/' && path[i] != '\0') continue;
      memcpy(part, path, i);
      part[i] = '\0';
      int now = make(part, path[i] ? 0777 : mode);
      made = now < 0 ? now : made > 0 || now;
      if (made < 0) break;
    }
  }
  if (made < 0)
    return nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno, .path = path },
                   "making the directory %s", path);
  lua_pushboolean(L, made);
  return 1;
}

static const luaL_Reg methods[] = {
  { "next", job_next },
  { "close", job_close },
  { NULL, NULL },
};
static const luaL_Reg meta[] = { { "__gc", job_close }, { "__close", job_close }, { NULL, NULL } };
static const luaL_Reg functions[] = {
  { "start", fs_start },
  { "stat", fs_stat },
  { "mkdir", fs_mkdir },
  { NULL, NULL },
};

int luaopen_nx_core_fs(lua_State *L)
{
  if (luaL_newmetatable(L, job_type)) {
    luaL_setfuncs(L, meta, 0);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
  }
  luaL_newlib(L, functions);
  return 1;
}
