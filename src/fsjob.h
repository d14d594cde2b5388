/* The file operations that may take long, each on a worker's thread. No Lua here. */
#ifndef NX_FSJOB_H
#define NX_FSJOB_H
#include <stdint.h>

#include "fault.h"
#include "worker.h"

enum { nx_fs_read, nx_fs_write, nx_fs_remove, nx_fs_glob, nx_fs_hash };
/* Answers. data: a piece of what is read; paths: code of them, each ended by a NUL; hash: number = { bytes, hash, hash
   }; done: code = did something happen? */
enum { nx_fs_data, nx_fs_paths, nx_fs_hashed, nx_fs_done };

typedef struct nx_fs_job {
  int what;
  int recursive;     /* remove: directories with what is in them */
  int mode;          /* write: permissions, -1: as they were, else 0666 less umask */
  uint64_t max;      /* read: no more than this */
  char *path;        /* from nx_malloc, the job's */
  const char *bytes; /* write; someone else's, valid until the thread has ended */
  size_t size;
  nx_fault fault;
} nx_fs_job;

/* For nx_worker_start, with the job as `ud`. */
void nx_fs_work(nx_worker *worker, void *ud);
#endif
