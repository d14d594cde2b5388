/* A child from its start to its reaping. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "group.h"
#include "mem.h"
#include "quiet.h"

#define TICK       ((int64_t)250 * 1000000) /* how often stopped children are looked for: a pidfd does not tell */
#define TICK_FRONT ((int64_t)50 * 1000000)  /* while one has the terminal */
#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#define READS 16 /* of one stream, before others have their turn */

/* ---- the terminal ---- */

static void tick(void *ud);

static void set_tick(nx_children *c)
{
  if (c->count == 0) nx_loop_tick(c->loop, NULL, NULL, 0);
  else nx_loop_tick(c->loop, tick, c, c->terminals ? TICK_FRONT : TICK);
}

static void take_terminal(nx_child *child)
{
  if (!child->terminal) return;
  nx_set_foreground(getpgrp());
}

/* ---- groups that outlive their first process ---- */

static void forget_left(nx_children *c)
{
  for (int i = 0; i < c->nleft;) {
    if (kill(-c->left[i].group, 0) == 0 || errno != ESRCH) {
      i++;
      continue;
    }
    nx_guard_give(&c->guard, c->left[i].slot);
    c->left[i] = c->left[--c->nleft];
  }
}

/* The child has been reaped: is anyone left in its group? The number is not given out again while there is. */
static void leave_group(nx_child *child)
{
  nx_children *c = child->all;
  if (c->nleft) forget_left(c);
  if (child->group && kill(-child->group, 0) == 0) {
    child->survived = 1;
    if (c->nleft == c->left_size) {
      int size = c->left_size ? c->left_size * 2 : 8;
      void *left = nx_realloc(c->left, (size_t)size * sizeof *c->left);
      if (left) {
        c->left = left;
        c->left_size = size;
      }
    }
    if (c->nleft < c->left_size) {
      c->left[c->nleft].group = child->group;
      c->left[c->nleft++].slot = child->slot;
      child->slot = -1;
      return;
    }
  }
  nx_guard_give(&c->guard, child->slot);
  child->slot = -1;
}

void nx_children_kill_left(nx_children *c)
{
  forget_left(c);
  for (int i = 0; i < c->nleft; i++) kill(-c->left[i].group, SIGKILL);
}

/* ---- streams ---- */

static void close_stream(nx_stream *stream)
{
  nx_loop_unwatch(&stream->source);
  if (stream->fd >= 0) close(stream->fd);
  stream->fd = -1;
}

int nx_child_done(const nx_child *child)
{
  return child->ended && child->out[0].fd < 0 && child->out[1].fd < 0;
}

static void tell(nx_child *child)
{
  if (child->waitable) nx_waitable_signal(child->waitable);
}

/* Reads until there is nothing, for a while; closes at the end. */
static void drain(nx_stream *stream, int reads)
{
  while (stream->fd >= 0 && reads-- > 0) {
    ssize_t n = nx_capture_read(&stream->capture, stream->fd);
    if (n > 0) continue;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n < 0) stream->capture.failed = errno;
    close_stream(stream);
  }
}

static void out_ready(nx_source *source, uint32_t events)
{
  nx_stream *stream = (nx_stream *)source;
  drain(stream, events & EPOLLHUP ? READS : 1);
  if (stream->fd < 0 && nx_child_done(stream->child)) tell(stream->child);
}

int nx_child_capture(nx_child *child, int which, int fd, size_t limit)
{
  nx_stream *stream = &child->out[which];
  nx_capture_open(&stream->capture, limit);
  stream->fd = fd;
  stream->source.ready = out_ready;
  return nx_loop_watch(child->all->loop, &stream->source, fd, EPOLLIN);
}

static void in_ready(nx_source *source, uint32_t events)
{
  nx_stream *stream = (nx_stream *)source;
  nx_child *child = stream->child;
  (void)events;
  ssize_t n = nx_write_quietly(stream->fd, child->data, child->ndata);
  if (n >= 0) {
    child->data += n;
    child->ndata -= (size_t)n;
    if (child->ndata) return;
  } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
    return;
  }
  close_stream(stream); /* all is written, or it does not want to read: that is its business */
  child->data = NULL;
}

int nx_child_feed(nx_child *child, int fd, const char *data, size_t n)
{
  nx_stream *stream = &child->in;
  stream->fd = fd;
  stream->source.ready = in_ready;
  child->data = data;
  child->ndata = n;
  return nx_loop_watch(child->all->loop, &stream->source, fd, EPOLLOUT);
}

