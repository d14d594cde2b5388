/* Running programs. */
#ifndef NX_RUN_H
#define NX_RUN_H
#include <lua.h>

int luaopen_nx_core_run(lua_State *L);
#endif
