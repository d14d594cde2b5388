/* Signals that interrupt a state, for a program that has no handlers of its own (options.signals). */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "state.h"

static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
enum { TAKEN = sizeof taken / sizeof *taken };

static _Atomic(nxlua *) owner;
static struct sigaction before[TAKEN];

/* The first interrupts; one that finds the former still unanswered after a second ends the process. */
static void handler(int signal)
{
  nxlua *s = atomic_load(&owner);
  if (!s) return;
  if (nx_loop_interrupted(s->loop)) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now = t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
    if (now - atomic_load(&s->interrupted_at) > INT64_C(1000000000)) {
      struct sigaction plain = { .sa_handler = SIG_DFL };
      sigaction(signal, &plain, NULL);
      raise(signal); /* blocked until the handler returns */
      return;
    }
  }
  nx_stop_interrupt(s, signal);
}

int nx_signals_take(nxlua *s)
{
  nxlua *nobody = NULL;
  if (!atomic_compare_exchange_strong(&owner, &nobody, s)) return -1;
  struct sigaction ours = { .sa_handler = handler }; /* no SA_RESTART: a read of the terminal ends too */
  sigemptyset(&ours.sa_mask);
  for (int i = 0; i < TAKEN; i++) {
    sigaction(taken[i], NULL, &before[i]);
    if (before[i].sa_handler != SIG_IGN) sigaction(taken[i], &ours, NULL); /* nohup, and jobs of a shell script */
  }
  return 0;
}

void nx_signals_release(nxlua *s)
{
  if (atomic_load(&owner) != s) return;
  for (int i = 0; i < TAKEN; i++)
    if (before[i].sa_handler != SIG_IGN) sigaction(taken[i], &before[i], NULL);
  atomic_store(&owner, NULL);
}
