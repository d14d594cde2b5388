/* The zip reader: the directory at the end decides, stored and deflated members, zip64, check sums verified. Ours
 * rather than libarchive's for the names, which that one converts and normalises (two names become one). */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "mem.h"
#include "reader.h"
#include "tarhead.h"

enum { in_size = 1 << 16, out_size = 1 << 18, directory_max = 256 << 20, target_max = nx_name_max };

typedef struct zip_reader {
  nx_reader reader;
  int fd;
  uint64_t file_size;
  uint8_t *directory;
  size_t directory_size, at; /* the next entry's place in the directory */
  uint64_t left, to_read;    /* entries; bytes of the current member's packed data */
  uint64_t packed_at, size, produced;
  int method, flags, begun, ended, inflating;
  uint32_t crc, wanted_crc;
  z_stream z;
  nx_bytes path, link;
  uint8_t in[in_size], out[out_size];
} zip_reader;

static uint32_t u16(const uint8_t *p)
{
  return (uint32_t)(p[0] | p[1] << 8);
}

static uint32_t u32(const uint8_t *p)
{
  return u16(p) | u16(p + 2) << 16;
}

static uint64_t u64(const uint8_t *p)
{
  return u32(p) | (uint64_t)u32(p + 4) << 32;
}

static int fail(zip_reader *z, const char *step, const char *text)
{
  return nx_fault_set(z->reader.fault, "format", step, 0, "%s", text);
}

static int damaged(zip_reader *z)
{
  return fail(z, "header", "the zip archive is damaged or cut short");
}

