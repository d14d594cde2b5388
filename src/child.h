/* A child from its start to its reaping: streams, exit, stops, its group. No lua.h beyond what loop.h needs. */
#ifndef NX_CHILD_H
#define NX_CHILD_H
#include <signal.h>
#include <sys/resource.h>

#include "capture.h"
#include "guard.h"
#include "loop.h"
#include "spawn.h"

typedef struct nx_children nx_children;
typedef struct nx_child nx_child;

/* One of our ends of the child's streams. */
typedef struct nx_stream {
  nx_source source; /* first: a source is its stream */
  nx_child *child;
  int fd; /* -1: closed */
  nx_capture capture;
} nx_stream;

struct nx_child {
  nx_children *all;
  nx_child *next, *before;
  nx_waitable *waitable; /* NULL: nobody holds it any more; it is freed when it has been reaped */
  nx_source exit;        /* the pidfd */
  pid_t pid, group;      /* group 0: it has none of its own */
  int slot;              /* of the guard's table */
  nx_stream out[2];
  nx_stream in; /* data that is fed; the bytes belong to the holder */
  const char *data;
  size_t ndata;
  int ended;        /* reaped, or lost */
  int lost;         /* someone else reaped it: how it ended is not known */
  int survived;     /* its group has members although it has ended */
  int terminal;     /* we gave our terminal to its group */
  int stopped;      /* by this signal, 0: runs */
  int event;        /* a stop or continue that was not told yet: 1 stopped, 2 continued */
  int code, status; /* si_code, si_status */
  struct rusage usage;
  int64_t started, finished; /* of the loop's clock */
  double started_at;
};

struct nx_children {
  nx_loop *loop;
  nx_child *first;
  int count, terminals; /* alive; of these in front */
  pid_t owner;          /* the process that made it */
  nx_guard guard;
  int guarded;
  struct {
    pid_t group;
    int slot;
  } * left; /* groups that outlived their first process */
  int nleft, left_size;
  void *stack;
};

/* 0 or an errno; `c` is zeroed memory. */
int nx_children_open(nx_children *c, nx_loop *loop);
/* Kills every group, waits for the children, frees all. */
void nx_children_close(nx_children *c);
/* SIGKILL to the groups that outlived their first process. */
void nx_children_kill_left(nx_children *c);

/* A new child that is not started yet; NULL without memory. */
nx_child *nx_child_new(nx_children *c, nx_waitable *w);
/* Starts it as `spawn` says, and watches it: 0, or -1 with `failed` set (the child is to be dropped then). */
int nx_child_start(nx_child *child, nx_spawn *spawn, int own_group, nx_spawned *failed);
/* Watches our end `fd` (nonblocking) of stream 0 or 1; it is the child's from here, also on failure. 0 or an errno. */
int nx_child_capture(nx_child *child, int which, int fd, size_t limit);
int nx_child_feed(nx_child *child, int fd, const char *data, size_t n);
/* Exited, and no captured stream is open. */
int nx_child_done(const nx_child *child);
/* Reads what is there and stops reading: 1 when a stream was still open. */
int nx_child_cut(nx_child *child);
/* To the group, and to the child where it has left it. 0 or an errno; ESRCH: nobody is there. */
int nx_child_signal(nx_child *child, int signum);
int nx_child_group_alive(nx_child *child);
/* Gives the terminal (again) to its group and continues it. */
void nx_child_continue(nx_child *child);
/* The holder lets go: what still runs is killed, and reaped when it has ended. */
void nx_child_drop(nx_child *child);
#endif
