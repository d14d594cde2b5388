/* One child from clone to exec.
 *
 * The child borrows our memory until it execs (CLONE_VM | CLONE_VFORK), so what it does is plain system calls; it tells
 * a failed step through a close-on-exec pipe, since emulators turn the clone into a fork that shares nothing. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#define KERNEL_SIGSET 8 /* bytes of the kernel's sigset_t */
/* The child never returns, so that a sanitizer would take the marks of its frames for those of the next one. */
#define IN_CHILD __attribute__((no_sanitize("address", "undefined", "thread")))

#ifdef __SANITIZE_THREAD__
/* Its interceptor of clone takes every child for a fork, and marks the memory that this one shares with us. */
int __clone(int (*fn)(void *), void *stack, int flags, void *arg, ...);
#define clone __clone
#endif

struct plan {
  const nx_spawn *spawn;
  int report; /* write end */
  pid_t parent;
  volatile int shared; /* the child has set it: its memory is ours */
};

struct report {
  int step, errnum;
};

const char *nx_spawn_step_name(int step)
{
  static const char *const names[] = { "none",         "clone",  "join",  "group",       "terminal",
                                       "death_signal", "limits", "chdir", "descriptors", "exec" };
  return names[step];
}

/* In the child the calls go past libc's names: a sanitizer would note them down as our own, which goes on meanwhile. */
IN_CHILD static void fail(const struct plan *plan, int step)
{
  struct report report = { step, errno };
  syscall(SYS_write, plan->report, &report, sizeof report);
  _exit(127);
}

IN_CHILD static int move_above(int fd, int n)
{
  return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, n);
}

/* Moves what stands in the way of the targets above them, then puts every descriptor in its place. */
IN_CHILD static void place_descriptors(struct plan *plan)
{
  const nx_spawn *s = plan->spawn;
  int n = s->ndescriptors, moved[16];
  if (n > (int)(sizeof moved / sizeof *moved)) {
    errno = EINVAL;
    fail(plan, NX_STEP_DESCRIPTORS);
  }
  if (plan->report < n && (plan->report = move_above(plan->report, n)) < 0) _exit(127);
  for (int i = 0; i < n; i++) {
    moved[i] = s->descriptors[i];
    if (moved[i] >= 0 && moved[i] < n && moved[i] != i && (moved[i] = move_above(moved[i], n)) < 0)
      fail(plan, NX_STEP_DESCRIPTORS);
  }
  for (int i = 0; i < n; i++) {
    if (moved[i] < 0) syscall(SYS_close, i);
    else if (moved[i] == i ? syscall(SYS_fcntl, i, F_SETFD, 0) < 0 : syscall(SYS_dup3, moved[i], i, 0) < 0)
      fail(plan, NX_STEP_DESCRIPTORS);
  }
  if (syscall(SYS_close_range, n, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0) return;
  /* before Linux 5.11: close, all but the report */
  if (syscall(SYS_close_range, n, plan->report - 1, 0) == 0 || plan->report == n) {
    if (syscall(SYS_close_range, plan->report + 1, UINT_MAX, 0) == 0) return;
  }
  struct rlimit limit;
  long top = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (long)limit.rlim_cur : 65536;
  for (int fd = n; fd < top; fd++)
    if (fd != plan->report) syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
}

/* Handlers would run in our memory: everything becomes default while all is still blocked, then nothing is blocked. */
IN_CHILD static void reset_signals(void)
{
  const long action[8] = { 0 }; /* the kernel's struct: SIG_DFL, no flags */
  for (int signum = 1; signum < NSIG; signum++)
    if (signum != SIGKILL && signum != SIGSTOP) syscall(SYS_rt_sigaction, signum, action, NULL, KERNEL_SIGSET);
  uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, KERNEL_SIGSET);
}

IN_CHILD static const char *find_path(char *const *envp)
{
  for (; *envp; envp++)
    if (strncmp(*envp, "PATH=", 5) == 0) return *envp + 5;
  return "/usr/local/bin:/bin:/usr/bin";
}

IN_CHILD static void try_exec(const nx_spawn *s, const char *path)
{
  execve(path, s->argv, s->envp);
  if (errno != ENOEXEC) return;
  /* a script without #!: the shell reads it, as execvp would have it */
  char **shell = (char **)s->argv - 1, *name = s->argv[0];
  shell[0] = (char *)"/bin/sh";
  shell[1] = (char *)path;
  execve(shell[0], shell, s->envp);
  shell[1] = name;
  errno = ENOEXEC;
}

