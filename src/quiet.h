/* Two system calls that may raise a signal in us: held back in this thread, so that no disposition is changed. */
#ifndef NX_QUIET_H
#define NX_QUIET_H
#include <sys/types.h>

/* Makes `group` the foreground of the terminal that is our standard input; nothing where that is none. */
void nx_set_foreground(pid_t group);
/* write, but a reader that has gone away is EPIPE and never a signal. */
ssize_t nx_write_quietly(int fd, const void *bytes, size_t n);
#endif
