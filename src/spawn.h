/* One child from clone to exec. No lua.h. */
#ifndef NX_SPAWN_H
#define NX_SPAWN_H
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/* What is set up in the child, in this order. */
enum nx_spawn_step {
  NX_STEP_NONE,
  NX_STEP_CLONE,
  NX_STEP_JOIN,
  NX_STEP_GROUP,
  NX_STEP_TERMINAL,
  NX_STEP_DEATH_SIGNAL,
  NX_STEP_LIMITS,
  NX_STEP_DIRECTORY,
  NX_STEP_DESCRIPTORS,
  NX_STEP_EXEC
};
const char *nx_spawn_step_name(int step);

typedef struct nx_limit {
  int resource;
  struct rlimit value;
} nx_limit;

typedef struct nx_spawn {
  char *const *argv; /* argv[0]: the program; looked for in PATH of envp when it has no slash. argv[-1] is room
                        for one pointer more, for a script without #! */
  char *const *envp;
  const char *directory; /* NULL: ours */
  const int *join;       /* namespace descriptors for setns, in order */
  int njoin;
  pid_t group;      /* 0: one of its own, > 0: that one, -1: ours */
  int terminal;     /* descriptor of a terminal whose foreground the child's group becomes, or -1 */
  int death_signal; /* sent to the child when the calling thread ends, or 0 */
  const nx_limit *limits;
  int nlimits;
  int mask;               /* umask, or -1 */
  const int *descriptors; /* descriptors[i] becomes i of the child; -1: closed. At least three */
  int ndescriptors;
  volatile pid_t *record; /* the child writes its group here, before anything can outlive us; or NULL */
  void *stack;            /* NX_SPAWN_STACK bytes, for the child until exec */
} nx_spawn;

#define NX_SPAWN_STACK (64 * 1024)

typedef struct nx_spawned {
  pid_t pid;
  int pidfd;  /* close-on-exec */
  int step;   /* when it failed: in which step */
  int errnum; /* and why */
} nx_spawned;

/* Starts a child: 0, or -1 with step and errnum set and nothing left behind. All signals are blocked meanwhile; the
   child gets default dispositions, an empty mask and only the named descriptors. */
int nx_spawn_start(const nx_spawn *spawn, nx_spawned *child);
#endif
