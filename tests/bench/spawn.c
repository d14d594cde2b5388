/* The yardstick for spawn.lua: N children that do nothing, K at a time, both pipes captured, on posix_spawn and epoll.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct child {
  pid_t pid;
  int fd[3]; /* stdout, stderr, pidfd */
  int open;
  char *output[2];
  size_t length[2];
};

static void die(const char *what)
{
  perror(what);
  exit(1);
}

static void start(struct child *c, int epoll, char **argv)
{
  int out[2], err[2];
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0) die("pipe");
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  if (posix_spawnp(&c->pid, argv[0], &actions, &attributes, argv, environ) != 0) die("posix_spawn");
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(out[1]);
  close(err[1]);
  c->fd[0] = out[0];
  c->fd[1] = err[0];
  c->fd[2] = (int)syscall(SYS_pidfd_open, c->pid, 0);
  c->open = 3;
  c->length[0] = c->length[1] = 0;
  for (int i = 0; i < 3; i++) {
    if (i < 2) fcntl(c->fd[i], F_SETFL, O_NONBLOCK);
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = (uint64_t)(uintptr_t)c | (unsigned)i };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd[i], &e) < 0) die("epoll_ctl");
  }
}

/* 1 when the child has ended and both pipes are at their end */
static int happened(struct child *c, int epoll, int which)
{
  if (which < 2) {
    char buffer[65536];
    ssize_t n = read(c->fd[which], buffer, sizeof buffer);
    if (n > 0) {
      c->output[which] = realloc(c->output[which], c->length[which] + (size_t)n);
      memcpy(c->output[which] + c->length[which], buffer, (size_t)n);
      c->length[which] += (size_t)n;
      return 0;
    }
    if (n < 0) return 0;
  } else {
    siginfo_t info;
    struct rusage usage;
    if (syscall(SYS_waitid, P_PID, c->pid, &info, WEXITED, &usage) < 0) die("waitid");
  }
  epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd[which], NULL); /* a sibling before its exec still holds a copy */
  close(c->fd[which]);
  return --c->open == 0;
}

int main(int argc, char **argv)
{
  if (argc < 4) return 2;
  int count = atoi(argv[1]), slots = atoi(argv[2]), started = 0, ended = 0;
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct child *children = calloc((size_t)slots, sizeof *children);
  for (int i = 0; i < slots && started < count; i++, started++) start(&children[i], epoll, argv + 3);
  while (ended < count) {
    struct epoll_event events[64];
    int n = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < n; i++) {
      struct child *c = (struct child *)(uintptr_t)(events[i].data.u64 & ~(uint64_t)7);
      if (!happened(c, epoll, (int)(events[i].data.u64 & 7))) continue;
      ended++;
      if (started++ < count) start(c, epoll, argv + 3);
    }
  }
  return 0;
}
