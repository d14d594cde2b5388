/* Process groups. No lua.h. */
#ifndef NX_GROUP_H
#define NX_GROUP_H
#include <sys/types.h>

/* Has the group a member that is no zombie? Looks through /proc when the kernel says that it has one. */
int nx_group_lives(pid_t group);
#endif
