/* Running programs. */
#ifndef NX_RUN_H
#define NX_RUN_H
#include <lua.h>

/* "SIGTERM" or "TERM" -> 15; 0: no such signal. */
int nx_signal_number(const char *name);
/* 15 -> "SIGTERM" */
void nx_push_signal_name(lua_State *L, int signum);

int luaopen_nx_core_run(lua_State *L);
#endif
