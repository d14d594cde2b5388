/* Writing below a directory, and never outside it: every name is walked component by component from the directory's
 * descriptor, no symbolic link is followed, whatever an archive or the disk holds. No Lua here.
 *
 * Names given to these functions are relative and clean (nx_below_clean). Files appear under their name whole or not at
 * all: they are written as `.nxlua-*.part` beside it and renamed. What a killed run left of these is removed when the
 * next run enters the directory; a shared lock on the directory tells living runs from dead ones.
 */
#ifndef NX_BELOW_H
#define NX_BELOW_H
#include <stdint.h>
#include <sys/types.h>

#include "fault.h"
#include "names.h"

typedef struct nx_below {
  int root;         /* descriptor of the directory; -1: not open */
  int fresh;        /* nobody else knows the directory yet: files are written under their own names at once */
  int no_openat2;   /* the kernel (or a test) does not offer it */
  int dir;          /* the directory entered last, -1: none */
  char *dir_name;   /* its name, "" for the root itself */
  size_t dir_size;  /* length of the name */
  size_t dir_room;  /* memory at dir_name */
  char part[48];    /* name of the temporary file that is open, "" when none is */
  char *name;       /* its final name */
  int file;         /* its descriptor, -1 */
  unsigned counter; /* for temporary names */
  nx_names dirs;    /* the directories that were entered: 1 found there, 2 made by us */
} nx_below;

/* Call this first: all zero is not a closed one. Nothing is acquired. */
void nx_below_init(nx_below *below);
/* Takes over `root`. `fresh`: see above. */
void nx_below_open(nx_below *below, int root, int fresh);
/* An open file is thrown away. Any number of times. */
void nx_below_close(nx_below *below);

/* Why a name can not be written below a directory; NULL if it can. `clean` (at least size + 1 bytes) is the name
   without
   "." components, doubled and trailing slashes; "" for the directory itself. It may be `name`, which is left alone when
   it is no good. */
const char *nx_below_clean(const char *name, size_t size, char *clean);

/* Makes the directory and its missing parents, with the umask. 0, or -1 with the fault set. */
int nx_below_mkdir(nx_below *below, const char *name, nx_fault *fault);
/* Did we make this directory, by nx_below_mkdir or as a parent? */
int nx_below_made(const nx_below *below, const char *name);
/* Mode and time of a directory. */
int nx_below_finish_dir(nx_below *below, const char *name, mode_t mode, int64_t mtime, uint32_t ns, nx_fault *fault);

/* Starts a file; nx_below.file is to be written to. `replace`: what has the name (but no directory) may go. */
int nx_below_create(nx_below *below, const char *name, int replace, nx_fault *fault);
/* Gives it its mode, time and name. */
int nx_below_commit(nx_below *below, int replace, mode_t mode, int64_t mtime, uint32_t ns, nx_fault *fault);
void nx_below_abort(nx_below *below);

int nx_below_symlink(nx_below *below, const char *target, const char *name, int replace, int64_t mtime, uint32_t ns,
                     nx_fault *fault);
/* `from` is a regular file below the same directory. */
int nx_below_link(nx_below *below, const char *from, const char *name, int replace, nx_fault *fault);

/* Removes what has the name in the directory `at`, with all that is below it. 0 or an errno. */
int nx_remove_tree(int at, const char *name);

/* A test switch: openat2 is not used from now on, in the whole process. */
extern int nx_below_without_openat2;
#endif
