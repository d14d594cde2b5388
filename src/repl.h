/* The interactive prompt. */
#ifndef NX_REPL_H
#define NX_REPL_H
#include "nxlua.h"

/* Reads and runs Lua until the end of input. The program's exit status. */
int nx_repl(nxlua *s);
#endif
