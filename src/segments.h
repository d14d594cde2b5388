/* Several zstd frames side by side: the stream is cut into segments, each one a frame of its own that a thread of its
 * own compresses, and the frames are written in order. Where it is cut depends on the stream's length alone, so that
 * the bytes do not depend on the number of threads. No Lua here. */
#ifndef NX_SEGMENTS_H
#define NX_SEGMENTS_H
#include "zstream.h"

typedef struct nx_segments_options {
  nx_zstream_options frame;
  int threads;     /* how many compress at once, at most; 0: the stream is one frame, and no thread is started */
  uint64_t stream; /* how long the stream will be, about: bytes */
  uint64_t most;   /* no segment is longer; 0: the usual, 2^27 */
} nx_segments_options;

typedef struct nx_segments nx_segments;

/* Is this more than one segment? */
int nx_segments_wanted(const nx_segments_options *options);
/* On the worker's thread, as all that follow; they wait while every thread has enough to do. NULL with the output's
   fault set. The output stays the caller's. */
nx_segments *nx_segments_open(nx_output *out, const nx_segments_options *options);
/* 0, or -1 with the fault set. */
int nx_segments_write(nx_segments *s, const void *bytes, size_t n);
int nx_segments_finish(nx_segments *s);
/* Ends the threads, finished or not. NULL is allowed. */
void nx_segments_close(nx_segments *s);
#endif
