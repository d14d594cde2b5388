/* Timers in a binary heap. */
#include "timers.h"

#include <string.h>

#include "mem.h"

#define NOWHERE UINT32_MAX

static void put(nx_timers *t, uint32_t place, uint32_t id)
{
  t->heap[place] = id;
  t->timers[id].place = place;
}

static void up(nx_timers *t, uint32_t place, uint32_t id)
{
  while (place > 0) {
    uint32_t parent = (place - 1) / 2;
    if (t->timers[t->heap[parent]].at <= t->timers[id].at) break;
    put(t, place, t->heap[parent]);
    place = parent;
  }
  put(t, place, id);
}

static void down(nx_timers *t, uint32_t place, uint32_t id)
{
  for (;;) {
    uint32_t child = place * 2 + 1;
    if (child >= t->nheap) break;
    if (child + 1 < t->nheap && t->timers[t->heap[child + 1]].at < t->timers[t->heap[child]].at) child++;
    if (t->timers[id].at <= t->timers[t->heap[child]].at) break;
    put(t, place, t->heap[child]);
    place = child;
  }
  put(t, place, id);
}

/* Three arrays of one length, so that nothing but adding a timer needs memory. */
static int grow(nx_timers *t)
{
  uint32_t count = t->ntimers ? t->ntimers * 2 : 16;
  nx_timer *timers = nx_realloc(t->timers, count * sizeof *timers);
  if (!timers) return -1;
  t->timers = timers;
  uint32_t *heap = nx_realloc(t->heap, count * sizeof *heap);
  if (!heap) return -1;
  t->heap = heap;
  uint32_t *expired = nx_realloc(t->expired, count * sizeof *expired);
  if (!expired) return -1;
  t->expired = expired;
  for (uint32_t i = t->ntimers; i < count; i++) timers[i] = (nx_timer){ .at = -1, .place = i + 1 < count ? i + 2 : 0 };
  t->free_timer = t->ntimers + 1;
  t->ntimers = count;
  return 0;
}

int64_t nx_timers_add(nx_timers *t)
{
  if (!t->free_timer && grow(t) < 0) return -1;
  uint32_t id = t->free_timer - 1;
  t->free_timer = t->timers[id].place;
  t->timers[id] = (nx_timer){ .at = 0, .place = NOWHERE };
  return id;
}

void nx_timers_clear(nx_timers *t, uint32_t id)
{
  for (uint32_t i = 0; i < t->nexpired; i++) {
    if (t->expired[i] != id) continue;
    memmove(t->expired + i, t->expired + i + 1, (t->nexpired - i - 1) * sizeof *t->expired);
    t->nexpired--;
    break;
  }
  uint32_t place = t->timers[id].place;
  if (t->timers[id].at < 0 || place == NOWHERE) return;
  t->timers[id].place = NOWHERE;
  uint32_t last = t->heap[--t->nheap];
  if (last == id) return;
  if (place > 0 && t->timers[last].at < t->timers[t->heap[(place - 1) / 2]].at) up(t, place, last);
  else down(t, place, last);
}

void nx_timers_set(nx_timers *t, uint32_t id, int64_t at)
{
  nx_timers_clear(t, id);
  t->timers[id].at = at < 0 ? 0 : at;
  up(t, t->nheap++, id);
}

void nx_timers_remove(nx_timers *t, uint32_t id)
{
  if (t->timers[id].at < 0) return; /* free already */
  nx_timers_clear(t, id);
  t->timers[id] = (nx_timer){ .at = -1, .place = t->free_timer };
  t->free_timer = id + 1;
}

void nx_timers_expire(nx_timers *t, int64_t now)
{
  while (t->nheap && t->timers[t->heap[0]].at <= now) {
    uint32_t id = t->heap[0];
    t->timers[id].place = NOWHERE;
    uint32_t last = t->heap[--t->nheap];
    if (t->nheap) down(t, 0, last);
    t->expired[t->nexpired++] = id;
  }
}

int64_t nx_timers_next(const nx_timers *t)
{
  return t->nheap ? t->timers[t->heap[0]].at : -1;
}

void nx_timers_free(nx_timers *t)
{
  nx_free(t->timers);
  nx_free(t->heap);
  nx_free(t->expired);
  memset(t, 0, sizeof *t);
}
