/* Segments of the stream, each in a buffer of its own, compressed while it fills.
 *
 *   the worker's thread: fills segment 2, writes frame 0, fills segment 3, writes frame 1, …
 *   thread of segment 0: compresses what is there of segment 0, piece by piece, waits for more, ends the frame
 *   thread of segment 1: …
 *
 * There are as many places for segments as threads; segment n lies in place n modulo that, and the worker's thread
 * waits for the one before it in that place. What a thread has made stays in memory until its turn has come.
 *
 * libzstd's own workers would cut the stream too, but Debian's libzstd.a has none. A segment is as long as the window
 * of long-distance matching: in shorter ones archives of test binaries grow fast (402 MB: one frame 66.5 MB, segments
 * of 128 MiB 72.6, of 64 MiB 81.6, of 32 MiB 97.9).
 *
 * One lock and one condition variable for all: they are taken once for each piece, a block of zstd's. A thread that is
 * waited for has input and looks with each piece whether the worker was cancelled, so a cancellation wakes nobody.
 */
#include "segments.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "mem.h"

enum { piece = 1 << 17, usual_most = 1 << 27 };

typedef struct segment {
  nx_segments *all;
  pthread_t thread;
  int started;     /* the thread is to be joined */
  uint8_t *memory; /* `most` bytes, for one segment after the other; pages never written to cost nothing */
  size_t used;     /* bytes in there, as the worker's thread knows */
  /* with the lock */
  size_t filled; /* bytes the thread may have */
  int full;      /* and no more will come */
  int ended;     /* the thread is done with */
  /* the thread's, until it has ended */
  nx_fault fault;
  nx_output out;
} segment;

struct nx_segments {
  nx_output *out;
  nx_zstream_options frame;
  size_t size, most; /* of all planned segments but the last, of any */
  uint64_t planned, index;
  segment *filling; /* segment `index`, NULL between two */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int stop;              /* with the lock: nobody wants the rest */
  const segment *failed; /* with the lock: the first whose thread has failed */
  unsigned places;
  segment place[];
};

static uint64_t most_of(const nx_segments_options *options)
{
  return options->most ? options->most : usual_most;
}

int nx_segments_wanted(const nx_segments_options *options)
{
  return options->threads > 0 && options->stream > most_of(options);
}

nx_segments *nx_segments_open(nx_output *out, const nx_segments_options *options)
{
  uint64_t most = most_of(options), planned = (options->stream + most - 1) / most;
  if (!planned) planned = 1;
  uint64_t size = ((options->stream + planned - 1) / planned + piece - 1) / piece * piece;
  unsigned places = planned < (unsigned)options->threads ? (unsigned)planned : (unsigned)options->threads;
  nx_segments *s = nx_calloc(1, sizeof *s + places * sizeof *s->place);
  if (!s) {
    nx_fault_set(out->fault, "limit", NULL, ENOMEM, "compressing %s", out->name);
    return NULL;
  }
  s->out = out;
  s->most = (size_t)most;
  s->size = (size_t)(size < most ? size : most);
  s->planned = planned;
  s->frame = options->frame;
  s->frame.bytes = s->size;
  s->frame.in_place = 1;
  s->places = places;
  for (unsigned i = 0; i < places; i++) s->place[i].all = s;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->changed, NULL);
  return s;
}

/* The thread's side. */

/* Waits for a piece after the first `done` bytes: how long it is, 0 at the end of the segment, -1 when nobody wants it.
   Pieces lie at the same places in every run. */
static int64_t next_piece(segment *g, size_t done)
{
  nx_segments *s = g->all;
  pthread_mutex_lock(&s->lock);
  while (!s->stop && !g->full && g->filled - done < piece) pthread_cond_wait(&s->changed, &s->lock);
  size_t n = g->filled - done;
  int stop = s->stop;
  pthread_mutex_unlock(&s->lock);
  return stop ? -1 : (int64_t)(n < piece ? n : piece);
}

