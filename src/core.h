/* The C modules of the library, `nx.core.NAME` each from src/NAME.c. */
#ifndef NX_CORE_H
#define NX_CORE_H
#include <lauxlib.h>
#include <lua.h>

/* Ended by a NULL name. */
extern const luaL_Reg nx_core_modules[];

/* Openers of modules that have no header of their own. */
int luaopen_nx_core_archive(lua_State *L);
int luaopen_nx_core_fs(lua_State *L);
int luaopen_nx_core_hash(lua_State *L);
int luaopen_nx_core_remap(lua_State *L);
int luaopen_nx_core_text(lua_State *L);
#endif
