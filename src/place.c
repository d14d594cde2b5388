/* Where this process stands: its directory, the true name of a path, its environment, the processors it may use. */
#include <dirent.h>
#include <errno.h>
#include <lauxlib.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"

extern char **environ;

/* cwd() -> path | nil, message */
static int place_cwd(lua_State *L)
{
  char path[PATH_MAX];
  if (!getcwd(path, sizeof path)) return luaL_fileresult(L, 0, ".");
  lua_pushstring(L, path);
  return 1;
}

/* real(path) -> absolute path without links | nil, message, errno */
static int place_real(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  char out[PATH_MAX];
  if (!realpath(path, out)) return luaL_fileresult(L, 0, path);
  lua_pushstring(L, out);
  return 1;
}

/* environ() -> { NAME = value } */
static int place_environ(lua_State *L)
{
  lua_newtable(L);
  for (char **entry = environ; entry && *entry; entry++) {
    const char *equals = strchr(*entry, '=');
    if (!equals) continue;
    lua_pushlstring(L, *entry, (size_t)(equals - *entry));
    lua_pushstring(L, equals + 1);
    lua_rawset(L, -3);
  }
  return 1;
}

/* cpus() -> how many processors this process may run on */
static int place_cpus(lua_State *L)
{
  long n = 0;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) n = CPU_COUNT(&set);
  if (n < 1) n = sysconf(_SC_NPROCESSORS_ONLN);
  lua_pushinteger(L, n < 1 ? 1 : n);
  return 1;
}

static const char *kind_of(mode_t mode)
{
  return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "dir" : S_ISLNK(mode) ? "symlink" : "other";
}

/* kind(path [, follow]) -> "file" | "dir" | "symlink" | "other", bytes, permissions | nil, message, errno */
static int place_kind(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  struct stat st;
  if ((lua_toboolean(L, 2) ? stat : lstat)(path, &st) != 0) return luaL_fileresult(L, 0, path);
  lua_pushstring(L, kind_of(st.st_mode));
  lua_pushinteger(L, (lua_Integer)st.st_size);
  lua_pushinteger(L, st.st_mode & 0777);
  return 3;
}

static int dir_close(lua_State *L)
{
  DIR **dir = luaL_checkudata(L, 1, "nx.place.dir");
  if (*dir) closedir(*dir);
  *dir = NULL;
  return 0;
}

/* list(directory) -> { name… } in no order | nil, message, errno */
static int place_list(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  DIR **dir = lua_newuserdatauv(L, sizeof *dir, 0);
  *dir = NULL;
  if (luaL_newmetatable(L, "nx.place.dir")) {
    lua_pushcfunction(L, dir_close);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  *dir = opendir(path);
  if (!*dir) return luaL_fileresult(L, 0, path);
  lua_newtable(L);
  lua_Integer n = 0;
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(*dir);
    if (!entry) break;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++n);
  }
  if (errno) return luaL_fileresult(L, 0, path);
  closedir(*dir);
  *dir = NULL;
  return 1;
}

/* is_terminal(descriptor) -> boolean */
static int place_is_terminal(lua_State *L)
{
  lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
  return 1;
}

static const luaL_Reg functions[] = {
  { "cwd", place_cwd },   { "real", place_real }, { "environ", place_environ },         { "cpus", place_cpus },
  { "kind", place_kind }, { "list", place_list }, { "is_terminal", place_is_terminal }, { NULL, NULL }
};

#if defined(__x86_64__)
#define NX_ARCH "x86_64"
#elif defined(__aarch64__)
#define NX_ARCH "aarch64"
#elif defined(__riscv) && __riscv_xlen == 64
#define NX_ARCH "riscv64gc"
#elif defined(__arm__)
#define NX_ARCH "armv7"
#elif defined(__i386__)
#define NX_ARCH "i686"
#else
#define NX_ARCH "unknown"
#endif
#if defined(__arm__)
#define NX_ABI "gnueabihf"
#elif defined(__GLIBC__)
#define NX_ABI "gnu"
#else
#define NX_ABI "musl"
#endif

int luaopen_nx_core_place(lua_State *L)
{
  luaL_newlib(L, functions);
  lua_pushliteral(L, NX_ARCH "-unknown-linux-" NX_ABI); /* the triple this program was compiled for, as Rust names it */
  lua_setfield(L, -2, "triple");
  return 1;
}
