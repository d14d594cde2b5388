/* The inside of the event loop: epoll, timers, an eventfd for interrupts, the clock. */
#include "poller.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

#define WAKE    UINT64_MAX /* epoll data of the two descriptors that are ours */
#define OUTSIDE (UINT64_MAX - 1)
#define BATCH   64

static int64_t real_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t nx_loop_now(nx_loop *loop)
{
  if (loop->is_virtual) return loop->virtual_now;
  return (loop->paused_at ? loop->paused_at : real_now()) - loop->behind;
}

double nx_loop_time(nx_loop *loop)
{
  struct timespec t;
  if (loop->is_virtual) return loop->virtual_base + (double)loop->virtual_now / 1e9;
  clock_gettime(CLOCK_REALTIME, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void nx_loop_pause(nx_loop *loop)
{
  if (!loop->paused_at) loop->paused_at = real_now();
}

void nx_loop_resume(nx_loop *loop)
{
  if (!loop->paused_at) return;
  loop->behind += real_now() - loop->paused_at;
  loop->paused_at = 0;
}

void nx_loop_tick(nx_loop *loop, void (*tick)(void *ud), void *ud, int64_t interval)
{
  loop->tick = tick;
  loop->tick_ud = ud;
  loop->tick_every = interval;
  loop->tick_at = tick ? real_now() + interval : 0;
}

/* ---- descriptors ---- */

static int control(nx_loop *loop, int operation, const nx_source *source, uint32_t events)
{
  struct epoll_event event = { .events = events };
  event.data.u64 = (uint64_t)loop->slots[source->slot].generation << 32 | source->slot;
  return epoll_ctl(loop->epoll, operation, source->fd, &event) < 0 ? errno : 0;
}

int nx_loop_watch(nx_loop *loop, nx_source *source, int fd, uint32_t events)
{
  if (loop->free_slot == UINT32_MAX) {
    uint32_t count = loop->nslots ? loop->nslots * 2 : 32;
    struct nx_slot *slots = nx_realloc(loop->slots, count * sizeof *slots);
    if (!slots) return ENOMEM;
    for (uint32_t i = loop->nslots; i < count; i++)
      slots[i] = (struct nx_slot){ .next = i + 1 < count ? i + 1 : UINT32_MAX };
    loop->free_slot = loop->nslots;
    loop->slots = slots;
    loop->nslots = count;
  }
  uint32_t slot = loop->free_slot;
  source->fd = fd;
  source->slot = slot;
  int failed = control(loop, EPOLL_CTL_ADD, source, events);
  if (failed) return failed;
  loop->free_slot = loop->slots[slot].next;
  loop->slots[slot].source = source;
  source->loop = loop;
  loop->watched++;
  return 0;
}

int nx_loop_change(nx_source *source, uint32_t events)
{
  return source->loop ? control(source->loop, EPOLL_CTL_MOD, source, events) : EBADF;
}

void nx_loop_unwatch(nx_source *source)
{
  nx_loop *loop = source->loop;
  if (!loop) return;
  /* closing the descriptor would not do: a child that has not reached exec yet holds a copy, and events go on */
  epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
  struct nx_slot *slot = &loop->slots[source->slot];
  slot->source = NULL;
  slot->generation++;
  slot->next = loop->free_slot;
  loop->free_slot = source->slot;
  loop->watched--;
  source->loop = NULL;
}

/* ---- what Lua waits for ---- */

void nx_waitable_signal(nx_waitable *w)
{
  nx_loop *loop = w->loop;
  if (!loop || w->signalled) return;
  w->signalled = 1;
  w->next = NULL;
  if (loop->last) loop->last->next = w;
  else loop->first = w;
  loop->last = w;
}

void nx_waitable_close(nx_waitable *w)
{
  nx_loop *loop = w->loop;
  if (!loop) return;
  if (w->signalled) {
    nx_waitable **link = &loop->first, *before = NULL;
    while (*link != w) {
      before = *link;
      link = &before->next;
    }
    *link = w->next;
    if (loop->last == w) loop->last = before;
  }
  w->signalled = 0;
  w->loop = NULL;
}

/* ---- interrupts ---- */

static void wake(nx_loop *loop, uint64_t bit)
{
  int saved = errno;
  uint64_t one = 1;
  atomic_fetch_or(&loop->pending, bit);
  /* the counter cannot overflow into EAGAIN before 2^64 - 2 interrupts, and then it is readable anyway */
  ssize_t n = write(loop->wake, &one, sizeof one);
  (void)n;
  errno = saved;
}

void nx_loop_interrupt(nx_loop *loop)
{
  wake(loop, 1);
}

void nx_loop_signal(nx_loop *loop, int signum)
{
  if (signum > 0 && signum < 64) wake(loop, (uint64_t)1 << signum);
}

int nx_loop_interrupted(nx_loop *loop)
{
  return atomic_load(&loop->pending) != 0;
}

/* ---- waiting ---- */

static int something(const nx_loop *loop)
{
  return loop->first || loop->timers.nexpired || atomic_load(&loop->pending);
}

int nx_poll_idle(const nx_loop *loop)
{
  return !loop->watched && !something(loop) && nx_timers_next(&loop->timers) < 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
  return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* epoll_wait for up to `ns` (-1: for ever); -1 with errno EINTR among others */
static int wait_events(nx_loop *loop, struct epoll_event *events, int64_t ns)
{
  if (ns > 0 && !loop->no_pwait2) {
    struct timespec t = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
    int n = epoll_pwait2(loop->epoll, events, BATCH, &t, NULL);
    if (n >= 0 || (errno != ENOSYS && errno != EPERM)) return n;
    loop->no_pwait2 = 1;
  }
  int64_t ms = ns <= 0 ? ns : (ns + 999999) / 1000000;
  return epoll_wait(loop->epoll, events, BATCH, ms < 0 ? -1 : ms > INT_MAX ? INT_MAX : (int)ms);
}

static void dispatch(nx_loop *loop, const struct epoll_event *events, int n)
{
  for (int i = 0; i < n; i++) {
    uint64_t data = events[i].data.u64;
    if (data == WAKE || data == OUTSIDE) {
      uint64_t count;
      ssize_t got = read(data == WAKE ? loop->wake : loop->outside, &count, sizeof count);
      (void)got;
      continue;
    }
    struct nx_slot *slot = &loop->slots[(uint32_t)data];
    if (slot->source && slot->generation == data >> 32) slot->source->ready(slot->source, events[i].events);
  }
}

int nx_poll_wait(nx_loop *loop, int64_t limit)
{
  int64_t deadline = limit < 0 ? -1 : nx_loop_now(loop) + limit;
  struct epoll_event events[BATCH];
  for (int first = 1;; first = 0) {
    int64_t now = nx_loop_now(loop);
    nx_timers_expire(&loop->timers, now);
    int64_t next = earlier(nx_timers_next(&loop->timers), deadline), ns;
    if (something(loop) || next < 0) ns = something(loop) ? 0 : -1;
    else ns = next > now ? next - now : 0;
    if (ns == 0 && !first) return 0;
    if (ns > 0 && loop->is_virtual) {
      if (loop->watched) {
        ns = -1; /* real things are under way: virtual time stands still until a test moves it */
      } else {
        loop->virtual_now = next;
        continue;
      }
    }
    if (loop->tick) {
      int64_t left = loop->tick_at - real_now();
      if (left <= 0) {
        loop->tick_at = real_now() + loop->tick_every;
        loop->tick(loop->tick_ud);
        if (something(loop)) ns = 0;
        left = loop->tick ? loop->tick_every : -1;
      }
      ns = earlier(ns, left);
    }
    int n = wait_events(loop, events, ns);
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) dispatch(loop, events, n);
  }
}

void nx_poll_arm(nx_loop *loop, int busy)
{
  if (loop->outside < 0) return;
  struct itimerspec at = { 0 };
  int64_t next = nx_timers_next(&loop->timers);
  if (loop->tick) next = earlier(next, nx_loop_now(loop) + loop->tick_every);
  if (busy || something(loop)) {
    at.it_value.tv_nsec = 1;
  } else if (next >= 0) {
    int64_t left = next - nx_loop_now(loop);
    if (left < 1) left = 1;
    at.it_value.tv_sec = left / 1000000000;
    at.it_value.tv_nsec = left % 1000000000;
  }
  timerfd_settime(loop->outside, 0, &at, NULL);
}

int nx_loop_fd(nx_loop *loop)
{
  if (loop->outside < 0) {
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = OUTSIDE };
    loop->outside = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (loop->outside < 0) return -1;
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->outside, &event) < 0) {
      int failed = errno;
      close(loop->outside);
      loop->outside = -1;
      errno = failed;
      return -1;
    }
    nx_poll_arm(loop, 1);
  }
  return loop->epoll;
}

