/* nx.core.archive: a job on a worker thread that looks through directories and writes an archive. Lua decides between
 * entries: it asks for scans, is given entries, chooses and names them, and adds them one by one.
 *
 *   job:scan(path, follow)   ->  "records" {…} …, "scanned"
 *   job:begin(bytes, entries)    about how much will be added
 *   job:add(entry, source)   ->  "added" bytes, hash     (also a link, a directory; job:add_data(entry, bytes))
 *   job:finish()             ->  "done" bytes
 */
#include <errno.h>
#include <lauxlib.h>
#include <limits.h>
#include <lua.h>
#include <string.h>

#include "archjob.h"
#include "core.h"
#include "err.h"
#include "hash.h"
#include "mem.h"

static const char job_type[] = "nx.archive.job";

enum { ring_slots = 64, ring_bytes = 4 << 20 };

typedef struct job {
  nx_waitable waitable;
  nx_worker worker;
  nx_message held; /* being turned into Lua values */
  int open;
  nx_archive_job work;
} job;

static job *check_job(lua_State *L)
{
  job *j = luaL_checkudata(L, 1, job_type);
  if (!j->open) nx_fail(L, &(nx_error){ .kind = "usage" }, "the archive job is closed");
  return j;
}

static int job_close(lua_State *L)
{
  job *j = luaL_checkudata(L, 1, job_type);
  nx_worker_close(&j->worker);
  nx_waitable_close(&j->waitable);
  nx_message_clear(&j->held);
  nx_free(j->work.to);
  j->work.to = NULL;
  j->open = 0;
  return 0;
}

static int integer_field(lua_State *L, int index, const char *key, int otherwise)
{
  lua_getfield(L, index, key);
  int value = (int)luaL_optinteger(L, -1, otherwise);
  lua_pop(L, 1);
  return value;
}

