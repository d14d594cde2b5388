/* Where an archive is unpacked to. A directory that is there is written into; one that is not appears as a whole: it is
 * filled as `.NAME.nxlua-*` beside its place and renamed. No Lua. */
#ifndef NX_DEST_H
#define NX_DEST_H
#include "below.h"

typedef struct nx_dest {
  nx_below below;
  int parent;    /* descriptor of the directory that the new one goes into, -1: writes into an existing one */
  char *base;    /* its name there */
  char *staging; /* and the name until it is whole */
  char *parents; /* the path of the parent, of which */
  size_t kept;   /* this many bytes were there before */
} nx_dest;

void nx_dest_init(nx_dest *dest); /* first; nothing is acquired */
/* 0, or -1 with the fault set. */
int nx_dest_open(nx_dest *dest, const char *path, nx_fault *fault);
int nx_dest_commit(nx_dest *dest, nx_fault *fault);
/* Closes; what was not committed is removed, as far as it was ours. Any number of times. */
void nx_dest_close(nx_dest *dest);
#endif
