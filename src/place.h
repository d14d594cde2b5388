/* Where this process stands. */
#ifndef NX_PLACE_H
#define NX_PLACE_H
#include <lua.h>

int luaopen_nx_core_place(lua_State *L);
#endif
