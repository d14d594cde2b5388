/* The embedding interface: a state, its runs, its last error. */
#include "nxlua.h"

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "err.h"
#include "mem.h"
#include "open.h"
#include "state.h"

/* ---- the last error ---- */

static const nxlua_error no_error = { "", "", "", "", 0 };
static const nxlua_error no_memory = { "limit", "not enough memory", "", "", 1 };
static const nxlua_error running = { "usage", "the state is running: its own callback cannot enter it", "", "", 2 };

static void clear_error(nxlua *s)
{
  nx_free(s->error_text);
  s->error_text = NULL;
  s->error = no_error;
}

/* Takes kind, message, where, trace, exit_code off the stack; each but the first two may be nil. */
static void take_error(nxlua *s)
{
  lua_State *L = s->L;
  const char *part[4];
  size_t length[4], total = 0;
  for (int i = 0; i < 4; i++) {
    part[i] = lua_tolstring(L, i - 5, &length[i]);
    if (!part[i]) part[i] = "", length[i] = 0;
    total += length[i] + 1;
  }
  clear_error(s);
  char *text = s->error_text = nx_malloc(total);
  if (text) {
    const char **field[4] = { &s->error.kind, &s->error.message, &s->error.where, &s->error.trace };
    for (int i = 0; i < 4; i++) {
      memcpy(text, part[i], length[i]); /* a zero inside ends it for C */
      text[length[i]] = 0;
      *field[i] = text;
      text += length[i] + 1;
    }
    s->error.exit_code = (int)lua_tointeger(L, -1);
  } else {
    s->error = no_memory;
  }
  s->exit_code = s->error.exit_code;
  lua_pop(L, 5);
}

static int recover(lua_State *L)
{
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "nx.script");
  lua_getfield(L, -1, "recover");
  lua_call(L, 0, 0);
  return 0;
}

/* The raised value on top becomes the last error. It comes from nx_error_handler, or is bare. Always -1. */
static int fail(nxlua *s)
{
  lua_State *L = s->L;
  int top = lua_gettop(L);
  s->results = 0;
  if (nx_is_exit(L, -1)) { /* a clean-up raised it once more */
    lua_settop(L, 0);
    s->exit_code = s->exit_status;
    return 0;
  }
  lua_pushcfunction(L, nx_error_report);
  lua_insert(L, top);
  lua_pushlightuserdata(L, s->memory_where);
  if (lua_pcall(L, 2, 5, 0) == LUA_OK) {
    take_error(s);
  } else {
    clear_error(s);
    s->error = no_memory;
    s->exit_code = 1;
  }
  lua_settop(L, 0);
  lua_pushcfunction(L, recover);
  lua_pcall(L, 0, 0, 0);
  lua_settop(L, 0);
  if (s->exit_asked && !s->exit_code) s->exit_code = 1;
  return -1;
}

const nxlua_error *nxlua_last_error(nxlua *s)
{
  return s->refused ? &running : &s->error;
}

/* ---- entering and leaving ---- */

/* 0, or -1 when the state is running already. */
static int enter(nxlua *s)
{
  if (atomic_exchange(&s->entered, 1)) {
    s->refused = 1;
    return -1;
  }
  s->refused = 0;
  s->owner = pthread_self();
  s->exit_asked = 0;
  s->memory_where[0] = 0;
  s->results = 0;
  lua_settop(s->L, 0);
  atomic_store(&s->current, s->L);
  clear_error(s);
  return 0;
}

static int leave(nxlua *s, int result)
{
  s->refused = 0;
  atomic_store(&s->current, NULL);
  lua_sethook(s->L, NULL, 0, 0);
  atomic_store(&s->entered, 0);
  return result;
}

/* ---- a state ---- */

