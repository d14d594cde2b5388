/* Compression to zstd: one frame, on the thread that writes (segments.c has several frames side by side). libzstd's own
 * workers would give other bytes than none, so they are used everywhere or nowhere, and Debian's libzstd.a has none.
 * Nor are they missed for size: without them the match finder sees the whole window, not a job of it, which makes an
 * archive a tenth smaller at less cost. */
#include "zstream.h"

#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_c_stableInBuffer, ZSTD_createCCtx_advanced */
#include <zstd.h>
#include <zstd_errors.h>

#include "mem.h"

struct nx_zstream {
  nx_output *out;
  ZSTD_CCtx *context;
  ZSTD_inBuffer in; /* with in_place: all that was written */
  int in_place;
};

enum { least_window_log = 20, usual_level = 3, input_may_grow = 10504 };

static void *allocate(void *ud, size_t size)
{
  (void)ud;
  return nx_malloc(size);
}

static void release(void *ud, void *block)
{
  (void)ud;
  nx_free(block);
}

static int check(nx_zstream *z, size_t result)
{
  if (!ZSTD_isError(result)) return 0;
  return nx_fault_set(z->out->fault, ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation ? "limit" : "io", NULL,
                      0, "compressing %s: %s", z->out->name, ZSTD_getErrorName(result));
}

static int set(nx_zstream *z, ZSTD_cParameter parameter, int value)
{
  return check(z, ZSTD_CCtx_setParameter(z->context, parameter, value));
}

static int set_up(nx_zstream *z, const nx_zstream_options *options)
{
  int window_log = options->window_log;
  while (window_log > least_window_log && (uint64_t)1 << (window_log - 1) >= options->bytes) window_log--;
  if (set(z, ZSTD_c_compressionLevel, options->level) || set(z, ZSTD_c_checksumFlag, 1)) return -1;
  /* Then libzstd keeps no copy of the window, 128 MiB, and the bytes are the same. Older ones refuse input that grows,
     with them it costs memory. */
  if (z->in_place && ZSTD_versionNumber() >= input_may_grow && set(z, ZSTD_c_stableInBuffer, 1)) return -1;
  if (!window_log) return 0;
  if (set(z, ZSTD_c_enableLongDistanceMatching, 1) || set(z, ZSTD_c_windowLog, window_log)) return -1;
  if (options->level != usual_level) return 0;
  /* Smaller tables stay in the processor's cache: a sixth less time for two hundredths more bytes. */
  return set(z, ZSTD_c_hashLog, 16) || set(z, ZSTD_c_ldmHashRateLog, 8) ? -1 : 0;
}

nx_zstream *nx_zstream_open(nx_output *out, const nx_zstream_options *options)
{
  nx_zstream *z = nx_malloc(sizeof *z);
  if (z) *z = (nx_zstream){ .out = out, .in_place = options->in_place };
  if (z) z->context = ZSTD_createCCtx_advanced((ZSTD_customMem){ allocate, release, NULL });
  if (z && z->context && set_up(z, options) == 0) return z;
  nx_fault_set(out->fault, "limit", NULL, 0, "compressing %s: not enough memory", out->name);
  nx_zstream_close(z);
  return NULL;
}

static int pass(nx_zstream *z, ZSTD_EndDirective mode)
{
  size_t left;
  do {
    if (nx_worker_cancelled(z->out->worker)) return nx_fault_set(z->out->fault, "cancelled", NULL, 0, "cancelled");
    ZSTD_outBuffer room = { 0 };
    if (nx_output_room(z->out, &room.dst, &room.size)) return -1;
    left = ZSTD_compressStream2(z->context, &room, &z->in, mode);
    if (check(z, left)) return -1;
    nx_output_wrote(z->out, room.pos);
  } while (mode == ZSTD_e_end ? left > 0 : z->in.pos < z->in.size);
  return 0;
}

int nx_zstream_write(nx_zstream *z, const void *bytes, size_t n)
{
  if (z->in_place && z->in.src) z->in.size += n;
  else z->in = (ZSTD_inBuffer){ bytes, n, 0 };
  return pass(z, ZSTD_e_continue);
}

int nx_zstream_finish(nx_zstream *z)
{
  if (!z->in_place) z->in = (ZSTD_inBuffer){ 0 };
  return pass(z, ZSTD_e_end);
}

void nx_zstream_close(nx_zstream *z)
{
  if (!z) return;
  ZSTD_freeCCtx(z->context);
  nx_free(z);
}