int nx_child_cut(nx_child *child)
{
  int open = 0;
  for (int i = 0; i < 2; i++) {
    nx_stream *stream = &child->out[i];
    if (stream->fd < 0) continue;
    drain(stream, READS * 64);
    if (stream->fd < 0) continue;
    open = 1;
    close_stream(stream);
  }
  close_stream(&child->in);
  return open;
}

/* ---- the end ---- */

static void unlink_child(nx_child *child)
{
  nx_children *c = child->all;
  if (child->before) child->before->next = child->next;
  else if (c->first == child) c->first = child->next;
  if (child->next) child->next->before = child->before;
  child->next = child->before = NULL;
}

static void free_child(nx_child *child)
{
  for (int i = 0; i < 2; i++) {
    close_stream(&child->out[i]);
    nx_capture_close(&child->out[i].capture);
  }
  close_stream(&child->in);
  if (child->exit.loop) nx_loop_unwatch(&child->exit);
  if (child->exit.fd >= 0) close(child->exit.fd);
  unlink_child(child);
  nx_free(child);
}

/* How a process ended that someone else has reaped (SIGCHLD is ignored here, or it is waited for by a host): since
   Linux 6.15 its pidfd still knows. 0, or -1. */
static int ask_pidfd(nx_child *child)
{
  struct {
    uint64_t mask, cgroup;
    uint32_t ids[11];
    int32_t exit_code;
  } info = { .mask = 1 << 3 };
  if (ioctl(child->exit.fd, _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, sizeof info), &info) < 0) return -1;
  if (!(info.mask & 1 << 3)) return -1;
  child->code = WIFEXITED(info.exit_code) ? CLD_EXITED : CLD_KILLED;
  child->status = WIFEXITED(info.exit_code) ? WEXITSTATUS(info.exit_code) : WTERMSIG(info.exit_code);
  return 0;
}

/* 1 when it has ended and was reaped now. */
static int reap(nx_child *child, int flags)
{
  siginfo_t info;
  long r;
  info.si_pid = 0;
  do r = syscall(SYS_waitid, P_PIDFD, child->exit.fd, &info, WEXITED | flags, &child->usage);
  while (r < 0 && errno == EINTR);
  if (r == 0 && info.si_pid == 0) return 0;
  if (r < 0) {
    child->lost = ask_pidfd(child) < 0;
  } else {
    child->code = info.si_code;
    child->status = info.si_status;
  }
  child->ended = 1;
  nx_children *c = child->all;
  child->finished = nx_loop_now(c->loop);
  nx_loop_unwatch(&child->exit);
  close(child->exit.fd);
  child->exit.fd = -1;
  take_terminal(child);
  c->count--;
  if (child->terminal) c->terminals--;
  set_tick(c);
  leave_group(child);
  return 1;
}

static void exit_ready(nx_source *source, uint32_t events)
{
  nx_child *child = (nx_child *)((char *)source - offsetof(nx_child, exit));
  (void)events;
  if (!reap(child, WNOHANG)) return;
  if (!child->waitable) {
    free_child(child);
    return;
  }
  /* its last output came before its end: with it read now, most children are done in one turn */
  for (int i = 0; i < 2; i++) drain(&child->out[i], READS);
  tell(child);
}

/* Stops and continues, which no descriptor tells. */
static void tick(void *ud)
{
  nx_children *c = ud;
  set_tick(c);
  for (nx_child *child = c->first; child; child = child->next) {
    if (child->ended || !child->pid) continue;
    siginfo_t info;
    info.si_pid = 0;
    if (syscall(SYS_waitid, P_PIDFD, child->exit.fd, &info, WSTOPPED | WCONTINUED | WNOHANG, NULL) < 0 || !info.si_pid)
      continue;
    if (info.si_code == CLD_STOPPED) {
      child->stopped = info.si_status;
      child->event = 1;
      take_terminal(child);
    } else if (info.si_code == CLD_CONTINUED) {
      child->stopped = 0;
      child->event = 2;
    }
    tell(child);
  }
}

void nx_child_continue(nx_child *child)
{
  if (child->ended) return;
  int wants = child->stopped == SIGTTIN || child->stopped == SIGTTOU;
  if (wants && !child->terminal && child->group && tcgetpgrp(STDIN_FILENO) == getpgrp()) {
    child->terminal = 1; /* started in the background, which we have left since */
    child->all->terminals++;
    set_tick(child->all);
  }
  if (child->terminal) nx_set_foreground(child->group);
  nx_child_signal(child, SIGCONT);
}

