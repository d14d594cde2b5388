/* Names of signals. */
#ifndef NX_SIGNAME_H
#define NX_SIGNAME_H
#include <lua.h>

/* "SIGTERM" or "TERM" -> 15; 0: no such signal. */
int nx_signal_number(const char *name);
/* 15 -> "SIGTERM" */
void nx_push_signal_name(lua_State *L, int signum);
#endif
