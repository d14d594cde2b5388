/* The worker thread and its rings: one mutex, one condition variable for the thread, one eventfd for the loop. */
#include "worker.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

void nx_message_clear(nx_message *message)
{
  nx_free(message->data);
  message->data = NULL;
  message->size = 0;
}

static int ring_open(nx_ring *ring, uint32_t slots, size_t max_bytes)
{
  *ring = (nx_ring){ .capacity = slots, .max_bytes = max_bytes };
  ring->slots = nx_calloc(slots, sizeof *ring->slots);
  return ring->slots ? 0 : ENOMEM;
}

static void ring_close(nx_ring *ring)
{
  for (; ring->count; ring->count--) {
    nx_message_clear(&ring->slots[ring->first]);
    ring->first = (ring->first + 1) % ring->capacity;
  }
  nx_free(ring->slots);
  *ring = (nx_ring){ 0 };
}

static int ring_has_room(const nx_ring *ring, size_t size)
{
  if (ring->count == ring->capacity) return 0;
  return !ring->count || size <= ring->max_bytes - (ring->bytes < ring->max_bytes ? ring->bytes : ring->max_bytes);
}

static void ring_put(nx_ring *ring, const nx_message *message)
{
  ring->slots[(ring->first + ring->count++) % ring->capacity] = *message;
  ring->bytes += message->size;
}

static void ring_get(nx_ring *ring, nx_message *message)
{
  *message = ring->slots[ring->first];
  ring->first = (ring->first + 1) % ring->capacity;
  ring->count--;
  ring->bytes -= message->size;
}

