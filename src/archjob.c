/* Looking through directories, reading, hashing and packing. */
#include "archjob.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "mem.h"

enum { read_size = 1 << 18 };

static int cancelled(nx_archive_job *j)
{
  return nx_fault_set(&j->fault, "cancelled", NULL, 0, "cancelled");
}

static int post(nx_archive_job *j, nx_message *message)
{
  return nx_worker_post(j->worker, message) ? cancelled(j) : 0;
}

static int report_progress(nx_archive_job *j)
{
  struct timespec now;
  if (!j->progress) return 0;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t passed = (now.tv_sec - j->told.tv_sec) * 1000 + (now.tv_nsec - j->told.tv_nsec) / 1000000;
  if (passed < 50) return 0;
  j->told = now;
  nx_message message = { .kind = nx_say_progress, .number = { (int64_t)j->packed, (int64_t)j->out.total } };
  return post(j, &message);
}

/* Opens the destination: first of all, so that what cannot be written is said before anything is read, and so that the
   archive does not find itself. */
static int open_destination(nx_archive_job *j)
{
  struct stat st;
  if (!j->to && !j->to_stdout) return nx_output_to_loop(&j->out, nx_say_chunk);
  if (j->to_stdout && isatty(STDOUT_FILENO))
    return nx_fault_set(&j->fault, "usage", NULL, 0, "standard output is a terminal: send it to a file or a pipe");
  if (j->to_stdout) return nx_output_to_fd(&j->out, STDOUT_FILENO);
  if (stat(j->to, &st) == 0 && S_ISREG(st.st_mode)) {
    j->scan.skip[0].device = st.st_dev;
    j->scan.skip[0].inode = st.st_ino;
  }
  if (nx_output_to_file(&j->out, j->to)) return -1;
  if (fstat(j->out.fd, &st) == 0 && S_ISREG(st.st_mode)) {
    j->scan.skip[1].device = st.st_dev;
    j->scan.skip[1].inode = st.st_ino;
  }
  return 0;
}

static int pack_bytes(nx_archive_job *j, const void *bytes, size_t n)
{
  if (nx_worker_cancelled(j->worker)) return cancelled(j);
  XXH3_128bits_update(j->hash, bytes, n);
  if (nx_pack_data(j->pack, bytes, n)) return -1;
  j->packed += n;
  return report_progress(j);
}

static int add_zeros(nx_archive_job *j, int64_t n)
{
  memset(j->buffer, 0, read_size);
  while (n > 0) {
    size_t part = n < read_size ? (size_t)n : read_size;
    if (pack_bytes(j, j->buffer, part)) return -1;
    n -= (int64_t)part;
  }
  return 0;
}

/* The bytes of an open file up to `size`. A file with holes: they are not read, only written. */
static int add_content(nx_archive_job *j, int fd, const char *source, const struct stat *st)
{
  int sparse = st->st_blocks * 512 < st->st_size;
  for (int64_t at = 0, data = 0; at < st->st_size;) {
    if (sparse && at >= data) {
      int64_t next = lseek(fd, at, SEEK_DATA);
      if (next < 0 && errno == ENXIO) next = st->st_size;
      if (next > st->st_size) next = st->st_size;
      if (next > at) {
        if (add_zeros(j, next - at)) return -1;
        at = next;
        continue;
      }
      data = next < 0 ? st->st_size : lseek(fd, at, SEEK_HOLE);
      if (data <= at) sparse = 0; /* the file system has no notion of holes */
      lseek(fd, at, SEEK_SET);
    }
    int64_t want = (sparse && data < st->st_size ? data : st->st_size) - at;
    int64_t n = nx_worker_read(j->worker, fd, j->buffer, want < read_size ? (size_t)want : read_size, 0);
    if (n == -ECANCELED) return cancelled(j);
    if (n < 0) return nx_fault_errno(&j->fault, (int)-n, "reading %s", source);
    if (n == 0)
      return nx_fault_set(&j->fault, "io", NULL, 0, "%s has become shorter while it was being archived", source);
    if (pack_bytes(j, j->buffer, (size_t)n)) return -1;
    at += n;
  }
  return 0;
}

