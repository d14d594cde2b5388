/* Temporary directories. */
#ifndef NX_TEMP_H
#define NX_TEMP_H
#include <lua.h>

int luaopen_nx_core_temp(lua_State *L);
#endif