static void event_write(int fd)
{
  uint64_t one = 1;
  while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

/* Wakes the loop; the lock is held. One write until the loop has looked. */
static void tell(nx_worker *worker)
{
  if (worker->told) return;
  worker->told = 1;
  event_write(worker->wake_fd);
}

static void ready(nx_source *source, uint32_t events)
{
  (void)events;
  nx_worker *worker = (nx_worker *)((char *)source - offsetof(nx_worker, source));
  uint64_t count;
  pthread_mutex_lock(&worker->lock);
  while (read(worker->wake_fd, &count, sizeof count) < 0 && errno == EINTR) {
  }
  worker->told = 0;
  pthread_mutex_unlock(&worker->lock);
  nx_waitable_signal(worker->waitable);
}

static void *thread_main(void *arg)
{
  nx_worker *worker = arg;
  worker->work(worker, worker->ud);
  pthread_mutex_lock(&worker->lock);
  worker->done = 1;
  tell(worker);
  pthread_mutex_unlock(&worker->lock);
  return NULL;
}

static void release(nx_worker *worker)
{
  nx_loop_unwatch(&worker->source);
  if (worker->wake_fd >= 0) close(worker->wake_fd);
  if (worker->cancel_fd >= 0) close(worker->cancel_fd);
  ring_close(&worker->up);
  ring_close(&worker->down);
  pthread_cond_destroy(&worker->changed);
  pthread_mutex_destroy(&worker->lock);
  memset(worker, 0, sizeof *worker);
}

int nx_worker_start(nx_worker *worker, nx_loop *loop, nx_waitable *waitable, void (*work)(nx_worker *worker, void *ud),
                    void *ud, uint32_t slots, size_t max_bytes)
{
  memset(worker, 0, sizeof *worker);
  worker->waitable = waitable;
  worker->work = work;
  worker->ud = ud;
  pthread_mutex_init(&worker->lock, NULL);
  pthread_cond_init(&worker->changed, NULL);
  worker->source.ready = ready;
  worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  worker->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int status = worker->wake_fd < 0 || worker->cancel_fd < 0 ? errno : 0;
  if (!status) status = ring_open(&worker->up, slots, max_bytes);
  if (!status) status = ring_open(&worker->down, slots, max_bytes);
  if (!status) status = nx_loop_watch(loop, &worker->source, worker->wake_fd, EPOLLIN);
  if (!status) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the thread inherits it */
    status = pthread_create(&worker->thread, NULL, thread_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  if (status) release(worker);
  else worker->started = 1;
  return status;
}

int nx_worker_next(nx_worker *worker, nx_message *message)
{
  if (!worker->started) return -1;
  int result = 0;
  pthread_mutex_lock(&worker->lock);
  if (worker->up.count) {
    ring_get(&worker->up, message);
    pthread_cond_signal(&worker->changed);
    result = 1;
  } else if (worker->done) {
    result = -1;
  }
  pthread_mutex_unlock(&worker->lock);
  return result;
}

int nx_worker_send(nx_worker *worker, const nx_message *message)
{
  if (!worker->started) return -1;
  int result = 1;
  pthread_mutex_lock(&worker->lock);
  if (worker->done || nx_worker_cancelled(worker)) {
    result = -1;
  } else if (!ring_has_room(&worker->down, message->size)) {
    worker->down.wanted = 1;
    result = 0;
  } else {
    ring_put(&worker->down, message);
    pthread_cond_signal(&worker->changed);
  }
  pthread_mutex_unlock(&worker->lock);
  return result;
}

void nx_worker_end_input(nx_worker *worker)
{
  if (!worker->started) return;
  pthread_mutex_lock(&worker->lock);
  worker->input_ended = 1;
  pthread_cond_signal(&worker->changed);
  pthread_mutex_unlock(&worker->lock);
}

void nx_worker_cancel(nx_worker *worker)
{
  if (!worker->started) return;
  pthread_mutex_lock(&worker->lock);
  if (!nx_worker_cancelled(worker)) {
    atomic_store(&worker->cancelled, 1);
    event_write(worker->cancel_fd); /* never read: stays readable for every later poll */
    pthread_cond_signal(&worker->changed);
  }
  pthread_mutex_unlock(&worker->lock);
}

void nx_worker_close(nx_worker *worker)
{
  if (!worker->started) return;
  nx_worker_cancel(worker);
  pthread_join(worker->thread, NULL);
  release(worker);
}

int nx_worker_post(nx_worker *worker, nx_message *message)
{
  pthread_mutex_lock(&worker->lock);
  while (!nx_worker_cancelled(worker) && !ring_has_room(&worker->up, message->size))
    pthread_cond_wait(&worker->changed, &worker->lock);
  int cancelled = nx_worker_cancelled(worker);
  if (!cancelled) {
    ring_put(&worker->up, message);
    tell(worker);
  }
  pthread_mutex_unlock(&worker->lock);
  if (cancelled) nx_message_clear(message);
  message->data = NULL;
  message->size = 0;
  return cancelled ? ECANCELED : 0;
}

static int take(nx_worker *worker, nx_message *message, int wait)
{
  int status = 0;
  pthread_mutex_lock(&worker->lock);
  while (wait && !nx_worker_cancelled(worker) && !worker->down.count && !worker->input_ended)
    pthread_cond_wait(&worker->changed, &worker->lock);
  if (nx_worker_cancelled(worker)) {
    status = ECANCELED;
  } else if (worker->down.count) {
    ring_get(&worker->down, message);
    if (worker->down.wanted) {
      worker->down.wanted = 0;
      tell(worker);
    }
  } else {
    status = worker->input_ended ? EPIPE : EAGAIN;
  }
  pthread_mutex_unlock(&worker->lock);
  return status;
}

int nx_worker_take(nx_worker *worker, nx_message *message)
{
  return take(worker, message, 1);
}

int nx_worker_try_take(nx_worker *worker, nx_message *message)
{
  return take(worker, message, 0);
}

int nx_worker_poll(nx_worker *worker, int fd, short events)
{
  struct pollfd fds[2] = { { .fd = worker->cancel_fd, .events = POLLIN }, { .fd = fd, .events = events } };
  for (;;) {
    if (poll(fds, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (fds[0].revents) return ECANCELED;
    if (fds[1].revents & POLLNVAL) return EBADF;
    if (fds[1].revents) return 0;
  }
}

int nx_worker_sleep(nx_worker *worker, int ms)
{
  struct pollfd fd = { .fd = worker->cancel_fd, .events = POLLIN };
  return poll(&fd, 1, ms) > 0 ? ECANCELED : 0;
}

int nx_fd_blocks(int fd)
{
  struct stat st;
  return fstat(fd, &st) < 0 || !S_ISREG(st.st_mode);
}

int64_t nx_worker_read(nx_worker *worker, int fd, void *buffer, size_t size, int blocking)
{
  for (;;) {
    if (nx_worker_cancelled(worker)) return -ECANCELED;
    int status = blocking ? nx_worker_poll(worker, fd, POLLIN) : 0;
    if (status) return -status;
    ssize_t n = read(fd, buffer, size);
    if (n >= 0) return n;
    if (errno != EINTR && errno != EAGAIN) return -errno;
    if (errno == EAGAIN) blocking = 1;
  }
}

int nx_worker_write(nx_worker *worker, int fd, const void *buffer, size_t size, int blocking)
{
  const char *bytes = buffer;
  while (size) {
    if (nx_worker_cancelled(worker)) return ECANCELED;
    int status = blocking ? nx_worker_poll(worker, fd, POLLOUT) : 0;
    if (status) return status;
    /* a pipe that poll calls writable takes this much without waiting */
    size_t part = blocking && size > PIPE_BUF ? PIPE_BUF : size;
    ssize_t n = write(fd, bytes, part);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return errno;
      blocking = 1;
      continue;
    }
    bytes += n;
    size -= (size_t)n;
  }
  return 0;
}
