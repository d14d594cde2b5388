/* What lies at a path: the entries of a file, a link or a whole directory, sorted, as packed records for the loop's
 * side. On the worker's thread; no Lua here. */
#ifndef NX_SCAN_H
#define NX_SCAN_H
#include <stdint.h>
#include <sys/types.h>

#include "fault.h"
#include "worker.h"

/* One record of a batch: this, then `name_size` and `link_size` bytes, each ended by a NUL that is not counted.
   Unaligned: copied out. */
typedef struct nx_record {
  int64_t size, mtime;
  uint32_t mode, uid, gid;
  uint32_t name_size, link_size;
  int type; /* 'f' file, 'd' directory, 'l' symbolic link, 'p' fifo, 'c' device, 's' anything else */
} nx_record;

typedef struct nx_scan_options {
  int follow; /* symbolic links */
  int kind;   /* of the messages that carry records */
  struct {
    dev_t device;
    ino_t inode;
  } skip[2]; /* files to be left out: the archive itself, under both its names; inode 0: none */
} nx_scan_options;

/* Posts messages with records packed one behind the other, `code` of them each. Names are relative to `path`; the path
   itself has the name "" when it is no directory. 0, or -1 with the fault set. */
int nx_scan(nx_worker *worker, nx_fault *fault, const char *path, const nx_scan_options *options);
#endif
