/* A state of the embedding interface, as its own rooms see it: nxlua.c (runs), stop.c (interrupts, os.exit),
   streams.c (what scripts print), signals.c. */
#ifndef NX_STATE_H
#define NX_STATE_H
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "loop.h"
#include "nxlua.h"

struct nxlua {
  lua_State *L;
  nxlua_options options;
  FILE *out, *err; /* streams into options.write; NULL: the descriptors of the process */
  atomic_int entered;
  int refused;               /* the last call was turned away, since the state was running */
  void (*leave)(int status); /* os.exit ends the process through it: set by main.c */
  int results;
  int exit_code;
  int exit_asked; /* os.exit was called, with: */
  int exit_status;
  nxlua_error error; /* texts of its own, freed by clear_error */
  char *error_text;
  char memory_where[LUA_IDSIZE + 16]; /* the user's line that asked for the memory that was not there */

  /* interrupts, see stop.c */
  pthread_t owner;
  int fences;
  nx_loop *loop;
  _Atomic int64_t interrupted_at; /* when the first interrupt came that nobody has answered */
  atomic_int walking;
  _Atomic(lua_State *) current; /* the coroutine that runs now */
};

/* What to run; one of path, text, command is given. */
typedef struct nx_script {
  const char *path; /* "-": standard input */
  const char *text, *name;
  const char *command; /* a carried script */
  int argc;
  const char *const *argv;
  const char *const *all;  /* the whole command line, for `arg`; NULL: path and argv */
  int all_count, all_zero; /* and which of it is arg[0] */
  int begin;               /* until its first wait; nxlua_step goes on */
  int keep_arg;            /* leave `arg` as it is */
} nx_script;

/* Runs a script: 0, or -1 with the error set. */
int nx_state_run(nxlua *s, const nx_script *script);

/* The state that L belongs to; only in states made by nxlua_new. */
static inline nxlua *nx_state(lua_State *L)
{
  return *(nxlua **)lua_getextraspace(L);
}

/* stop.c */
void nx_stop_open(nxlua *s);                  /* protected */
void nx_stop_interrupt(nxlua *s, int signum); /* nxlua_interrupt by a signal; 0: none */
void *nx_stop_allocate(void *ud, void *block, size_t old, size_t n);
int nx_is_exit(lua_State *L, int index); /* is this raised value the way out of os.exit? */

/* streams.c */
int nx_streams_init(nxlua *s);  /* 0 or an errno */
void nx_streams_open(nxlua *s); /* protected */
int nx_streams_flush(nxlua *s); /* 0 or the errno of what was lost */
void nx_streams_free(nxlua *s);

/* signals.c: 0 or -1 when another state of the process has them */
int nx_signals_take(nxlua *s);
void nx_signals_release(nxlua *s);
#endif