/* ---- opening and closing ---- */

void nx_poll_init(nx_loop *loop)
{
  memset(loop, 0, sizeof *loop);
  loop->epoll = loop->wake = loop->outside = -1;
  loop->free_slot = UINT32_MAX;
}

int nx_poll_open(nx_loop *loop)
{
  uint64_t entropy = (uint64_t)real_now() ^ (uint64_t)(uintptr_t)loop;
  ssize_t got = getrandom(&entropy, sizeof entropy, GRND_NONBLOCK);
  (void)got;
  nx_random_seed(&loop->random, entropy);
  struct epoll_event event = { .events = EPOLLIN, .data.u64 = WAKE };
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (loop->epoll < 0) return errno;
  loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (loop->wake < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) < 0) return errno;
  return 0;
}

void nx_poll_close(nx_loop *loop)
{
  if (loop->epoll >= 0) close(loop->epoll);
  if (loop->wake >= 0) close(loop->wake);
  if (loop->outside >= 0) close(loop->outside);
  nx_free(loop->slots);
  nx_timers_free(&loop->timers);
  nx_poll_init(loop);
}

void nx_poll_virtual(nx_loop *loop, int on, double unix_seconds)
{
  if (on && !loop->is_virtual) {
    loop->virtual_now = nx_loop_now(loop);
    loop->virtual_base = unix_seconds - (double)loop->virtual_now / 1e9;
  } else if (!on && loop->is_virtual) {
    loop->behind = real_now() - loop->virtual_now; /* goes on from where the virtual one stood */
  }
  loop->is_virtual = on;
}

void nx_poll_advance(nx_loop *loop, int64_t ns)
{
  loop->virtual_now += ns;
  /* Lua's seconds are rounded: what is due within a breath is due now */
  int64_t next = nx_timers_next(&loop->timers);
  if (next > loop->virtual_now && next - loop->virtual_now < 1000) loop->virtual_now = next;
  wake(loop, 0);
}
