/* The parts of a tar archive that can be read from a block of bytes alone: numbers, header blocks, pax records, maps of
 * sparse files. No input here, no Lua. */
#ifndef NX_TARHEAD_H
#define NX_TARHEAD_H
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

enum { nx_tar_block = 512 };

/* A growing piece of memory. */
typedef struct nx_bytes {
  char *data;
  size_t size, room;
} nx_bytes;

int nx_bytes_set(nx_bytes *bytes, const void *data, size_t size); /* 0, or -1 without memory; keeps a NUL behind */
void nx_bytes_free(nx_bytes *bytes);

typedef struct nx_extent {
  uint64_t offset, size;
} nx_extent;

/* Where the stored parts of a sparse file belong. */
typedef struct nx_map {
  nx_extent *extents;
  size_t count, room;
} nx_map;

int nx_map_add(nx_map *map, uint64_t offset, uint64_t size); /* 0, or -1: no memory, or too many */
/* Do the extents rise, lie within `real` and add up to `stored`? */
int nx_map_valid(const nx_map *map, uint64_t real, uint64_t stored);

/* What the pax records (and GNU long names) before a member say about it. */
typedef struct nx_pax {
  nx_bytes path, link, sparse_name;
  int path_is_pax; /* not a GNU long name's */
  int has_path, has_link, has_size, has_mtime, has_sparse_name, has_real;
  uint64_t size, real;
  int64_t mtime;
  uint32_t mtime_ns;
  int sparse_major, sparse_minor; /* -1: none */
  nx_map map;                     /* formats 0.0 and 0.1 */
  uint64_t pending_offset;
  int has_pending;
} nx_pax;

void nx_pax_reset(nx_pax *pax); /* keeps the memory */
void nx_pax_free(nx_pax *pax);
/* Reads the records of an extended header. 0, or -1 with the fault set. */
int nx_pax_parse(nx_pax *pax, const char *text, size_t size, nx_fault *fault);

/* A number of a header field: octal, or base-256. 1, or 0 if it is neither. An empty field is 0. */
int nx_tar_number(const uint8_t *field, size_t size, int64_t *value);

/* A time: as a number, and the form in which some writers store what lies before 1970: eight bytes without their sign.
 */
int nx_tar_time(const uint8_t *field, size_t size, int64_t *value);
/* Decimal digits that fill [*at, end) up to `stop`; *at is moved behind the stop. 1, or 0. */
int nx_tar_decimal(const char **at, const char *end, char stop, uint64_t *value);

int nx_tar_is_zero(const uint8_t *block);
int nx_tar_checksum_ok(const uint8_t *block);
/* The name of a header block, prefix and all, into `name`. */
int nx_tar_name(const uint8_t *block, nx_bytes *name);
int nx_tar_is_gnu(const uint8_t *block);
#endif
