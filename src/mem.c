/* The switch that tests use to make allocations fail. */
#include "mem.h"

#ifdef NXLUA_TEST_HOOKS
atomic_long nx_mem_countdown = -1;
atomic_int nx_mem_once;

int nx_mem_refused(void)
{
  if (atomic_load_explicit(&nx_mem_countdown, memory_order_relaxed) < 0) return 0;
  long left = atomic_fetch_sub(&nx_mem_countdown, 1);
  if (left > 1) return 0;
  atomic_store(&nx_mem_countdown, atomic_load(&nx_mem_once) ? -1 : 0);
  return 1;
}
#else
typedef int nx_mem_is_not_empty; /* ISO C wants something in a file */
#endif
