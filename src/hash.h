/* Hashes as Lua values. */
#ifndef NX_HASH_H
#define NX_HASH_H
#include <lua.h>
#include <stdint.h>

/* Pushes 32 hexadecimal digits. */
void nx_push_hash128(lua_State *L, uint64_t high, uint64_t low);
#endif
