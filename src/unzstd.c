/* The zstd decoder: frame after frame, skippable frames passed over, checksums verified, a bounded window. */
#include <string.h>
#include <sys/mman.h>
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_getFrameHeader */
#include <zstd.h>
#include <zstd_errors.h>

#include "mem.h"
#include "stream.h"

enum { block_size = 1 << 20, huge_page = 1 << 21, large = 8 << 20 };

typedef struct zstd_stream {
  nx_stream stream;
  nx_stream *below;
  ZSTD_DStream *decoder;
  ZSTD_inBuffer in;
  int in_frame, ended;
  uint8_t head[ZSTD_FRAMEHEADERSIZE_MAX]; /* the front of the current frame, for the message about its window */
  size_t head_size;
  uint8_t *out;
} zstd_stream;

/* Long-distance matches jump all over a window of up to 128 MiB: in huge pages that costs a tenth less time. */
static void *allocate(void *ud, size_t size)
{
  (void)ud;
  if (size < large) return nx_malloc(size);
  size = (size + huge_page - 1) / huge_page * huge_page;
  void *block = nx_mem_refused() ? NULL : aligned_alloc(huge_page, size);
  if (block) madvise(block, size, MADV_HUGEPAGE); /* a hint */
  return block;
}

static void release(void *ud, void *block)
{
  (void)ud;
  nx_free(block);
}

static int refuse(zstd_stream *z, size_t code)
{
  nx_fault *fault = z->stream.fault;
  switch (ZSTD_getErrorCode(code)) {
  case ZSTD_error_frameParameter_windowTooLarge: {
    ZSTD_frameHeader header;
    unsigned long long window = 0;
    if (ZSTD_getFrameHeader(&header, z->head, z->head_size) == 0) window = header.windowSize;
    return nx_fault_set(fault, "format", "window", 0,
                        "a zstd frame needs a window of %llu MiB, more than the %d MiB that every decoder accepts: "
                        "write it with a smaller window (--long=%d)",
                        window >> 20, 1 << (nx_window_log_max - 20), nx_window_log_max);
  }
  case ZSTD_error_memory_allocation: return nx_fault_set(fault, "limit", NULL, 0, "out of memory");
  case ZSTD_error_checksum_wrong:
    return nx_fault_set(fault, "format", "corrupt", 0, "the data are damaged: the checksum of a zstd frame is wrong");
  case ZSTD_error_prefix_unknown:
    return nx_fault_set(fault, "format", "corrupt", 0, "bytes that belong to no zstd frame follow a frame");
  default: return nx_fault_set(fault, "format", "corrupt", 0, "the zstd data are damaged: %s", ZSTD_getErrorName(code));
  }
}

/* More input: 1, 0 at the end, -1. */
static int refill(zstd_stream *z)
{
  const uint8_t *block;
  int64_t n = z->below->next(z->below, &block);
  if (n <= 0) return (int)n;
  z->in = (ZSTD_inBuffer){ block, (size_t)n, 0 };
  return 1;
}

static int64_t zstd_read(nx_stream *stream, uint8_t *bytes, size_t size)
{
  zstd_stream *z = (zstd_stream *)stream;
  ZSTD_outBuffer out = { bytes, size, 0 };
  while (!z->ended && out.pos < out.size) {
    if (z->in.pos == z->in.size) {
      int more = refill(z);
      if (more < 0) return -1;
      if (!more) {
        if (z->in_frame) {
          nx_fault_set(stream->fault, "format", "truncated", 0, "the data end in the middle of a zstd frame");
          return -1;
        }
        z->ended = 1;
        break;
      }
    }
    if (!z->in_frame) z->head_size = 0;
    if (z->head_size < sizeof z->head) {
      size_t part = z->in.size - z->in.pos, room = sizeof z->head - z->head_size;
      if (part > room) part = room;
      memcpy(z->head + z->head_size, (const uint8_t *)z->in.src + z->in.pos, part);
      z->head_size += part;
    }
    size_t before = z->in.pos, filled = out.pos;
    size_t result = ZSTD_decompressStream(z->decoder, &out, &z->in);
    if (ZSTD_isError(result)) return refuse(z, result);
    z->in_frame = result != 0;
    stream->consumed = z->below->consumed - (z->in.size - z->in.pos);
    if (z->in.pos == before && out.pos == filled && z->in.pos < z->in.size)
      return nx_fault_set(stream->fault, "format", "corrupt", 0, "the zstd data are damaged: no progress");
    if (out.pos && z->in.pos == z->in.size) break; /* give what is there before waiting for more input */
  }
  return (int64_t)out.pos;
}

static int64_t zstd_next(nx_stream *stream, const uint8_t **block)
{
  zstd_stream *z = (zstd_stream *)stream;
  if (!z->out && !(z->out = nx_malloc(block_size)))
    return nx_fault_set(stream->fault, "limit", NULL, 0, "out of memory");
  *block = z->out;
  return zstd_read(stream, z->out, block_size);
}

static void zstd_close(nx_stream *stream)
{
  zstd_stream *z = (zstd_stream *)stream;
  ZSTD_freeDStream(z->decoder);
  nx_stream_close(z->below);
  nx_free(z->out);
  nx_free(z);
}

nx_stream *nx_stream_zstd(nx_stream *below)
{
  zstd_stream *z = nx_calloc(1, sizeof *z);
  if (!z) {
    nx_fault_set(below->fault, "limit", NULL, 0, "out of memory");
    nx_stream_close(below);
    return NULL;
  }
  z->stream = (nx_stream){ .next = zstd_next, .read = zstd_read, .close = zstd_close, .fault = below->fault };
  z->below = below;
  z->decoder = ZSTD_createDCtx_advanced((ZSTD_customMem){ allocate, release, NULL });
  if (!z->decoder || ZSTD_isError(ZSTD_DCtx_setParameter(z->decoder, ZSTD_d_windowLogMax, nx_window_log_max))) {
    nx_fault_set(below->fault, "limit", NULL, 0, "out of memory");
    zstd_close(&z->stream);
    return NULL;
  }
  return &z->stream;
}