static int boolean_field(lua_State *L, int index, const char *key)
{
  lua_getfield(L, index, key);
  int value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

/* open { format=, level=, window_log=, threads=, segment=, to= path | nil, stdout=, progress= } -> job. threads 0 is
   one frame; segment is for tests */
static int archive_open(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  nx_loop *loop = nx_loop_get(L); /* made before the job, so that it is collected after it */
  job *j = lua_newuserdatauv(L, sizeof *j, 0);
  memset(j, 0, sizeof *j);
  luaL_setmetatable(L, job_type);
  j->work.options.frame.level = integer_field(L, 1, "level", INT_MIN);
  j->work.options.frame.window_log = integer_field(L, 1, "window_log", 0);
  j->work.options.threads = integer_field(L, 1, "threads", 0);
  j->work.options.most = (uint64_t)integer_field(L, 1, "segment", 0);
  j->work.to_stdout = boolean_field(L, 1, "stdout");
  j->work.progress = boolean_field(L, 1, "progress");
  lua_getfield(L, 1, "format");
  const char *format = luaL_checkstring(L, -1);
  if (strlen(format) < sizeof j->work.format) strcpy(j->work.format, format);
  if (lua_getfield(L, 1, "to") == LUA_TSTRING) {
    j->work.to = nx_strdup(lua_tostring(L, -1));
    if (!j->work.to) return nx_fail(L, &(nx_error){ .kind = "limit", .errnum = ENOMEM }, "starting an archive");
  }
  lua_settop(L, 2);
  nx_waitable_open(L, 2, &j->waitable);
  int status = nx_worker_start(&j->worker, loop, &j->waitable, nx_archive_work, &j->work, ring_slots, ring_bytes);
  if (status)
    return nx_fail(L, &(nx_error){ .kind = nx_error_kind(status), .errnum = status },
                   "starting a thread for an archive");
  j->open = 1;
  return 1;
}

/* Sends what j->held is; true, or false when the ring is full (nothing is kept then). What has failed meanwhile is said
   by next. */
static int send(lua_State *L, job *j)
{
  int sent = nx_worker_send(&j->worker, &j->held);
  if (sent == 1) j->held = (nx_message){ 0 };
  else nx_message_clear(&j->held);
  lua_pushboolean(L, sent != 0);
  return 1;
}

static void *hold(lua_State *L, job *j, int kind, size_t size)
{
  nx_message_clear(&j->held);
  j->held = (nx_message){ .kind = kind, .size = size, .data = nx_malloc(size) };
  if (!j->held.data) nx_fail(L, &(nx_error){ .kind = "limit", .errnum = ENOMEM }, "archiving");
  return j->held.data;
}

/* job:scan(path, follow) -> sent? */
static int job_scan(lua_State *L)
{
  job *j = check_job(L);
  size_t n;
  const char *path = luaL_checklstring(L, 2, &n);
  memcpy(hold(L, j, nx_ask_scan, n + 1), path, n + 1);
  j->held.code = lua_toboolean(L, 3);
  return send(L, j);
}

/* job:begin(bytes, entries) -> sent? */
static int job_begin(lua_State *L)
{
  job *j = check_job(L);
  nx_message_clear(&j->held);
  j->held = (nx_message){ .kind = nx_ask_begin, .number = { luaL_checkinteger(L, 2), luaL_checkinteger(L, 3) } };
  return send(L, j);
}

/* job:add(entry, perm, uid, gid, rest) and add_data: entry has path, type, mtime; rest is the source, target or bytes
 */
static int add_member(lua_State *L, int kind)
{
  job *j = check_job(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t name_size, rest_size;
  const char *rest = luaL_optlstring(L, 6, "", &rest_size);
  lua_getfield(L, 2, "type");
  const char *type = luaL_checkstring(L, -1);
  lua_getfield(L, 2, "mtime");
  lua_getfield(L, 2, "path");
  const char *name = luaL_checklstring(L, -1, &name_size);
  nx_record record = { .size = kind == nx_ask_data ? (int64_t)rest_size : 0,
                       .mtime = (int64_t)luaL_optinteger(L, -2, 0),
                       .mode = (uint32_t)luaL_checkinteger(L, 3),
                       .uid = (uint32_t)luaL_checkinteger(L, 4),
                       .gid = (uint32_t)luaL_checkinteger(L, 5),
                       .name_size = (uint32_t)name_size,
                       .link_size = (uint32_t)rest_size,
                       .type = type[0] == 's' ? 'l' : type[0] };
  if (rest_size > UINT32_MAX - 1)
    return nx_fail(L, &(nx_error){ .kind = "limit" }, "%s: data from memory of 4 GiB or more; give a file", name);
  char *at = hold(L, j, kind, sizeof record + name_size + 1 + rest_size + 1);
  memcpy(at, &record, sizeof record);
  memcpy(at + sizeof record, name, name_size + 1);
  memcpy(at + sizeof record + name_size + 1, rest, rest_size + 1);
  return send(L, j);
}

static int job_add(lua_State *L)
{
  return add_member(L, nx_ask_add);
}

static int job_add_data(lua_State *L)
{
  return add_member(L, nx_ask_data);
}

static int job_finish(lua_State *L)
{
  nx_worker_end_input(&check_job(L)->worker);
  return 0;
}

static const char *type_name(int type)
{
  switch (type) {
  case 'f': return "file";
  case 'd': return "dir";
  case 'l': return "symlink";
  case 'p': return "fifo";
  case 'c': return "device";
  default: return "other";
  }
}

static void push_records(lua_State *L, const nx_message *message)
{
  const char *at = message->data;
  lua_createtable(L, message->code, 0);
  for (int i = 1; i <= message->code; i++) {
    nx_record record;
    memcpy(&record, at, sizeof record);
    at += sizeof record;
    lua_createtable(L, 0, 8);
    lua_pushlstring(L, at, record.name_size);
    lua_setfield(L, -2, "path");
    at += record.name_size + 1;
    lua_pushstring(L, type_name(record.type));
    lua_setfield(L, -2, "type");
    if (record.type == 'l') {
      lua_pushlstring(L, at, record.link_size);
      lua_setfield(L, -2, "link");
    }
    at += record.link_size + 1;
    lua_pushinteger(L, record.size);
    lua_setfield(L, -2, "bytes");
    lua_pushinteger(L, record.mtime);
    lua_setfield(L, -2, "mtime");
    lua_pushinteger(L, record.mode);
    lua_setfield(L, -2, "perm");
    lua_pushinteger(L, record.uid);
    lua_setfield(L, -2, "uid");
    lua_pushinteger(L, record.gid);
    lua_setfield(L, -2, "gid");
    lua_rawseti(L, -2, i);
  }
}

/* job:next() -> nothing (wait for the job) | "records", list | "scanned" | "added", bytes, hash
     | "progress", bytes, written | "chunk", text | "done", written | "failed", error */
static int job_next(lua_State *L)
{
  static const char *const words[] = { "records", "scanned", "added", "progress", "chunk", "done" };
  job *j = check_job(L);
  nx_message_clear(&j->held);
  int got = nx_worker_next(&j->worker, &j->held);
  if (got == 0) return 0;
  if (got < 0) {
    lua_pushliteral(L, "failed");
    if (j->work.fault.kind)
      nx_push_error(
          L, &(nx_error){ .kind = j->work.fault.kind, .errnum = j->work.fault.errnum, .step = j->work.fault.step },
          "nx.archive: %s", j->work.fault.text);
    else nx_push_error(L, &(nx_error){ .kind = "internal" }, "nx.archive: the job has ended");
    return 2;
  }
  lua_pushstring(L, words[j->held.kind]);
  int results = 1;
  switch (j->held.kind) {
  case nx_say_records:
    push_records(L, &j->held);
    results = 2;
    break;
  case nx_say_chunk:
    lua_pushlstring(L, j->held.data, j->held.size);
    results = 2;
    break;
  case nx_say_added:
    lua_pushinteger(L, j->held.number[0]);
    nx_push_hash128(L, (uint64_t)j->held.number[1], (uint64_t)j->held.number[2]);
    results = 3;
    break;
  case nx_say_progress:
    lua_pushinteger(L, j->held.number[0]);
    lua_pushinteger(L, j->held.number[1]);
    results = 3;
    break;
  case nx_say_done:
    lua_pushinteger(L, j->held.number[0]);
    results = 2;
    break;
  }
  nx_message_clear(&j->held);
  return results;
}

static const luaL_Reg methods[] = {
  { "scan", job_scan },     { "begin", job_begin }, { "add", job_add },     { "add_data", job_add_data },
  { "finish", job_finish }, { "next", job_next },   { "close", job_close }, { NULL, NULL },
};
static const luaL_Reg meta[] = { { "__gc", job_close }, { "__close", job_close }, { NULL, NULL } };
static const luaL_Reg functions[] = { { "open", archive_open }, { NULL, NULL } };

int luaopen_nx_core_archive(lua_State *L)
{
  if (luaL_newmetatable(L, job_type)) {
    luaL_setfuncs(L, meta, 0);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
  }
  luaL_newlib(L, functions);
  return 1;
}
