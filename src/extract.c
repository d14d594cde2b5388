/* nx.core.extract: unpacking on a worker thread. The thread reads, decodes and writes; Lua is asked between members,
 * and only when there is something to ask. */
#include "extract.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "mem.h"
#include "unpack.h"
#include "worker.h"

static const char job_type[] = "nx.extract.job";
enum { read_size = 1 << 20 };

/* Messages: up */
enum { ASK = 1, PULL };
/* and down */
enum { KEEP = 1, SKIP, CHUNK };

typedef struct job {
  nx_waitable waitable;
  nx_worker worker;
  nx_unpack unpack;
  nx_fault fault, input_fault; /* the second: of what is read ahead, on a thread of its own */
  const char *path; /* owned by the options table, which is the userdata's user value; NULL: standard input or pull */
  const char *temporary;
  int pull, single, input, input_blocks, spool;
  nx_fault *raw_fault; /* one of the two */
  nx_message chunk;
  uint8_t *buffer;
} job;

/* The thread's side. */

static int64_t pull_descriptor(void *ud, const uint8_t **block)
{
  job *j = ud;
  int64_t n = nx_worker_read(&j->worker, j->input, j->buffer, read_size, j->input_blocks);
  if (n == -ECANCELED) return nx_fault_set(j->raw_fault, "cancelled", NULL, 0, "cancelled");
  if (n < 0) return nx_fault_errno(j->raw_fault, (int)-n, "cannot read the archive");
  *block = j->buffer;
  return n;
}

static int64_t pull_function(void *ud, const uint8_t **block)
{
  job *j = ud;
  nx_message message = { .kind = PULL };
  nx_message_clear(&j->chunk);
  if (nx_worker_post(&j->worker, &message) || nx_worker_take(&j->worker, &j->chunk))
    return nx_fault_set(&j->fault, "cancelled", NULL, 0, "cancelled");
  *block = j->chunk.data;
  return (int64_t)j->chunk.size;
}

static int decide(void *ud, nx_record *record, int *renamed)
{
  job *j = ud;
  nx_message message = { .kind = ASK };
  if (nx_worker_post(&j->worker, &message) || nx_worker_take(&j->worker, &message)) return -1;
  if (message.kind == KEEP && message.data) {
    if (!record->raw) { /* the name that the archive gave it is kept */
      record->raw = record->path;
      record->raw_size = record->path_size;
    } else {
      nx_free(record->path);
    }
    record->path = message.data;
    record->path_size = message.size - 1; /* a NUL stands behind it */
    *renamed = 1;
    return 1;
  }
  nx_message_clear(&message);
  return message.kind == KEEP;
}

static int stopped(void *ud)
{
  return nx_worker_cancelled(&((job *)ud)->worker);
}

