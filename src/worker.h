/* A worker thread that talks to the loop's thread through two bounded rings of messages. No Lua here: the thread never
 * touches a lua_State, and what belongs to one side is handed over, never shared.
 *
 *   the thread              the loop's thread
 *   nx_worker_post   ==>    nx_worker_next      (blocks while the ring is full  ==>  never blocks)
 *   nx_worker_take   <==    nx_worker_send
 *
 * The waitable given at the start is signalled whenever there may be something to do on the loop's side: a message has
 * come, a full ring has room again, the thread has ended. A worker lies inside a userdata; all zero is "not started",
 * on which every call of the loop's side is harmless.
 */
#ifndef NX_WORKER_H
#define NX_WORKER_H
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

typedef struct nx_message {
  int kind; /* what it is, between the two sides */
  int code;
  int64_t number[4];
  size_t size; /* bytes at data; they count against the ring's bound */
  void *data;  /* from nx_malloc, owned by whoever holds the message; or NULL */
} nx_message;

/* Frees what a message owns. */
void nx_message_clear(nx_message *message);

typedef struct nx_ring {
  nx_message *slots;
  uint32_t capacity, first, count;
  size_t bytes, max_bytes; /* a message larger than max_bytes passes alone */
  int wanted;              /* the other side found it full (down ring) */
} nx_ring;

typedef struct nx_worker nx_worker;
struct nx_worker {
  nx_source source; /* the eventfd that wakes the loop */
  nx_waitable *waitable;
  void (*work)(nx_worker *worker, void *ud);
  void *ud;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed; /* what the thread waits on */
  nx_ring up, down;
  int wake_fd, cancel_fd;
  int started, told, input_ended, done;
  atomic_int cancelled;
};

/* The loop's side: never blocks, but for close. */

/* Starts the thread: `work(worker, ud)` runs with every signal blocked and ends by returning. 0 or an errno; then
   nothing is held. `slots` messages or `max_bytes` of payload, whichever is less, bound each ring. `ud` stays valid
   until nx_worker_close has returned. */
int nx_worker_start(nx_worker *worker, nx_loop *loop, nx_waitable *waitable, void (*work)(nx_worker *worker, void *ud),
                    void *ud, uint32_t slots, size_t max_bytes);
/* The next message: 1, the caller owns it now; 0: none at the moment; -1: none any more, the thread has ended. */
int nx_worker_next(nx_worker *worker, nx_message *message);
/* Hands a message to the thread: 1, it is the thread's; 0: the ring is full, the waitable is signalled when it is not;
   -1: the thread has ended or was cancelled (the message remains the caller's in both cases). */
int nx_worker_send(nx_worker *worker, const nx_message *message);
/* No more messages will be sent: nx_worker_take returns EPIPE once the ring is empty. */
void nx_worker_end_input(nx_worker *worker);
/* Asks the thread to end: every blocking call of its side returns ECANCELED from now on. Does not wait. */
void nx_worker_cancel(nx_worker *worker);
/* Cancels, waits for the thread, frees everything. Any number of times. */
void nx_worker_close(nx_worker *worker);

/* The thread's side. */

/* Hands a message to the loop, waiting for room: 0, or ECANCELED. The payload is not the thread's any more either way.
 */
int nx_worker_post(nx_worker *worker, nx_message *message);
/* The next message from the loop, waiting for it: 0, EPIPE (ended, see nx_worker_end_input), ECANCELED. */
int nx_worker_take(nx_worker *worker, nx_message *message);
/* The same without waiting: EAGAIN when there is none. */
int nx_worker_try_take(nx_worker *worker, nx_message *message);
/* Waits until `fd` is ready for poll(2) `events`: 0, ECANCELED, or an errno. Before each read and write that can block.
 */
int nx_worker_poll(nx_worker *worker, int fd, short events);
/* Waits for some milliseconds: 0, or ECANCELED. */
int nx_worker_sleep(nx_worker *worker, int ms);
/* For long loops. */
static inline int nx_worker_cancelled(nx_worker *worker)
{
  return atomic_load_explicit(&worker->cancelled, memory_order_relaxed);
}

/* read(2) and write(2) that can be cancelled: `blocking` says that the descriptor may make us wait (no regular file).
   Bytes read, 0 at the end, or -errno; the whole buffer written (0), or an errno. EINTR is handled. */
int64_t nx_worker_read(nx_worker *worker, int fd, void *buffer, size_t size, int blocking);
int nx_worker_write(nx_worker *worker, int fd, const void *buffer, size_t size, int blocking);
/* Is the descriptor one that nx_worker_read and _write must take for blocking? */
int nx_fd_blocks(int fd);
#endif
