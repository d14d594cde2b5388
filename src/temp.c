/* Temporary directories: made, and removed with all that is in them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"
#include "err.h"
#include "temp.h"

#define DEPTH 512 /* of directories: a descriptor each */

static int remove_below(int dir, int depth);

/* Removes `name` in the directory `at`: 0 or an errno. Never follows a link. */
static int remove_entry(int at, const char *name, int depth)
{
  if (unlinkat(at, name, 0) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return errno;
  if (depth == 0) return ELOOP;
  int dir = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (dir < 0 && errno == EACCES && fchmodat(at, name, 0700, 0) == 0)
    dir = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (dir < 0) return errno;
  int failed = remove_below(dir, depth - 1);
  if (!failed && unlinkat(at, name, AT_REMOVEDIR) < 0 && errno != ENOENT) failed = errno;
  return failed;
}

/* Removes what is in `dir`, and closes it: 0 or the first errno, having gone on. */
static int remove_below(int dir, int depth)
{
  struct stat st;
  int failed = 0;
  /* a directory that forbids its owner to write would keep its entries */
  if (fstat(dir, &st) == 0 && (st.st_mode & 0700) != 0700) fchmod(dir, st.st_mode | 0700);
  DIR *entries = fdopendir(dir);
  if (!entries) {
    failed = errno;
    close(dir);
    return failed;
  }
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    int why = remove_entry(dirfd(entries), entry->d_name, depth);
    if (!failed) failed = why;
  }
  closedir(entries);
  return failed;
}

static int push_text(lua_State *L)
{
  lua_pushstring(L, lua_touserdata(L, 1));
  return 1;
}

/* make(directory, prefix) -> the path of a new directory below it, for us alone */
static int l_make(lua_State *L)
{
  const char *directory = luaL_checkstring(L, 1), *prefix = luaL_checkstring(L, 2);
  char path[PATH_MAX];
  int n = snprintf(path, sizeof path, "%s/%sXXXXXX", directory, prefix);
  if (n < 0 || (size_t)n >= sizeof path) errno = ENAMETOOLONG;
  else if (mkdtemp(path)) {
    lua_pushcfunction(L, push_text);
    lua_pushlightuserdata(L, path);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) return 1;
    rmdir(path); /* nobody would know of it */
    return lua_error(L);
  }
  return nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno, .path = directory },
                 "temporary directory in \"%s\"", directory);
}

/* remove(path): with all that is in it; not there is well */
static int l_remove(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  int failed = remove_entry(AT_FDCWD, path, DEPTH);
  if (failed)
    return nx_fail(L, &(nx_error){ .kind = nx_error_kind(failed), .errnum = failed, .path = path }, "removing \"%s\"",
                   path);
  return 0;
}

static const luaL_Reg functions[] = { { "make", l_make }, { "remove", l_remove }, { NULL, NULL } };

int luaopen_nx_core_temp(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