IN_CHILD static void execute(const nx_spawn *s)
{
  const char *name = s->argv[0];
  if (strchr(name, '/')) {
    try_exec(s, name);
    return;
  }
  size_t length = strlen(name);
  if (length == 0 || length > NAME_MAX) {
    errno = length ? ENAMETOOLONG : ENOENT;
    return;
  }
  char candidate[PATH_MAX];
  int refused = 0;
  for (const char *p = find_path(s->envp), *end;; p = end + 1) {
    end = strchr(p, ':');
    if (!end) end = p + strlen(p);
    size_t n = (size_t)(end - p);
    if (n + 1 + length < sizeof candidate) {
      memcpy(candidate, p, n);
      if (n) candidate[n++] = '/';
      memcpy(candidate + n, name, length + 1);
      try_exec(s, candidate);
      if (errno == EACCES) refused = 1;
      else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT) return;
    }
    if (!*end) break;
  }
  errno = refused ? EACCES : ENOENT;
}

IN_CHILD static int child(void *ud)
{
  struct plan *plan = ud;
  const nx_spawn *s = plan->spawn;
  plan->shared = 1;
  for (int i = 0; i < s->njoin; i++)
    if (setns(s->join[i], 0) < 0) fail(plan, NX_STEP_JOIN);
  if (s->group >= 0 && setpgid(0, s->group) < 0) fail(plan, NX_STEP_GROUP);
  if (s->record) *s->record = s->group > 0 ? s->group : (pid_t)syscall(SYS_getpid);
  if (s->terminal >= 0 && tcsetpgrp(s->terminal, getpgrp()) < 0) fail(plan, NX_STEP_TERMINAL);
  if (s->death_signal) {
    if (prctl(PR_SET_PDEATHSIG, s->death_signal) < 0) fail(plan, NX_STEP_DEATH_SIGNAL);
    if (getppid() != plan->parent) _exit(127); /* we are gone already; a joined pid namespace is not offered */
  }
  for (int i = 0; i < s->nlimits; i++)
    if (setrlimit((__rlimit_resource_t)s->limits[i].resource, &s->limits[i].value) < 0) fail(plan, NX_STEP_LIMITS);
  if (s->mask >= 0) umask((mode_t)s->mask);
  if (s->directory && chdir(s->directory) < 0) fail(plan, NX_STEP_DIRECTORY);
  place_descriptors(plan);
  reset_signals();
  execute(s);
  fail(plan, NX_STEP_EXEC);
  return 127;
}

/* Reads the report: 1 when there is one, 0 when the child has come to exec. Where the memory is shared we went on only
   after that, so that silence says it; waiting for the end of the pipe, which exec closes later, would cost a switch.
 */
static int read_report(int fd, int shared, struct report *report)
{
  for (;;) {
    ssize_t n = read(fd, report, sizeof *report);
    if (n >= 0) return n == (ssize_t)sizeof *report;
    if (errno == EAGAIN && shared) return 0;
    struct pollfd end = { .fd = fd, .events = POLLIN };
    if (errno == EAGAIN) poll(&end, 1, -1);
    else if (errno != EINTR) return 0;
  }
}

int nx_spawn_start(const nx_spawn *spawn, nx_spawned *result)
{
  int ends[2], status, pidfd = -1;
  *result = (nx_spawned){ .pid = -1, .pidfd = -1, .step = NX_STEP_CLONE };
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
    result->errnum = errno;
    return -1;
  }
  struct plan plan = { .spawn = spawn, .report = ends[1], .parent = getpid() };
  uint64_t all = UINT64_MAX, before;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, KERNEL_SIGSET);
  char *top = (char *)spawn->stack + NX_SPAWN_STACK;
  const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
  pid_t pid = clone(child, top, flags | CLONE_PIDFD, &plan, &pidfd, NULL, NULL);
  if (pid < 0 && errno == EINVAL) pid = clone(child, top, flags, &plan); /* before Linux 5.2, and in emulators */
  int failed = pid < 0 ? errno : 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, KERNEL_SIGSET);
  close(ends[1]);
  struct report report;
  int reported = !failed && read_report(ends[0], plan.shared, &report);
  close(ends[0]);
  if (failed) {
    result->errnum = failed;
    return -1;
  }
  if (!reported && pidfd < 0) {
    pidfd = (int)syscall(SYS_pidfd_open, pid, 0); /* close-on-exec by itself; it is ours and not reaped */
    if (pidfd < 0) {
      report = (struct report){ NX_STEP_CLONE, errno };
      reported = 1;
      kill(pid, SIGKILL);
    }
  }
  if (reported) {
    if (pidfd >= 0) close(pidfd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    result->step = report.step;
    result->errnum = report.errnum;
    return -1;
  }
  result->step = NX_STEP_NONE;
  result->pid = pid;
  result->pidfd = pidfd;
  return 0;
}
