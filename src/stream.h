/* A stream of bytes that is pulled block by block: raw input, or a decoder on top of another stream. No Lua here.
 * A stream owns the one below it. Errors go to the fault that all streams of a stack share. */
#ifndef NX_STREAM_H
#define NX_STREAM_H
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

typedef struct nx_stream nx_stream;
struct nx_stream {
  /* The next bytes: their number with *block at them (the stream's until the next call), 0 at the end, -1 on a fault.
   */
  int64_t (*next)(nx_stream *stream, const uint8_t **block);
  /* Decoders only: the same into the caller's memory, as much as comes at once. */
  int64_t (*read)(nx_stream *stream, uint8_t *out, size_t size);
  void (*close)(nx_stream *stream); /* frees the stream and what lies below */
  nx_fault *fault;
  uint64_t consumed; /* raw bytes that were used up so far, at the bottom of the stack */
};

void nx_stream_close(nx_stream *stream); /* NULL is allowed */

/* Raw bytes: `pull` gives a block like nx_stream.next. */
nx_stream *nx_stream_raw(nx_fault *fault, int64_t (*pull)(void *ud, const uint8_t **block), void *ud);

/* Decoders. They own `below` from now on, also when they fail (NULL, with the fault set). */
nx_stream *nx_stream_zstd(nx_stream *below);
nx_stream *nx_stream_gzip(nx_stream *below);
nx_stream *nx_stream_xz(nx_stream *below);

/* What a decoder gives, decoded ahead on a thread. It owns `below`, whose faults go to one of its own until they are
   met here, and which must not wait for anything but a file. */
nx_stream *nx_stream_ahead(nx_stream *below, nx_fault *fault);

/* The largest window that is accepted, as a power of two: what every zstd decoder accepts. */
enum { nx_window_log_max = 27 };

/* Bytes at the front of a stream, without using them up: *front until the stream is read. The number found (fewer than
   `wanted` only at the end of the stream), -1 on a fault. The bytes are given again by the stream that comes back in
   *stream. */
int64_t nx_stream_peek(nx_stream **stream, size_t wanted, const uint8_t **front);
#endif