static int open_state(lua_State *L)
{
  nxlua *s = lua_touserdata(L, 1);
  if (s->options.no_environment) {
    lua_pushboolean(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
  }
  luaL_openlibs(L);
  nx_stop_open(s);
  nx_streams_open(s);
  if (s->options.lua_dir) nx_set_lua_dir(L, s->options.lua_dir);
  nx_install(L);
  s->loop = nx_loop_get(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_nx);
  lua_setfield(L, -2, "nx");
  lua_getglobal(L, "require");
  lua_pushliteral(L, "nx.script");
  lua_call(L, 1, 0);
  return 0;
}

nxlua *nxlua_new(const nxlua_options *options)
{
  nxlua *s = nx_calloc(1, sizeof *s);
  if (!s) return NULL;
  if (options) memcpy(&s->options, options, options->size < sizeof *options ? options->size : sizeof *options);
  s->error = no_error;
  s->owner = pthread_self();
  s->L = nx_streams_init(s) == 0 ? lua_newstate(nx_stop_allocate, s) : NULL;
  if (s->L) {
    *(nxlua **)lua_getextraspace(s->L) = s;
    lua_pushcfunction(s->L, open_state);
    lua_pushlightuserdata(s->L, s);
    if (lua_pcall(s->L, 1, 0, 0) == LUA_OK && (!s->options.signals || nx_signals_take(s) == 0)) return s;
  }
  nxlua_free(s);
  return NULL;
}

void nxlua_free(nxlua *s)
{
  if (!s || atomic_load(&s->entered)) return; /* from its own callback: there is still a caller on the C stack */
  if (s->options.signals) nx_signals_release(s);
  if (s->L) {
    enter(s);
    lua_close(s->L);
  }
  nx_streams_free(s);
  clear_error(s);
  nx_free(s);
}

static int set_module(lua_State *L)
{
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushvalue(L, 2);
  lua_setfield(L, -2, lua_touserdata(L, 1));
  return 0;
}

int nxlua_module(nxlua *s, const char *name, lua_CFunction open)
{
  if (enter(s)) return -1;
  lua_pushcfunction(s->L, set_module);
  lua_pushlightuserdata(s->L, (void *)name);
  lua_pushcfunction(s->L, open);
  return leave(s, lua_pcall(s->L, 2, 0, 0) == LUA_OK ? 0 : fail(s));
}

lua_State *nxlua_lua(nxlua *s)
{
  return s->L;
}

int nxlua_results(nxlua *s)
{
  return s->results;
}

int nxlua_exit_code(nxlua *s)
{
  return s->exit_code;
}

/* ---- a run ---- */

static int load_file(lua_State *L, const char *path)
{
  if (strcmp(path, "-") == 0) return luaL_loadfile(L, NULL);
  struct stat st;
  int e = stat(path, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
  if (e) {
    nx_push_error(L, &(nx_error){ .kind = nx_error_kind(e), .errnum = e, .path = path, .exit_code = 2 },
                  "cannot open script %s", path);
    return LUA_ERRFILE;
  }
  return luaL_loadfile(L, path);
}

/* With nx.script on top. */
static int load(lua_State *L, const nx_script *script)
{
  if (script->path) return load_file(L, script->path);
  if (script->text) {
    const char *name = script->name ? script->name : "=(string)";
    if (*name != '=' && *name != '@') name = lua_pushfstring(L, "=%s", name);
    return luaL_loadbuffer(L, script->text, strlen(script->text), name);
  }
  const char *name = lua_pushfstring(L, "scripts/%s.lua", script->command);
  int status = nx_load_carried(L, name);
  if (status != -1) return status;
  lua_getfield(L, -2, "unknown_command");
  lua_pushstring(L, script->command);
  lua_call(L, 1, 0);
  return LUA_ERRFILE;
}

static void set_arg(lua_State *L, const nx_script *script)
{
  lua_createtable(L, script->argc, 1);
  for (int i = 0; i < script->all_count; i++) {
    lua_pushstring(L, script->all[i]);
    lua_rawseti(L, -2, i - script->all_zero);
  }
  if (script->all) {
    lua_setglobal(L, "arg");
    return;
  }
  const char *name = script->path ? script->path : script->text ? script->name : script->command;
  lua_pushstring(L, name ? name : "");
  lua_rawseti(L, -2, 0);
  for (int i = 0; i < script->argc; i++) {
    lua_pushstring(L, script->argv[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setglobal(L, "arg");
}

/* (s, script): calls nx.script.main (or begin) with the script, under nx_error_handler, and returns its results. */
static int protected_run(lua_State *L)
{
  nxlua *s = lua_touserdata(L, 1);
  const nx_script *script = lua_touserdata(L, 2);
  lua_pushboolean(L, script->command != NULL);
  lua_setfield(L, LUA_REGISTRYINDEX, NX_COMMAND_KEY);
  if (!script->keep_arg) set_arg(L, script);
  lua_settop(L, 0);
  lua_pushcfunction(L, nx_error_handler);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "nx.script");
  if (load(L, script) != LUA_OK) return lua_error(L);
  lua_getfield(L, 3, script->begin ? "begin" : "main");
  lua_replace(L, 2); /* handler, main, module, …, chunk */
  lua_replace(L, 3);
  lua_settop(L, 3);
  luaL_checkstack(L, script->argc, "too many arguments");
  for (int i = 0; i < script->argc; i++) lua_pushstring(L, script->argv[i]);
  if (lua_pcall(L, script->argc + 1, LUA_MULTRET, 1) == LUA_OK) return lua_gettop(L) - 1;
  if (!nx_is_exit(L, -1)) return lua_error(L);
  lua_pushinteger(L, s->exit_status);
  return 1;
}

/* A script has ended: `result` is that of the protected call, its status and values lie on the stack. */
static int ended(nxlua *s, int result)
{
  lua_State *L = s->L;
  if (result == 0 && lua_gettop(L) > 0) {
    s->exit_code = (int)lua_tointeger(L, 1);
    lua_remove(L, 1);
    s->results = lua_gettop(L);
  }
  int lost = nx_streams_flush(s);
  if (lost && result == 0) {
    clear_error(s);
    s->error = (nxlua_error){ nx_error_kind(lost), "standard output could not be written", "", "", 1 };
    s->exit_code = 1;
    lua_settop(L, 0);
    s->results = 0;
    result = -1;
  }
  return result;
}

int nx_state_run(nxlua *s, const nx_script *script)
{
  if (enter(s)) return -1;
  lua_State *L = s->L;
  s->exit_code = 0;
  lua_pushcfunction(L, protected_run);
  lua_pushlightuserdata(L, s);
  lua_pushlightuserdata(L, (void *)script);
  int result = lua_pcall(L, 2, LUA_MULTRET, 0) == LUA_OK ? 0 : fail(s);
  return leave(s, script->begin && result == 0 ? 0 : ended(s, result));
}

/* (s, milliseconds) -> what nx.script.step returns, or true and a status after os.exit */
static int protected_step(lua_State *L)
{
  nxlua *s = lua_touserdata(L, 1);
  lua_Integer ms = lua_tointeger(L, 2);
  lua_settop(L, 0);
  lua_pushcfunction(L, nx_error_handler);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "nx.script");
  lua_getfield(L, -1, "step");
  if (ms >= 0) lua_pushnumber(L, (lua_Number)ms / 1000);
  else lua_pushnil(L);
  if (lua_pcall(L, 1, LUA_MULTRET, 1) == LUA_OK) return lua_gettop(L) - 3;
  if (!nx_is_exit(L, -1)) return lua_error(L);
  lua_settop(L, 0);
  lua_pushboolean(L, 1);
  lua_pushinteger(L, s->exit_status);
  return 2;
}

int nxlua_step(nxlua *s, int ms)
{
  if (enter(s)) return -1;
  lua_State *L = s->L;
  lua_pushcfunction(L, protected_step);
  lua_pushlightuserdata(L, s);
  lua_pushinteger(L, ms);
  if (lua_pcall(L, 2, LUA_MULTRET, 0) != LUA_OK) return leave(s, ended(s, fail(s)));
  int done = lua_toboolean(L, 1), remain = !done && lua_toboolean(L, 2);
  lua_remove(L, 1);
  if (done) return leave(s, ended(s, 0));
  lua_settop(L, 0);
  return leave(s, remain);
}

int nxlua_fd(nxlua *s)
{
  return nx_loop_fd(s->loop);
}

int nxlua_run_file(nxlua *s, const char *path, int argc, const char *const argv[])
{
  return nx_state_run(s, &(nx_script){ .path = path, .argc = argc, .argv = argv });
}

int nxlua_run_string(nxlua *s, const char *text, const char *name, int argc, const char *const argv[])
{
  return nx_state_run(s, &(nx_script){ .text = text, .name = name, .argc = argc, .argv = argv });
}

int nxlua_start_file(nxlua *s, const char *path, int argc, const char *const argv[])
{
  return nx_state_run(s, &(nx_script){ .path = path, .argc = argc, .argv = argv, .begin = 1 });
}

int nxlua_start_string(nxlua *s, const char *text, const char *name, int argc, const char *const argv[])
{
  return nx_state_run(s, &(nx_script){ .text = text, .name = name, .argc = argc, .argv = argv, .begin = 1 });
}
