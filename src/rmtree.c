/* Removing a tree: no link followed, any depth with few descriptors. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "below.h"

enum { deepest = 48 };

/* Empties the directory `dir` (taken over). What lies deeper than we like to recurse is moved up to `top` first. */
static int empty(int dir, int top, int depth, unsigned *moved)
{
  DIR *list = fdopendir(dir);
  if (!list) {
    int errnum = errno;
    close(dir);
    return errnum;
  }
  int errnum = 0;
  for (struct dirent *e; (e = readdir(list));) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    if (unlinkat(dir, e->d_name, 0) == 0 || errno == ENOENT) continue;
    int failed = errno;
    if (failed == EISDIR || failed == EPERM) {
      int below = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (below < 0 && errno == EACCES && fchmodat(dir, e->d_name, 0700, 0) == 0) /* even its owner could not read it */
        below = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      failed = below < 0 ? errno : 0;
      if (!failed) fchmod(below, 0700);
      if (!failed && depth == deepest) {
        char name[32];
        snprintf(name, sizeof name, ".nxlua-deep-%u", ++*moved);
        failed = renameat(dir, e->d_name, top, name) < 0 ? errno : 0;
        close(below);
        if (!failed) continue;
      } else if (!failed) {
        failed = empty(below, top, depth + 1, moved);
        if (unlinkat(dir, e->d_name, AT_REMOVEDIR) == 0) continue;
        if (!failed) failed = errno;
      }
    }
    if (!errnum) errnum = failed;
  }
  closedir(list);
  return errnum;
}

int nx_remove_tree(int at, const char *name)
{
  if (unlinkat(at, name, 0) == 0 || errno == ENOENT) return 0;
  unsigned moved = 0, before;
  int errnum;
  do {
    before = moved;
    int top = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (top < 0) return errno;
    int again = fcntl(top, F_DUPFD_CLOEXEC, 0);
    if (again < 0) {
      errnum = errno;
      close(top);
      return errnum;
    }
    errnum = empty(top, again, 0, &moved);
    close(again);
  } while (!errnum && moved != before);
  if (unlinkat(at, name, AT_REMOVEDIR) == 0) return 0;
  return errnum ? errnum : errno;
}
