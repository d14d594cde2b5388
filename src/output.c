/* Buffered output of a worker: blocks of 1 MiB to a descriptor, or handed over to the loop, or kept, without being
 * copied. */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

void nx_output_init(nx_output *out, nx_worker *worker, nx_fault *fault)
{
  memset(out, 0, sizeof *out);
  out->worker = worker;
  out->fault = fault;
  out->file = (nx_wholefile)NX_WHOLEFILE_CLOSED;
  out->fd = -1;
}

static int no_memory(nx_output *out)
{
  return nx_fault_set(out->fault, "limit", NULL, ENOMEM, "writing the archive");
}

static int new_buffer(nx_output *out)
{
  out->buffer = nx_malloc(nx_output_block);
  return out->buffer ? 0 : no_memory(out);
}

int nx_output_to_file(nx_output *out, const char *path)
{
  out->name = path;
  if (new_buffer(out)) return -1;
  int status = nx_wholefile_open(&out->file, path, out->worker);
  if (status == ECANCELED) return nx_fault_set(out->fault, "cancelled", NULL, 0, "cancelled");
  if (status == ENOENT || status == ENOTDIR)
    return nx_fault_set(out->fault, "not_found", NULL, 0, "cannot write %s: its directory does not exist", path);
  if (status == EISDIR) return nx_fault_set(out->fault, "exists", NULL, 0, "cannot write %s: it is a directory", path);
  if (status) return nx_fault_errno(out->fault, status, "cannot write %s", path);
  out->fd = out->file.fd;
  out->blocking = nx_fd_blocks(out->fd);
  return 0;
}

int nx_output_to_fd(nx_output *out, int fd)
{
  out->name = fd == STDOUT_FILENO ? "standard output" : "a descriptor";
  out->fd = fd;
  out->blocking = nx_fd_blocks(fd);
  return new_buffer(out);
}

int nx_output_to_loop(nx_output *out, int chunk_kind)
{
  out->name = "the function";
  out->chunk_kind = chunk_kind;
  return new_buffer(out);
}

int nx_output_to_memory(nx_output *out)
{
  out->in_memory = 1;
  return new_buffer(out);
}

static int keep(nx_output *out)
{
  if (out->kept_count == out->kept_room) {
    size_t room = out->kept_room ? out->kept_room * 2 : 16;
    uint8_t **grown = nx_realloc(out->kept, room * sizeof *grown);
    if (!grown) return no_memory(out);
    out->kept = grown;
    out->kept_room = room;
  }
  out->kept[out->kept_count++] = out->buffer;
  out->buffer = NULL;
  return new_buffer(out);
}

static int write_all(nx_output *out, const void *bytes, size_t n)
{
  int status = nx_worker_write(out->worker, out->fd, bytes, n, out->blocking);
  if (!status) return 0;
  if (status == ECANCELED) return nx_fault_set(out->fault, "cancelled", NULL, 0, "cancelled");
  return nx_fault_errno(out->fault, status, "writing %s", out->name);
}

static int flush(nx_output *out)
{
  if (!out->used) return 0;
  size_t n = out->used;
  out->used = 0;
  if (out->in_memory) return keep(out);
  if (out->fd >= 0) return write_all(out, out->buffer, n);
  nx_message chunk = { .kind = out->chunk_kind, .size = n, .data = out->buffer };
  out->buffer = NULL;
  if (nx_worker_post(out->worker, &chunk)) return nx_fault_set(out->fault, "cancelled", NULL, 0, "cancelled");
  return new_buffer(out);
}

int nx_output_write(nx_output *out, const void *bytes, size_t n)
{
  const uint8_t *from = bytes;
  out->total += n;
  while (n) {
    if (!out->used && n >= nx_output_block && out->fd >= 0) return write_all(out, from, n);
    size_t part = nx_output_block - out->used < n ? nx_output_block - out->used : n;
    memcpy(out->buffer + out->used, from, part);
    out->used += part;
    from += part;
    n -= part;
    if (out->used == nx_output_block && flush(out)) return -1;
  }
  return 0;
}

int nx_output_room(nx_output *out, void **room, size_t *n)
{
  if (out->used == nx_output_block && flush(out)) return -1;
  *room = out->buffer + out->used;
  *n = nx_output_block - out->used;
  return 0;
}

void nx_output_wrote(nx_output *out, size_t n)
{
  out->used += n;
  out->total += n;
}

int nx_output_finish(nx_output *out)
{
  if (flush(out)) return -1;
  if (out->file.fd < 0) return 0;
  int status = nx_wholefile_commit(&out->file);
  out->fd = -1;
  return status ? nx_fault_errno(out->fault, status, "writing %s", out->name) : 0;
}

int nx_output_move(nx_output *from, nx_output *to)
{
  uint64_t left = from->total;
  for (size_t i = 0; i < from->kept_count; i++) {
    size_t n = left < nx_output_block ? (size_t)left : nx_output_block;
    if (nx_output_write(to, from->kept[i], n)) return -1;
    nx_free(from->kept[i]);
    from->kept[i] = NULL;
    left -= n;
  }
  return 0;
}

void nx_output_close(nx_output *out)
{
  for (size_t i = 0; i < out->kept_count; i++) nx_free(out->kept[i]);
  nx_free(out->kept);
  out->kept = NULL;
  out->kept_count = out->kept_room = 0;
  nx_wholefile_abandon(&out->file);
  nx_free(out->buffer);
  out->buffer = NULL;
}