static int tell_added(nx_archive_job *j, int64_t size)
{
  XXH128_hash_t hash = XXH3_128bits_digest(j->hash);
  nx_message message = { .kind = nx_say_added, .number = { size, (int64_t)hash.high64, (int64_t)hash.low64 } };
  return post(j, &message);
}

static int add_file(nx_archive_job *j, nx_member *member, const char *source)
{
  struct stat st;
  int fd = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return nx_fault_errno(&j->fault, errno, "reading %s", source);
  int failed = 0;
  if (fstat(fd, &st) < 0) failed = nx_fault_errno(&j->fault, errno, "reading %s", source);
  else if (!S_ISREG(st.st_mode))
    failed = nx_fault_set(&j->fault, "io", NULL, 0, "%s is no regular file any more", source);
  posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  member->size = st.st_size;
  if (!failed) failed = nx_pack_header(j->pack, member);
  if (!failed) failed = add_content(j, fd, source, &st);
  close(fd);
  return failed ? -1 : tell_added(j, member->size);
}

/* A request to add: the record, the name, then the source, the link's target or the bytes. */
static int add(nx_archive_job *j, const nx_message *message)
{
  nx_record record;
  memcpy(&record, message->data, sizeof record);
  const char *name = (const char *)message->data + sizeof record;
  const char *rest = name + record.name_size + 1;
  nx_member member = { .name = name,
                       .type = record.type,
                       .mode = record.mode,
                       .uid = record.uid,
                       .gid = record.gid,
                       .size = record.size,
                       .mtime = record.mtime };
  XXH3_128bits_reset(j->hash);
  if (message->kind == nx_ask_add && record.type == 'f') return add_file(j, &member, rest);
  if (record.type == 'l') {
    member.link = rest;
    XXH3_128bits_update(j->hash, rest, record.link_size);
  }
  if (nx_pack_header(j->pack, &member)) return -1;
  if (message->kind == nx_ask_data && pack_bytes(j, rest, record.link_size)) return -1;
  return tell_added(j, member.size);
}

static int serve(nx_archive_job *j, const nx_message *message)
{
  nx_message answer = { .kind = nx_say_scanned };
  switch (message->kind) {
  case nx_ask_scan:
    j->scan.follow = message->code;
    if (nx_scan(j->worker, &j->fault, message->data, &j->scan)) return -1;
    return post(j, &answer);
  case nx_ask_begin:
    j->options.frame.bytes = (uint64_t)message->number[0];
    /* each with its header and its filling, and the end */
    j->options.stream = j->options.frame.bytes + 1024 * ((uint64_t)message->number[1] + 1);
    j->pack = nx_pack_open(&j->out, j->format, &j->options);
    return j->pack ? 0 : -1;
  default: return add(j, message);
  }
}

void nx_archive_work(nx_worker *worker, void *ud)
{
  nx_archive_job *j = ud;
  int failed = 0;
  j->worker = worker;
  nx_output_init(&j->out, worker, &j->fault);
  j->hash = XXH3_createState();
  j->buffer = nx_malloc(read_size);
  if (!j->hash || !j->buffer) failed = nx_fault_set(&j->fault, "limit", NULL, ENOMEM, "writing an archive");
  j->scan.kind = nx_say_records;
  if (!failed) failed = open_destination(j);
  while (!failed) {
    nx_message message;
    int status = nx_worker_take(worker, &message);
    if (status == ECANCELED) failed = cancelled(j);
    if (status) break;
    failed = serve(j, &message);
    nx_message_clear(&message);
  }
  if (!failed && j->pack) failed = nx_pack_finish(j->pack) || nx_output_finish(&j->out);
  nx_pack_close(j->pack);
  nx_output_close(&j->out);
  XXH3_freeState(j->hash);
  nx_free(j->buffer);
  nx_message message = { .kind = nx_say_done, .number = { (int64_t)j->out.total } };
  if (!failed) post(j, &message);
}
