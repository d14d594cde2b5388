/* From members to files. */
#include "unpack.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

enum { ratio_grace = 1 << 20 }; /* a ratio says nothing about the first bytes */

static int no_memory(nx_unpack *u)
{
  return nx_fault_set(u->fault, "limit", NULL, 0, "out of memory");
}

static int stopped(nx_unpack *u)
{
  if (!u->stopped || !u->stopped(u->ud)) return 0;
  nx_fault_set(u->fault, "cancelled", NULL, 0, "cancelled");
  return 1;
}

static int count_decoded(nx_unpack *u, uint64_t bytes)
{
  u->decoded += bytes;
  if (u->max_ratio > 0 && u->decoded > ratio_grace && (double)u->decoded > u->max_ratio * (double)u->reader->consumed)
    return nx_fault_set(u->fault, "limit", "max_ratio", 0, "it unpacks to more than max_ratio = %g times its size",
                        u->max_ratio);
  return 0;
}

/* Reads what is left of the current member (or behind the end mark) and forgets it. */
static int pass_over(nx_unpack *u)
{
  const uint8_t *block;
  uint64_t offset;
  for (;;) {
    if (stopped(u)) return -1;
    int64_t n = u->reader->data(u->reader, &block, &offset);
    if (n <= 0) return (int)n;
    if (count_decoded(u, (uint64_t)n) < 0) return -1;
  }
}

