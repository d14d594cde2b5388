/* The tar reader: ustar, GNU (long names, sparse files), pax. Ours rather than libarchive's, which converts names by
 * locale and normalises them (two names become one), takes a cut archive for a whole one, and ends the process when
 * memory is short. */
#include <string.h>

#include "mem.h"
#include "reader.h"
#include "tarhead.h"

enum { pax_size_max = 4 << 20 };

typedef struct tar_reader {
  nx_reader reader;
  nx_stream *stream;
  const uint8_t *at; /* bytes that are decoded and not used */
  size_t left;
  uint64_t stored; /* of the current member's data: bytes still to come */
  uint32_t padding;
  int ended;
  nx_pax pax;
  nx_bytes path, link;
  nx_map map;
  int sparse;
  size_t extent;   /* of a sparse file: the part being read, */
  uint64_t within; /* and how much of it is done */
} tar_reader;

static int fail(tar_reader *t, const char *step, const char *text)
{
  return nx_fault_set(t->reader.fault, "format", step, 0, "%s", text);
}

static int no_memory(tar_reader *t)
{
  return nx_fault_set(t->reader.fault, "limit", NULL, 0, "out of memory");
}

/* Makes sure that there is an unused byte: 1, 0 at the end, -1. */
static int more(tar_reader *t)
{
  if (t->left) return 1;
  int64_t n = t->stream->next(t->stream, &t->at);
  if (n > 0) t->left = (size_t)n;
  t->reader.consumed = t->stream->consumed;
  return n > 0 ? 1 : (int)n;
}

static int truncated(tar_reader *t)
{
  return fail(t, "truncated", "the archive is cut short: it ends within a member");
}

/* Copies exactly `size` bytes: 1, 0 if the input is at its end before the first one, -1. */
static int take(tar_reader *t, void *out, size_t size)
{
  uint8_t *to = out;
  for (size_t done = 0; done < size;) {
    int status = more(t);
    if (status <= 0) return status < 0 ? -1 : done ? truncated(t) : 0;
    size_t part = size - done < t->left ? size - done : t->left;
    memcpy(to + done, t->at, part);
    t->at += part;
    t->left -= part;
    done += part;
  }
  return 1;
}

static int skip(tar_reader *t, uint64_t size)
{
  while (size) {
    int status = more(t);
    if (status <= 0) return status < 0 ? -1 : truncated(t);
    size_t part = size < t->left ? (size_t)size : t->left;
    t->at += part;
    t->left -= part;
    size -= part;
  }
  return 1;
}

static uint32_t padding_of(uint64_t size)
{
  return (uint32_t)((nx_tar_block - size % nx_tar_block) % nx_tar_block);
}

/* The data of an extension header. The bytes go into `into`, which grows as they come: a size alone costs nothing. */
static int extension(tar_reader *t, uint64_t size, uint64_t most, nx_bytes *into)
{
  if (size > most) return fail(t, "limit", "the archive is damaged: an extension header is larger than any real one");
  into->size = 0;
  for (uint64_t done = 0; done < size;) {
    char part[4096];
    size_t n = size - done < sizeof part ? (size_t)(size - done) : sizeof part;
    int status = take(t, part, n);
    if (status <= 0) return status < 0 ? -1 : truncated(t);
    if (into->size + n + 1 > into->room) {
      size_t room = (into->room ? into->room * 2 : sizeof part) + n + 1;
      char *larger = nx_realloc(into->data, room);
      if (!larger) return no_memory(t);
      into->data = larger;
      into->room = room;
    }
    memcpy(into->data + into->size, part, n);
    into->size += n;
    done += n;
  }
  if (!into->data && nx_bytes_set(into, "", 0) < 0) return no_memory(t);
  into->data[into->size] = '\0';
  return skip(t, padding_of(size));
}

/* A GNU long name or link: the bytes up to their final NUL. */
static int long_name(tar_reader *t, uint64_t size, nx_bytes *into, int *has)
{
  if (extension(t, size, nx_name_max + 1, into) < 0) return -1;
  while (into->size && into->data[into->size - 1] == '\0') into->size--;
  *has = into->size > 0;
  return 1;
}

static int pax_header(tar_reader *t, uint64_t size, int use)
{
  nx_bytes text = { 0 };
  int status = extension(t, size, pax_size_max, &text);
  if (status > 0 && use && nx_pax_parse(&t->pax, text.data, text.size, t->reader.fault) < 0) status = -1;
  nx_bytes_free(&text);
  return status;
}

/* Offset and size pairs of an old GNU sparse header; a pair without size ends the list. */
static int gnu_pairs(tar_reader *t, const uint8_t *at, int count, uint64_t real)
{
  for (int i = 0; i < count; i++, at += 24) {
    int64_t offset, size;
    if (!at[0] && !at[12]) break;
    if (!nx_tar_number(at, 12, &offset) || !nx_tar_number(at + 12, 12, &size) || offset < 0 || size < 0 ||
        (uint64_t)offset > real)
      return fail(t, "sparse", "the map of a sparse file is damaged");
    if (size && nx_map_add(&t->map, (uint64_t)offset, (uint64_t)size) < 0) return no_memory(t);
  }
  return 1;
}

