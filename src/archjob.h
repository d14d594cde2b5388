/* What the thread of nx.archive does, request by request. No Lua here. */
#ifndef NX_ARCHJOB_H
#define NX_ARCHJOB_H
#include <stdint.h>
#include <time.h>

#include "fault.h"
#include "output.h"
#include "pack.h"
#include "scan.h"
#include "worker.h"

/* Requests. scan: data = path, code = follow links; begin: number = { bytes, entries }; add and data: an nx_record, the
   name, then the source's path or the link's target (add) or the content (data), link_size bytes of it. */
enum { nx_ask_scan, nx_ask_begin, nx_ask_add, nx_ask_data };
/* Answers. records: code of them in data; added: number = { bytes, hash, hash }; progress: number = { packed, written
   }; chunk: data; done: number = { written }. */
enum { nx_say_records, nx_say_scanned, nx_say_added, nx_say_progress, nx_say_chunk, nx_say_done };

typedef struct nx_archive_job {
  /* set before the thread starts */
  int to_stdout, progress;
  char *to; /* NULL and not to_stdout: chunks for the loop */
  char format[16];
  nx_segments_options options;
  /* the thread's, until it has ended */
  nx_fault fault; /* why it has ended, when it is not "done" */
  nx_worker *worker;
  nx_scan_options scan;
  nx_output out;
  nx_pack *pack;
  void *hash;
  uint8_t *buffer;
  uint64_t packed;
  struct timespec told; /* when progress was last reported */
} nx_archive_job;

/* For nx_worker_start, with the job as `ud`. */
void nx_archive_work(nx_worker *worker, void *ud);
#endif
