/* A stream that is decoded ahead, on a thread of its own, while what came before is written. */
#include <pthread.h>
#include <string.h>

#include "mem.h"
#include "stream.h"

enum { slots = 4, slot_size = 1 << 20 };

typedef struct slot {
  int64_t size; /* what the stream below gave: also 0 and -1 */
  uint64_t consumed;
  uint8_t *data;
} slot;

typedef struct ahead_stream {
  nx_stream stream;
  nx_stream *below; /* the thread's while it runs */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  slot ring[slots];
  unsigned first, count; /* slots that are filled */
  int holding;           /* the first one is being read */
  int stop, ended;
} ahead_stream;

/* The thread: fills slot after slot until the end, a fault, or the other side's wish. */
static void *fill(void *arg)
{
  ahead_stream *a = arg;
  for (unsigned at = 0;; at = (at + 1) % slots) {
    pthread_mutex_lock(&a->lock);
    while (!a->stop && a->count == slots) pthread_cond_wait(&a->changed, &a->lock);
    int stop = a->stop;
    pthread_mutex_unlock(&a->lock);
    if (stop) return NULL;
    slot *s = &a->ring[at];
    s->size = a->below->read(a->below, s->data, slot_size);
    s->consumed = a->below->consumed;
    int last = s->size <= 0; /* the slot may be reused once it has been counted */
    pthread_mutex_lock(&a->lock);
    a->count++;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    if (last) return NULL;
  }
}

static int64_t ahead_next(nx_stream *stream, const uint8_t **block)
{
  ahead_stream *a = (ahead_stream *)stream;
  if (a->ended) return 0;
  pthread_mutex_lock(&a->lock);
  if (a->holding) {
    a->first = (a->first + 1) % slots;
    a->count--;
    pthread_cond_signal(&a->changed);
  }
  while (!a->count) pthread_cond_wait(&a->changed, &a->lock);
  pthread_mutex_unlock(&a->lock);
  a->holding = 1;
  const slot *s = &a->ring[a->first];
  *block = s->data;
  stream->consumed = s->consumed;
  if (s->size <= 0) a->ended = 1; /* the thread has done its work */
  if (s->size < 0 && !stream->fault->kind) *stream->fault = *a->below->fault;
  return s->size;
}

static void ahead_free(ahead_stream *a)
{
  nx_stream_close(a->below);
  for (int i = 0; i < slots; i++) nx_free(a->ring[i].data);
  nx_free(a);
}

static void ahead_close(nx_stream *stream)
{
  ahead_stream *a = (ahead_stream *)stream;
  pthread_mutex_lock(&a->lock);
  a->stop = 1;
  pthread_cond_signal(&a->changed);
  pthread_mutex_unlock(&a->lock);
  pthread_join(a->thread, NULL);
  pthread_cond_destroy(&a->changed);
  pthread_mutex_destroy(&a->lock);
  ahead_free(a);
}

nx_stream *nx_stream_ahead(nx_stream *below, nx_fault *fault)
{
  ahead_stream *a = nx_calloc(1, sizeof *a);
  int ready = a != NULL;
  if (a) a->below = below;
  for (int i = 0; i < slots && ready; i++) ready = (a->ring[i].data = nx_malloc(slot_size)) != NULL;
  if (!ready) {
    nx_fault_set(fault, "limit", NULL, 0, "out of memory");
    if (a) ahead_free(a);
    else nx_stream_close(below);
    return NULL;
  }
  a->stream = (nx_stream){ .next = ahead_next, .close = ahead_close, .fault = fault };
  pthread_mutex_init(&a->lock, NULL);
  pthread_cond_init(&a->changed, NULL);
  int errnum = pthread_create(&a->thread, NULL, fill, a);
  if (!errnum) return &a->stream;
  pthread_cond_destroy(&a->changed);
  pthread_mutex_destroy(&a->lock);
  ahead_free(a);
  nx_fault_errno(fault, errnum, "cannot start a thread");
  return NULL;
}
