/* Timers in a binary heap: set, cleared and due in O(log n), by number. No lua.h. */
#ifndef NX_TIMERS_H
#define NX_TIMERS_H
#include <stdint.h>

typedef struct nx_timer {
  int64_t at;
  uint32_t place; /* in the heap; UINT32_MAX: not set. Of a free one: the next free number */
} nx_timer;

typedef struct nx_timers {
  nx_timer *timers;
  uint32_t ntimers, free_timer; /* free_timer: number + 1, 0 for none */
  uint32_t *heap, nheap;
  uint32_t *expired, nexpired; /* due, not yet told; as long as `timers` */
} nx_timers;

int64_t nx_timers_add(nx_timers *t); /* a number, or -1 without memory */
void nx_timers_set(nx_timers *t, uint32_t id, int64_t at);
void nx_timers_clear(nx_timers *t, uint32_t id);  /* also when it is due and not yet told */
void nx_timers_remove(nx_timers *t, uint32_t id); /* the number may be given out again */
void nx_timers_expire(nx_timers *t, int64_t now); /* moves what is due into `expired` */
int64_t nx_timers_next(const nx_timers *t);       /* when the next is due, -1: none */
void nx_timers_free(nx_timers *t);
#endif
