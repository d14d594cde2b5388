/* argv and envp out of Lua tables. */
#ifndef NX_VECTORS_H
#define NX_VECTORS_H
#include <lua.h>
#include <stddef.h>

/* Room that is used again for every child; belongs to the state's children. */
typedef struct nx_vectors {
  char **argv, **envp;         /* argv has one place in front */
  char *bytes;                 /* NAME=value of what is added for one child */
  size_t nargv, nenvp, nbytes; /* sizes */
} nx_vectors;

/* argv out of the array part of the table at `index`, whose strings it points to. Raises usage. */
char *const *nx_vectors_argv(lua_State *L, nx_vectors *v, int index);

/* The environment of a child: `base` (an environment block of nx_env_block, or nothing: ours; with `clear` nothing at
   all), then the table at `add` over it (absent: nothing is changed; NAME = false removes). Indices 0: absent. */
char *const *nx_vectors_envp(lua_State *L, nx_vectors *v, int base, int clear, int add);

/* env(table [, clear]) -> block: an environment made once, for many children */
int nx_env_block(lua_State *L);

void nx_vectors_free(nx_vectors *v);
#endif
