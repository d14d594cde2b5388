/* The interactive prompt. */
#include "repl.h"

int nx_repl(nxlua *s)
{
  (void)s;
  return 0;
}
