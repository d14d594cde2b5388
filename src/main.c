/* The program: arguments, script look-up, exit status. The only room that touches process-wide state. */
#include <lauxlib.h>
#include <lua-cjson.h>
#include <lua-rex-pcre2.h>
#include <lualib.h>
#include <stdio.h>

#include "nxlua.h"
#include "repl.h"

int luaopen_lxp(lua_State *L);

int main(int argc, char **argv)
{
  nxlua *s = nxlua_new(NULL);
  if (!s) return 1;
  nxlua_module(s, "cjson", luaopen_cjson);
  nxlua_module(s, "rex_pcre2", luaopen_rex_pcre2);
  nxlua_module(s, "lxp", luaopen_lxp);
  lua_State *L = nxlua_lua(s);
  if (argc < 2) return nx_repl(s);
  lua_createtable(L, argc - 1, 1);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i - 1);
  }
  lua_setglobal(L, "arg");
  int status = luaL_loadfile(L, argv[1]);
  if (status == LUA_OK) {
    for (int i = 2; i < argc; i++) lua_pushstring(L, argv[i]);
    status = lua_pcall(L, argc - 2, 1, 0);
  }
  if (status != LUA_OK) fprintf(stderr, "error: %s\n", luaL_tolstring(L, -1, NULL));
  nxlua_free(s);
  return status != LUA_OK;
}