static void *compress(void *arg)
{
  segment *g = arg;
  nx_segments *s = g->all;
  nx_zstream *z = NULL;
  int failed = nx_output_to_memory(&g->out) || !(z = nx_zstream_open(&g->out, &s->frame));
  size_t done = 0;
  while (!failed) {
    int64_t n = next_piece(g, done);
    if (n == 0) break;
    failed = n < 0 || nx_zstream_write(z, g->memory + done, (size_t)n);
    done += (size_t)n;
  }
  if (!failed) failed = nx_zstream_finish(z) || nx_output_finish(&g->out);
  nx_zstream_close(z);
  pthread_mutex_lock(&s->lock);
  g->ended = 1;
  if (failed && !s->failed) s->failed = g;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

/* The worker's side. */

/* A thread's fault becomes that of the whole. Its own output has ended: nothing writes to the fault any more. */
static int fail(nx_segments *s, const segment *failed)
{
  if (!failed->fault.kind) return nx_fault_set(s->out->fault, "internal", NULL, 0, "a segment was given up");
  if (!s->out->fault->kind) *s->out->fault = failed->fault;
  return -1;
}

static void join(segment *g)
{
  pthread_join(g->thread, NULL);
  g->started = 0;
}

/* Waits for the thread and writes its frame. */
static int collect(nx_segments *s, segment *g)
{
  pthread_mutex_lock(&s->lock);
  while (!g->ended && !s->failed) pthread_cond_wait(&s->changed, &s->lock);
  const segment *failed = s->failed;
  pthread_mutex_unlock(&s->lock);
  if (failed) return fail(s, failed);
  join(g);
  int result = nx_output_move(&g->out, s->out);
  nx_output_close(&g->out);
  return result;
}

/* Starts segment `index`, in its place. */
static int start(nx_segments *s)
{
  segment *g = &s->place[s->index % s->places];
  if (g->started && collect(s, g)) return -1;
  if (!g->memory && !(g->memory = nx_malloc(s->most)))
    return nx_fault_set(s->out->fault, "limit", NULL, ENOMEM, "compressing %s", s->out->name);
  g->used = g->filled = 0;
  g->full = g->ended = 0;
  nx_output_init(&g->out, s->out->worker, &g->fault);
  g->out.name = s->out->name;
  int status = pthread_create(&g->thread, NULL, compress, g); /* signals are blocked as they are here: all */
  if (status)
    return nx_fault_set(s->out->fault, "limit", NULL, status, "starting a thread to compress %s", s->out->name);
  g->started = 1;
  s->filling = g;
  return 0;
}

/* Tells the thread what there is, with `full` that it is all. */
static int hand_over(nx_segments *s, int full)
{
  segment *g = s->filling;
  pthread_mutex_lock(&s->lock);
  g->filled = g->used;
  g->full = full;
  const segment *failed = s->failed;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
  if (full) {
    s->filling = NULL;
    s->index++;
  }
  return failed ? fail(s, failed) : 0;
}

int nx_segments_write(nx_segments *s, const void *bytes, size_t n)
{
  const uint8_t *from = bytes;
  while (n) {
    if (!s->filling && start(s)) return -1;
    segment *g = s->filling;
    /* the last takes what comes beyond the plan, as far as it can */
    size_t size = s->index + 1 < s->planned ? s->size : s->most;
    size_t part = size - g->used < n ? size - g->used : n;
    size_t before = g->used / piece;
    memcpy(g->memory + g->used, from, part);
    g->used += part;
    from += part;
    n -= part;
    int full = g->used == size;
    if ((full || g->used / piece != before) && hand_over(s, full)) return -1;
  }
  return 0;
}

int nx_segments_finish(nx_segments *s)
{
  if (s->filling && hand_over(s, 1)) return -1;
  for (unsigned i = 0; i < s->places; i++) {
    segment *oldest = &s->place[(s->index + i) % s->places];
    if (oldest->started && collect(s, oldest)) return -1;
  }
  return 0;
}

void nx_segments_close(nx_segments *s)
{
  if (!s) return;
  pthread_mutex_lock(&s->lock);
  s->stop = 1;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
  for (unsigned i = 0; i < s->places; i++) {
    segment *g = &s->place[i];
    if (g->started) join(g);
    if (g->memory) nx_output_close(&g->out);
    nx_free(g->memory);
  }
  pthread_cond_destroy(&s->changed);
  pthread_mutex_destroy(&s->lock);
  nx_free(s);
}
