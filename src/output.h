/* Where the bytes of an archive go: a file (whole or not at all), a descriptor, the loop's thread chunk by chunk, or
 * memory until another output takes them. Buffered, on the worker's thread or on one of its threads (memory). No Lua
 * here. */
#ifndef NX_OUTPUT_H
#define NX_OUTPUT_H
#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "wholefile.h"
#include "worker.h"

typedef struct nx_output {
  nx_worker *worker;
  nx_fault *fault;
  const char *name; /* for messages */
  nx_wholefile file;
  int fd;         /* -1: chunks are posted to the loop, or kept */
  int blocking;   /* the descriptor may make us wait */
  int chunk_kind; /* the kind of message that carries a chunk */
  int in_memory;
  uint8_t **kept; /* blocks, all full but the last */
  size_t kept_count, kept_room;
  uint8_t *buffer;
  size_t used;
  uint64_t total;
} nx_output;

enum { nx_output_block = 1 << 20 };

/* Zeroes; nothing is acquired. */
void nx_output_init(nx_output *out, nx_worker *worker, nx_fault *fault);
/* Each: 0, or -1 with the fault set. */
int nx_output_to_file(nx_output *out, const char *path);
int nx_output_to_fd(nx_output *out, int fd);
int nx_output_to_loop(nx_output *out, int chunk_kind);
int nx_output_to_memory(nx_output *out);
int nx_output_write(nx_output *out, const void *bytes, size_t n);
/* Room for an encoder to write into: at least one byte; then how many it has written. */
int nx_output_room(nx_output *out, void **room, size_t *n);
void nx_output_wrote(nx_output *out, size_t n);
/* Flushes, and gives a file its name. */
int nx_output_finish(nx_output *out);
/* Writes what a finished output to memory holds to another one, which is not finished by that. */
int nx_output_move(nx_output *from, nx_output *to);
/* Frees; a file that was not finished is given up. Any number of times. */
void nx_output_close(nx_output *out);
#endif
