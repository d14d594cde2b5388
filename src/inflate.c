/* The gzip and xz decoders. gzip's check sums are verified, which libarchive's filter does not do. */
#include <lzma.h>
#include <string.h>
#include <zlib.h>

#include "mem.h"
#include "stream.h"

enum { block_size = 1 << 18 };
static const uint64_t xz_memory_max = (uint64_t)192 << 20;

typedef struct packed_stream {
  nx_stream stream;
  nx_stream *below;
  const uint8_t *in;
  size_t in_size;
  int ended, in_member, opened;
  z_stream gzip;
  lzma_stream xz;
  uint8_t out[block_size];
} packed_stream;

/* More input when there is none: 1, 0 at the end, -1. */
static int refill(packed_stream *p)
{
  if (p->in_size) return 1;
  int64_t n = p->below->next(p->below, &p->in);
  if (n > 0) p->in_size = (size_t)n;
  return n > 0 ? 1 : (int)n;
}

static int64_t out_of_memory(nx_stream *stream)
{
  return nx_fault_set(stream->fault, "limit", NULL, 0, "out of memory");
}

/* After a member: another one, zero padding, or the end. */
static int gzip_between(packed_stream *p)
{
  for (;;) {
    int more = refill(p);
    if (more <= 0) return more;
    if (*p->in) break;
    p->in++;
    p->in_size--;
  }
  if (*p->in != 0x1F)
    return nx_fault_set(p->stream.fault, "format", "corrupt", 0, "bytes that belong to no gzip member follow one");
  return inflateReset(&p->gzip) == Z_OK ? 1 : (int)out_of_memory(&p->stream);
}

static int64_t gzip_read(nx_stream *stream, uint8_t *out, size_t size)
{
  packed_stream *p = (packed_stream *)stream;
  p->gzip.next_out = out;
  p->gzip.avail_out = (uInt)size;
  while (!p->ended && p->gzip.avail_out == size) {
    if (!p->in_member) {
      int more = gzip_between(p);
      if (more < 0) return -1;
      if (!more) p->ended = 1;
      p->in_member = more;
      continue;
    }
    int more = refill(p);
    if (more < 0) return -1;
    if (!more)
      return nx_fault_set(stream->fault, "format", "truncated", 0, "the data end in the middle of a gzip member");
    size_t part = p->in_size < 1 << 30 ? p->in_size : 1 << 30;
    p->gzip.next_in = (Bytef *)(uintptr_t)p->in; /* zlib's interface predates const */
    p->gzip.avail_in = (uInt)part;
    int result = inflate(&p->gzip, Z_NO_FLUSH);
    size_t used = part - p->gzip.avail_in;
    p->in += used;
    p->in_size -= used;
    stream->consumed = p->below->consumed - p->in_size;
    if (result == Z_MEM_ERROR) return out_of_memory(stream);
    if (result != Z_OK && result != Z_STREAM_END)
      return nx_fault_set(stream->fault, "format", "corrupt", 0, "the gzip data are damaged: %s",
                          p->gzip.msg ? p->gzip.msg : "no progress");
    if (result == Z_STREAM_END) p->in_member = 0;
  }
  return (int64_t)(size - p->gzip.avail_out);
}

static int64_t xz_read(nx_stream *stream, uint8_t *out, size_t size)
{
  packed_stream *p = (packed_stream *)stream;
  p->xz.next_out = out;
  p->xz.avail_out = size;
  while (!p->ended && p->xz.avail_out == size) {
    int more = refill(p);
    if (more < 0) return -1;
    p->xz.next_in = p->in;
    p->xz.avail_in = p->in_size;
    lzma_ret result = lzma_code(&p->xz, more ? LZMA_RUN : LZMA_FINISH);
    p->in = p->xz.next_in;
    p->in_size = p->xz.avail_in;
    stream->consumed = p->below->consumed - p->in_size;
    switch (result) {
    case LZMA_OK: break;
    case LZMA_STREAM_END: p->ended = 1; break;
    case LZMA_MEM_ERROR: return out_of_memory(stream);
    case LZMA_MEMLIMIT_ERROR:
      return nx_fault_set(stream->fault, "format", "window", 0,
                          "the xz data need %llu MiB to be unpacked, more than the %llu MiB that are allowed",
                          (unsigned long long)lzma_memusage(&p->xz) >> 20, (unsigned long long)xz_memory_max >> 20);
    case LZMA_BUF_ERROR:
      return nx_fault_set(stream->fault, "format", "truncated", 0, "the data end in the middle of an xz stream");
    default: return nx_fault_set(stream->fault, "format", "corrupt", 0, "the xz data are damaged");
    }
  }
  return (int64_t)(size - p->xz.avail_out);
}

static int64_t packed_next(nx_stream *stream, const uint8_t **block)
{
  packed_stream *p = (packed_stream *)stream;
  *block = p->out;
  return stream->read(stream, p->out, block_size);
}

static void gzip_close(nx_stream *stream)
{
  packed_stream *p = (packed_stream *)stream;
  if (p->opened) inflateEnd(&p->gzip);
  nx_stream_close(p->below);
  nx_free(p);
}

static void xz_close(nx_stream *stream)
{
  packed_stream *p = (packed_stream *)stream;
  lzma_end(&p->xz);
  nx_stream_close(p->below);
  nx_free(p);
}

static packed_stream *open_packed(nx_stream *below)
{
  packed_stream *p = nx_calloc(1, sizeof *p);
  if (!p) {
    out_of_memory(below);
    nx_stream_close(below);
    return NULL;
  }
  p->stream = (nx_stream){ .fault = below->fault };
  p->below = below;
  return p;
}

nx_stream *nx_stream_gzip(nx_stream *below)
{
  packed_stream *p = open_packed(below);
  if (!p) return NULL;
  p->stream.next = packed_next;
  p->stream.read = gzip_read;
  p->stream.close = gzip_close;
  p->opened = inflateInit2(&p->gzip, 15 + 16) == Z_OK;
  p->in_member = 1;
  if (p->opened) return &p->stream;
  out_of_memory(&p->stream);
  gzip_close(&p->stream);
  return NULL;
}

nx_stream *nx_stream_xz(nx_stream *below)
{
  packed_stream *p = open_packed(below);
  if (!p) return NULL;
  p->stream.next = packed_next;
  p->stream.read = xz_read;
  p->stream.close = xz_close;
  if (lzma_stream_decoder(&p->xz, xz_memory_max, LZMA_CONCATENATED) == LZMA_OK) return &p->stream;
  out_of_memory(&p->stream);
  xz_close(&p->stream);
  return NULL;
}
