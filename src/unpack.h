/* Unpacking: from a reader's members to files below a directory, or to a list. Rules on names, limits, duplicates,
 * links and order live here. No Lua: it runs on a worker thread and asks through `decide`. */
#ifndef NX_UNPACK_H
#define NX_UNPACK_H
#include "dest.h"
#include "names.h"
#include "reader.h"

/* One member, as it is reported. */
typedef struct nx_record {
  nx_member_type type;
  char *path; /* clean if it can be, then what `decide` made of it */
  size_t path_size;
  char *raw; /* as in the archive; NULL: the same */
  size_t raw_size;
  char *link;
  size_t link_size;
  uint64_t size;
  uint32_t mode, mtime_ns;
  int64_t mtime;
  const char *unsafe; /* why it is not written; NULL: it can be */
  int replaced;       /* a later member has the same place */
  int over;           /* an earlier member's file lies, or lay, at the place */
  uint8_t *data;      /* its bytes, when they are wanted in memory */
} nx_record;

typedef struct nx_unpack {
  /* what is wanted */
  const char *to; /* NULL: nothing is written */
  int overwrite, data;
  uint64_t max_bytes, max_files, max_data; /* UINT64_MAX: no limit; max_data: held in memory */
  double max_ratio;                        /* 0: no limit */
  /* Asked for each member, if not NULL: 1 keep (record->path may have been replaced, with `renamed` set), 0 skip, -1
     stop. */
  int (*decide)(void *ud, nx_record *record, int *renamed);
  int (*stopped)(void *ud); /* looked at between blocks; true: give up */
  void *ud;
  /* what came out */
  nx_record *records;
  size_t count, room;
  uint64_t bytes, files, skipped;
  /* while it runs */
  nx_dest dest;
  nx_reader *reader;
  nx_fault *fault;
  nx_names by_name, by_place; /* 1 + index of the last record: by name in the archive, by place on disk */
  uint64_t decoded, held;
} nx_unpack;

/* 0, or -1 with the fault set; then everything that was new is removed. */
int nx_unpack_run(nx_unpack *unpack, nx_reader *reader, nx_fault *fault);
void nx_unpack_free(nx_unpack *unpack);
#endif
