/* The C modules of the library, `nx.core.NAME` each from src/NAME.c. */
#ifndef NX_CORE_H
#define NX_CORE_H
#include <lauxlib.h>
#include <lua.h>

/* Ended by a NULL name. */
extern const luaL_Reg nx_core_modules[];
#endif
