/* Walking a directory, names sorted by their bytes, a directory before what is in it. */
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

enum { batch_size = 1 << 16, link_max = 1 << 16 };

/* A directory on the way from the root down to where we are: for loops of followed links. */
typedef struct level {
  const struct level *above;
  dev_t device;
  ino_t inode;
} level;

typedef struct scan {
  nx_worker *worker;
  nx_fault *fault;
  const nx_scan_options *options;
  int count;
  uint8_t *batch;
  size_t used;
  char *path; /* of the entry looked at; what is below `root` is its name */
  size_t size, room, root;
} scan;

static int no_memory(scan *s)
{
  return nx_fault_set(s->fault, "limit", NULL, ENOMEM, "reading %s", s->path ? s->path : "a directory");
}

static int flush(scan *s)
{
  if (!s->count) return 0;
  nx_message message = { .kind = s->options->kind, .code = s->count, .size = s->used, .data = s->batch };
  s->batch = NULL;
  s->used = 0;
  s->count = 0;
  return nx_worker_post(s->worker, &message) ? nx_fault_set(s->fault, "cancelled", NULL, 0, "cancelled") : 0;
}

static int add_record(scan *s, const struct stat *st, int type, const char *link, size_t link_size)
{
  const char *name = s->path + s->root;
  while (*name == '/') name++;
  nx_record record = { .size = type == 'f' ? st->st_size : 0,
                       .mtime = st->st_mtime,
                       .mode = st->st_mode & 07777,
                       .uid = st->st_uid,
                       .gid = st->st_gid,
                       .name_size = (uint32_t)strlen(name),
                       .link_size = (uint32_t)link_size,
                       .type = type };
  size_t need = sizeof record + record.name_size + 1 + link_size + 1;
  if (s->batch && s->used + need > batch_size && flush(s)) return -1;
  if (!s->batch) {
    s->batch = nx_malloc(need > batch_size ? need : batch_size);
    if (!s->batch) return no_memory(s);
  }
  uint8_t *at = s->batch + s->used;
  memcpy(at, &record, sizeof record);
  memcpy(at + sizeof record, name, record.name_size + 1);
  if (link_size) memcpy(at + sizeof record + record.name_size + 1, link, link_size);
  at[need - 1] = '\0';
  s->used += need;
  s->count++;
  return 0;
}

static int add_link(scan *s, const struct stat *st)
{
  size_t room = st->st_size > 0 && st->st_size < link_max ? (size_t)st->st_size + 1 : 4096;
  for (;; room *= 2) {
    char *link = nx_malloc(room);
    if (!link) return no_memory(s);
    ssize_t n = readlink(s->path, link, room);
    if (n >= 0 && (size_t)n == room && room <= link_max) { /* it has grown meanwhile */
      nx_free(link);
      continue;
    }
    int status = n < 0 ? nx_fault_errno(s->fault, errno, "reading the link %s", s->path)
                       : add_record(s, st, 'l', link, (size_t)n);
    nx_free(link);
    return status;
  }
}

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t count)
{
  for (size_t i = 0; i < count; i++) nx_free(names[i]);
  nx_free(names);
}

/* The names in the directory s->path, sorted. */
static int read_names(scan *s, char ***names, size_t *count)
{
  size_t room = 0;
  *names = NULL;
  *count = 0;
  DIR *dir = opendir(s->path);
  if (!dir) return nx_fault_errno(s->fault, errno, "reading the directory %s", s->path);
  for (;;) {
    errno = 0;
    struct dirent *found = readdir(dir);
    if (!found) break;
    if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
    if (*count == room) {
      room = room ? room * 2 : 32;
      char **more = nx_realloc(*names, room * sizeof **names);
      if (!more) goto no_memory;
      *names = more;
    }
    if (!((*names)[*count] = nx_strdup(found->d_name))) goto no_memory;
    ++*count;
  }
  int errnum = errno;
  closedir(dir);
  if (errnum) {
    free_names(*names, *count);
    return nx_fault_errno(s->fault, errnum, "reading the directory %s", s->path);
  }
  if (*count) qsort(*names, *count, sizeof **names, compare_names);
  return 0;
no_memory:
  closedir(dir);
  free_names(*names, *count);
  return no_memory(s);
}

static int append_name(scan *s, const char *name)
{
  size_t length = strlen(name);
  if (s->size + length + 2 > s->room) {
    size_t room = (s->size + length + 2) * 2;
    char *more = nx_realloc(s->path, room);
    if (!more) return no_memory(s);
    s->path = more;
    s->room = room;
  }
  if (s->size && s->path[s->size - 1] != '/') s->path[s->size++] = '/';
  memcpy(s->path + s->size, name, length + 1);
  s->size += length;
  return 0;
}

static int walk(scan *s, const level *above);

static int walk_directory(scan *s, const struct stat *st, const level *above)
{
  level here = { above, st->st_dev, st->st_ino };
  for (const level *l = above; l; l = l->above)
    if (l->device == here.device && l->inode == here.inode)
      return nx_fault_set(s->fault, "io", NULL, 0, "%s is a link to a directory that it lies in: it cannot be followed",
                          s->path);
  char **names;
  size_t count, size = s->size;
  if (read_names(s, &names, &count)) return -1;
  int status = 0;
  for (size_t i = 0; i < count && !status; i++) {
    status = append_name(s, names[i]);
    if (!status) status = walk(s, &here);
    s->size = size;
    s->path[size] = '\0';
  }
  free_names(names, count);
  return status;
}

static int type_of(mode_t mode)
{
  return S_ISREG(mode) ? 'f' : S_ISFIFO(mode) ? 'p' : S_ISCHR(mode) || S_ISBLK(mode) ? 'c' : 's';
}

static int walk(scan *s, const level *above)
{
  struct stat st;
  if (nx_worker_cancelled(s->worker)) return nx_fault_set(s->fault, "cancelled", NULL, 0, "cancelled");
  if (fstatat(AT_FDCWD, s->path, &st, s->options->follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
    return nx_fault_errno(s->fault, errno, "reading %s", s->path);
  for (int i = 0; i < 2; i++)
    if (s->options->skip[i].inode == st.st_ino && s->options->skip[i].device == st.st_dev && st.st_ino) return 0;
  if (S_ISLNK(st.st_mode)) return add_link(s, &st);
  if (!S_ISDIR(st.st_mode)) return add_record(s, &st, type_of(st.st_mode), NULL, 0);
  if (above && add_record(s, &st, 'd', NULL, 0)) return -1;
  return walk_directory(s, &st, above);
}

int nx_scan(nx_worker *worker, nx_fault *fault, const char *path, const nx_scan_options *options)
{
  scan s = { .worker = worker, .fault = fault, .options = options };
  int status = append_name(&s, path);
  s.root = s.size;
  if (!status) status = walk(&s, NULL);
  if (!status) status = flush(&s);
  nx_free(s.batch);
  nx_free(s.path);
  return status;
}
