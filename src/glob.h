/* Paths that match a pattern, component by component. On a worker's thread; no Lua here. */
#ifndef NX_GLOB_H
#define NX_GLOB_H
#include "fault.h"
#include "worker.h"

/* Posts messages of `kind`: `code` paths, each ended by a NUL, in byte order within each directory. `pattern` may hold
   * ? [a-z] [!a-z] \x in components, and the component ** for any number of directories (links to directories are not
   entered by it). A name that begins with a dot must be asked for with one. What cannot be read has no paths. 0, or -1
   with the fault set. */
int nx_glob(nx_worker *worker, nx_fault *fault, const char *pattern, int kind);
#endif
