/* Stands in for src/err.c, which needs Lua. */
#include "err.h"

const char *nx_error_kind(int errnum)
{
  return errnum ? "io" : "internal";
}
