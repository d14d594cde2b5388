/* Reading the members of an archive one after another. No Lua, no writing: what a member is called and holds, bytes as
 * they are. Names are not checked here beyond what the format needs. */
#ifndef NX_READER_H
#define NX_READER_H
#include "stream.h"

typedef enum nx_member_type {
  NX_FILE,
  NX_DIR,
  NX_SYMLINK,
  NX_HARDLINK,
  NX_DEVICE, /* character or block device */
  NX_FIFO,
  NX_OTHER, /* a type that we do not know */
} nx_member_type;

typedef struct nx_member {
  nx_member_type type;
  const char *path; /* bytes, may hold NUL; the reader's until the next call of next */
  size_t path_size;
  const char *link; /* of symbolic and hard links */
  size_t link_size;
  uint64_t size; /* of the file once unpacked, holes included */
  uint64_t data; /* bytes of it that are stored; less than size in sparse files */
  uint32_t mode;
  int64_t mtime;
  uint32_t mtime_ns;
} nx_member;

typedef struct nx_reader nx_reader;
struct nx_reader {
  int (*next)(nx_reader *reader, nx_member *member); /* 1, 0 at the end, -1 on a fault */
  /* The next part of the current member's data: its length, with *block at it and *offset where it belongs; 0 at the
     end, -1 on a fault. What is not read is passed over by the next call of next. After the end: what follows the end
     mark; reading it to its end verifies the rest of the input. */
  int64_t (*data)(nx_reader *reader, const uint8_t **block, uint64_t *offset);
  void (*close)(nx_reader *reader);
  nx_fault *fault;
  uint64_t consumed; /* bytes of the archive used up so far */
};

void nx_reader_close(nx_reader *reader); /* NULL is allowed */

/* Readers own the stream from now on, also when they fail (NULL, with the fault set). */
nx_reader *nx_reader_tar(nx_stream *stream);
/* zip keeps its directory at the end: a file that can be read anywhere; the descriptor remains the caller's. */
nx_reader *nx_reader_zip(nx_fault *fault, int fd);

/* What an archive's first bytes say that it is. */
typedef enum nx_packing { NX_PACKING_UNKNOWN, NX_PACKING_NONE, NX_ZSTD, NX_GZIP, NX_XZ, NX_ZIP } nx_packing;
nx_packing nx_sniff(const uint8_t *front, size_t size);
enum { nx_sniff_size = 512 };

/* The tar reader on top of the decoder that fits, which works ahead on a thread if that is wanted (nx_stream_ahead).
   The reader's faults go to `fault`. */
nx_reader *nx_reader_open(nx_stream *stream, nx_packing packing, int ahead, nx_fault *fault);

/* The longest name that is accepted. */
enum { nx_name_max = 64 * 1024 };
#endif
