/* nx.core.hash: XXH64 with seed 0 (what the peer partitions by) and XXH3-128 (content). */
#include "hash.h"

#include <lauxlib.h>
#include <stdio.h>
#include <xxhash.h>

#include "core.h"
#include "err.h"

void nx_push_hash128(lua_State *L, uint64_t high, uint64_t low)
{
  char text[33];
  snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)high, (unsigned long long)low);
  lua_pushlstring(L, text, 32);
}

/* xxh64(bytes) -> integer: all 64 bits, so possibly negative */
static int hash_xxh64(lua_State *L)
{
  size_t n;
  const char *bytes = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, (lua_Integer)XXH64(bytes, n, 0));
  return 1;
}

/* bucket(bytes, count) -> 0 … count - 1: XXH64 as an unsigned number, modulo count */
static int hash_bucket(lua_State *L)
{
  size_t n;
  const char *bytes = luaL_checklstring(L, 1, &n);
  lua_Integer count = luaL_checkinteger(L, 2);
  luaL_argcheck(L, count > 0, 2, "must be positive");
  lua_pushinteger(L, (lua_Integer)(XXH64(bytes, n, 0) % (uint64_t)count));
  return 1;
}

/* content(bytes…) -> 32 hexadecimal digits: XXH3-128 of the strings one behind the other */
static int hash_content(lua_State *L)
{
  int count = lua_gettop(L);
  size_t n;
  for (int i = 1; i <= count; i++) luaL_checklstring(L, i, &n); /* nothing is held when one is no string */
  if (count == 1) {
    const char *bytes = lua_tolstring(L, 1, &n);
    XXH128_hash_t hash = XXH3_128bits(bytes, n);
    nx_push_hash128(L, hash.high64, hash.low64);
    return 1;
  }
  XXH3_state_t *state = XXH3_createState();
  if (!state) return nx_no_memory(L);
  XXH3_128bits_reset(state);
  for (int i = 1; i <= count; i++) {
    const char *bytes = lua_tolstring(L, i, &n);
    XXH3_128bits_update(state, bytes, n);
  }
  XXH128_hash_t hash = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  nx_push_hash128(L, hash.high64, hash.low64);
  return 1;
}

static const luaL_Reg functions[] = {
  { "xxh64", hash_xxh64 }, { "bucket", hash_bucket }, { "content", hash_content }, { NULL, NULL }
};

int luaopen_nx_core_hash(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
