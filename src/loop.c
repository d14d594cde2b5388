/* The event loop: epoll, timers, an eventfd for interrupts; the only source of time and randomness. */
#include "loop.h"

#include <errno.h>
#include <lauxlib.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "timers.h"

#define WAKE    UINT64_MAX /* epoll data of the two descriptors that are ours */
#define OUTSIDE (UINT64_MAX - 1)
#define BATCH   64

struct slot {
  nx_source *source; /* NULL: free, `next` is the next free one */
  uint32_t generation;
  uint32_t next;
};

struct nx_loop {
  int epoll, wake;
  int outside;              /* timerfd for a loop around this one, made when nx_loop_fd is first asked for */
  _Atomic uint64_t pending; /* bit 0: an interrupt without a signal; bit n: signal n */
  struct slot *slots;
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
  uint64_t random[4];
};

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
    struct slot *slots = realloc(loop->slots, count * sizeof *slots);
    if (!slots) return ENOMEM;
    for (uint32_t i = loop->nslots; i < count; i++)
      slots[i] = (struct slot){ .next = i + 1 < count ? i + 1 : UINT32_MAX };
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
  struct slot *slot = &loop->slots[source->slot];
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

/* ---- waiting ---- */

static int something(const nx_loop *loop)
{
  return loop->first || loop->timers.nexpired || atomic_load(&loop->pending);
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
    struct slot *slot = &loop->slots[(uint32_t)data];
    if (slot->source && slot->generation == data >> 32) slot->source->ready(slot->source, events[i].events);
  }
}

/* Waits until something has happened, up to `limit` nanoseconds of the loop's clock (-1: for ever). 0 or an errno. */
static int loop_poll(nx_loop *loop, int64_t limit)
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

/* Makes the outside descriptor readable when the next timer is due, or at once when `busy`. */
static void arm_outside(nx_loop *loop, int busy)
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
    arm_outside(loop, 1);
  }
  return loop->epoll;
}

/* ---- randomness: xoshiro256**, seeded through splitmix64 ---- */

static void seed(nx_loop *loop, uint64_t x)
{
  for (int i = 0; i < 4; i++) {
    uint64_t z = (x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    loop->random[i] = z ^ (z >> 31);
  }
}

static uint64_t rotate(uint64_t x, int k)
{
  return x << k | x >> (64 - k);
}

static uint64_t next_random(nx_loop *loop)
{
  uint64_t *s = loop->random, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

/* ---- Lua ---- */

static const char loop_key, handles_key; /* registry: the loop; waitable's address -> userdata, weak */

static int loop_gc(lua_State *L)
{
  nx_loop *loop = lua_touserdata(L, 1);
  if (loop->epoll >= 0) close(loop->epoll);
  if (loop->wake >= 0) close(loop->wake);
  if (loop->outside >= 0) close(loop->outside);
  loop->epoll = loop->wake = loop->outside = -1;
  free(loop->slots);
  loop->slots = NULL;
  loop->nslots = 0;
  loop->free_slot = UINT32_MAX;
  nx_timers_free(&loop->timers);
  return 0;
}

nx_loop *nx_loop_get(lua_State *L)
{
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loop_key) == LUA_TUSERDATA) {
    nx_loop *loop = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return loop;
  }
  lua_pop(L, 1);
  luaL_checkstack(L, 4, "event loop");
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &handles_key);
  nx_loop *loop = lua_newuserdatauv(L, sizeof *loop, 0);
  memset(loop, 0, sizeof *loop);
  loop->epoll = loop->wake = loop->outside = -1;
  loop->free_slot = UINT32_MAX;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, loop_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  uint64_t entropy = (uint64_t)real_now() ^ (uint64_t)(uintptr_t)loop;
  ssize_t got = getrandom(&entropy, sizeof entropy, GRND_NONBLOCK);
  (void)got;
  seed(loop, entropy);
  struct epoll_event event = { .events = EPOLLIN, .data.u64 = WAKE };
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (loop->epoll < 0) nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno }, "event loop");
  loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (loop->wake < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) < 0)
    nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno }, "event loop");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &loop_key);
  return loop;
}

void nx_waitable_open(lua_State *L, int index, nx_waitable *w)
{
  nx_loop *loop = nx_loop_get(L);
  index = lua_absindex(L, index);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &handles_key);
  lua_pushvalue(L, index);
  lua_rawsetp(L, -2, w);
  lua_pop(L, 1);
  w->next = NULL;
  w->signalled = 0;
  w->loop = loop;
}

static int64_t check_seconds(lua_State *L, int index)
{
  double seconds = luaL_checknumber(L, index);
  return seconds <= 0 ? 0 : seconds > 9e9 ? (int64_t)9e18 : (int64_t)(seconds * 1e9);
}

/* poll(seconds | nil, list) -> n: waits until something has happened; list[1…n] is what: handles that were signalled,
   and the numbers of timers that are due. Signals are asked for apart. */
static int l_poll(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  int64_t limit = lua_isnoneornil(L, 1) ? -1 : check_seconds(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  int failed = loop_poll(loop, limit);
  if (failed) return nx_fail(L, &(nx_error){ .kind = "io", .errnum = failed }, "event loop");
  lua_settop(L, 2);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &handles_key);
  lua_Integer n = 0;
  while (loop->first) {
    nx_waitable *w = loop->first;
    loop->first = w->next;
    if (!loop->first) loop->last = NULL;
    w->signalled = 0;
    if (lua_rawgetp(L, 3, w) == LUA_TNIL) lua_pop(L, 1);
    else lua_rawseti(L, 2, ++n);
  }
  for (uint32_t i = 0; i < loop->timers.nexpired; i++) {
    lua_pushinteger(L, loop->timers.expired[i]);
    lua_rawseti(L, 2, ++n);
  }
  loop->timers.nexpired = 0;
  lua_pushinteger(L, n);
  return 1;
}

