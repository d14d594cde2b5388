/* Unpacking with the n-th allocation failing, for rising n: a clean fault, nothing left behind, nothing leaked (under
 * the address sanitizer). Also that writing below a directory falls back where the kernel has no openat2. */
#undef NDEBUG /* the asserts are the test */
#include "unpack.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "err.h"
#include "mem.h"

const char *nx_error_kind(int errnum)
{
  return errnum == ENOMEM ? "limit" : "io";
}

typedef struct bytes {
  uint8_t data[65536];
  size_t size, at, piece;
} bytes;

static void header(bytes *b, const char *name, char type, const char *link, size_t size)
{
  uint8_t *h = b->data + b->size;
  memset(h, 0, 512);
  snprintf((char *)h, 100, "%s", name);
  memcpy(h + 100, "0000644", 7);
  snprintf((char *)h + 124, 12, "%011o", (unsigned)size);
  memcpy(h + 136, "07346545000", 11);
  h[156] = (uint8_t)type;
  snprintf((char *)h + 157, 100, "%s", link);
  memcpy(h + 257, "ustar  ", 7);
  unsigned sum = 8 * ' ';
  for (int i = 0; i < 512; i++) sum += h[i];
  snprintf((char *)h + 148, 7, "%06o", sum & 0777777);
  h[155] = ' ';
  b->size += 512;
}

static void member(bytes *b, const char *name, char type, const char *link, const char *data)
{
  size_t size = strlen(data);
  header(b, name, type, link, size);
  memset(b->data + b->size, 0, (size + 511) / 512 * 512);
  memcpy(b->data + b->size, data, size);
  b->size += (size + 511) / 512 * 512;
}

static void make(bytes *b)
{
  char many[3000];
  memset(many, 'x', sizeof many - 1);
  many[sizeof many - 1] = '\0';
  b->size = 0;
  member(b, "d/", '5', "", "");
  member(b, "d/e/a", '0', "", many);
  member(b, "././@LongLink", 'L', "", "d/a-long-name");
  member(b, "d/a-l", '0', "", "y");
  member(b, "PaxHeader", 'x', "", "14 path=d/pax\n15 linkpath=lk\n");
  member(b, "p", '0', "", "z");
  member(b, "l", '2', "d/e/a", "");
  member(b, "h", '1', "d/e/a", "");
  member(b, "h2", '1', "l", "");
  member(b, "d/e/a", '0', "", "again");
  memset(b->data + b->size, 0, 1024);
  b->size += 1024;
}

static int64_t pull(void *ud, const uint8_t **block)
{
  bytes *b = ud;
  size_t n = b->size - b->at < b->piece ? b->size - b->at : b->piece;
  *block = b->data + b->at;
  b->at += n;
  return (int64_t)n;
}

static int entries(const char *path)
{
  DIR *list = opendir(path);
  int n = 0;
  if (!list) return -1;
  for (struct dirent *e; (e = readdir(list));) n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
  closedir(list);
  return n;
}

/* One run; returns what nx_unpack_run did. */
static int run(bytes *b, const char *to, int data, int ahead)
{
  static nx_fault fault, input;
  memset(&fault, 0, sizeof fault);
  memset(&input, 0, sizeof input);
  nx_unpack u = { .to = to, .data = data, .max_bytes = UINT64_MAX, .max_files = UINT64_MAX, .max_data = 1 << 20 };
  b->at = 0;
  nx_stream *stream = nx_stream_raw(ahead ? &input : &fault, pull, b);
  nx_reader *reader = NULL;
  const uint8_t *front;
  int64_t n = stream ? nx_stream_peek(&stream, nx_sniff_size, &front) : -1;
  if (n > 0) reader = nx_reader_open(stream, nx_sniff(front, (size_t)n), ahead, &fault);
  else nx_stream_close(stream);
  int status = reader ? nx_unpack_run(&u, reader, &fault) : -1;
  nx_reader_close(reader);
  assert(status == 0 || fault.kind || input.kind);
  assert(status < 0 || u.count == 8);
  nx_unpack_free(&u);
  return status;
}

static void sweep(bytes *b, const char *base, int ahead)
{
  char fresh[512], there[512];
  snprintf(fresh, sizeof fresh, "%s/new/dest", base);
  snprintf(there, sizeof there, "%s/there", base);
  for (int way = 0; way < 3; way++) {
    const char *to = way == 0 ? fresh : way == 1 ? there : NULL;
    int status = -1, n = 0;
#ifdef NXLUA_TEST_HOOKS
    for (n = 1; status < 0; n++) {
      nx_mem_countdown = n;
      if (way == 1) mkdir(there, 0755);
      status = run(b, to, way == 2, ahead);
      nx_mem_countdown = -1;
      assert(n < 10000);
      if (way == 0 && status < 0) assert(entries(base) == 0); /* also the parents are gone */
      if (way == 1) assert(nx_remove_tree(AT_FDCWD, there) == 0);
    }
#else
    if (way == 1) mkdir(there, 0755);
    status = run(b, to, way == 2, ahead);
    nx_remove_tree(AT_FDCWD, there);
#endif
    assert(status == 0);
    printf("%s: %d allocations\n", to ? to : "(in memory)", n - 1);
    if (way == 0) {
      char text[600];
      struct stat st, other;
      snprintf(text, sizeof text, "%s/h", fresh);
      assert(stat(text, &st) == 0);
      snprintf(text, sizeof text, "%s/d/e/a", fresh);
      assert(stat(text, &other) == 0 && other.st_size == 5 && st.st_size == 2999);
      snprintf(text, sizeof text, "%s/new", base);
      assert(nx_remove_tree(AT_FDCWD, text) == 0);
    }
  }
}

/* From now on openat2 fails with this errno, as in sandboxes (EPERM) and emulators (ENOSYS). 0, or -1: not possible. */
static int forbid_openat2(unsigned errnum)
{
  struct sock_filter rules[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | errnum),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof rules / sizeof *rules, rules };
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(void)
{
  char base[] = "/tmp/nx-unpack-XXXXXX";
  static bytes plain, packed;
  assert(mkdtemp(base));
  make(&plain);
  plain.piece = 700;
  sweep(&plain, base, 0);
  packed.size = ZSTD_compress(packed.data, sizeof packed.data, plain.data, plain.size, 3);
  packed.piece = 100;
  sweep(&packed, base, 0);
  sweep(&packed, base, 1);
  z_stream z = {
    .next_in = plain.data, .avail_in = (uInt)plain.size, .next_out = packed.data, .avail_out = sizeof packed.data
  };
  assert(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK && deflate(&z, Z_FINISH) == Z_STREAM_END);
  packed.size = z.total_out;
  deflateEnd(&z);
  sweep(&packed, base, 0);
  nx_below_without_openat2 = 1;
  sweep(&plain, base, 0);
  nx_below_without_openat2 = 0;
  for (int i = 0; i < 2; i++) { /* of two filters the later one counts */
    if (forbid_openat2(i ? EPERM : ENOSYS) < 0) {
      printf("no seccomp here\n");
      break;
    }
    sweep(&plain, base, 0);
  }
  assert(rmdir(base) == 0);
  return 0;
}
