/* A file that appears under its name whole or not at all: written beside it, synced, renamed. What a killed run left
 * beside the name is removed by the next one that writes to the same name. No Lua here. */
#ifndef NX_WHOLEFILE_H
#define NX_WHOLEFILE_H
#include "worker.h"

typedef struct nx_wholefile {
  int fd;       /* write here; -1: not open */
  int direct;   /* the name is a device, a pipe or the like: written in place */
  char *target; /* symbolic links resolved */
  char *temporary;
} nx_wholefile;

#define NX_WHOLEFILE_CLOSED                                                                                            \
  {                                                                                                                    \
    -1, 0, 0, 0                                                                                                        \
  }

/* 0, or an errno (ECANCELED too) with nothing held. The file keeps the permissions of the one that it replaces, else
 * 0666 less umask.
 */
int nx_wholefile_open(nx_wholefile *file, const char *path, nx_worker *worker);
/* Syncs and renames: 0, or an errno and the file is given up. Closed in any case. */
int nx_wholefile_commit(nx_wholefile *file);
/* Gives the file up and closes. Any number of times. */
void nx_wholefile_abandon(nx_wholefile *file);
#endif
