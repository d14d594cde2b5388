/* What run.c and start.c share: a state's children, and the handle of one. */
#ifndef NX_PROCESS_H
#define NX_PROCESS_H
#include <lua.h>

#include "child.h"
#include "vectors.h"

#define NX_PROCESS "nx.process"

typedef struct nx_runtime { /* one a state */
  nx_children children;
  nx_vectors vectors;
  int null; /* /dev/null, opened once */
} nx_runtime;

nx_runtime *nx_runtime_get(lua_State *L);

typedef struct nx_process { /* user value 1: the bytes that are fed */
  nx_waitable waitable;
  nx_child *child; /* NULL: closed */
  int theirs[3];   /* to be closed when the child has them, -1: none */
  int ours[3];     /* not attached to anything yet */
  int told;        /* that it has exited */
} nx_process;

void nx_process_close(nx_process *p);
void nx_process_close_fds(int fds[3]);

/* core.run.spawn */
int nx_process_spawn(lua_State *L);
#endif
