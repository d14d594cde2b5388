/* The members of an archive, through libarchive into our own streams. On the worker's thread; no Lua here. */
#ifndef NX_PACK_H
#define NX_PACK_H
#include <stdint.h>

#include "output.h"
#include "segments.h"

typedef struct nx_pack nx_pack;

typedef struct nx_member {
  const char *name;
  const char *link; /* a symbolic link's target */
  int type;         /* 'f', 'd' or 'l' */
  uint32_t mode;
  uint32_t uid, gid;
  int64_t size, mtime;
} nx_member;

/* `format`: "tar.zst" "tar" "tar.gz" "tar.xz" "zip". NULL with the output's fault set. `level` INT_MIN: the default.
   Only "tar.zst" is ever cut into segments. */
nx_pack *nx_pack_open(nx_output *out, const char *format, const nx_segments_options *options);
/* 0, or -1 with the fault set. After a header exactly `size` bytes of data follow. */
int nx_pack_header(nx_pack *pack, const nx_member *member);
int nx_pack_data(nx_pack *pack, const void *bytes, size_t n);
int nx_pack_finish(nx_pack *pack);
void nx_pack_close(nx_pack *pack); /* NULL is allowed */
#endif
