/* The worker thread and its rings, alone: a few lines stand in for the loop. Run under the thread sanitizer too. */
#include "../../src/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(what)                                                                                                    \
  do {                                                                                                                 \
    if (!(what)) {                                                                                                     \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                                                       \
      exit(1);                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* The loop's part. */
static nx_source *watched;

int nx_loop_watch(nx_loop *loop, nx_source *source, int fd, uint32_t events)
{
  (void)events;
  source->loop = loop;
  source->fd = fd;
  watched = source;
  return 0;
}

void nx_loop_unwatch(nx_source *source)
{
  source->loop = NULL;
  watched = NULL;
}

void nx_waitable_signal(nx_waitable *w)
{
  w->signalled = 1;
}

static void wait_for(nx_waitable *w)
{
  while (!w->signalled) {
    struct pollfd fd = { .fd = watched->fd, .events = POLLIN };
    CHECK(poll(&fd, 1, 10000) == 1);
    watched->ready(watched, 1);
  }
  w->signalled = 0;
}

static nx_waitable waitable;
static nx_loop *const loop = (nx_loop *)&waitable; /* any address */

static int next(nx_worker *worker, nx_message *message)
{
  for (;;) {
    int result = nx_worker_next(worker, message);
    if (result) return result;
    wait_for(&waitable);
  }
}

/* Sends back what it takes, its payload doubled. */
static void echo(nx_worker *worker, void *ud)
{
  nx_message message;
  int *ended = ud;
  while ((*ended = nx_worker_take(worker, &message)) == 0) {
    nx_message answer = { .kind = 2, .number = { message.number[0] }, .size = message.size * 2 };
    answer.data = malloc(answer.size);
    memset(answer.data, (int)message.number[0], answer.size);
    nx_message_clear(&message);
    if (nx_worker_post(worker, &answer)) return;
  }
}

static void test_echo(void)
{
  nx_worker worker;
  int ended = -1;
  CHECK(nx_worker_start(&worker, loop, &waitable, echo, &ended, 4, 1000) == 0);
  nx_message message;
  int64_t sent = 0, seen = 0;
  while (seen < 5000) {
    int progress = 0;
    while (sent < 5000) {
      nx_message out = { .kind = 1, .number = { sent }, .size = (size_t)(sent % 1700) };
      out.data = malloc(out.size + 1);
      int result = nx_worker_send(&worker, &out);
      if (result == 1) {
        sent++;
        progress = 1;
      } else {
        CHECK(result == 0);
        nx_message_clear(&out);
        break;
      }
    }
    if (sent == 5000) nx_worker_end_input(&worker);
    int result = nx_worker_next(&worker, &message);
    if (result == 1) {
      CHECK(message.number[0] == seen && message.size == (size_t)(seen % 1700) * 2);
      nx_message_clear(&message);
      seen++;
    } else {
      CHECK(result == 0);
      if (!progress) wait_for(&waitable);
    }
  }
  CHECK(next(&worker, &message) == -1);
  CHECK(ended == EPIPE);
  nx_worker_close(&worker);
  nx_worker_close(&worker);
  CHECK(nx_worker_next(&worker, &message) == -1 && nx_worker_send(&worker, &message) == -1);
}

static void flood(nx_worker *worker, void *ud)
{
  int *status = ud;
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  if (!sigismember(&mask, SIGTERM) || !sigismember(&mask, SIGPIPE)) return;
  do {
    nx_message message = { .kind = 1, .size = 10, .data = malloc(10) };
    *status = nx_worker_post(worker, &message);
  } while (!*status);
}

static void read_pipe(nx_worker *worker, void *ud)
{
  int *fds = ud;
  char byte;
  fds[1] = (int)nx_worker_read(worker, fds[0], &byte, 1, 1);
}

static void write_pipe(nx_worker *worker, void *ud)
{
  int *fds = ud;
  static char block[1 << 20];
  fds[1] = nx_worker_write(worker, fds[0], block, sizeof block, nx_fd_blocks(fds[0]));
}

/* A thread that waits for room, for a message, for a pipe: close ends it at once. */
static void test_close(void)
{
  for (int i = 0; i < 200; i++) {
    nx_worker worker;
    int status = 0;
    CHECK(nx_worker_start(&worker, loop, &waitable, flood, &status, 2, 100) == 0);
    nx_message message;
    for (int k = 0; k < i % 7; k++) {
      CHECK(next(&worker, &message) == 1);
      nx_message_clear(&message);
    }
    nx_worker_close(&worker);
    CHECK(status == ECANCELED);

    CHECK(nx_worker_start(&worker, loop, &waitable, echo, &status, 2, 100) == 0);
    nx_worker_close(&worker);
    CHECK(status == ECANCELED);

    int fds[2];
    CHECK(pipe(fds) == 0);
    int ud[2] = { fds[0], 1 };
    CHECK(nx_worker_start(&worker, loop, &waitable, read_pipe, ud, 2, 100) == 0);
    if (i % 2) usleep(100);
    nx_worker_close(&worker);
    CHECK(ud[1] == -ECANCELED);
    ud[0] = fds[1], ud[1] = 1;
    CHECK(nx_worker_start(&worker, loop, &waitable, write_pipe, ud, 2, 100) == 0);
    if (i % 2) usleep(100);
    nx_worker_close(&worker);
    CHECK(ud[1] == ECANCELED);
    close(fds[0]);
    CHECK(nx_worker_start(&worker, loop, &waitable, write_pipe, ud, 2, 100) == 0);
    CHECK(next(&worker, &message) == -1);
    CHECK(ud[1] == EPIPE); /* and SIGPIPE has not ended us */
    nx_worker_close(&worker);
    close(fds[1]);
  }
}

int main(void)
{
  test_echo();
  test_close();
  puts("worker: ok");
  return 0;
}
