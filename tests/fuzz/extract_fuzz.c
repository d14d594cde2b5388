/* Fuzzes the readers (decoders, tar, zip) and the cleaning of names; no Lua, nothing is written.
 *
 * With libFuzzer: tests/fuzz/run extract [SECONDS]. Without it (NX_FUZZ_REPLAY) the files and directories named are run
 * once each. Inputs are archives of any kind; the first byte picks the size of the pieces in which they are read.
 * Headers of a plain tar get their check sums put right after each mutation, or hardly any would come through. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "below.h"
#include "reader.h"
#include "tarhead.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

enum { decoded_max = 8 << 20, members_max = 2000 };

typedef struct input {
  const uint8_t *data;
  size_t size, at, piece;
} input;

static int64_t pull(void *ud, const uint8_t **block)
{
  input *in = ud;
  size_t n = in->size - in->at < in->piece ? in->size - in->at : in->piece;
  /* a copy of its own, so that a byte too far is seen */
  static uint8_t *copy;
  free(copy);
  copy = malloc(n ? n : 1);
  memcpy(copy, in->data + in->at, n);
  *block = copy;
  in->at += n;
  return (int64_t)n;
}

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "broken: %s\n", #condition);                                                                     \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

static void check_name(const char *name, size_t size)
{
  char text[512];
  char *clean = malloc(size + 1);
  nx_escape(text, sizeof text, name, size);
  CHECK(nx_is_utf8(text, strlen(text)));
  for (const char *s = text; *s; s++) CHECK((unsigned char)*s >= 0x20);
  if (!nx_below_clean(name, size, clean)) {
    CHECK(clean[0] != '/' && strlen(clean) <= size && !strstr(clean, "//"));
    for (const char *s = clean; s; s = strchr(s, '/')) {
      if (*s == '/') s++;
      size_t n = strcspn(s, "/");
      CHECK(!*clean || (n > 0 && n < 256));
      CHECK(!(n == 2 && s[0] == '.' && s[1] == '.') && !(n == 1 && s[0] == '.'));
    }
    char *twice = malloc(size + 1);
    CHECK(!*clean || (!nx_below_clean(clean, strlen(clean), twice) && strcmp(clean, twice) == 0));
    free(twice);
  }
  free(clean);
}

static void read_all(nx_reader *reader, nx_fault *fault)
{
  uint64_t decoded = 0;
  uint32_t sum = 0;
  for (int members = 0; members < members_max; members++) {
    nx_member m = { 0 };
    int more = reader->next(reader, &m);
    CHECK(more >= 0 || fault->kind);
    if (more < 0) return;
    if (more) {
      CHECK(m.path && m.path[m.path_size] == '\0' && (!m.link || m.link[m.link_size] == '\0'));
      CHECK(m.data <= m.size || m.type != NX_FILE);
      CHECK(m.size <= INT64_MAX && m.mtime_ns < 1000000000);
      check_name(m.path, m.path_size);
      if (m.link) check_name(m.link, m.link_size);
    }
    const uint8_t *block;
    uint64_t offset, end = 0;
    int64_t n;
    int skip = members % 7 == 3 && more; /* what is not read must be passed over */
    while (!skip && (n = reader->data(reader, &block, &offset)) != 0) {
      CHECK(n > 0 || fault->kind);
      if (n < 0) return;
      if (more && m.type == NX_FILE) CHECK(offset >= end && offset <= m.size && (uint64_t)n <= m.size - offset);
      end = offset + (uint64_t)n;
      for (int64_t i = 0; i < n; i += 4096) sum += block[i];
      sum += block[n - 1];
      decoded += (uint64_t)n;
      if (decoded > decoded_max) return;
    }
    if (!more) return;
  }
  (void)sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const size_t pieces[] = { 1, 3, 100, 511, 512, 513, 4096, 1 << 20 };
  if (!size) return 0;
  input in = { data + 1, size - 1, 0, pieces[data[0] % 8] };
  nx_fault fault = { 0 };
  nx_stream *stream = nx_stream_raw(&fault, pull, &in);
  const uint8_t *front;
  int64_t n = nx_stream_peek(&stream, nx_sniff_size, &front);
  nx_packing packing = nx_sniff(front, (size_t)n);
  nx_reader *reader = NULL;
  int fd = -1;
  if (packing == NX_ZIP) {
    nx_stream_close(stream);
    fd = memfd_create("zip", MFD_CLOEXEC);
    CHECK(write(fd, in.data, in.size) == (ssize_t)in.size);
    reader = nx_reader_zip(&fault, fd);
  } else {
    reader = nx_reader_open(stream, packing, 0, &fault);
  }
  CHECK(reader || fault.kind);
  if (reader) read_all(reader, &fault);
  nx_reader_close(reader);
  if (fd >= 0) close(fd);
  return 0;
}

#ifdef NX_FUZZ_REPLAY
static int replayed;

static void replay(const char *path)
{
  DIR *list = opendir(path);
  for (struct dirent *e; list && (e = readdir(list));) {
    char name[4096];
    if (e->d_name[0] == '.') continue;
    snprintf(name, sizeof name, "%s/%s", path, e->d_name);
    replay(name);
  }
  if (list) {
    closedir(list);
    return;
  }
  FILE *f = fopen(path, "rb");
  if (!f) return;
  size_t size = 0, room = 1 << 22;
  uint8_t *data = malloc(room + 1);
  size = fread(data + 1, 1, room, f);
  fclose(f);
  for (int piece = 0; piece < 8; piece++) {
    data[0] = (uint8_t)piece;
    LLVMFuzzerTestOneInput(data, size + 1); /* an archive as it is, */
  }
  LLVMFuzzerTestOneInput(data + 1, size); /* and a fuzzer's input */
  free(data);
  replayed++;
}

int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) replay(argv[i]);
  printf("%d inputs\n", replayed);
  return replayed == 0;
}
#else
/* Puts right the check sum of every block that looks like a header, mostly. */
static void put_sums_right(uint8_t *data, size_t size, unsigned seed)
{
  for (size_t at = 1; at + 512 <= size; at += 512) {
    uint8_t *block = data + at;
    if (memcmp(block + 257, "ustar", 5) != 0 || (seed >> (at / 512 % 16) & 63) == 63) continue;
    unsigned sum = 8 * ' ';
    char text[16];
    for (size_t i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0 : block[i];
    snprintf(text, sizeof text, "%06o", sum);
    memcpy(block + 148, text, 7);
    block[155] = ' ';
  }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 4 == 0 && size > 600) { /* whole blocks moved and doubled: members out of order */
    size_t blocks = (size - 1) / 512, from = 1 + seed / 4 % blocks * 512, to = 1 + seed / 64 % blocks * 512;
    if (from + 512 <= size && to + 512 <= size) memmove(data + to, data + from, 512);
  }
  put_sums_right(data, size, seed);
  return size;
}
#endif
