/* Against our own sudden death: a small process that kills the groups we have started when we are gone. No lua.h. */
#ifndef NX_GUARD_H
#define NX_GUARD_H
#include <sys/types.h>

#define NX_GUARD_SLOTS 16384

typedef struct nx_guard {
  pid_t *table;  /* NX_GUARD_SLOTS groups, shared with the guard; NULL: none */
  int *next;     /* free slots below `used`, chained; lies behind the table */
  int free_slot; /* the first of them, -1: none */
  int used;
  pid_t pid; /* of the guard, 0: none */
  int pipe;  /* its life line */
} nx_guard;

/* Starts it. Where it cannot be started (limits), we do without. */
void nx_guard_open(nx_guard *g);
/* A slot for a child, -1: none; the child itself writes its group there. */
int nx_guard_take(nx_guard *g);
void nx_guard_give(nx_guard *g, int slot);
/* `forked`: this is a copy of the process that owns it; only memory is given back. */
void nx_guard_close(nx_guard *g, int forked);
#endif