static int gnu_sparse(tar_reader *t, const uint8_t *block, uint64_t *real)
{
  int64_t size;
  if (!nx_tar_is_gnu(block) || !nx_tar_number(block + 483, 12, &size) || size < 0)
    return fail(t, "sparse", "the header of a sparse file is damaged");
  *real = (uint64_t)size;
  if (gnu_pairs(t, block + 386, 4, *real) < 0) return -1;
  uint8_t next[nx_tar_block];
  for (int extended = block[482]; extended; extended = next[504]) {
    int status = take(t, next, sizeof next);
    if (status <= 0) return status < 0 ? -1 : truncated(t);
    if (gnu_pairs(t, next, 21, *real) < 0) return -1;
  }
  return 1;
}

/* One line of digits of the map that stands before the data of a pax sparse file (format 1.0). */
static int map_line(tar_reader *t, uint64_t *number, uint64_t *used)
{
  char digits[24];
  for (size_t n = 0; n < sizeof digits; n++) {
    int status = t->stored ? take(t, digits + n, 1) : 0;
    if (status <= 0) return status < 0 ? -1 : fail(t, "sparse", "the map of a sparse file is damaged");
    t->stored--;
    ++*used;
    if (digits[n] != '\n') continue;
    const char *at = digits;
    if (nx_tar_decimal(&at, digits + n + 1, '\n', number)) return 1;
    break;
  }
  return fail(t, "sparse", "the map of a sparse file is damaged");
}

static int pax_map(tar_reader *t)
{
  uint64_t count, used = 0, offset, size;
  if (map_line(t, &count, &used) < 0) return -1;
  for (; count; count--) {
    if (map_line(t, &offset, &used) < 0 || map_line(t, &size, &used) < 0) return -1;
    if (size && nx_map_add(&t->map, offset, size) < 0) return no_memory(t);
  }
  uint32_t rest = padding_of(used);
  if (rest > t->stored) return fail(t, "sparse", "the map of a sparse file is damaged");
  t->stored -= rest;
  return skip(t, rest);
}

static nx_member_type type_of(uint8_t flag)
{
  switch (flag) {
  case 0:
  case '0':
  case '7':
  case 'S': return NX_FILE;
  case '1': return NX_HARDLINK;
  case '2': return NX_SYMLINK;
  case '3':
  case '4': return NX_DEVICE;
  case '5':
  case 'D': return NX_DIR;
  case '6': return NX_FIFO;
  default: return NX_OTHER;
  }
}

/* The member that the header block and what stood before it describe. */
static int describe(tar_reader *t, const uint8_t *block, nx_member *m)
{
  nx_pax *pax = &t->pax;
  int64_t size, mode, mtime;
  if (!nx_tar_number(block + 124, 12, &size) || size < 0 || !nx_tar_number(block + 100, 8, &mode) ||
      !nx_tar_time(block + 136, 12, &mtime))
    return fail(t, "header", "a header is damaged: a field holds no number");
  uint8_t flag = block[156];
  uint64_t stored = pax->has_size ? pax->size : (uint64_t)size;
  *m = (nx_member){ .type = type_of(flag), .mode = (uint32_t)(mode & 07777), .mtime = mtime };
  if (pax->has_mtime) {
    m->mtime = pax->mtime;
    m->mtime_ns = pax->mtime_ns;
  }
  if (pax->has_sparse_name) {
    m->path = pax->sparse_name.data;
    m->path_size = pax->sparse_name.size;
  } else if (pax->has_path) {
    m->path = pax->path.data;
    m->path_size = pax->path.size;
  } else {
    if (nx_tar_name(block, &t->path) < 0) return no_memory(t);
    m->path = t->path.data;
    m->path_size = t->path.size;
  }
  if (m->type == NX_SYMLINK || m->type == NX_HARDLINK) {
    const void *nul = memchr(block + 157, 0, 100);
    if (!pax->has_link && nx_bytes_set(&t->link, block + 157, nul ? (size_t)((const uint8_t *)nul - block - 157) : 100))
      return no_memory(t);
    m->link = pax->has_link ? pax->link.data : t->link.data;
    m->link_size = pax->has_link ? pax->link.size : t->link.size;
  }
  if (m->path_size > nx_name_max || m->link_size > nx_name_max)
    return fail(t, "limit", "the archive is damaged: a name is longer than any real one");
  /* Old writers marked directories by a slash. */
  if ((flag == 0 || flag == '0') && !stored && m->path_size && m->path[m->path_size - 1] == '/') m->type = NX_DIR;
  /* POSIX: no data behind links, directories and devices, whatever their size says; pax may give links data. */
  if (m->type != NX_FILE && m->type != NX_OTHER && flag != 'D' && !(flag == '1' && pax->has_size)) stored = 0;
  t->stored = stored;
  t->padding = padding_of(stored);
  t->map.count = t->extent = 0;
  t->within = 0;
  t->sparse = 0;
  uint64_t real = stored;
  if (flag == 'S') {
    t->sparse = 1;
    if (gnu_sparse(t, block, &real) < 0) return -1;
  } else if (m->type == NX_FILE && pax->sparse_major >= 0) {
    if (!pax->has_real || pax->sparse_major > 1 || (pax->sparse_major == 1 && pax->sparse_minor != 0))
      return fail(t, "sparse", "a sparse file is stored in a way that is not known here");
    t->sparse = 1;
    real = pax->real;
    if (pax->sparse_major == 1) {
      if (pax_map(t) < 0) return -1;
    } else {
      nx_map swap = t->map;
      t->map = pax->map;
      pax->map = swap;
    }
  }
  if (t->sparse && !nx_map_valid(&t->map, real, t->stored))
    return fail(t, "sparse", "the map of a sparse file does not fit its data");
  if (real > INT64_MAX) return fail(t, "header", "a header is damaged: a size is out of range");
  m->size = m->type == NX_FILE ? real : 0;
  m->data = t->stored;
  return 1;
}

