/* Safe writing below a directory. */
#include "below.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

int nx_below_without_openat2;

static const char part_prefix[] = ".nxlua-", part_suffix[] = ".part";
enum { dir_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

void nx_below_init(nx_below *b)
{
  *b = (nx_below){ .root = -1, .dir = -1, .file = -1 };
}

void nx_below_open(nx_below *b, int root, int fresh)
{
  b->root = root;
  b->fresh = fresh;
  b->no_openat2 = nx_below_without_openat2;
}

static void leave(nx_below *b)
{
  if (b->dir >= 0) close(b->dir);
  b->dir = -1;
}

void nx_below_close(nx_below *b)
{
  nx_below_abort(b);
  leave(b);
  if (b->root >= 0) close(b->root);
  nx_free(b->dir_name);
  nx_names_free(&b->dirs);
  nx_below_init(b);
}

const char *nx_below_clean(const char *name, size_t size, char *clean)
{
  if (!size) return "an empty name";
  if (memchr(name, 0, size)) return "a NUL byte in its name";
  if (name[0] == '/') return "an absolute name";
  size_t used = 0;
  for (int writing = 0; writing < 2; writing++) { /* nothing is written before all is known to be good */
    for (size_t at = 0; at < size;) {
      const char *slash = memchr(name + at, '/', size - at);
      size_t length = slash ? (size_t)(slash - name) - at : size - at;
      if (length == 2 && name[at] == '.' && name[at + 1] == '.') return "a `..` component in its name";
      if (length > 255) return "a component of its name is longer than 255 bytes";
      if (writing && length && !(length == 1 && name[at] == '.')) {
        if (used) clean[used++] = '/';
        memmove(clean + used, name + at, length);
        used += length;
      }
      at += length + 1;
    }
  }
  clean[used] = '\0';
  return NULL;
}

/* Something with this name is in the way of a directory: says what it is. */
static int in_the_way(int at, const char *component, const char *name, size_t size, nx_fault *fault)
{
  char text[512];
  struct stat st;
  nx_escape(text, sizeof text, name, size);
  if (fstatat(at, component, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
    return nx_fault_set(fault, "unsafe_entry", "symlink", 0, "`%s` is a symbolic link, and none is followed", text);
  return nx_fault_set(fault, "exists", "not_a_directory", 0, "`%s` is in the way: it is not a directory", text);
}

/* Marks the directory as being written to. `first`: it was there before us and is entered for the first time; removes
   the temporary files of dead runs from it. */
static void lock(int dir, int first)
{
  if (first && flock(dir, LOCK_EX | LOCK_NB) == 0) {
    int fd = openat(dir, ".", dir_flags);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    if (fd >= 0 && !list) close(fd);
    for (struct dirent *e; list && (e = readdir(list));) {
      size_t n = strlen(e->d_name), suffix = sizeof part_suffix - 1;
      if (strncmp(e->d_name, part_prefix, sizeof part_prefix - 1) == 0 && n > suffix &&
          strcmp(e->d_name + n - suffix, part_suffix) == 0)
        unlinkat(dir, e->d_name, 0);
    }
    if (list) closedir(list);
  }
  for (int i = 0; i < 20 && flock(dir, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK; i++)
    nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
}

/* One component below `at`; made when it is missing. `name` and `size`: the whole name up to it, for the message. */
static int step(nx_below *b, int at, const char *component, const char *name, size_t size, nx_fault *fault)
{
  char text[512];
  for (int tries = 0;; tries++) {
    int fd = openat(at, component, dir_flags);
    if (fd >= 0) return fd;
    if (errno == ENOTDIR || errno == ELOOP) return in_the_way(at, component, name, size, fault);
    if (errno != ENOENT || tries) break;
    if (mkdirat(at, component, 0777) == 0) {
      if (nx_names_put(&b->dirs, name, size, 2) < 0) return nx_fault_errno(fault, ENOMEM, "cannot make a directory");
    } else if (errno != EEXIST) {
      break;
    }
  }
  return nx_fault_errno(fault, errno, "cannot make the directory `%s`", nx_escape(text, sizeof text, name, size));
}

/* openat2 for an existing directory: a descriptor, or -1 when the slow way has to find out. */
static int open_fast(nx_below *b, const char *name)
{
  if (b->no_openat2) return -1;
  struct open_how how = { .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                          .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
  int fd = (int)syscall(SYS_openat2, b->root, name, &how, sizeof how);
  /* met in emulators and sandboxes */
  if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL || errno == E2BIG)) b->no_openat2 = 1;
  return fd;
}

static int walk(nx_below *b, const char *name, size_t size, nx_fault *fault)
{
  int at = b->root;
  size_t begin = 0;
  if (b->dir >= 0 && b->dir_size && b->dir_size < size && name[b->dir_size] == '/' &&
      memcmp(name, b->dir_name, b->dir_size) == 0) { /* goes on from where we are */
    at = b->dir;
    begin = b->dir_size + 1;
  }
  while (begin < size) {
    char component[256];
    const char *slash = memchr(name + begin, '/', size - begin);
    size_t end = slash ? (size_t)(slash - name) : size;
    memcpy(component, name + begin, end - begin); /* at most 255: nx_below_clean */
    component[end - begin] = '\0';
    int fd = step(b, at, component, name, end, fault);
    if (at != b->root && at != b->dir) close(at);
    if (fd < 0) return -1;
    at = fd;
    begin = end + 1;
  }
  return at;
}

/* Makes `name` (its first `size` bytes) the current directory. */
static int enter(nx_below *b, const char *name, size_t size, nx_fault *fault)
{
  if (b->dir >= 0 && b->dir_size == size && memcmp(b->dir_name, name, size) == 0) return 0;
  if (size + 1 > b->dir_room) {
    char *larger = nx_realloc(b->dir_name, size + 1);
    if (!larger) return nx_fault_errno(fault, ENOMEM, "cannot enter a directory");
    b->dir_name = larger;
    b->dir_room = size + 1;
  }
  int fd;
  if (!size) {
    fd = openat(b->root, ".", dir_flags);
    if (fd < 0) return nx_fault_errno(fault, errno, "cannot open the destination");
  } else {
    char whole[512];
    fd = -1;
    if (size < sizeof whole) {
      memcpy(whole, name, size);
      whole[size] = '\0';
      fd = open_fast(b, whole);
    }
    if (fd < 0) fd = walk(b, name, size, fault);
    if (fd < 0) return -1;
  }
  leave(b);
  b->dir = fd;
  memcpy(b->dir_name, name, size);
  b->dir_name[size] = '\0';
  b->dir_size = size;
  if (b->fresh) return 0;
  int first = !nx_names_get(&b->dirs, name, size);
  if (first && nx_names_put(&b->dirs, name, size, 1) < 0)
    return nx_fault_errno(fault, ENOMEM, "cannot enter a directory");
  lock(fd, first);
  return 0;
}

/* Enters the directory that holds `name`; returns the last component, or NULL. */
static const char *enter_parent(nx_below *b, const char *name, nx_fault *fault)
{
  const char *slash = strrchr(name, '/');
  if (enter(b, name, slash ? (size_t)(slash - name) : 0, fault) < 0) return NULL;
  return slash ? slash + 1 : name;
}

int nx_below_mkdir(nx_below *b, const char *name, nx_fault *fault)
{
  return enter(b, name, strlen(name), fault);
}

int nx_below_made(const nx_below *b, const char *name)
{
  return nx_names_get(&b->dirs, name, strlen(name)) == 2;
}

static void times(struct timespec out[2], int64_t mtime, uint32_t ns)
{
  const int64_t most = (int64_t)1 << 40; /* beyond what any file system holds; the kernel cuts further */
  if (mtime > most) mtime = most;
  if (mtime < -most) mtime = -most;
  if (mtime == 0 && ns == 0) mtime = 1; /* as the peer: some programs take 0 for "no time" */
  out[0] = (struct timespec){ 0, UTIME_OMIT };
  out[1] = (struct timespec){ (time_t)mtime, (long)ns };
}

int nx_below_finish_dir(nx_below *b, const char *name, mode_t mode, int64_t mtime, uint32_t ns, nx_fault *fault)
{
  struct timespec both[2];
  char text[512];
  if (enter(b, name, strlen(name), fault) < 0) return -1;
  times(both, mtime, ns);
  if (fchmod(b->dir, mode & 0777) < 0 || futimens(b->dir, both) < 0)
    return nx_fault_errno(fault, errno, "cannot set mode and time of the directory `%s`",
                          nx_escape(text, sizeof text, name, strlen(name)));
  return 0;
}

static const char *part_name(nx_below *b, char *out, size_t size)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  snprintf(out, size, "%s%x-%x-%x%s", part_prefix, (unsigned)getpid(), ++b->counter, (unsigned)now.tv_nsec,
           part_suffix);
  return out;
}

static int cannot(nx_fault *fault, int errnum, const char *name)
{
  char text[512];
  nx_escape(text, sizeof text, name, strlen(name));
  if (errnum == EEXIST) return nx_fault_set(fault, "exists", "exists", 0, "`%s` exists already", text);
  if (errnum == EISDIR || errnum == ENOTEMPTY)
    return nx_fault_set(fault, "exists", "directory", 0, "`%s` is in the way: it is a directory", text);
  return nx_fault_errno(fault, errnum, "cannot write `%s`", text);
}

int nx_below_create(nx_below *b, const char *name, int replace, nx_fault *fault)
{
  nx_below_abort(b);
  const char *last = enter_parent(b, name, fault);
  if (!last) return -1;
  b->name = nx_strdup(last);
  if (!b->name) return nx_fault_errno(fault, ENOMEM, "cannot write a file");
  struct stat st; /* before the work; the rename looks again */
  if (!b->fresh && fstatat(b->dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0) {
    if (!replace) return cannot(fault, EEXIST, name);
    if (S_ISDIR(st.st_mode)) return cannot(fault, EISDIR, name);
  }
  int direct = b->fresh && !replace;
  const char *as = direct ? last : part_name(b, b->part, sizeof b->part);
  b->file = openat(b->dir, as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (b->file < 0) {
    int errnum = errno;
    b->part[0] = '\0';
    return cannot(fault, errnum, name);
  }
  return 0;
}

/* Gives `part` the name `last`. 0 or an errno. */
static int put_in_place(nx_below *b, const char *part, const char *last, int replace)
{
  if (replace) return renameat(b->dir, part, b->dir, last) < 0 ? errno : 0;
  if (renameat2(b->dir, part, b->dir, last, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (linkat(b->dir, part, b->dir, last, 0) == 0) { /* the file system has no RENAME_NOREPLACE */
    unlinkat(b->dir, part, 0);
    return 0;
  }
  if (errno != EPERM && errno != EOPNOTSUPP) return errno;
  struct stat st;
  if (fstatat(b->dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return renameat(b->dir, part, b->dir, last) < 0 ? errno : 0;
}

int nx_below_commit(nx_below *b, int replace, mode_t mode, int64_t mtime, uint32_t ns, nx_fault *fault)
{
  struct timespec both[2];
  times(both, mtime, ns);
  int errnum = fchmod(b->file, mode & 0777) < 0 || futimens(b->file, both) < 0 ? errno : 0;
  int fd = b->file;
  b->file = -1;
  if (close(fd) < 0 && !errnum && errno != EINTR) errnum = errno;
  if (!errnum && b->part[0]) errnum = put_in_place(b, b->part, b->name, replace);
  if (errnum) {
    cannot(fault, errnum, b->name);
    unlinkat(b->dir, b->part[0] ? b->part : b->name, 0);
  }
  b->part[0] = '\0';
  nx_free(b->name);
  b->name = NULL;
  return errnum ? -1 : 0;
}

void nx_below_abort(nx_below *b)
{
  if (b->file >= 0) {
    close(b->file);
    unlinkat(b->dir, b->part[0] ? b->part : b->name, 0);
  }
  b->file = -1;
  b->part[0] = '\0';
  nx_free(b->name);
  b->name = NULL;
}

int nx_below_symlink(nx_below *b, const char *target, const char *name, int replace, int64_t mtime, uint32_t ns,
                     nx_fault *fault)
{
  struct timespec both[2];
  char part[sizeof b->part];
  const char *last = enter_parent(b, name, fault);
  if (!last) return -1;
  times(both, mtime, ns);
  int errnum = symlinkat(target, b->dir, last) < 0 ? errno : 0;
  if (!errnum) utimensat(b->dir, last, both, AT_SYMLINK_NOFOLLOW); /* not every file system keeps it */
  if (errnum == EEXIST && replace) {
    errnum = symlinkat(target, b->dir, part_name(b, part, sizeof part)) < 0 ? errno : 0;
    if (!errnum) {
      utimensat(b->dir, part, both, AT_SYMLINK_NOFOLLOW);
      errnum = put_in_place(b, part, last, 1);
      if (errnum) unlinkat(b->dir, part, 0);
    }
  }
  return errnum ? cannot(fault, errnum, name) : 0;
}

int nx_below_link(nx_below *b, const char *from, const char *name, int replace, nx_fault *fault)
{
  char part[sizeof b->part];
  struct stat st;
  const char *last = enter_parent(b, from, fault);
  if (!last) return -1;
  int from_dir = fcntl(b->dir, F_DUPFD_CLOEXEC, 0);
  if (from_dir < 0) return nx_fault_errno(fault, errno, "cannot make a link");
  int errnum = 0;
  if (fstatat(from_dir, last, &st, AT_SYMLINK_NOFOLLOW) < 0) errnum = errno;
  else if (!S_ISREG(st.st_mode)) errnum = EINVAL;
  const char *to = enter_parent(b, name, fault);
  if (!errnum && to && linkat(from_dir, last, b->dir, to, 0) < 0) errnum = errno;
  if (errnum == EEXIST && replace) {
    errnum = linkat(from_dir, last, b->dir, part_name(b, part, sizeof part), 0) < 0 ? errno : 0;
    if (!errnum) {
      errnum = put_in_place(b, part, to, 1);
      unlinkat(b->dir, part, 0); /* renaming a file to another link of itself leaves both */
    }
  }
  close(from_dir);
  if (!to) return -1;
  return errnum ? cannot(fault, errnum, name) : 0;
}
