/* nx.core.remap: the one question about paths that needs the file system. */
#include <errno.h>
#include <lauxlib.h>
#include <limits.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core.h"
#include "err.h"

/* The longest front part of `path` (changed, cut) that exists, resolved into `resolved`; the length of that part. */
static size_t resolve_front(char *path, size_t size, char *resolved)
{
  while (!realpath(path, resolved)) {
    while (size > 1 && path[size - 1] == '/') size--;
    while (size > 1 && path[size - 1] != '/') size--;
    if (size <= 1) {
      strcpy(resolved, "/");
      return 1;
    }
    path[size] = '\0';
  }
  return size;
}

/* canonical(path) -> the absolute path with all links resolved, as far as it exists; the rest is taken as text. A path
   that the system would refuse as too long comes back as nil. */
static int remap_canonical(lua_State *L)
{
  size_t size;
  char text[PATH_MAX], resolved[PATH_MAX];
  const char *path = luaL_checklstring(L, 1, &size);
  if (strlen(path) != size) return luaL_argerror(L, 1, "holds a NUL byte");
  if (path[0] != '/') {
    if (!getcwd(text, sizeof text))
      return nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno }, "finding the working directory");
    path = lua_pushfstring(L, "%s/%s", text, path);
    size = strlen(path);
  }
  if (size >= sizeof text) return 0;
  memcpy(text, path, size + 1);
  size_t front = resolve_front(text, size, resolved);
  if (front == size) lua_pushstring(L, resolved);
  else lua_pushfstring(L, "%s/%s", resolved, path + front);
  return 1;
}

static const luaL_Reg functions[] = { { "canonical", remap_canonical }, { NULL, NULL } };

int luaopen_nx_core_remap(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
