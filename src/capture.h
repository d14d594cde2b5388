/* A stream kept in memory, bounded: past the limit its middle is dropped. No lua.h. */
#ifndef NX_CAPTURE_H
#define NX_CAPTURE_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct nx_capture {
  char *head; /* the first bytes, up to half of the limit (all of it while nothing is dropped) */
  size_t nhead, head_size;
  char *tail;            /* a ring of the last bytes, made when the head is full */
  size_t ntail, tail_at; /* tail_at: where the next byte goes */
  size_t limit;
  uint64_t dropped;
  int failed; /* errno of what ended it before its time */
} nx_capture;

void nx_capture_open(nx_capture *c, size_t limit);
/* Reads once what there is. > 0: bytes; 0: the end; -1: errno, EAGAIN when there is nothing now. */
ssize_t nx_capture_read(nx_capture *c, int fd);
/* What was kept, as up to three pieces in order. */
int nx_capture_pieces(const nx_capture *c, const char *piece[3], size_t n[3]);
void nx_capture_close(nx_capture *c);
#endif