static int tar_next(nx_reader *reader, nx_member *m)
{
  tar_reader *t = (tar_reader *)reader;
  if (t->ended) return 0;
  if (skip(t, t->stored) < 0 || skip(t, t->padding) < 0) return -1;
  t->stored = t->padding = 0;
  nx_pax_reset(&t->pax);
  for (int first = 1;; first = 0) {
    uint8_t block[nx_tar_block];
    int status = take(t, block, sizeof block);
    if (status < 0) return -1;
    if (!status)
      return fail(t, "truncated",
                  first ? "the archive is cut short: it ends without an end mark"
                        : "the archive is cut short: an extension header has no member");
    if (nx_tar_is_zero(block)) {
      if (!first) return fail(t, "header", "the archive is damaged: an extension header has no member");
      t->ended = 1;
      return 0;
    }
    if (!nx_tar_checksum_ok(block)) return fail(t, "header_checksum", "archive header checksum mismatch");
    uint8_t flag = block[156];
    if (!strchr("LKxXgV", flag) || !flag) return describe(t, block, m);
    int64_t size;
    if (!nx_tar_number(block + 124, 12, &size) || size < 0)
      return fail(t, "header", "a header is damaged: a field holds no number");
    switch (flag) {
    case 'L':
      if (t->pax.path_is_pax && t->pax.has_path) { /* pax has the last word */
        status = skip(t, (uint64_t)size) < 0 ? -1 : skip(t, padding_of((uint64_t)size));
        break;
      }
      status = long_name(t, (uint64_t)size, &t->pax.path, &t->pax.has_path);
      break;
    case 'K': status = long_name(t, (uint64_t)size, &t->pax.link, &t->pax.has_link); break;
    case 'V': status = skip(t, (uint64_t)size) < 0 ? -1 : skip(t, padding_of((uint64_t)size)); break;
    default: status = pax_header(t, (uint64_t)size, flag != 'g');
    }
    if (status < 0) return -1;
  }
}

/* After the end mark: what follows it, so that the decoders below verify the rest. */
static int64_t trailing(tar_reader *t, const uint8_t **block)
{
  int status = more(t);
  if (status <= 0) return status;
  *block = t->at;
  size_t n = t->left;
  t->left = 0;
  return (int64_t)n;
}

static int64_t tar_data(nx_reader *reader, const uint8_t **block, uint64_t *offset)
{
  tar_reader *t = (tar_reader *)reader;
  *offset = 0;
  if (t->ended) return trailing(t, block);
  if (!t->stored) return 0;
  uint64_t part = t->stored;
  *offset = t->within;
  if (t->sparse) {
    const nx_extent *e = &t->map.extents[t->extent];
    part = e->size - t->within;
    *offset = e->offset + t->within;
  }
  int status = more(t);
  if (status <= 0) return status < 0 ? -1 : truncated(t);
  if (part > t->left) part = t->left;
  *block = t->at;
  t->at += part;
  t->left -= (size_t)part;
  t->stored -= part;
  t->within += part;
  if (t->sparse && t->within == t->map.extents[t->extent].size) {
    t->extent++;
    t->within = 0;
  }
  return (int64_t)part;
}

static void tar_close(nx_reader *reader)
{
  tar_reader *t = (tar_reader *)reader;
  nx_stream_close(t->stream);
  nx_pax_free(&t->pax);
  nx_bytes_free(&t->path);
  nx_bytes_free(&t->link);
  nx_free(t->map.extents);
  nx_free(t);
}

nx_reader *nx_reader_tar(nx_stream *stream)
{
  tar_reader *t = nx_calloc(1, sizeof *t);
  if (!t) {
    nx_fault_set(stream->fault, "limit", NULL, 0, "out of memory");
    nx_stream_close(stream);
    return NULL;
  }
  t->reader = (nx_reader){ .next = tar_next, .data = tar_data, .close = tar_close, .fault = stream->fault };
  t->stream = stream;
  return &t->reader;
}
