/* What a user's host looks like: built against the installed tree through pkg-config. */
#include <lauxlib.h>
#include <nxlua.h>
#include <stdio.h>

static int lookup(lua_State *L)
{
  lua_pushstring(L, "tests.tar.zst");
  return 1;
}

static int open_host(lua_State *L)
{
  const luaL_Reg f[] = { { "lookup", lookup }, { NULL, NULL } };
  luaL_newlib(L, f);
  return 1;
}

int main(int argc, char **argv)
{
  nxlua *s = nxlua_new(NULL);
  nxlua_module(s, "host", open_host);
  if (nxlua_run_file(s, argc > 1 ? argv[1] : "script.lua", 0, NULL) < 0)
    fprintf(stderr, "%s: %s\n", nxlua_last_error(s)->kind, nxlua_last_error(s)->message);
  else if (nxlua_results(s) == 1) {
    lua_State *L = nxlua_lua(s);
    lua_getfield(L, -1, "failed");
    printf("%d failed\n", (int)lua_tointeger(L, -1));
  }
  int code = nxlua_exit_code(s);
  nxlua_free(s);
  return code;
}
