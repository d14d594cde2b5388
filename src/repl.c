/* The interactive prompt: lines from libedit, the rest in lua/nx/repl.lua. */
#include "repl.h"

#include <editline/readline.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "state.h"

/* The file that keeps what was typed, or "" when there is none. */
static const char *history_path(char *path, size_t size)
{
  const char *named = getenv("NXLUA_HISTORY"), *home = getenv("HOME");
  int n = named ? snprintf(path, size, "%s", named) : home ? snprintf(path, size, "%s/.nxlua_history", home) : -1;
  if (n < 0 || (size_t)n >= size) *path = 0;
  return path;
}

/* line(prompt) -> text | nil at the end or when interrupted */
static int prompt_line(lua_State *L)
{
  char *line = readline(luaL_checkstring(L, 1));
  if (!line) return 0;
  lua_pushstring(L, line); /* without memory the line is lost with the rest */
  free(line);
  return 1;
}

/* remember(text): for the next session too */
static int prompt_remember(lua_State *L)
{
  char path[4096];
  add_history(luaL_checkstring(L, 1));
  if (*history_path(path, sizeof path)) write_history(path);
  return 0;
}

static int open_prompt(lua_State *L)
{
  static const luaL_Reg functions[] = { { "line", prompt_line }, { "remember", prompt_remember }, { NULL, NULL } };
  char path[4096];
  rl_readline_name = (char *)"nxlua";
  using_history();
  stifle_history(1000);
  if (*history_path(path, sizeof path)) read_history(path);
  luaL_newlib(L, functions);
  return 1;
}

int nx_repl(nxlua *s)
{
  static const char text[] = "return require('nx.repl').run(...)";
  const char *greeting[] = { "nxlua " NXLUA_VERSION_TEXT " (" LUA_RELEASE "); end with Ctrl-D" };
  if (nxlua_module(s, "nx.core.prompt", open_prompt) < 0) return 1;
  if (nx_state_run(s, &(nx_script){ .text = text, .name = "=prompt", .argc = 1, .argv = greeting, .keep_arg = 1 }) < 0)
    fprintf(stderr, "error: %s\n", nxlua_last_error(s)->message);
  return nxlua_exit_code(s);
}
