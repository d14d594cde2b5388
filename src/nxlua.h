/* nxlua: the embedding interface.
 *
 *     nxlua *s = nxlua_new(NULL);
 *     if (nxlua_run_file(s, "pipeline.lua", 0, NULL) < 0) puts(nxlua_last_error(s)->message);
 *     int code = nxlua_exit_code(s);
 *     nxlua_free(s);
 *
 * A state belongs to one thread at a time; several states may live in one process and in several threads. Entering a
 * state from its own callback is an error. The library changes no signal disposition, mask, directory, umask or locale.
 */
#ifndef NXLUA_H
#define NXLUA_H

#include <lua.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NXLUA_API         __attribute__((visibility("default")))
#define NXLUA_VERSION_NUM 100 /* 0.1.0: major * 10000 + minor * 100 + patch */

typedef struct nxlua nxlua;

typedef struct nxlua_options {
  size_t size; /* sizeof(nxlua_options): required, so that later fields can be told from absent ones */
  int signals; /* 1: INT, TERM, HUP and QUIT interrupt the script; for a program that has no handlers of its own */
  /* What scripts write to standard output (fd 1) and standard error (fd 2) goes here; NULL: to the descriptors.
     Returns 0, or an errno. Called on the thread that runs the state. */
  int (*write)(void *ud, int fd, const char *bytes, size_t n);
  void *ud;
  int no_environment;  /* 1: LUA_PATH, LUA_CPATH are ignored */
  const char *lua_dir; /* a tree's `lua` directory that is used instead of the carried Lua files; copied */
} nxlua_options;

typedef struct nxlua_error {
  const char *kind;    /* "usage", "not_found", … as in the Lua error object; "user" for a plain Lua error */
  const char *message; /* one line, without the place */
  const char *where;   /* "file:line" of the user's code, or "" */
  const char *trace;   /* the user's frames, a line each; "" when there are none */
  int exit_code;
} nxlua_error;

/* A new state, or NULL without memory, and when another state of the process has `signals`. `options` NULL: defaults.
 */
NXLUA_API nxlua *nxlua_new(const nxlua_options *options);
/* Ends what the state still runs, removes its temporary files, frees it. NULL is allowed. Not from a callback of the
   state: there it does nothing. */
NXLUA_API void nxlua_free(nxlua *s);

/* Any call below clears the stack of nxlua_lua(s). */

/* Lets scripts `require` a C module that is linked into the host. 0, or -1 with an error set. */
NXLUA_API int nxlua_module(nxlua *s, const char *name, lua_CFunction open);

/* Runs a script until it and its tasks have ended. 0, or -1 with an error set. What it returned lies on top of the
   stack of nxlua_lua(s), nxlua_results(s) values of it, until the next call. */
NXLUA_API int nxlua_run_file(nxlua *s, const char *path, int argc, const char *const argv[]);
NXLUA_API int nxlua_run_string(nxlua *s, const char *text, const char *name, int argc, const char *const argv[]);

/* The error of the last run or module call; valid until the next call; its fields are empty strings and 0 if none.
   After a refused call from a callback: that, until the outer call returns. */
NXLUA_API const nxlua_error *nxlua_last_error(nxlua *s);
/* The status that the program would exit with after the last run. */
NXLUA_API int nxlua_exit_code(nxlua *s);
NXLUA_API int nxlua_results(nxlua *s);
NXLUA_API lua_State *nxlua_lua(nxlua *s);

/* Interrupts what runs in the state: its waiting call raises `interrupted`. From any thread, or a signal handler. */
NXLUA_API void nxlua_interrupt(nxlua *s);

/* For a host with its own loop. nxlua_start_… begins a script and returns; nxlua_step is one turn of the state's loop,
   which waits up to `ms` (0: not at all, -1: without limit): 1: tasks remain; 0: none, and results and exit code are
   there; -1: it failed. nxlua_fd is a descriptor that is readable when nxlua_step has something to do, from the start.
 */
NXLUA_API int nxlua_start_file(nxlua *s, const char *path, int argc, const char *const argv[]);
NXLUA_API int nxlua_start_string(nxlua *s, const char *text, const char *name, int argc, const char *const argv[]);
NXLUA_API int nxlua_fd(nxlua *s);
NXLUA_API int nxlua_step(nxlua *s, int ms);

/* The module for someone else's lua_State: require "nx". */
NXLUA_API int luaopen_nx(lua_State *L);

#ifdef __cplusplus
}
#endif
#endif