/* The whole stream into a file without a name, for zip. */
static int spool(job *j, nx_stream *stream)
{
  const uint8_t *block;
  int64_t n;
  char name[512];
  j->spool = open(j->temporary, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (j->spool < 0) { /* the file system cannot do that */
    size_t size = strlen(j->temporary);
    if (size + sizeof "/nxlua-XXXXXX" <= sizeof name) {
      memcpy(name, j->temporary, size);
      memcpy(name + size, "/nxlua-XXXXXX", sizeof "/nxlua-XXXXXX");
      j->spool = mkostemp(name, O_CLOEXEC);
      if (j->spool >= 0) unlink(name);
    }
  }
  int errnum = j->spool < 0 ? errno : 0;
  while (!errnum && (n = stream->next(stream, &block)) != 0) {
    if (n < 0) return -1;
    if ((uint64_t)n + stream->consumed > j->unpack.max_bytes)
      return nx_fault_set(&j->fault, "limit", "max_bytes", 0, "the zip archive itself is larger than max_bytes");
    errnum = nx_worker_write(&j->worker, j->spool, block, (size_t)n, 0);
  }
  if (errnum == ECANCELED) return nx_fault_set(&j->fault, "cancelled", NULL, 0, "cancelled");
  return errnum ? nx_fault_errno(&j->fault, errnum, "cannot keep the zip archive in `%s`", j->temporary) : 0;
}

static int open_input(job *j)
{
  if (j->path) {
    /* does not wait for a writer of a fifo: reading waits, where it can be cancelled */
    j->input = open(j->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (j->input < 0) return nx_fault_errno(&j->fault, errno, "cannot open the archive");
  }
  if (j->pull) return 0;
  j->buffer = nx_malloc(read_size);
  if (!j->buffer) return nx_fault_set(&j->fault, "limit", NULL, 0, "out of memory");
  j->input_blocks = nx_fd_blocks(j->input);
  if (!j->input_blocks) posix_fadvise(j->input, 0, 0, POSIX_FADV_SEQUENTIAL);
  return 0;
}

/* A file: it can be looked at without reading it, so what is compressed can be decoded ahead. */
static nx_reader *open_file(job *j)
{
  uint8_t front[nx_sniff_size];
  ssize_t size = pread(j->input, front, sizeof front, lseek(j->input, 0, SEEK_CUR));
  if (size < 0) nx_fault_errno(&j->fault, errno, "cannot read the archive");
  if (size == 0) nx_fault_set(&j->fault, "format", "truncated", 0, "the archive is empty");
  if (size <= 0) return NULL;
  nx_packing packing = nx_sniff(front, (size_t)size);
  if (packing == NX_ZIP) return nx_reader_zip(&j->fault, j->input);
  int ahead = !j->single && packing != NX_PACKING_NONE && packing != NX_PACKING_UNKNOWN;
  j->raw_fault = ahead ? &j->input_fault : &j->fault;
  nx_stream *stream = nx_stream_raw(j->raw_fault, pull_descriptor, j);
  if (stream) return nx_reader_open(stream, packing, ahead, &j->fault);
  nx_fault_set(&j->fault, "limit", NULL, 0, "out of memory"); /* the other fault is of a thread that never began */
  return NULL;
}

static nx_reader *open_reader(job *j)
{
  if (open_input(j) < 0) return NULL;
  if (!j->pull && !j->input_blocks) return open_file(j);
  j->raw_fault = &j->fault;
  nx_stream *stream = nx_stream_raw(&j->fault, j->pull ? pull_function : pull_descriptor, j);
  if (!stream) return NULL;
  const uint8_t *front;
  int64_t size = nx_stream_peek(&stream, nx_sniff_size, &front);
  nx_packing packing = size > 0 ? nx_sniff(front, (size_t)size) : NX_PACKING_UNKNOWN;
  if (size == 0) nx_fault_set(&j->fault, "format", "truncated", 0, "the archive is empty");
  if (size > 0 && packing != NX_ZIP) return nx_reader_open(stream, packing, 0, &j->fault);
  int status = size > 0 ? spool(j, stream) : -1;
  nx_stream_close(stream);
  return status < 0 ? NULL : nx_reader_zip(&j->fault, j->spool);
}

static void work(nx_worker *worker, void *ud)
{
  job *j = ud;
  (void)worker;
  nx_reader *reader = open_reader(j);
  if (reader) nx_unpack_run(&j->unpack, reader, &j->fault);
  nx_reader_close(reader);
  if (j->path && j->input >= 0) close(j->input);
  if (j->spool >= 0) close(j->spool);
  nx_message_clear(&j->chunk);
  nx_free(j->buffer);
  j->buffer = NULL;
  j->input = j->spool = -1;
}

/* Lua's side. */

static void push_record(lua_State *L, nx_record *r)
{
  static const char *const types[] = { "file", "dir", "symlink", "hardlink", "device", "fifo", "other" };
  char mode[16];
  lua_createtable(L, 0, 8);
  lua_pushlstring(L, r->path, r->path_size);
  lua_setfield(L, -2, "path");
  if (r->raw) {
    lua_pushlstring(L, r->raw, r->raw_size);
    lua_setfield(L, -2, "raw");
  }
  lua_pushstring(L, types[r->type]);
  lua_setfield(L, -2, "type");
  lua_pushinteger(L, (lua_Integer)r->size);
  lua_setfield(L, -2, "bytes");
  snprintf(mode, sizeof mode, "%04o", (unsigned)r->mode);
  lua_pushstring(L, mode);
  lua_setfield(L, -2, "mode");
  lua_pushinteger(L, r->mtime);
  lua_setfield(L, -2, "mtime");
  if (r->link) {
    lua_pushlstring(L, r->link, r->link_size);
    lua_setfield(L, -2, "link");
  }
  if (r->unsafe) {
    lua_pushstring(L, r->unsafe);
    lua_setfield(L, -2, "unsafe");
  }
  if (r->data) {
    lua_pushlstring(L, (const char *)r->data, (size_t)r->size);
    lua_setfield(L, -2, "data");
    nx_free(r->data); /* the string has them now */
    r->data = NULL;
  }
}

static job *check_job(lua_State *L)
{
  return luaL_checkudata(L, 1, job_type);
}

static int raise(lua_State *L, job *j)
{
  char name[512];
  const nx_fault *f = &j->fault;
  nx_error error = { .kind = f->kind, .errnum = f->errnum, .step = f->step, .path = f->name[0] ? f->name : j->path };
  const char *source = j->path ? j->path : j->pull ? "the function's chunks" : "standard input";
  if (!f->name[0]) return nx_fail(L, &error, "nx.extract: %s: %s", source, f->text);
  nx_escape(name, sizeof name, f->name, strlen(f->name));
  return nx_fail(L, &error, "nx.extract: %s: member `%s`: %s", source, name, f->text);
}

static void set_count(lua_State *L, const char *key, uint64_t value)
{
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, key);
}

/* next() -> nothing at the moment | "ask", entry | "pull" | "done", report; raises what went wrong */
static int job_next(lua_State *L)
{
  job *j = check_job(L);
  nx_unpack *u = &j->unpack;
  nx_message message;
  int status = nx_worker_next(&j->worker, &message);
  if (status == 0) return 0;
  if (status > 0 && message.kind == ASK) { /* the thread waits for the answer: its record can be read */
    lua_pushliteral(L, "ask");
    push_record(L, &u->records[u->count]);
    return 2;
  }
  if (status > 0) {
    lua_pushliteral(L, "pull");
    return 1;
  }
  if (j->fault.kind) return raise(L, j);
  if (!j->waitable.loop) return luaL_error(L, "nx.extract: the job is closed");
  lua_pushliteral(L, "done");
  lua_createtable(L, 0, 8);
  set_count(L, "bytes", u->bytes);
  set_count(L, "files", u->files);
  set_count(L, "skipped", u->skipped);
  lua_createtable(L, (int)(u->count < INT32_MAX ? u->count : INT32_MAX), 0);
  for (size_t i = 0; i < u->count; i++) {
    push_record(L, &u->records[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "entries");
  return 2;
}

/* Hands a message with a copy of the bytes to the thread, which waits for it. */
static int send(lua_State *L, job *j, int kind, const char *bytes, size_t size, size_t nul)
{
  nx_message message = { .kind = kind };
  if (bytes) {
    message.data = nx_malloc(size + 1);
    if (!message.data) return nx_fail(L, &(nx_error){ .kind = "limit" }, "nx.extract: out of memory");
    memcpy(message.data, bytes, size);
    ((char *)message.data)[size] = '\0';
    message.size = size + nul;
  }
  if (nx_worker_send(&j->worker, &message) <= 0) nx_message_clear(&message);
  return 0;
}

/* reply(keep [, new name]) */
static int job_reply(lua_State *L)
{
  job *j = check_job(L);
  size_t size;
  const char *name = luaL_optlstring(L, 3, NULL, &size);
  return send(L, j, lua_toboolean(L, 2) ? KEEP : SKIP, name, size, 1);
}

/* push(bytes | nil at the end) */
static int job_push(lua_State *L)
{
  job *j = check_job(L);
  size_t size = 0;
  const char *bytes = luaL_optlstring(L, 2, NULL, &size);
  return send(L, j, CHUNK, bytes, size, 0);
}

static int job_close(lua_State *L)
{
  job *j = check_job(L);
  nx_worker_close(&j->worker);
  nx_waitable_close(&j->waitable);
  nx_unpack_free(&j->unpack);
  return 0;
}

static uint64_t limit_field(lua_State *L, const char *key)
{
  uint64_t value = lua_getfield(L, 1, key) == LUA_TNUMBER ? (uint64_t)lua_tointeger(L, -1) : UINT64_MAX;
  lua_pop(L, 1);
  return value;
}

static int flag_field(lua_State *L, const char *key)
{
  lua_getfield(L, 1, key);
  int value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

/* start { path= | pull=true | neither: standard input, temporary=, single=, to=, overwrite=, ask=, data=, max_…= } ->
 * job */
static int extract_start(lua_State *L)
{
  enum { held_max = 256 << 20 };
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  nx_loop *loop = nx_loop_get(L);
  job *j = lua_newuserdatauv(L, sizeof *j, 1);
  memset(j, 0, sizeof *j);
  j->spool = -1;
  luaL_setmetatable(L, job_type);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, 2, 1); /* keeps the strings that the thread reads */
  lua_getfield(L, 1, "path");
  j->path = lua_tostring(L, -1);
  lua_getfield(L, 1, "temporary");
  j->temporary = luaL_checkstring(L, -1);
  lua_getfield(L, 1, "to");
  j->unpack.to = lua_tostring(L, -1);
  lua_getfield(L, 1, "max_ratio");
  j->unpack.max_ratio = lua_tonumber(L, -1);
  lua_settop(L, 2);
  j->input = j->path ? -1 : 0;
  j->pull = flag_field(L, "pull");
  j->single = flag_field(L, "single");
  j->unpack.overwrite = flag_field(L, "overwrite");
  j->unpack.data = flag_field(L, "data");
  j->unpack.max_bytes = limit_field(L, "max_bytes");
  j->unpack.max_files = limit_field(L, "max_files");
  j->unpack.max_data = j->unpack.max_bytes == UINT64_MAX ? held_max : j->unpack.max_bytes;
  j->unpack.decide = flag_field(L, "ask") ? decide : NULL;
  j->unpack.stopped = stopped;
  j->unpack.ud = j;
  nx_waitable_open(L, 2, &j->waitable);
  int status = nx_worker_start(&j->worker, loop, &j->waitable, work, j, 4, read_size);
  if (status) return nx_fail(L, &(nx_error){ .kind = "limit", .errnum = status }, "nx.extract: cannot start a thread");
  return 1;
}

/* without_openat2(on): the slow way of walking, for tests */
static int extract_without_openat2(lua_State *L)
{
  nx_below_without_openat2 = lua_toboolean(L, 1);
  return 0;
}

static const luaL_Reg methods[] = {
  { "next", job_next },  { "reply", job_reply },   { "push", job_push }, { "close", job_close },
  { "__gc", job_close }, { "__close", job_close }, { NULL, NULL },
};

static const luaL_Reg functions[] = {
  { "start", extract_start },
  { "without_openat2", extract_without_openat2 },
  { NULL, NULL },
};

int luaopen_nx_core_extract(lua_State *L)
{
  luaL_newmetatable(L, job_type);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  luaL_newlib(L, functions);
  return 1;
}
