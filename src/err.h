/* The error object: the one way in which a primitive fails. */
#ifndef NX_ERR_H
#define NX_ERR_H
#include <lua.h>

/* What an error says beside its message. Zeroed fields are absent. */
typedef struct nx_error {
  const char *kind; /* one of the kinds of the API: "io", "not_found", "usage", …; required, a constant */
  int errnum;       /* errno; its text is appended to the message */
  const char *step; /* which part of a longer operation failed: "chdir", "exec", … */
  const char *path; /* what it was done to; bytes, need not be UTF-8 */
  int exit_code;    /* 0: 1 */
} nx_error;

/* Pushes an error object (a table with the metatable "nx.error"). Its `where` is the innermost frame of the user's
   Lua code, `file:line`; frames of carried modules and of C are passed over. */
void nx_push_error(lua_State *L, const nx_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same, raised. Never returns; the int is for `return nx_fail(…)`. The caller holds nothing that is not owned by
   the Lua state. */
int nx_fail(lua_State *L, const nx_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Raises that one of our own allocations failed. */
int nx_no_memory(lua_State *L);

/* The error kind that fits an errno: not_found, exists, permission, limit (ENOSPC, EDQUOT, EMFILE, ENFILE), io. */
const char *nx_error_kind(int errnum);

/* Pushes `file:line` of the innermost user frame at or above `level` and returns 1, or pushes nothing and returns 0. */
int nx_push_where(lua_State *L, int level);

/* Pushes the frames of L1 from `level` on, a line each: the user's only, or with the registry's NX_FULL_TRACE_KEY true
   all of them. */
void nx_push_trace(lua_State *L, lua_State *L1, int level);

/* Registry: is a carried script run as a command (then its frames are ours)? Are traces shown in full? */
#define NX_COMMAND_KEY    "nx.command"
#define NX_FULL_TRACE_KEY "nx.full_trace"
/* Registry: xpcall as it was, which catches the way out of os.exit too. */
#define NX_RAW_XPCALL_KEY "nx.xpcall"

/* A message handler: wraps what was raised into { value =, trace =, where = }. */
int nx_error_handler(lua_State *L);

/* (raised, bare or from nx_error_handler; place of a failed allocation) -> kind, message, where, trace, exit_code, by
   nx.script.report. Raises without memory only. */
int nx_error_report(lua_State *L);

int luaopen_nx_core_err(lua_State *L);
#endif
