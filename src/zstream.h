/* Our own compressing zstd stream, one frame, over libzstd: what libarchive's filter cannot set (long-distance
 * matching, window, checksum). No Lua here. */
#ifndef NX_ZSTREAM_H
#define NX_ZSTREAM_H
#include "output.h"

typedef struct nx_zstream_options {
  int level;      /* -7 … 22 */
  int window_log; /* of long-distance matching, at most; 0: off */
  uint64_t bytes; /* about how much will come: a small archive gets a small window */
  int in_place; /* each write goes on in memory where the last one ended, and all of it stays as it is until the end */
} nx_zstream_options;

typedef struct nx_zstream nx_zstream;

/* NULL with the output's fault set. The output stays the caller's. */
nx_zstream *nx_zstream_open(nx_output *out, const nx_zstream_options *options);
/* 0, or -1 with the fault set. */
int nx_zstream_write(nx_zstream *z, const void *bytes, size_t n);
int nx_zstream_finish(nx_zstream *z);
void nx_zstream_close(nx_zstream *z); /* NULL is allowed */
#endif
