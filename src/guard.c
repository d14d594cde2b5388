/* A small process that kills the groups we have started when we are gone.
 *
 * It shares a table of groups with us, so that a child costs no message: the child writes its group there before it
 * execs, we clear it after the group has ended. It holds the read end of a pipe that breaks when we die. It is made
 * without an exit signal: a host that waits for any child never sees it. */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TABLE_BYTES (NX_GUARD_SLOTS * sizeof(pid_t))
#define NEXT_BYTES  (NX_GUARD_SLOTS * sizeof(int))

/* In the copied process, whose other threads and locks are gone: bare system calls only (a sanitizer puts locks into
   the C library's). */
static void watch(const nx_guard *g, int line)
{
  char byte;
  syscall(SYS_setsid); /* signals of the terminal and to our group are not for it */
  syscall(SYS_prctl, PR_SET_NAME, "nxlua-guard", 0, 0, 0);
  if (syscall(SYS_chdir, "/") < 0 || syscall(SYS_dup3, line, 0, 0) < 0) syscall(SYS_exit_group, 1);
  if (syscall(SYS_close_range, 1, UINT_MAX, 0) < 0)
    for (int fd = 1; fd < 65536; fd++) syscall(SYS_close, fd);
  long n;
  do n = syscall(SYS_read, 0, &byte, 1);
  while (n > 0 || (n < 0 && errno == EINTR));
  for (int i = 0; i < NX_GUARD_SLOTS; i++)
    if (g->table[i] > 1) syscall(SYS_kill, -g->table[i], SIGKILL);
  syscall(SYS_exit_group, 0);
}

void nx_guard_open(nx_guard *g)
{
  *g = (nx_guard){ .free_slot = -1, .pipe = -1 };
  void *shared = mmap(NULL, TABLE_BYTES + NEXT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) {
    munmap(shared, TABLE_BYTES + NEXT_BYTES);
    return;
  }
  g->table = shared;
  g->next = (int *)((char *)shared + TABLE_BYTES);
  uint64_t all = UINT64_MAX, before;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
  long pid = syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
  if (pid == 0) watch(g, ends[0]);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
  close(ends[0]);
  if (pid < 0) {
    close(ends[1]);
    munmap(shared, TABLE_BYTES + NEXT_BYTES);
    g->table = NULL;
    return;
  }
  g->pid = (pid_t)pid;
  g->pipe = ends[1];
}

int nx_guard_take(nx_guard *g)
{
  int slot = g->free_slot;
  if (slot >= 0) g->free_slot = g->next[slot];
  else if (g->table && g->used < NX_GUARD_SLOTS) slot = g->used++;
  return slot;
}

void nx_guard_give(nx_guard *g, int slot)
{
  if (slot < 0) return;
  g->table[slot] = 0;
  g->next[slot] = g->free_slot;
  g->free_slot = slot;
}

void nx_guard_close(nx_guard *g, int forked)
{
  if (g->pipe >= 0) close(g->pipe);
  if (g->pid > 0 && !forked)
    while (waitpid(g->pid, NULL, __WALL) < 0 && errno == EINTR) continue;
  if (g->table) munmap(g->table, TABLE_BYTES + NEXT_BYTES);
  *g = (nx_guard){ .free_slot = -1, .pipe = -1 };
}