static int read_at(zip_reader *z, void *out, size_t size, uint64_t offset)
{
  if (offset > z->file_size || size > z->file_size - offset) return damaged(z);
  for (size_t done = 0; done < size;) {
    ssize_t n = pread(z->fd, (uint8_t *)out + done, size - done, (off_t)(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return nx_fault_errno(z->reader.fault, errno, "cannot read the archive");
    if (n == 0) return damaged(z);
    done += (size_t)n;
  }
  return 0;
}

/* Finds and reads the directory. */
static int open_directory(zip_reader *z)
{
  enum { tail_max = 22 + 65535 + 20 };
  uint8_t *tail = z->out;
  _Static_assert((int)out_size >= (int)tail_max, "the end of the file is read into the output buffer");
  size_t size = z->file_size < tail_max ? (size_t)z->file_size : tail_max;
  if (size < 22) return damaged(z);
  if (read_at(z, tail, size, z->file_size - size) < 0) return -1;
  size_t end = size - 22;
  while (memcmp(tail + end, "PK\5\6", 4) != 0 || end + 22 + u16(tail + end + 20) != size) {
    if (end == 0) return fail(z, "truncated", "the zip archive has no directory at its end: damaged or cut short");
    end--;
  }
  uint64_t count = u16(tail + end + 10), bytes = u32(tail + end + 12), offset = u32(tail + end + 16);
  if (u16(tail + end + 4) != 0) return fail(z, "header", "the zip archive is one of several parts");
  if (end >= 20 && memcmp(tail + end - 20, "PK\6\7", 4) == 0) {
    uint8_t wide[56];
    if (read_at(z, wide, sizeof wide, u64(tail + end - 12)) < 0) return -1;
    if (memcmp(wide, "PK\6\6", 4) != 0) return damaged(z);
    count = u64(wide + 32);
    bytes = u64(wide + 40);
    offset = u64(wide + 48);
  }
  if (bytes > directory_max || bytes > z->file_size || offset > z->file_size - bytes || count > bytes / 46)
    return damaged(z);
  z->directory = nx_malloc(bytes ? (size_t)bytes : 1);
  if (!z->directory) return nx_fault_set(z->reader.fault, "limit", NULL, 0, "out of memory");
  z->directory_size = (size_t)bytes;
  z->left = count;
  return read_at(z, z->directory, (size_t)bytes, offset);
}

static int64_t dos_time(uint32_t date, uint32_t time)
{
  struct tm tm = { .tm_year = (int)(date >> 9) + 80,
                   .tm_mon = (int)(date >> 5 & 15) - 1,
                   .tm_mday = (int)(date & 31),
                   .tm_hour = (int)(time >> 11),
                   .tm_min = (int)(time >> 5 & 63),
                   .tm_sec = (int)(time & 31) * 2 };
  return (int64_t)timegm(&tm); /* the field has no zone: taken for UTC, so that it is the same everywhere */
}

/* The extra fields that matter: sizes of zip64, time of Unix. */
static int extra_fields(zip_reader *z, const uint8_t *p, size_t size, uint64_t *packed, uint64_t *offset,
                        int64_t *mtime)
{
  while (size >= 4) {
    size_t n = u16(p + 2);
    const uint8_t *value = p + 4;
    if (n > size - 4) return 0; /* junk here is common and harmless */
    if (u16(p) == 1) {
      const uint8_t *v = value, *stop = value + n;
      uint64_t *fields[3] = { &z->size, packed, offset };
      for (int i = 0; i < 3; i++) {
        if (*fields[i] != UINT32_MAX) continue;
        if (stop - v < 8) return damaged(z);
        *fields[i] = u64(v);
        v += 8;
      }
    } else if (u16(p) == 0x5455 && n >= 5 && value[0] & 1) {
      *mtime = (int32_t)u32(value + 1);
    }
    p += 4 + n;
    size -= 4 + n;
  }
  return 0;
}

/* Puts the reader before the current member's data. */
static int begin_data(zip_reader *z, uint64_t offset, uint64_t packed)
{
  uint8_t head[30];
  if (read_at(z, head, sizeof head, offset) < 0) return -1;
  if (memcmp(head, "PK\3\4", 4) != 0) return damaged(z);
  z->packed_at = offset + sizeof head + u16(head + 26) + u16(head + 28);
  if (z->packed_at > z->file_size || packed > z->file_size - z->packed_at) return damaged(z);
  z->to_read = packed;
  z->produced = 0;
  z->crc = 0;
  z->begun = 1;
  if (z->method == 0) {
    if (packed != z->size) return damaged(z);
    return 0;
  }
  if (z->inflating ? inflateReset(&z->z) != Z_OK : inflateInit2(&z->z, -15) != Z_OK)
    return nx_fault_set(z->reader.fault, "limit", NULL, 0, "out of memory");
  z->inflating = 1;
  z->z.avail_in = 0;
  return 0;
}

/* The next part of the packed data into z->in: its length, 0 at their end, -1. */
static int64_t packed_part(zip_reader *z)
{
  size_t n = z->to_read < in_size ? (size_t)z->to_read : in_size;
  if (n && read_at(z, z->in, n, z->packed_at) < 0) return -1;
  z->packed_at += n;
  z->to_read -= n;
  return (int64_t)n;
}

static int64_t zip_data(nx_reader *reader, const uint8_t **block, uint64_t *offset)
{
  zip_reader *z = (zip_reader *)reader;
  *offset = z->produced;
  if (!z->begun) return 0;
  int64_t n;
  int finished = 0;
  if (z->method == 0) {
    n = packed_part(z);
    if (n < 0) return -1;
    *block = z->in;
  } else {
    z->z.next_out = z->out;
    z->z.avail_out = out_size;
    while (!finished && z->z.avail_out == out_size) {
      if (!z->z.avail_in) {
        int64_t more = packed_part(z);
        if (more < 0) return -1;
        z->z.next_in = z->in;
        z->z.avail_in = (uInt)more;
      }
      int result = inflate(&z->z, Z_NO_FLUSH);
      if (result == Z_STREAM_END) finished = 1;
      else if (result == Z_MEM_ERROR) return nx_fault_set(reader->fault, "limit", NULL, 0, "out of memory");
      else if (result != Z_OK) return fail(z, "corrupt", "the data of a zip member are damaged");
    }
    n = out_size - (int64_t)z->z.avail_out;
    *block = z->out;
  }
  if ((uint64_t)n > z->size - z->produced) return fail(z, "corrupt", "a zip member is longer than its header says");
  z->crc = (uint32_t)crc32_z(z->crc, *block, (size_t)n);
  z->produced += (uint64_t)n;
  if (n && !finished) return n;
  z->begun = finished && n; /* once more, to say that it is at its end */
  if (z->begun) z->method = 0, z->to_read = 0;
  if (z->produced != z->size) return fail(z, "truncated", "a zip member is shorter than its header says");
  if (z->crc != z->wanted_crc) return fail(z, "corrupt", "the data of a zip member are damaged: wrong check sum");
  return n;
}

/* The target of a symbolic link is its data. */
static int read_target(zip_reader *z)
{
  if (z->size > target_max)
    return fail(z, "limit", "the archive is damaged: a link's target is longer than any real one");
  char *target = nx_malloc((size_t)z->size + 1);
  if (!target) return nx_fault_set(z->reader.fault, "limit", NULL, 0, "out of memory");
  const uint8_t *block;
  uint64_t offset;
  int64_t n;
  while ((n = zip_data(&z->reader, &block, &offset)) > 0) memcpy(target + offset, block, (size_t)n);
  if (n == 0 && nx_bytes_set(&z->link, target, (size_t)z->size) < 0)
    n = nx_fault_set(z->reader.fault, "limit", NULL, 0, "out of memory");
  nx_free(target);
  return n < 0 ? -1 : 0;
}

static nx_member_type type_of(uint32_t mode, int slash)
{
  switch (mode & S_IFMT) {
  case S_IFREG: return slash ? NX_DIR : NX_FILE;
  case S_IFDIR: return NX_DIR;
  case S_IFLNK: return NX_SYMLINK;
  case S_IFIFO: return NX_FIFO;
  case S_IFCHR:
  case S_IFBLK: return NX_DEVICE;
  case 0: return slash ? NX_DIR : NX_FILE;
  default: return NX_OTHER;
  }
}

static int zip_next(nx_reader *reader, nx_member *m)
{
  zip_reader *z = (zip_reader *)reader;
  z->begun = 0;
  if (!z->left) return 0;
  z->left--;
  const uint8_t *e = z->directory + z->at;
  size_t room = z->directory_size - z->at;
  if (room < 46 || memcmp(e, "PK\1\2", 4) != 0) return damaged(z);
  size_t name = u16(e + 28), extra = u16(e + 30), comment = u16(e + 32);
  if (name + extra + comment > room - 46) return damaged(z);
  z->at += 46 + name + extra + comment;
  z->flags = (int)u16(e + 8);
  z->method = (int)u16(e + 10);
  z->wanted_crc = u32(e + 16);
  uint64_t packed = u32(e + 20), offset = u32(e + 42);
  z->size = u32(e + 24);
  uint32_t mode = e[5] == 3 ? u32(e + 38) >> 16 : 0; /* made on Unix */
  int slash = name && e[46 + name - 1] == '/';
  *m = (nx_member){ .type = type_of(mode, slash), .mode = mode & 07777, .mtime = dos_time(u16(e + 14), u16(e + 12)) };
  if (!mode) m->mode = m->type == NX_DIR ? 0755 : 0644;
  if (extra_fields(z, e + 46 + name, extra, &packed, &offset, &m->mtime) < 0) return -1;
  if (nx_bytes_set(&z->path, e + 46, name) < 0) return nx_fault_set(reader->fault, "limit", NULL, 0, "out of memory");
  m->path = z->path.data;
  m->path_size = z->path.size;
  if (z->flags & 1) return fail(z, "encrypted", "a zip member is encrypted");
  if (z->method != 0 && z->method != 8)
    return fail(z, "method", "a zip member is packed in a way that is not known here");
  if (z->size > INT64_MAX) return damaged(z);
  if (m->type == NX_FILE || m->type == NX_SYMLINK) {
    if (begin_data(z, offset, packed) < 0) return -1;
    m->size = m->data = z->size;
  }
  if (m->type == NX_SYMLINK) {
    if (read_target(z) < 0) return -1;
    m->link = z->link.data;
    m->link_size = z->link.size;
    m->size = m->data = 0;
    z->begun = 0;
  }
  return 1;
}

static void zip_close(nx_reader *reader)
{
  zip_reader *z = (zip_reader *)reader;
  if (z->inflating) inflateEnd(&z->z);
  nx_bytes_free(&z->path);
  nx_bytes_free(&z->link);
  nx_free(z->directory);
  nx_free(z);
}

nx_reader *nx_reader_zip(nx_fault *fault, int fd)
{
  struct stat st;
  zip_reader *z = nx_calloc(1, sizeof *z);
  if (!z) {
    nx_fault_set(fault, "limit", NULL, 0, "out of memory");
    return NULL;
  }
  z->reader = (nx_reader){ .next = zip_next, .data = zip_data, .close = zip_close, .fault = fault };
  z->fd = fd;
  int status = fstat(fd, &st) < 0 ? nx_fault_errno(fault, errno, "cannot read the archive") : 0;
  z->file_size = status ? 0 : (uint64_t)st.st_size;
  z->reader.consumed = z->file_size; /* all of it counts for a ratio */
  if (!status && open_directory(z) == 0) return &z->reader;
  zip_close(&z->reader);
  return NULL;
}
