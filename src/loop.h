/* The event loop: one epoll set a Lua state. Nothing here calls Lua; what has happened is handed to Lua as a list.
 *
 * Two kinds of thing meet here:
 *   nx_source    a descriptor that is watched; `ready` runs inside nx_loop_poll, on the loop's thread, and may not
 *                touch Lua. It typically reads, and then signals a waitable.
 *   nx_waitable  a handle (full userdata) that Lua code waits for with task.wait(handle). Signalling is sticky: a
 *                signal between two waits is not lost, several before one wait are one.
 */
#ifndef NX_LOOP_H
#define NX_LOOP_H
#include <lua.h>
#include <stdint.h>

typedef struct nx_loop nx_loop;

typedef struct nx_source nx_source;
struct nx_source {
  void (*ready)(nx_source *source, uint32_t events); /* set by the owner before nx_loop_watch */
  nx_loop *loop;                                     /* NULL: not watched. The rest belongs to the loop */
  int fd;
  uint32_t slot;
};

typedef struct nx_waitable nx_waitable;
struct nx_waitable {
  nx_loop *loop; /* NULL: not open */
  nx_waitable *next;
  int signalled;
};

/* The state's loop, made on first use, owned by the registry. Raises on failure. */
nx_loop *nx_loop_get(lua_State *L);

/* Watches `fd` for EPOLL… `events` (level triggered). 0 or an errno. The source stays where it is until unwatched. */
int nx_loop_watch(nx_loop *loop, nx_source *source, int fd, uint32_t events);
int nx_loop_change(nx_source *source, uint32_t events);
/* Stops watching; before the descriptor is closed. No event of it is delivered afterwards. Harmless when not watched.
 */
void nx_loop_unwatch(nx_source *source);

/* Makes the userdata at `index` waitable through `w`, which lies inside it. Raises. */
void nx_waitable_open(lua_State *L, int index, nx_waitable *w);
/* Loop thread only: the handle is returned by the next core.loop.poll. */
void nx_waitable_signal(nx_waitable *w);
/* In the handle's close path; a pending signal is dropped. Harmless when not open. */
void nx_waitable_close(nx_waitable *w);

/* Nanoseconds of the loop's clock (monotonic; a test may replace it: core.loop.virtual). */
int64_t nx_loop_now(nx_loop *loop);
/* Unix seconds of the loop's clock. */
double nx_loop_time(nx_loop *loop);

/* Calls `tick(ud)` about every `interval` nanoseconds of real time while the loop waits; NULL: no more. */
void nx_loop_tick(nx_loop *loop, void (*tick)(void *ud), void *ud, int64_t interval);

/* The clock stands still between the two: for the time in which the whole process is stopped. */
void nx_loop_pause(nx_loop *loop);
void nx_loop_resume(nx_loop *loop);

/* Any thread or signal handler: makes the running or the next poll return at once, reporting an interrupt. */
void nx_loop_interrupt(nx_loop *loop);
/* The same for a signal that was received; it is among what core.loop.signals() reports. 1 <= signum <= 63. */
void nx_loop_signal(nx_loop *loop, int signum);
/* Is there an interrupt that core.loop.signals() has not reported? Any thread or signal handler. */
int nx_loop_interrupted(nx_loop *loop);

/* For a loop around this one: readable when there is something to do. Raises nothing; -1 and errno. */
int nx_loop_fd(nx_loop *loop);

int luaopen_nx_core_loop(lua_State *L);
#endif
