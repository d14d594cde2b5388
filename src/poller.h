/* The inside of the event loop, without lua.h's functions: loop.c binds it. */
#ifndef NX_POLLER_H
#define NX_POLLER_H
#include <stdatomic.h>

#include "loop.h"
#include "random.h"
#include "timers.h"

struct nx_slot {
  nx_source *source; /* NULL: free, `next` is the next free one */
  uint32_t generation;
  uint32_t next;
};

struct nx_loop {
  int epoll, wake;
  int outside;              /* timerfd for a loop around this one, made when nx_loop_fd is first asked for */
  _Atomic uint64_t pending; /* bit 0: an interrupt without a signal; bit n: signal n */
  struct nx_slot *slots;
  uint32_t nslots, free_slot, watched;
  nx_waitable *first, *last; /* signalled */
  nx_timers timers;
  void (*tick)(void *ud);
  void *tick_ud;
  int64_t tick_every, tick_at;
  int64_t behind;    /* what the clock has been paused */
  int64_t paused_at; /* 0: running */
  int is_virtual, no_pwait2;
  int64_t virtual_now;
  double virtual_base;
  nx_random random;
};

/* Zeroed memory -> a loop without descriptors, which close is safe on; then with them: 0 or an errno. */
void nx_poll_init(nx_loop *loop);
int nx_poll_open(nx_loop *loop);
void nx_poll_close(nx_loop *loop);
/* Waits until something has happened, up to `limit` nanoseconds of the loop's clock (-1: for ever). 0 or an errno. */
int nx_poll_wait(nx_loop *loop, int64_t limit);
/* Is nothing watched, no timer set and nothing pending? Then only an interrupt could end a wait. */
int nx_poll_idle(const nx_loop *loop);
/* Makes the descriptor of nx_loop_fd readable when the next timer is due, or at once when `busy`. */
void nx_poll_arm(nx_loop *loop, int busy);
/* The clock is a number from here, which only waiting and nx_poll_advance move; or the machine's again. */
void nx_poll_virtual(nx_loop *loop, int on, double unix_seconds);
void nx_poll_advance(nx_loop *loop, int64_t ns);
#endif
