/* Opening the library in a Lua state: the C modules, the searcher for carried Lua modules. */
#ifndef NX_OPEN_H
#define NX_OPEN_H
#include <lua.h>

/* Loads the carried module or script `name` ("nx.task", "scripts/run.lua") and pushes the chunk. The directory that
   NXLUA_LUA_DIR or --lua-dir names is looked at first. LUA_OK, or an error code with the message pushed;
   -1 with nothing pushed when there is no such file. */
int nx_load_carried(lua_State *L, const char *name);

/* Installs the searcher for carried modules and C modules, once a state. */
void nx_install(lua_State *L);

/* Replaces the carried Lua files by those of a directory (the tree's `lua`), during work. */
void nx_set_lua_dir(lua_State *L, const char *directory);

int luaopen_nx_core_open(lua_State *L);
#endif