int nx_child_signal(nx_child *child, int signum)
{
  if (!child->pid) return ESRCH;
  if (child->ended) {
    if (!child->survived) return ESRCH;
    return kill(-child->group, signum) < 0 ? errno : 0;
  }
  int failed = ESRCH;
  if (child->group && kill(-child->group, signum) == 0) failed = 0;
  else if (child->group && errno != ESRCH) failed = errno;
  /* it may have gone into a group or session of its own */
  if (!child->group || getpgid(child->pid) != child->group)
    failed = syscall(SYS_pidfd_send_signal, child->exit.fd, signum, NULL, 0) < 0 ? errno : 0;
  return failed;
}

int nx_child_group_alive(nx_child *child)
{
  if (!child->ended) return child->pid != 0;
  if (child->survived && !nx_group_lives(child->group)) child->survived = 0;
  return child->survived;
}

/* ---- the start ---- */

nx_child *nx_child_new(nx_children *c, nx_waitable *w)
{
  nx_child *child = nx_calloc(1, sizeof *child);
  if (!child) return NULL;
  child->all = c;
  child->waitable = w;
  child->slot = -1;
  child->exit.fd = -1;
  child->in.fd = child->out[0].fd = child->out[1].fd = -1;
  child->in.child = child->out[0].child = child->out[1].child = child;
  child->next = c->first;
  if (c->first) c->first->before = child;
  c->first = child;
  return child;
}

int nx_child_start(nx_child *child, nx_spawn *spawn, int own_group, nx_spawned *result)
{
  nx_children *c = child->all;
  if (!c->guarded) {
    nx_guard_open(&c->guard);
    c->guarded = 1;
  }
  spawn->stack = c->stack;
  if (own_group) {
    child->slot = nx_guard_take(&c->guard);
    spawn->record = child->slot >= 0 ? &c->guard.table[child->slot] : NULL;
    /* the death signal goes off when the thread that made the child ends: only the main thread lasts as we do */
    if (syscall(SYS_gettid) == c->owner) spawn->death_signal = SIGKILL;
  }
  child->started_at = nx_loop_time(c->loop);
  child->started = nx_loop_now(c->loop);
  if (nx_spawn_start(spawn, result) < 0) {
    if (spawn->terminal >= 0) nx_set_foreground(getpgrp()); /* it may have come as far as that */
    nx_guard_give(&c->guard, child->slot);
    child->slot = -1;
    return -1;
  }
  child->pid = result->pid;
  child->group = own_group ? result->pid : 0;
  child->terminal = spawn->terminal >= 0;
  child->exit.ready = exit_ready;
  c->count++;
  if (child->terminal) c->terminals++;
  if (c->count == 1 || child->terminal) set_tick(c);
  int failed = nx_loop_watch(c->loop, &child->exit, result->pidfd, EPOLLIN);
  if (!failed) return 0;
  child->exit.fd = result->pidfd;
  nx_child_signal(child, SIGKILL);
  reap(child, 0);
  result->step = NX_STEP_CLONE;
  result->errnum = failed;
  return -1;
}

void nx_child_drop(nx_child *child)
{
  child->waitable = NULL;
  if (!child->pid || child->ended) {
    free_child(child);
    return;
  }
  nx_child_cut(child);
  nx_child_signal(child, SIGKILL);
  if (reap(child, WNOHANG)) free_child(child);
}

int nx_children_open(nx_children *c, nx_loop *loop)
{
  c->loop = loop;
  c->owner = (pid_t)syscall(SYS_getpid);
  c->guard.free_slot = c->guard.pipe = -1;
  c->stack = mmap(NULL, NX_SPAWN_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (c->stack != MAP_FAILED) return 0;
  c->stack = NULL;
  return errno;
}

void nx_children_close(nx_children *c)
{
  int forked = (pid_t)syscall(SYS_getpid) != c->owner;
  if (!c->stack) return;
  for (nx_child *child = c->first; child && !forked; child = child->next)
    if (child->pid && !child->ended) nx_child_signal(child, SIGKILL);
  while (c->first) {
    nx_child *child = c->first;
    if (child->pid && !child->ended && !forked) {
      struct pollfd end = { .fd = child->exit.fd, .events = POLLIN };
      if (poll(&end, 1, 2000) == 1) reap(child, WNOHANG); /* not longer: it may hang in the kernel */
    }
    free_child(child);
  }
  if (!forked) nx_children_kill_left(c);
  nx_guard_close(&c->guard, forked);
  nx_free(c->left);
  c->left = NULL;
  c->nleft = c->left_size = 0;
  munmap(c->stack, NX_SPAWN_STACK);
  c->stack = NULL;
  nx_loop_tick(c->loop, NULL, NULL, 0);
}
