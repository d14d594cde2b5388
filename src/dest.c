/* The destination of an extraction: an existing directory, or one that appears as a whole. */
#include "dest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

static const char mark[] = ".nxlua-";
enum { dir_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

void nx_dest_init(nx_dest *d)
{
  *d = (nx_dest){ .parent = -1 };
  nx_below_init(&d->below);
}

static int cannot(nx_fault *fault, int errnum, const char *path)
{
  char text[512];
  return nx_fault_errno(fault, errnum, "cannot make the directory `%s`",
                        nx_escape(text, sizeof text, path, strlen(path)));
}

/* Makes d->parents and what is missing above it; d->kept says how much was there. */
static int make_parents(nx_dest *d, nx_fault *fault)
{
  struct stat st;
  size_t size = strlen(d->parents);
  for (d->kept = size; d->kept; d->kept--) { /* the longest front that exists */
    char byte = d->parents[d->kept];
    if (byte != '/' && byte != '\0') continue;
    d->parents[d->kept] = '\0';
    int there = stat(d->parents, &st) == 0;
    d->parents[d->kept] = byte;
    if (there) break;
  }
  for (size_t at = d->kept + 1; d->kept < size && at <= size; at++) {
    if (d->parents[at] != '/' && d->parents[at] != '\0') continue;
    char byte = d->parents[at];
    d->parents[at] = '\0';
    int failed = mkdir(d->parents, 0777) < 0 && errno != EEXIST ? errno : 0;
    if (failed) cannot(fault, failed, d->parents);
    d->parents[at] = byte;
    if (failed) return -1;
  }
  return 0;
}

static void remove_parents(nx_dest *d)
{
  for (size_t at = strlen(d->parents); at > d->kept; at--) {
    if (d->parents[at] != '/' && d->parents[at] != '\0') continue;
    d->parents[at] = '\0';
    if (rmdir(d->parents) < 0 && errno != ENOENT) return;
  }
}

/* Removes what killed runs left beside the place: directories of our kind of name that nobody holds locked. */
static void remove_leftovers(nx_dest *d, const char *prefix)
{
  int fd = openat(d->parent, ".", dir_flags);
  DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
  if (fd >= 0 && !list) close(fd);
  for (struct dirent *e; list && (e = readdir(list));) {
    if (strncmp(e->d_name, prefix, strlen(prefix)) != 0) continue;
    int left = openat(d->parent, e->d_name, dir_flags | O_NOFOLLOW);
    if (left < 0) continue;
    if (flock(left, LOCK_EX | LOCK_NB) == 0) nx_remove_tree(d->parent, e->d_name);
    close(left);
  }
  if (list) closedir(list);
}

/* Makes and locks the directory that is filled. Another run that looks for leftovers may remove it before it is locked:
   then once more. */
static int make_staging(nx_dest *d, const char *prefix, const char *path, nx_fault *fault)
{
  for (unsigned tries = 0; tries < 100; tries++) {
    struct timespec now;
    struct stat by_fd, by_name;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(d->staging, 256, "%s%x-%lx", prefix, (unsigned)getpid(), (unsigned long)now.tv_nsec + tries);
    if (mkdirat(d->parent, d->staging, 0777) < 0) {
      if (errno == EEXIST) continue;
      return cannot(fault, errno, path);
    }
    int fd = openat(d->parent, d->staging, dir_flags | O_NOFOLLOW);
    if (fd >= 0 && (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && fstat(fd, &by_fd) == 0 &&
        fstatat(d->parent, d->staging, &by_name, AT_SYMLINK_NOFOLLOW) == 0 && by_fd.st_ino == by_name.st_ino) {
      nx_below_open(&d->below, fd, 1);
      return 0;
    }
    if (fd < 0 && errno != ENOENT) return cannot(fault, errno, path);
    if (fd >= 0) close(fd);
  }
  return cannot(fault, EAGAIN, path);
}

static char *copy(const char *text, size_t size)
{
  char *new = nx_malloc(size + 1);
  if (!new) return NULL;
  memcpy(new, text, size);
  new[size] = '\0';
  return new;
}

int nx_dest_open(nx_dest *d, const char *path, nx_fault *fault)
{
  char text[512];
  struct stat st;
  nx_escape(text, sizeof text, path, strlen(path));
  int fd = open(path, dir_flags);
  if (fd >= 0) {
    nx_below_open(&d->below, fd, 0);
    return 0;
  }
  if (errno == ENOTDIR && lstat(path, &st) == 0)
    return nx_fault_set(fault, "exists", "not_a_directory", 0, "the destination `%s` is not a directory", text);
  if (errno != ENOENT) return nx_fault_errno(fault, errno, "cannot open the destination `%s`", text);
  if (lstat(path, &st) == 0)
    return nx_fault_set(fault, "not_found", "symlink", 0, "the destination `%s` is a link that leads nowhere", text);
  size_t size = strlen(path);
  while (size > 1 && path[size - 1] == '/') size--;
  size_t begin = size;
  while (begin && path[begin - 1] != '/') begin--;
  d->base = copy(path + begin, size - begin);
  d->staging = nx_malloc(256);
  d->parents = begin ? copy(path, begin > 1 ? begin - 1 : 1) : nx_strdup(".");
  if (!d->base || !d->staging || !d->parents) return cannot(fault, ENOMEM, path);
  d->staging[0] = '\0';
  if (make_parents(d, fault) < 0) return -1;
  d->parent = open(d->parents, dir_flags);
  if (d->parent < 0) return cannot(fault, errno, path);
  char prefix[200];
  snprintf(prefix, sizeof prefix, ".%.160s%s", d->base, mark);
  remove_leftovers(d, prefix);
  return make_staging(d, prefix, path, fault);
}

int nx_dest_commit(nx_dest *d, nx_fault *fault)
{
  if (d->parent < 0) return 0;
  int errnum = 0;
  if (renameat2(d->parent, d->staging, d->parent, d->base, RENAME_NOREPLACE) < 0) errnum = errno;
  if (errnum == EINVAL || errnum == ENOSYS) /* replaces nothing but an empty directory */
    errnum = renameat(d->parent, d->staging, d->parent, d->base) < 0 ? errno : 0;
  if (errnum == EEXIST || errnum == ENOTEMPTY)
    return nx_fault_set(fault, "exists", "exists", 0, "the destination `%s` was made by someone else meanwhile",
                        d->base);
  if (errnum) return cannot(fault, errnum, d->base);
  d->staging[0] = '\0';
  return 0;
}

void nx_dest_close(nx_dest *d)
{
  int ours = d->parents != NULL;
  if (d->parent >= 0 && d->staging[0]) {
    nx_below_abort(&d->below);
    nx_remove_tree(d->parent, d->staging);
  } else if (d->parent >= 0) {
    ours = 0; /* committed */
  }
  nx_below_close(&d->below);
  if (d->parent >= 0) close(d->parent);
  if (ours) remove_parents(d);
  nx_free(d->base);
  nx_free(d->staging);
  nx_free(d->parents);
  nx_dest_init(d);
}
