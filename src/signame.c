/* Names of signals. */
#include "signame.h"

#include <signal.h>
#include <string.h>

int nx_signal_number(const char *name)
{
  if (strncmp(name, "SIG", 3) == 0) name += 3;
  for (int signum = 1; signum < NSIG; signum++) {
    const char *known = sigabbrev_np(signum);
    if (known && strcmp(known, name) == 0) return signum;
  }
  return 0;
}

void nx_push_signal_name(lua_State *L, int signum)
{
  const char *known = sigabbrev_np(signum);
  if (known) lua_pushfstring(L, "SIG%s", known);
  else if (signum >= SIGRTMIN) lua_pushfstring(L, "SIGRTMIN+%d", signum - SIGRTMIN);
  else lua_pushfstring(L, "SIG%d", signum);
}
