/* nx.core.extract */
#ifndef NX_EXTRACT_H
#define NX_EXTRACT_H
#include <lua.h>

int luaopen_nx_core_extract(lua_State *L);
#endif
