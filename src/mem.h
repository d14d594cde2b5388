/* Our own C allocations all come through here, so that a test can make the n-th of them fail.
 *
 * In a build with NXLUA_TEST_HOOKS, `nx_mem_countdown` counts down with each allocation once it is positive, and the
 * one that reaches 0 fails, as do all that follow until it is set again (below 0: never), or with `nx_mem_once` none
 * of them. Any thread. Lua's own allocations of a state made by nxlua_new come through here too. */
#ifndef NX_MEM_H
#define NX_MEM_H
#include <stdlib.h>
#include <string.h>

#ifdef NXLUA_TEST_HOOKS
#include <stdatomic.h>
extern atomic_long nx_mem_countdown;
extern atomic_int nx_mem_once;
int nx_mem_refused(void);
#else
#define nx_mem_refused() 0
#endif

static inline void *nx_malloc(size_t n)
{
  return nx_mem_refused() ? NULL : malloc(n);
}

static inline void *nx_calloc(size_t count, size_t n)
{
  return nx_mem_refused() ? NULL : calloc(count, n);
}

static inline void *nx_realloc(void *block, size_t n)
{
  return nx_mem_refused() ? NULL : realloc(block, n);
}

static inline char *nx_strdup(const char *text)
{
  return nx_mem_refused() ? NULL : strdup(text);
}

static inline void nx_free(void *block)
{
  free(block);
}
#endif
