/* glob(3) knows no ** and sorts by the process's locale: hence our own. */
#include "glob.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "mem.h"

enum { batch_size = 1 << 15 };

typedef struct globbing {
  nx_worker *worker;
  nx_fault *fault;
  int kind, count;
  char *batch;
  size_t used, size;
  char path[PATH_MAX];
} globbing;

static int no_memory(globbing *g)
{
  return nx_fault_set(g->fault, "limit", NULL, ENOMEM, "looking for paths");
}

static int flush(globbing *g)
{
  if (!g->count) return 0;
  nx_message message = { .kind = g->kind, .code = g->count, .size = g->used, .data = g->batch };
  g->batch = NULL;
  g->used = 0;
  g->count = 0;
  return nx_worker_post(g->worker, &message) ? nx_fault_set(g->fault, "cancelled", NULL, 0, "cancelled") : 0;
}

static int found(globbing *g)
{
  if (g->batch && g->used + g->size + 1 > batch_size && flush(g)) return -1;
  if (!g->batch && !(g->batch = nx_malloc(batch_size))) return no_memory(g);
  memcpy(g->batch + g->used, g->path, g->size + 1);
  g->used += g->size + 1;
  g->count++;
  return 0;
}

/* Appends a name to the path; 0 when that is longer than a path can be. */
static int push(globbing *g, const char *name, size_t n)
{
  int slash = g->size && g->path[g->size - 1] != '/';
  if (g->size + n + 2 > sizeof g->path) return 0;
  if (slash) g->path[g->size++] = '/';
  memcpy(g->path + g->size, name, n);
  g->size += n;
  g->path[g->size] = '\0';
  return 1;
}

static void pop(globbing *g, size_t size)
{
  g->size = size;
  g->path[size] = '\0';
}

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a directory that match, sorted; a directory that cannot be read has none. */
static int read_names(globbing *g, const char *pattern, char ***names, size_t *count)
{
  size_t room = 0;
  *names = NULL;
  *count = 0;
  DIR *dir = opendir(g->size ? g->path : ".");
  if (!dir) return 0;
  for (struct dirent *e; (e = readdir(dir));) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    if (fnmatch(pattern, e->d_name, FNM_PERIOD) != 0) continue;
    if (*count == room) {
      room = room ? room * 2 : 32;
      char **more = nx_realloc(*names, room * sizeof **names);
      if (!more) break;
      *names = more;
    }
    if (!((*names)[*count] = nx_strdup(e->d_name))) break;
    ++*count;
    errno = 0;
  }
  int failed = errno == ENOMEM;
  closedir(dir);
  if (*count) qsort(*names, *count, sizeof **names, compare_names);
  return failed ? no_memory(g) : 0;
}

static int is_directory(const char *path, int follow)
{
  struct stat st;
  return (follow ? stat(path, &st) : lstat(path, &st)) == 0 && S_ISDIR(st.st_mode);
}

static int match(globbing *g, const char *pattern);

/* Each name that matches `part`, with what is left of the pattern; or, for **, with the whole pattern again. */
static int match_names(globbing *g, const char *part, const char *rest, int only_directories)
{
  char **names;
  size_t count, size = g->size;
  int status = read_names(g, part, &names, &count);
  for (size_t i = 0; i < count; i++) {
    if (!status && push(g, names[i], strlen(names[i]))) {
      if (!only_directories || is_directory(g->path, 0)) status = match(g, rest);
      pop(g, size);
    }
    nx_free(names[i]);
  }
  nx_free(names);
  return status;
}

/* `pattern` is what is left, without slashes in front; the path so far exists. */
static int match(globbing *g, const char *pattern)
{
  struct stat st;
  size_t n = strcspn(pattern, "/"), size = g->size;
  if (nx_worker_cancelled(g->worker)) return nx_fault_set(g->fault, "cancelled", NULL, 0, "cancelled");
  if (!*pattern) return found(g);
  if (*pattern && size && !is_directory(g->path, 1)) return 0;
  const char *rest = pattern + n;
  while (*rest == '/') rest++;
  if (n == 2 && memcmp(pattern, "**", 2) == 0) {
    if (match(g, *rest ? rest : "*")) return -1; /* at the end: everything below */
    return match_names(g, "*", pattern, 1);
  }
  char part[NAME_MAX + 2];
  if (n >= sizeof part) return 0;
  memcpy(part, pattern, n);
  part[n] = '\0';
  if (strpbrk(part, "*?[\\")) return match_names(g, part, rest, 0);
  int status = 0;
  if (push(g, part, n) && lstat(g->path, &st) == 0) status = match(g, rest);
  pop(g, size);
  return status;
}

int nx_glob(nx_worker *worker, nx_fault *fault, const char *pattern, int kind)
{
  globbing *g = nx_malloc(sizeof *g);
  if (!g) return nx_fault_set(fault, "limit", NULL, ENOMEM, "looking for paths");
  *g = (globbing){ .worker = worker, .fault = fault, .kind = kind };
  if (*pattern == '/') push(g, "/", 1);
  while (*pattern == '/') pattern++;
  int status = match(g, pattern);
  if (!status) status = flush(g);
  nx_free(g->batch);
  nx_free(g);
  return status;
}
