/* Reading, writing, removing, looking for and hashing files. */
#include "fsjob.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "below.h"
#include "glob.h"
#include "mem.h"
#include "wholefile.h"

enum { block_size = 1 << 18 };

static int cancelled(nx_fs_job *job)
{
  return nx_fault_set(&job->fault, "cancelled", NULL, 0, "cancelled");
}

static int open_to_read(nx_fs_job *job, int *blocking)
{
  /* open would wait for a writer of a fifo, and could not be cancelled; reading it can */
  int fd = open(job->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat st;
  if (fd < 0) return nx_fault_errno(&job->fault, errno, "reading %s", job->path);
  if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
    close(fd);
    return nx_fault_errno(&job->fault, EISDIR, "reading %s", job->path);
  }
  *blocking = nx_fd_blocks(fd);
  return fd;
}

static int read_file(nx_worker *worker, nx_fs_job *job)
{
  int blocking, failed = 0;
  uint64_t total = 0;
  int fd = open_to_read(job, &blocking);
  if (fd < 0) return -1;
  for (;;) {
    nx_message message = { .kind = nx_fs_data, .data = nx_malloc(block_size) };
    if (!message.data) {
      failed = nx_fault_set(&job->fault, "limit", NULL, ENOMEM, "reading %s", job->path);
      break;
    }
    int64_t n = nx_worker_read(worker, fd, message.data, block_size, blocking);
    if (n > 0) total += (uint64_t)n;
    if (n <= 0 || total > job->max) nx_message_clear(&message);
    if (n == -ECANCELED) failed = cancelled(job);
    else if (n < 0) failed = nx_fault_errno(&job->fault, (int)-n, "reading %s", job->path);
    else if (n > 0 && total > job->max)
      failed = nx_fault_set(&job->fault, "limit", NULL, 0, "reading %s: it has more than %llu bytes", job->path,
                            (unsigned long long)job->max);
    if (failed || n == 0) break;
    message.size = (size_t)n;
    if (nx_worker_post(worker, &message)) {
      failed = cancelled(job);
      break;
    }
  }
  close(fd);
  return failed;
}

static int hash_file(nx_worker *worker, nx_fs_job *job)
{
  int blocking, failed = 0;
  int fd = open_to_read(job, &blocking);
  if (fd < 0) return -1;
  XXH3_state_t *state = XXH3_createState();
  void *block = nx_malloc(block_size);
  nx_message message = { .kind = nx_fs_hashed };
  if (!state || !block) failed = nx_fault_set(&job->fault, "limit", NULL, ENOMEM, "reading %s", job->path);
  else XXH3_128bits_reset(state);
  while (!failed) {
    int64_t n = nx_worker_read(worker, fd, block, block_size, blocking);
    if (n == -ECANCELED) failed = cancelled(job);
    else if (n < 0) failed = nx_fault_errno(&job->fault, (int)-n, "reading %s", job->path);
    if (n <= 0) break;
    XXH3_128bits_update(state, block, (size_t)n);
    message.number[0] += n;
  }
  if (!failed) {
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    message.number[1] = (int64_t)hash.high64;
    message.number[2] = (int64_t)hash.low64;
    if (nx_worker_post(worker, &message)) failed = cancelled(job);
  }
  nx_free(block);
  XXH3_freeState(state);
  close(fd);
  return failed;
}

static int write_file(nx_worker *worker, nx_fs_job *job)
{
  nx_wholefile file;
  int status = nx_wholefile_open(&file, job->path, worker);
  if (!status && job->mode >= 0 && !file.direct && fchmod(file.fd, (mode_t)job->mode) < 0) status = errno;
  if (!status) status = nx_worker_write(worker, file.fd, job->bytes, job->size, nx_fd_blocks(file.fd));
  if (!status) status = nx_wholefile_commit(&file);
  nx_wholefile_abandon(&file);
  if (status == ECANCELED) return cancelled(job);
  return status ? nx_fault_errno(&job->fault, status, "writing %s", job->path) : 0;
}

static int remove_path(nx_fs_job *job, int *removed)
{
  struct stat st;
  if (lstat(job->path, &st) < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return 0;
    return nx_fault_errno(&job->fault, errno, "removing %s", job->path);
  }
  int status;
  if (job->recursive) status = nx_remove_tree(AT_FDCWD, job->path);
  else status = (S_ISDIR(st.st_mode) ? rmdir(job->path) : unlink(job->path)) < 0 ? errno : 0;
  if (status == ENOTEMPTY || status == EEXIST)
    return nx_fault_set(&job->fault, "exists", NULL, 0,
                        "removing %s: the directory is not empty (recursive = true removes what is in it too)",
                        job->path);
  if (status) return nx_fault_errno(&job->fault, status, "removing %s", job->path);
  *removed = 1;
  return 0;
}

void nx_fs_work(nx_worker *worker, void *ud)
{
  nx_fs_job *job = ud;
  nx_message done = { .kind = nx_fs_done };
  int failed = -1;
  switch (job->what) {
  case nx_fs_read: failed = read_file(worker, job); break;
  case nx_fs_write: failed = write_file(worker, job); break;
  case nx_fs_remove: failed = remove_path(job, &done.code); break;
  case nx_fs_glob: failed = nx_glob(worker, &job->fault, job->path, nx_fs_paths); break;
  case nx_fs_hash: failed = hash_file(worker, job); break;
  }
  if (!failed) nx_worker_post(worker, &done);
}
