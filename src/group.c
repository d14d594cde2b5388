/* Does anyone of a process group live? */
#include "group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Reads /proc/PID/stat below `proc`: is it of `group` and no zombie? */
static int lives_in(int proc, const char *pid, pid_t group)
{
  char path[64], text[512];
  snprintf(path, sizeof path, "%.32s/stat", pid);
  int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return 0;
  text[n] = '\0';
  const char *rest = strrchr(text, ')'); /* the name before may contain anything */
  char state;
  int parent, its_group;
  if (!rest || sscanf(rest, ") %c %d %d", &state, &parent, &its_group) != 3) return 0;
  return its_group == group && state != 'Z' && state != 'X';
}

int nx_group_lives(pid_t group)
{
  if (kill(-group, 0) < 0 && errno == ESRCH) return 0;
  /* a zombie is a member too, for as long as its new parent takes to wait for it */
  DIR *proc = opendir("/proc");
  if (!proc) return 1;
  int found = 0, seen = 0;
  for (struct dirent *entry; !found && (entry = readdir(proc));) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    seen++;
    found = lives_in(dirfd(proc), entry->d_name, group);
  }
  closedir(proc);
  return found || !seen; /* not mounted: the kernel's word counts */
}
