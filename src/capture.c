/* A stream kept in memory, bounded. The first half of the limit is kept as it comes, then the last half in a ring. */
#include "capture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

#define FIRST   4096
#define AT_ONCE ((size_t)256 * 1024)

void nx_capture_open(nx_capture *c, size_t limit)
{
  *c = (nx_capture){ .limit = limit };
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Room at the end of the head: 0 when it is full, -1 without memory. */
static ssize_t head_room(nx_capture *c)
{
  size_t most = c->limit - c->limit / 2;
  if (c->nhead == c->head_size && c->head_size < most) {
    size_t size = least(c->head_size < FIRST ? FIRST : c->head_size * 2, most);
    char *head = nx_realloc(c->head, size);
    if (!head) return -1;
    c->head = head;
    c->head_size = size;
  }
  return (ssize_t)(c->head_size - c->nhead);
}

/* The first bytes: most children say little or nothing, and cost no memory until they do. */
static ssize_t read_first(nx_capture *c, int fd, size_t most)
{
  char first[FIRST];
  ssize_t n = read(fd, first, least(sizeof first, most));
  if (n <= 0) return n;
  c->head = nx_malloc((size_t)n);
  if (!c->head) {
    errno = ENOMEM;
    return -1;
  }
  memcpy(c->head, first, (size_t)n);
  c->nhead = c->head_size = (size_t)n;
  return n;
}

ssize_t nx_capture_read(nx_capture *c, int fd)
{
  char sink[16384], *to = sink;
  size_t room = sizeof sink, ring = c->limit / 2;
  if (!c->head && c->limit) return read_first(c, fd, c->limit - ring);
  ssize_t free_head = head_room(c);
  if (free_head < 0) {
    errno = ENOMEM;
    return -1;
  }
  if (free_head > 0) {
    to = c->head + c->nhead;
    room = (size_t)free_head;
  } else if (ring) {
    if (!c->tail && !(c->tail = nx_malloc(ring))) {
      errno = ENOMEM;
      return -1;
    }
    to = c->tail + c->tail_at;
    room = ring - c->tail_at;
  }
  ssize_t n = read(fd, to, least(room, AT_ONCE));
  if (n <= 0) return n;
  if (free_head > 0) {
    c->nhead += (size_t)n;
  } else if (!ring) {
    c->dropped += (size_t)n;
  } else {
    c->tail_at += (size_t)n;
    if (c->tail_at == ring) c->tail_at = 0;
    size_t over = c->ntail + (size_t)n > ring ? c->ntail + (size_t)n - ring : 0;
    c->dropped += over;
    c->ntail += (size_t)n - over;
  }
  return n;
}

int nx_capture_pieces(const nx_capture *c, const char *piece[3], size_t n[3])
{
  int count = 0;
  size_t ring = c->limit / 2;
  if (c->nhead) {
    piece[count] = c->head;
    n[count++] = c->nhead;
  }
  if (c->ntail == ring && ring && c->tail_at) { /* full: the oldest begins where the next byte would go */
    piece[count] = c->tail + c->tail_at;
    n[count++] = ring - c->tail_at;
    piece[count] = c->tail;
    n[count++] = c->tail_at;
  } else if (c->ntail) {
    piece[count] = c->tail;
    n[count++] = c->ntail;
  }
  return count;
}

void nx_capture_close(nx_capture *c)
{
  nx_free(c->head);
  nx_free(c->tail);
  *c = (nx_capture){ 0 };
}
