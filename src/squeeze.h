/* Our own gzip and xz streams, over zlib and liblzma: libarchive's cannot be given up in the middle without losing what
 * they hold. No Lua here. */
#ifndef NX_SQUEEZE_H
#define NX_SQUEEZE_H
#include "output.h"

typedef struct nx_squeeze nx_squeeze;

/* `level` INT_MIN: the usual one. NULL with the output's fault set. The output stays the caller's. */
nx_squeeze *nx_squeeze_open(nx_output *out, int xz, int level);
/* 0, or -1 with the fault set. */
int nx_squeeze_write(nx_squeeze *s, const void *bytes, size_t n);
int nx_squeeze_finish(nx_squeeze *s);
void nx_squeeze_close(nx_squeeze *s); /* NULL is allowed */
#endif
