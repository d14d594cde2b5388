/* The embedding interface: a state, its runs, its last error. */
#include "nxlua.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "open.h"

struct nxlua {
  lua_State *L;
  int results;
  int exit_code;
  nxlua_error error;
};

nxlua *nxlua_new(const nxlua_options *options)
{
  (void)options;
  nxlua *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  s->L = luaL_newstate();
  if (!s->L) {
    free(s);
    return NULL;
  }
  luaL_openlibs(s->L);
  nx_install(s->L);
  nxlua_module(s, "nx", luaopen_nx);
  return s;
}

void nxlua_free(nxlua *s)
{
  if (!s) return;
  lua_close(s->L);
  free(s);
}

int nxlua_module(nxlua *s, const char *name, lua_CFunction open)
{
  luaL_getsubtable(s->L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(s->L, open);
  lua_setfield(s->L, -2, name);
  lua_pop(s->L, 1);
  return 0;
}

lua_State *nxlua_lua(nxlua *s)
{
  return s->L;
}

int nxlua_results(nxlua *s)
{
  return s->results;
}

int nxlua_exit_code(nxlua *s)
{
  return s->exit_code;
}