static int write_at(int fd, const uint8_t *bytes, size_t size, uint64_t offset)
{
  while (size) {
    ssize_t n = pwrite(fd, bytes, size, (off_t)offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes += n;
    size -= (size_t)n;
    offset += (uint64_t)n;
  }
  return 0;
}

static int cannot_write(nx_unpack *u, const nx_record *r, int errnum)
{
  char text[512];
  return nx_fault_errno(u->fault, errnum, "cannot write `%s`", nx_escape(text, sizeof text, r->path, r->path_size));
}

/* The member's data to the open file, to memory, or nowhere. */
static int copy_data(nx_unpack *u, nx_record *r, int fd)
{
  uint64_t end = 0, offset;
  const uint8_t *block;
  for (;;) {
    if (stopped(u)) return -1;
    int64_t n = u->reader->data(u->reader, &block, &offset);
    if (n < 0) return -1;
    if (n == 0) break;
    if (count_decoded(u, (uint64_t)n) < 0) return -1;
    if (fd >= 0) {
      int errnum = write_at(fd, block, (size_t)n, offset);
      if (errnum) return cannot_write(u, r, errnum);
    }
    if (r->data) memcpy(r->data + offset, block, (size_t)n);
    end = offset + (uint64_t)n;
  }
  if (fd >= 0 && end < r->size && ftruncate(fd, (off_t)r->size) < 0) return cannot_write(u, r, errno);
  return 0;
}

static void free_record(nx_record *r)
{
  nx_free(r->path);
  nx_free(r->raw);
  nx_free(r->link);
  nx_free(r->data);
  memset(r, 0, sizeof *r);
}

static char *copy_text(const char *text, size_t size)
{
  char *copy = nx_malloc(size + 1);
  if (!copy) return NULL;
  if (size) memcpy(copy, text, size);
  copy[size] = '\0';
  return copy;
}

/* Why a member of this type can not be written; NULL if it can. */
static const char *unsafe_type(const nx_record *r)
{
  switch (r->type) {
  case NX_DEVICE: return "it is a device";
  case NX_FIFO: return "it is a fifo";
  case NX_OTHER: return "it is of a type that is not known here";
  case NX_SYMLINK:
    if (!r->link_size) return "its target is empty";
    return memchr(r->link, 0, r->link_size) ? "it has a NUL byte in its target" : NULL;
  default: return NULL;
  }
}

/* Cleans r->path; says whether the member can be written. */
static void judge(nx_record *r)
{
  const char *why = nx_below_clean(r->path, r->path_size, r->path);
  if (!why) {
    r->path_size = strlen(r->path);
    if (!r->path_size && r->type != NX_DIR) why = "its name is that of the destination";
  }
  r->unsafe = why ? why : unsafe_type(r);
}

/* A record of the member at the end of the list, not counted yet. NULL without memory. */
static nx_record *new_record(nx_unpack *u, const nx_member *m)
{
  if (u->count == u->room) {
    size_t room = u->room ? u->room * 2 : 64;
    nx_record *larger = nx_realloc(u->records, room * sizeof *larger);
    if (!larger) return NULL;
    u->records = larger;
    u->room = room;
  }
  nx_record *r = &u->records[u->count];
  *r = (nx_record){ .type = m->type, .size = m->size, .mode = m->mode, .mtime = m->mtime, .mtime_ns = m->mtime_ns };
  r->path = copy_text(m->path, m->path_size);
  r->path_size = m->path_size;
  r->raw = copy_text(m->path, m->path_size);
  r->raw_size = m->path_size;
  if (m->link) r->link = copy_text(m->link, m->link_size);
  r->link_size = m->link_size;
  if (!r->path || !r->raw || (m->link && !r->link)) {
    free_record(r);
    return NULL;
  }
  judge(r);
  if (r->path_size == r->raw_size && memcmp(r->path, r->raw, r->raw_size) == 0) {
    nx_free(r->raw);
    r->raw = NULL;
  }
  return r;
}

/* The archive's name of the member, clean if it can be. */
static const char *own_name(const nx_record *r, char *clean, size_t *size)
{
  const char *raw = r->raw ? r->raw : r->path;
  size_t raw_size = r->raw ? r->raw_size : r->path_size;
  if (nx_below_clean(raw, raw_size, clean)) return NULL;
  *size = strlen(clean);
  return clean;
}

/* The record that a hard link leads to, or NULL. */
static nx_record *target_of(nx_unpack *u, const nx_record *r)
{
  char *clean = nx_malloc(r->link_size + 1);
  nx_record *found = NULL;
  if (clean && !nx_below_clean(r->link, r->link_size, clean)) {
    uint32_t index = nx_names_get(&u->by_name, clean, strlen(clean));
    if (index) found = &u->records[index - 1];
  }
  nx_free(clean);
  return found;
}

static int check_limits(nx_unpack *u, const nx_record *r)
{
  if (u->count + 1 > u->max_files || u->count >= UINT32_MAX - 1) /* the maps hold 32 bits */
    return nx_fault_set(u->fault, "limit", "max_files", 0, "it holds more than max_files = %llu members",
                        (unsigned long long)u->max_files);
  if (r->size > u->max_bytes || u->bytes > u->max_bytes - r->size)
    return nx_fault_set(u->fault, "limit", "max_bytes", 0, "it unpacks to more than max_bytes = %llu bytes",
                        (unsigned long long)u->max_bytes);
  if (u->data && r->type == NX_FILE && (r->size > u->max_data || u->held > u->max_data - r->size))
    return nx_fault_set(u->fault, "limit", "max_bytes", 0,
                        "data = true would hold more than %llu bytes in memory (max_bytes raises this)",
                        (unsigned long long)u->max_data);
  return 0;
}

static int write_file(nx_unpack *u, nx_record *r, int replace)
{
  nx_below *below = &u->dest.below;
  if (nx_below_create(below, r->path, replace, u->fault) < 0) return -1;
  if (copy_data(u, r, below->file) < 0) return -1;
  return nx_below_commit(below, replace, r->mode, r->mtime, r->mtime_ns, u->fault);
}

static int write_hardlink(nx_unpack *u, nx_record *r, int replace)
{
  char text[512];
  const nx_record *target = target_of(u, r);
  if (target && target->type == NX_SYMLINK) { /* made at the end, like the one it leads to */
    char *link = copy_text(target->link, target->link_size);
    if (!link) return no_memory(u);
    nx_free(r->link);
    r->link = link;
    r->link_size = target->link_size;
    r->type = NX_SYMLINK;
    return 0;
  }
  if (!target || (target->type != NX_FILE && target->type != NX_HARDLINK))
    return nx_fault_set(u->fault, "unsafe_entry", "hardlink", 0,
                        "a hard link to `%s`, which is no file that was unpacked before it",
                        nx_escape(text, sizeof text, r->link, r->link_size));
  return nx_below_link(&u->dest.below, target->path, r->path, replace, u->fault);
}

/* Writes the member; links and modes of directories wait for the end. */
static int write_member(nx_unpack *u, nx_record *r)
{
  uint32_t index = nx_names_get(&u->by_place, r->path, r->path_size);
  const nx_record *before = index ? &u->records[index - 1] : NULL;
  r->over = before && (before->over || before->type == NX_FILE || before->type == NX_HARDLINK);
  int replace = u->overwrite || r->over;
  switch (r->type) {
  case NX_FILE: return write_file(u, r, replace);
  case NX_DIR: return r->path_size ? nx_below_mkdir(&u->dest.below, r->path, u->fault) : 0;
  case NX_HARDLINK: return write_hardlink(u, r, replace);
  default: return 0;
  }
}

static int remember(nx_unpack *u, const nx_record *r)
{
  uint32_t index = (uint32_t)u->count + 1, before = nx_names_get(&u->by_place, r->path, r->path_size);
  if (before) u->records[before - 1].replaced = 1;
  if (nx_names_put(&u->by_place, r->path, r->path_size, index) < 0) return no_memory(u);
  size_t size;
  char *clean = nx_malloc((r->raw ? r->raw_size : r->path_size) + 1);
  const char *name = clean ? own_name(r, clean, &size) : NULL;
  int status = name ? nx_names_put(&u->by_name, name, size, index) : 0;
  if (!clean) status = -1;
  nx_free(clean);
  return status < 0 ? no_memory(u) : 0;
}

/* Deals with one member. 0, or -1. */
static int member(nx_unpack *u, const nx_member *m)
{
  nx_record *r = new_record(u, m);
  if (!r) return no_memory(u);
  if (!r->path_size && !r->unsafe) { /* "./", the destination itself */
    free_record(r);
    return pass_over(u);
  }
  const char *name = r->raw ? r->raw : r->path;
  size_t name_size = r->raw ? r->raw_size : r->path_size;
  size_t shown = name_size < sizeof u->fault->name ? name_size : sizeof u->fault->name - 1;
  memcpy(u->fault->name, name, shown);
  u->fault->name[shown] = '\0';
  int renamed = 0, keep = u->decide ? u->decide(u->ud, r, &renamed) : 1;
  if (keep < 0) nx_fault_set(u->fault, "cancelled", NULL, 0, "cancelled");
  if (keep > 0 && renamed) {
    judge(r);
    if (!r->unsafe && !r->path_size) r->unsafe = "its new name is that of the destination";
  }
  int status = keep < 0 ? -1 : 0;
  if (keep > 0 && u->to && r->unsafe)
    status = nx_fault_set(u->fault, "unsafe_entry", "unsafe", 0, "refused: %s", r->unsafe);
  if (keep > 0 && !status) status = check_limits(u, r);
  if (keep > 0 && !status && u->data && r->type == NX_FILE) {
    r->data = nx_calloc(1, r->size ? r->size : 1);
    if (!r->data) status = no_memory(u);
    u->held += r->size;
  }
  if (keep > 0 && !status) status = u->to ? write_member(u, r) : copy_data(u, r, -1);
  if (!status) status = pass_over(u);
  if (keep > 0 && !status && u->to) status = remember(u, r);
  if (keep <= 0 || status) {
    free_record(r);
    if (!status) u->skipped++;
    return status;
  }
  u->bytes += r->size;
  if (r->type != NX_DIR) u->files++;
  u->count++;
  return 0;
}

static int deeper_first(const void *a, const void *b)
{
  size_t x = (*(nx_record *const *)a)->path_size, y = (*(nx_record *const *)b)->path_size;
  return x < y ? 1 : x > y ? -1 : 0;
}

/* Symbolic links, so that nothing was written through them; then the modes and times of the directories we made. */
static int finish(nx_unpack *u)
{
  nx_below *below = &u->dest.below;
  for (size_t i = 0; i < u->count; i++) {
    nx_record *r = &u->records[i];
    if (r->type != NX_SYMLINK || r->replaced) continue;
    size_t shown = r->path_size < sizeof u->fault->name ? r->path_size : sizeof u->fault->name - 1;
    memcpy(u->fault->name, r->path, shown);
    u->fault->name[shown] = '\0';
    if (nx_below_made(below, r->path))
      return nx_fault_set(u->fault, "unsafe_entry", "symlink", 0,
                          "refused: it is a symbolic link, and other members lie below its name");
    if (nx_below_symlink(below, r->link, r->path, u->overwrite || r->over, r->mtime, r->mtime_ns, u->fault) < 0)
      return -1;
  }
  nx_record **dirs = nx_malloc((u->count + 1) * sizeof *dirs);
  if (!dirs) return no_memory(u);
  size_t count = 0;
  for (size_t i = 0; i < u->count; i++)
    if (u->records[i].type == NX_DIR && u->records[i].path_size && !u->records[i].replaced &&
        nx_below_made(below, u->records[i].path))
      dirs[count++] = &u->records[i];
  qsort(dirs, count, sizeof *dirs, deeper_first);
  int status = 0;
  for (size_t i = 0; i < count && !status; i++)
    status = nx_below_finish_dir(below, dirs[i]->path, dirs[i]->mode, dirs[i]->mtime, dirs[i]->mtime_ns, u->fault);
  nx_free(dirs);
  return status;
}

int nx_unpack_run(nx_unpack *u, nx_reader *reader, nx_fault *fault)
{
  nx_member m;
  u->reader = reader;
  u->fault = fault;
  nx_dest_init(&u->dest);
  int status = u->to ? nx_dest_open(&u->dest, u->to, fault) : 0;
  while (!status) {
    if (stopped(u)) {
      status = -1;
      break;
    }
    int more = reader->next(reader, &m);
    if (more < 0) status = -1;
    if (more <= 0) break;
    /* holes count: they are bytes of the file */
    status = count_decoded(u, m.size - m.data) < 0 ? -1 : member(u, &m);
    if (!status) fault->name[0] = '\0';
  }
  if (!status) status = pass_over(u); /* verifies what follows the end mark */
  if (!status && u->to) status = finish(u);
  if (!status && u->to) status = nx_dest_commit(&u->dest, fault);
  nx_dest_close(&u->dest);
  return status;
}

void nx_unpack_free(nx_unpack *u)
{
  for (size_t i = 0; i < u->count; i++) free_record(&u->records[i]);
  nx_free(u->records);
  nx_names_free(&u->by_name);
  nx_names_free(&u->by_place);
  u->records = NULL;
  u->count = u->room = 0;
}