/* signals() -> nil | { n… }: what interrupted, 0 for an interrupt without a signal; then forgotten */
static int l_signals(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  if (!atomic_load(&loop->pending)) return 0;
  uint64_t pending = atomic_exchange(&loop->pending, 0);
  lua_newtable(L);
  lua_Integer n = 0;
  for (int i = 0; i < 64; i++) {
    if (!(pending >> i & 1)) continue;
    lua_pushinteger(L, i);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* interrupt([signum]): as nxlua_interrupt does, for tests */
static int l_interrupt(lua_State *L)
{
  int signum = (int)luaL_optinteger(L, 1, 0);
  if (signum) nx_loop_signal(nx_loop_get(L), signum);
  else nx_loop_interrupt(nx_loop_get(L));
  return 0;
}

/* timer() -> number; a timer is set and cleared any number of times, and is given back by free */
static int l_timer(lua_State *L)
{
  int64_t id = nx_timers_add(&nx_loop_get(L)->timers);
  if (id < 0) return luaL_error(L, "not enough memory");
  lua_pushinteger(L, id);
  return 1;
}

static uint32_t check_timer(lua_State *L, nx_loop *loop)
{
  lua_Integer id = luaL_checkinteger(L, 1);
  luaL_argcheck(L, id >= 0 && id < (lua_Integer)loop->timers.ntimers, 1, "no such timer");
  return (uint32_t)id;
}

/* set(timer, at): at seconds of now() */
static int l_set(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  uint32_t id = check_timer(L, loop);
  nx_timers_set(&loop->timers, id, check_seconds(L, 2));
  return 0;
}

static int l_clear(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  nx_timers_clear(&loop->timers, check_timer(L, loop));
  return 0;
}

static int l_free(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  nx_timers_remove(&loop->timers, check_timer(L, loop));
  return 0;
}

/* now() -> seconds of a clock that only rises; time() -> Unix seconds */
static int l_now(lua_State *L)
{
  lua_pushnumber(L, (double)nx_loop_now(nx_loop_get(L)) / 1e9);
  return 1;
}

static int l_time(lua_State *L)
{
  lua_pushnumber(L, nx_loop_time(nx_loop_get(L)));
  return 1;
}

/* virtual(true [, unix seconds]) | virtual(false): time that jumps to the next timer when nothing real is under way */
static int l_virtual(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  int on = lua_toboolean(L, 1);
  if (on && !loop->is_virtual) {
    loop->virtual_now = nx_loop_now(loop);
    loop->virtual_base = luaL_optnumber(L, 2, nx_loop_time(loop)) - (double)loop->virtual_now / 1e9;
  } else if (!on && loop->is_virtual) {
    loop->behind = real_now() - loop->virtual_now; /* goes on from where the virtual one stood */
  }
  loop->is_virtual = on;
  return 0;
}

/* advance(seconds) of virtual time */
static int l_advance(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  if (!loop->is_virtual) return luaL_error(L, "the clock is not virtual");
  loop->virtual_now += check_seconds(L, 1);
  wake(loop, 0);
  return 0;
}

static int l_pause(lua_State *L)
{
  nx_loop_pause(nx_loop_get(L));
  return 0;
}

static int l_resume(lua_State *L)
{
  nx_loop_resume(nx_loop_get(L));
  return 0;
}

static int l_seed(lua_State *L)
{
  seed(nx_loop_get(L), (uint64_t)luaL_checkinteger(L, 1));
  return 0;
}

/* random() -> [0, 1); random(n) -> 1 … n */
static int l_random(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  if (lua_isnoneornil(L, 1)) {
    lua_pushnumber(L, (double)(next_random(loop) >> 11) * 0x1p-53);
    return 1;
  }
  lua_Integer n = luaL_checkinteger(L, 1);
  luaL_argcheck(L, n > 0, 1, "must be positive");
  uint64_t range = (uint64_t)n, limit = UINT64_MAX - UINT64_MAX % range, x;
  do x = next_random(loop);
  while (x >= limit);
  lua_pushinteger(L, (lua_Integer)(x % range) + 1);
  return 1;
}

/* arm(busy): for the descriptor of fd(), once it has been asked for: readable when there is something to do, and at
   once when `busy` */
static int l_arm(lua_State *L)
{
  arm_outside(nx_loop_get(L), lua_toboolean(L, 1));
  return 0;
}

/* fd() -> the descriptor for a loop around this one */
static int l_fd(lua_State *L)
{
  nx_loop *loop = nx_loop_get(L);
  int fd = nx_loop_fd(loop);
  if (fd < 0) return nx_fail(L, &(nx_error){ .kind = nx_error_kind(errno), .errnum = errno }, "event loop");
  lua_pushinteger(L, fd);
  return 1;
}

static const luaL_Reg functions[] = {
  { "poll", l_poll },     { "signals", l_signals }, { "interrupt", l_interrupt }, { "timer", l_timer },
  { "set", l_set },       { "clear", l_clear },     { "free", l_free },           { "now", l_now },
  { "time", l_time },     { "virtual", l_virtual }, { "advance", l_advance },     { "pause", l_pause },
  { "resume", l_resume }, { "seed", l_seed },       { "random", l_random },       { "fd", l_fd },
  { "arm", l_arm },       { NULL, NULL },
};

int luaopen_nx_core_loop(lua_State *L)
{
  nx_loop_get(L);
  luaL_newlib(L, functions);
  return 1;
}
