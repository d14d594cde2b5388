/* A C module of a user's own, for the program. */
#include <lauxlib.h>

static int answer(lua_State *L)
{
  lua_pushinteger(L, 42);
  return 1;
}

int luaopen_mine(lua_State *L)
{
  luaL_checkversion(L);
  lua_pushcfunction(L, answer);
  return 1;
}
