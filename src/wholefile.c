/* Whole or not at all: `.NAME.XXXXXXXX.nxtmp` beside NAME, locked by its writer for as long as it lives. A file of that
 * form that nobody has locked was left by a run that was killed. */
#include "wholefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

static const char suffix[] = ".nxtmp";
enum { random_digits = 16, name_part = 200 };

/* The directory part of a path up to and with the last slash; its length (0: the working directory). */
static size_t directory_length(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Is `path` still the file that `fd` has open? */
static int is_same_file(const char *path, int fd)
{
  struct stat a, b;
  return lstat(path, &a) == 0 && fstat(fd, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Removes what killed runs have left beside `target`. Failures do not matter: the next run tries again. */
static void remove_leftovers(const char *target, const char *prefix, size_t prefix_length)
{
  size_t length = directory_length(target);
  char *directory = length ? strndup(target, length) : strdup(".");
  DIR *dir = directory ? opendir(directory) : NULL;
  free(directory);
  if (!dir) return;
  for (struct dirent *found; (found = readdir(dir));) {
    const char *name = found->d_name;
    if (strncmp(name, prefix, prefix_length) != 0) continue;
    if (strlen(name) != prefix_length + random_digits + sizeof suffix - 1) continue;
    if (strcmp(name + prefix_length + random_digits, suffix) != 0) continue;
    if (strspn(name + prefix_length, "0123456789abcdef") < random_digits) continue;
    int fd = openat(dirfd(dir), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) continue;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) unlinkat(dirfd(dir), name, 0);
    close(fd);
  }
  closedir(dir);
}

static int open_temporary(nx_wholefile *file)
{
  size_t directory = directory_length(file->target);
  const char *name = file->target + directory;
  size_t length = strlen(name);
  if (length > name_part) length = name_part;
  size_t size = directory + length + random_digits + sizeof suffix + 3;
  file->temporary = nx_malloc(size);
  if (!file->temporary) return ENOMEM;
  char *own = file->temporary + directory;
  memcpy(file->temporary, file->target, directory);
  size_t prefix = (size_t)snprintf(own, size - directory, ".%.*s.", (int)length, name);
  remove_leftovers(file->target, own, prefix);
  for (int attempt = 0; attempt < 100; attempt++) {
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number) return errno;
    snprintf(own + prefix, size - directory - prefix, "%016llx%s", (unsigned long long)number, suffix);
    int fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) continue;
    if (fd < 0) return errno;
    /* Between the two calls someone's cleaning may have taken it for a leftover. A file system without locks: no
       cleaning there either. */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 ? is_same_file(file->temporary, fd) : errno != EWOULDBLOCK) {
      file->fd = fd;
      return 0;
    }
    close(fd);
  }
  return EEXIST;
}

/* A fifo is there for writing once somebody reads it; until then we look again and again, for that can be cancelled. */
static int open_in_place(const char *path, nx_worker *worker, int *fd)
{
  while ((*fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) < 0) {
    if (errno != ENXIO || !worker) return errno;
    if (nx_worker_sleep(worker, 20)) return ECANCELED;
  }
  return 0;
}

int nx_wholefile_open(nx_wholefile *file, const char *path, nx_worker *worker)
{
  *file = (nx_wholefile)NX_WHOLEFILE_CLOSED;
  struct stat st;
  int there = stat(path, &st) == 0;
  if (there && S_ISDIR(st.st_mode)) return EISDIR;
  if (there && !S_ISREG(st.st_mode)) {
    file->direct = 1;
    return open_in_place(path, worker, &file->fd);
  }
  file->target = there ? realpath(path, NULL) : nx_strdup(path);
  int status = file->target ? 0 : errno;
  if (!status && !file->target[directory_length(file->target)]) status = *path ? EISDIR : ENOENT;
  if (!status) status = open_temporary(file);
  if (!status && there) (void)!fchmod(file->fd, st.st_mode & 07777);
  if (status) {
    nx_wholefile_abandon(file);
    errno = status;
  }
  return status;
}

static int sync_directory(const char *target)
{
  size_t length = directory_length(target);
  char *directory = length ? strndup(target, length) : strdup(".");
  if (!directory) return ENOMEM;
  int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(directory);
  if (fd < 0) return 0; /* a directory that may be written but not read */
  int status = fsync(fd) < 0 && errno != EINVAL && errno != EROFS ? errno : 0;
  close(fd);
  return status;
}

int nx_wholefile_commit(nx_wholefile *file)
{
  int status = 0;
  if (file->direct) {
    if (close(file->fd) < 0) status = errno;
    file->fd = -1;
    nx_wholefile_abandon(file);
    return status;
  }
  if (fsync(file->fd) < 0 && errno != EINVAL && errno != EROFS) status = errno;
  if (!status && rename(file->temporary, file->target) < 0) status = errno;
  if (!status) {
    free(file->temporary);
    file->temporary = NULL;
    if (close(file->fd) < 0) status = errno; /* the lock lasts until the name is right */
    file->fd = -1;
    int synced = sync_directory(file->target);
    if (!status) status = synced;
  }
  nx_wholefile_abandon(file);
  return status;
}

void nx_wholefile_abandon(nx_wholefile *file)
{
  if (file->temporary && file->fd >= 0) unlink(file->temporary);
  if (file->fd >= 0) close(file->fd);
  free(file->temporary);
  free(file->target);
  *file = (nx_wholefile)NX_WHOLEFILE_CLOSED;
}
