/* Two system calls that may raise a signal in us: held back in this thread, so that no disposition is changed. */
#include "quiet.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* Makes `group` the foreground of our terminal. SIGTTOU, which stops a background process that does so, is held back
   in this thread meanwhile. */
void nx_set_foreground(pid_t group)
{
  sigset_t ttou, before;
  int saved = errno;
  sigemptyset(&ttou);
  sigaddset(&ttou, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &ttou, &before);
  tcsetpgrp(STDIN_FILENO, group);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = saved;
}

/* write, but a reader that has gone away is EPIPE and no signal: the host's disposition is not ours to change */
ssize_t nx_write_quietly(int fd, const void *bytes, size_t n)
{
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ssize_t written;
  do written = write(fd, bytes, n);
  while (written < 0 && errno == EINTR);
  int saved = errno;
  if (written < 0 && saved == EPIPE && !sigismember(&pending, SIGPIPE)) {
    const struct timespec none = { 0 };
    while (sigtimedwait(&pipe_signal, NULL, &none) < 0 && errno == EINTR) continue;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = saved;
  return written;
}
