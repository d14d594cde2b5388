/* Opening the library in a Lua state: the C modules, the searcher for carried Lua modules, `require "nx"` itself. */
#include "open.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core.h"
#include "embedded.h"
#include "err.h"
#include "nxlua.h"

static const char lua_dir_key[] = "nx.lua_dir";

void nx_set_lua_dir(lua_State *L, const char *directory)
{
  lua_pushstring(L, directory);
  lua_setfield(L, LUA_REGISTRYINDEX, lua_dir_key);
}

/* Pushes the directory that replaces the carried files and returns it, or pushes nil and returns NULL. */
static const char *push_lua_dir(lua_State *L)
{
  if (lua_getfield(L, LUA_REGISTRYINDEX, lua_dir_key) == LUA_TSTRING) return lua_tostring(L, -1);
  const char *directory = getenv("NXLUA_LUA_DIR");
  if (!directory || !*directory) return NULL;
  lua_pop(L, 1);
  return lua_pushstring(L, directory);
}

static int is_file(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Pushes the path of `name` in the replacing directory, and its chunk name under it; 0 (and nothing) if not there. */
static int push_override(lua_State *L, const char *name, const char **chunk)
{
  int top = lua_gettop(L);
  const char *directory = push_lua_dir(L);
  if (directory) {
    const char *relative;
    if (strchr(name, '/')) { /* scripts/run.lua lies beside lua/, the others below it */
      *chunk = lua_pushfstring(L, strncmp(name, "scripts/", 8) == 0 ? "@%s" : "@lua/%s", name);
      relative = *chunk + 1;
    } else {
      *chunk = lua_pushfstring(L, "@lua/%s.lua", luaL_gsub(L, name, ".", "/"));
      relative = *chunk + 1;
    }
    const char *path = lua_pushfstring(L, "%s/../%s", directory, relative);
    if (!is_file(path) && !strchr(name, '/')) {
      *chunk = lua_pushfstring(L, "@lua/%s/init.lua", luaL_gsub(L, name, ".", "/"));
      path = lua_pushfstring(L, "%s/../%s", directory, *chunk + 1);
    }
    if (is_file(path)) return 1;
  }
  lua_settop(L, top);
  return 0;
}

int nx_load_carried(lua_State *L, const char *name)
{
  int top = lua_gettop(L);
  const char *chunk;
  if (push_override(L, name, &chunk)) {
    /* luaL_loadfile would take the path as chunk name; messages name the path in the tree */
    const char *path = lua_tostring(L, -1);
    FILE *file = fopen(path, "rb");
    if (file) {
      luaL_Buffer bytes;
      size_t n;
      luaL_buffinit(L, &bytes);
      do {
        char *space = luaL_prepbuffer(&bytes);
        n = fread(space, 1, LUAL_BUFFERSIZE, file);
        luaL_addsize(&bytes, n);
      } while (n == LUAL_BUFFERSIZE);
      fclose(file);
      luaL_pushresult(&bytes);
      size_t size;
      const char *text = lua_tolstring(L, -1, &size);
      int status = luaL_loadbufferx(L, text, size, chunk, "t");
      lua_rotate(L, top + 1, 1);
      lua_settop(L, top + 1);
      return status;
    }
    lua_settop(L, top);
  }
  const nx_embedded *found = nx_embedded_find(name);
  if (!found) return -1;
  return luaL_loadbufferx(L, (const char *)found->data, *found->size, found->chunk, NULL); /* text or compiled */
}

/* The searcher for carried modules; stands before package.path, else a stray ./nx/ would shadow them. */
static int searcher(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  if (strchr(name, '/')) return 0;
  for (const luaL_Reg *core = nx_core_modules; core->name; core++)
    if (strcmp(core->name, name) == 0) {
      lua_pushcfunction(L, core->func);
      lua_pushliteral(L, ":carried:");
      return 2;
    }
  int status = nx_load_carried(L, name);
  if (status == -1) {
    lua_pushfstring(L, "no carried module '%s'", name);
    return 1;
  }
  if (status != LUA_OK) return lua_error(L); /* a syntax error in an overriding file */
  lua_pushliteral(L, ":carried:");
  return 2;
}

/* carried(name) -> text | nil: a carried page, script or declaration */
static int carried(lua_State *L)
{
  const nx_embedded *found = nx_embedded_find(luaL_checkstring(L, 1));
  if (!found) return 0;
  lua_pushlstring(L, (const char *)found->data, *found->size);
  return 1;
}

/* carried_names() -> { name… }, sorted */
static int carried_names(lua_State *L)
{
  lua_createtable(L, (int)nx_embedded_count, 0);
  for (size_t i = 0; i < nx_embedded_count; i++) {
    lua_pushstring(L, nx_embedded_index[i].name);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* load_carried(name) -> function | nil, message */
static int load_carried(lua_State *L)
{
  int status = nx_load_carried(L, luaL_checkstring(L, 1));
  if (status == LUA_OK) return 1;
  if (status == -1) lua_pushliteral(L, "no such carried file");
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

static const luaL_Reg functions[] = {
  { "carried", carried }, { "carried_names", carried_names }, { "load_carried", load_carried }, { NULL, NULL }
};

int luaopen_nx_core_open(lua_State *L)
{
  luaL_newlib(L, functions);
  lua_pushliteral(L, NXLUA_VERSION_TEXT);
  lua_setfield(L, -2, "version");
  return 1;
}

/* os.exit of a state that is not ours (a stock interpreter): closes what is open first. Upvalue: the former one. */
static int exit_after_closing(lua_State *L)
{
  int n = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, -1, "nx.task") == LUA_TTABLE) {
    lua_getfield(L, -1, "close_all");
    lua_call(L, 0, 0);
  }
  lua_settop(L, n);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, n, 0);
  return 0;
}

static void install_exit(lua_State *L)
{
  int ours = lua_getfield(L, LUA_REGISTRYINDEX, NX_RAW_XPCALL_KEY) != LUA_TNIL;
  lua_pop(L, 1);
  if (ours || lua_getglobal(L, "os") != LUA_TTABLE) {
    lua_pop(L, !ours);
    return;
  }
  lua_getfield(L, -1, "exit");
  lua_pushcclosure(L, exit_after_closing, 1);
  lua_setfield(L, -2, "exit");
  lua_pop(L, 1);
}

void nx_install(lua_State *L)
{
  if (lua_getfield(L, LUA_REGISTRYINDEX, "nx.searcher") != LUA_TNIL) {
    lua_pop(L, 1);
    return;
  }
  lua_pop(L, 1);
  lua_getglobal(L, "table");
  lua_getfield(L, -1, "insert");
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  lua_remove(L, -2);
  lua_pushinteger(L, 2);
  lua_pushcfunction(L, searcher);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, "nx.searcher");
  lua_call(L, 3, 0);
  lua_pop(L, 1);
  install_exit(L);
}

int luaopen_nx(lua_State *L)
{
  luaL_checkversion(L);
  nx_install(L);
  int status = nx_load_carried(L, "nx");
  if (status == -1) return luaL_error(L, "nx: the library was built without its Lua files");
  if (status != LUA_OK) return lua_error(L);
  lua_pushliteral(L, "nx");
  lua_call(L, 1, 1);
  return 1;
}
