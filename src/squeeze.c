/* Compression to gzip (without name and time) and xz (one thread: the same bytes everywhere). */
#include "squeeze.h"

#include <errno.h>
#include <limits.h>
#include <lzma.h>
#include <zlib.h>

#include "mem.h"

struct nx_squeeze {
  nx_output *out;
  int is_xz, open;
  z_stream gzip;
  lzma_stream xz;
};

enum { usual_level = 6, piece = 1 << 20 };

static int no_memory(nx_output *out)
{
  return nx_fault_set(out->fault, "limit", NULL, ENOMEM, "compressing %s", out->name);
}

nx_squeeze *nx_squeeze_open(nx_output *out, int xz, int level)
{
  nx_squeeze *s = nx_calloc(1, sizeof *s);
  if (level == INT_MIN) level = usual_level;
  if (s) {
    s->out = out;
    s->is_xz = xz;
    s->xz = (lzma_stream)LZMA_STREAM_INIT;
    if (xz) s->open = lzma_easy_encoder(&s->xz, (uint32_t)level, LZMA_CHECK_CRC64) == LZMA_OK;
    else s->open = deflateInit2(&s->gzip, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  if (s && s->open) return s;
  no_memory(out);
  nx_squeeze_close(s);
  return NULL;
}

/* One step of the encoder into `room`: 1 when it has said its last, 0, or -1. */
static int step(nx_squeeze *s, const uint8_t **in, size_t *n, void *room, size_t size, int ending, size_t *wrote)
{
  if (s->is_xz) {
    s->xz.next_in = *in;
    s->xz.avail_in = *n;
    s->xz.next_out = room;
    s->xz.avail_out = size;
    lzma_ret result = lzma_code(&s->xz, ending ? LZMA_FINISH : LZMA_RUN);
    *in = s->xz.next_in;
    *n = s->xz.avail_in;
    *wrote = size - s->xz.avail_out;
    return result == LZMA_STREAM_END ? 1 : result == LZMA_OK || result == LZMA_BUF_ERROR ? 0 : -1;
  }
  s->gzip.next_in = (uint8_t *)(uintptr_t)*in; /* zlib's type knows no const; it does not write there */
  s->gzip.avail_in = (uInt)*n;
  s->gzip.next_out = room;
  s->gzip.avail_out = (uInt)size;
  int result = deflate(&s->gzip, ending ? Z_FINISH : Z_NO_FLUSH);
  *in = s->gzip.next_in;
  *n = s->gzip.avail_in;
  *wrote = size - s->gzip.avail_out;
  return result == Z_STREAM_END ? 1 : result == Z_OK || result == Z_BUF_ERROR ? 0 : -1;
}

static int pass(nx_squeeze *s, const uint8_t *in, size_t n, int ending)
{
  int result = 0;
  while (ending ? result == 0 : n > 0) {
    void *room;
    size_t size, wrote;
    if (nx_worker_cancelled(s->out->worker)) return nx_fault_set(s->out->fault, "cancelled", NULL, 0, "cancelled");
    if (nx_output_room(s->out, &room, &size)) return -1;
    result = step(s, &in, &n, room, size, ending, &wrote);
    if (result < 0) return no_memory(s->out);
    nx_output_wrote(s->out, wrote);
  }
  return 0;
}

int nx_squeeze_write(nx_squeeze *s, const void *bytes, size_t n)
{
  const uint8_t *in = bytes;
  for (size_t part; n > 0; in += part, n -= part) { /* zlib counts in 32 bits */
    part = n < piece ? n : piece;
    if (pass(s, in, part, 0)) return -1;
  }
  return 0;
}

int nx_squeeze_finish(nx_squeeze *s)
{
  return pass(s, NULL, 0, 1);
}

void nx_squeeze_close(nx_squeeze *s)
{
  if (!s) return;
  if (s->is_xz) lzma_end(&s->xz);
  else if (s->open) deflateEnd(&s->gzip);
  nx_free(s);
}
