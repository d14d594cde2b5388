/* Raw input and looking at its front. */
#include "stream.h"

#include <string.h>

#include "mem.h"

void nx_stream_close(nx_stream *stream)
{
  if (stream) stream->close(stream);
}

typedef struct raw_stream {
  nx_stream stream;
  int64_t (*pull)(void *ud, const uint8_t **block);
  void *ud;
} raw_stream;

static int64_t raw_next(nx_stream *stream, const uint8_t **block)
{
  raw_stream *raw = (raw_stream *)stream;
  int64_t n = raw->pull(raw->ud, block);
  if (n > 0) stream->consumed += (uint64_t)n;
  return n;
}

static void raw_close(nx_stream *stream)
{
  nx_free(stream);
}

nx_stream *nx_stream_raw(nx_fault *fault, int64_t (*pull)(void *ud, const uint8_t **block), void *ud)
{
  raw_stream *raw = nx_calloc(1, sizeof *raw);
  if (!raw) {
    nx_fault_set(fault, "limit", NULL, 0, "out of memory");
    return NULL;
  }
  raw->stream = (nx_stream){ .next = raw_next, .close = raw_close, .fault = fault };
  raw->pull = pull;
  raw->ud = ud;
  return &raw->stream;
}

/* Gives back what was looked at, then what lies below. */
typedef struct peeked_stream {
  nx_stream stream;
  nx_stream *below;
  size_t size;
  int given;
  uint8_t *front;
} peeked_stream;

static int64_t peeked_next(nx_stream *stream, const uint8_t **block)
{
  peeked_stream *p = (peeked_stream *)stream;
  if (!p->given) {
    p->given = 1;
    if (p->size) {
      *block = p->front;
      stream->consumed = p->size;
      return (int64_t)p->size;
    }
  }
  int64_t n = p->below->next(p->below, block);
  stream->consumed = p->below->consumed;
  return n;
}

static void peeked_close(nx_stream *stream)
{
  peeked_stream *p = (peeked_stream *)stream;
  nx_stream_close(p->below);
  nx_free(p->front);
  nx_free(p);
}

int64_t nx_stream_peek(nx_stream **stream, size_t wanted, const uint8_t **front)
{
  peeked_stream *p = nx_calloc(1, sizeof *p);
  if (!p) return nx_fault_set((*stream)->fault, "limit", NULL, 0, "out of memory");
  p->stream = (nx_stream){ .next = peeked_next, .close = peeked_close, .fault = (*stream)->fault };
  p->below = *stream;
  *stream = &p->stream;
  while (p->size < wanted) {
    const uint8_t *block;
    int64_t n = p->below->next(p->below, &block);
    if (n < 0) return -1;
    if (n == 0) break;
    uint8_t *larger = nx_realloc(p->front, p->size + (size_t)n);
    if (!larger) return nx_fault_set(p->stream.fault, "limit", NULL, 0, "out of memory");
    p->front = larger;
    memcpy(p->front + p->size, block, (size_t)n);
    p->size += (size_t)n;
  }
  *front = p->front;
  return (int64_t)p->size;
}
