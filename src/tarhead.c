/* Parsing of tar header blocks, pax records and sparse maps. */
#include "tarhead.h"

#include <string.h>

#include "mem.h"

int nx_bytes_set(nx_bytes *bytes, const void *data, size_t size)
{
  if (size + 1 > bytes->room) {
    char *larger = nx_realloc(bytes->data, size + 1);
    if (!larger) return -1;
    bytes->data = larger;
    bytes->room = size + 1;
  }
  if (size) memcpy(bytes->data, data, size);
  bytes->data[size] = '\0';
  bytes->size = size;
  return 0;
}

void nx_bytes_free(nx_bytes *bytes)
{
  nx_free(bytes->data);
  *bytes = (nx_bytes){ 0 };
}

int nx_map_add(nx_map *map, uint64_t offset, uint64_t size)
{
  enum { most = 1 << 22 };
  if (map->count == map->room) {
    size_t room = map->room ? map->room * 2 : 64;
    nx_extent *larger = room > most ? NULL : nx_realloc(map->extents, room * sizeof *larger);
    if (!larger) return -1;
    map->extents = larger;
    map->room = room;
  }
  map->extents[map->count++] = (nx_extent){ offset, size };
  return 0;
}

int nx_map_valid(const nx_map *map, uint64_t real, uint64_t stored)
{
  uint64_t end = 0, sum = 0;
  for (size_t i = 0; i < map->count; i++) {
    const nx_extent *e = &map->extents[i];
    if (e->offset < end || e->offset > real || e->size > real - e->offset) return 0;
    end = e->offset + e->size;
    sum += e->size; /* cannot overflow: the extents do not overlap */
  }
  return sum == stored;
}

void nx_pax_reset(nx_pax *pax)
{
  pax->has_path = pax->has_link = pax->has_size = pax->has_mtime = pax->has_sparse_name = pax->has_real = 0;
  pax->has_pending = pax->path_is_pax = 0;
  pax->sparse_major = pax->sparse_minor = -1;
  pax->map.count = 0;
}

void nx_pax_free(nx_pax *pax)
{
  nx_bytes_free(&pax->path);
  nx_bytes_free(&pax->link);
  nx_bytes_free(&pax->sparse_name);
  nx_free(pax->map.extents);
  *pax = (nx_pax){ 0 };
}

int nx_tar_decimal(const char **at, const char *end, char stop, uint64_t *value)
{
  const char *s = *at;
  uint64_t n = 0;
  for (; s < end && *s >= '0' && *s <= '9'; s++) {
    if (n > (UINT64_MAX >> 1) / 10 - 1) return 0; /* stays below 2^63 */
    n = n * 10 + (uint64_t)(*s - '0');
  }
  if (s == *at || s == end || *s != stop) return 0;
  *at = s + 1;
  *value = n;
  return 1;
}

/* A whole value as a number; `end` holds a byte that is no digit (the record's newline). */
static int whole_number(const char *value, const char *end, uint64_t *number)
{
  return nx_tar_decimal(&value, end + 1, '\n', number) && value == end + 1;
}

/* Seconds with a sign and a fraction. */
static int parse_time(const char *s, const char *end, int64_t *seconds, uint32_t *ns)
{
  int negative = s < end && *s == '-';
  s += negative;
  int64_t whole = 0;
  uint32_t fraction = 0, scale = 100000000;
  const char *start = s;
  for (; s < end && *s >= '0' && *s <= '9'; s++) {
    if (whole > INT64_MAX / 10 - 1) return 0;
    whole = whole * 10 + (*s - '0');
  }
  if (s == start) return 0;
  if (s < end && *s == '.') {
    for (s++; s < end && *s >= '0' && *s <= '9'; s++, scale /= 10) fraction += (uint32_t)(*s - '0') * scale;
  }
  if (s != end) return 0;
  if (negative && fraction) {
    whole++;
    fraction = 1000000000 - fraction;
  }
  *seconds = negative ? -whole : whole;
  *ns = fraction;
  return 1;
}

/* GNU.sparse.map = "offset,size,offset,size" */
static int parse_map(nx_map *map, const char *s, const char *end)
{
  map->count = 0;
  while (s < end) {
    uint64_t offset, size;
    if (!nx_tar_decimal(&s, end, ',', &offset)) return 0;
    if (!nx_tar_decimal(&s, end, ',', &size)) { /* the last one ends at the record's newline */
      if (!nx_tar_decimal(&s, end + 1, '\n', &size) || s != end + 1) return 0;
    }
    if (nx_map_add(map, offset, size) < 0) return 0;
  }
  return 1;
}

static int set_text(nx_bytes *bytes, int *has, const char *value, size_t size)
{
  *has = size > 0; /* an empty value takes back an earlier one */
  return nx_bytes_set(bytes, value, size) == 0;
}

/* One record; 1, or 0 when its value is no good. Unknown keys are passed over. */
static int record(nx_pax *pax, const char *key, size_t key_size, const char *value, const char *end)
{
  uint64_t number;
#define IS(name) (key_size == sizeof name - 1 && memcmp(key, name, sizeof name - 1) == 0)
  if (IS("path")) pax->path_is_pax = 1;
  if (IS("path")) return set_text(&pax->path, &pax->has_path, value, (size_t)(end - value));
  if (IS("linkpath")) return set_text(&pax->link, &pax->has_link, value, (size_t)(end - value));
  if (IS("GNU.sparse.name")) return set_text(&pax->sparse_name, &pax->has_sparse_name, value, (size_t)(end - value));
  if (IS("size")) {
    pax->has_size = value < end;
    return value == end || whole_number(value, end, &pax->size);
  }
  if (IS("mtime")) {
    pax->has_mtime = value < end;
    return value == end || parse_time(value, end, &pax->mtime, &pax->mtime_ns);
  }
  if (IS("GNU.sparse.realsize") || IS("GNU.sparse.size")) return pax->has_real = whole_number(value, end, &pax->real);
  if (IS("GNU.sparse.major") || IS("GNU.sparse.minor")) {
    if (!whole_number(value, end, &number) || number > 9) return 0;
    *(key[11] == 'm' && key[12] == 'a' ? &pax->sparse_major : &pax->sparse_minor) = (int)number;
    return 1;
  }
  if (IS("GNU.sparse.map")) {
    pax->sparse_major = 0;
    pax->sparse_minor = 1;
    return parse_map(&pax->map, value, end);
  }
  if (IS("GNU.sparse.numblocks")) {
    pax->sparse_major = pax->sparse_minor = 0;
    return whole_number(value, end, &number);
  }
  if (IS("GNU.sparse.offset")) return pax->has_pending = whole_number(value, end, &pax->pending_offset);
  if (IS("GNU.sparse.numbytes")) {
    if (!pax->has_pending || !whole_number(value, end, &number)) return 0;
    pax->has_pending = 0;
    return nx_map_add(&pax->map, pax->pending_offset, number) == 0;
  }
#undef IS
  return 1;
}

int nx_pax_parse(nx_pax *pax, const char *text, size_t size, nx_fault *fault)
{
  const char *at = text, *end = text + size;
  while (at < end && *at) { /* padding of NULs is tolerated */
    const char *start = at;
    uint64_t length;
    if (!nx_tar_decimal(&at, end, ' ', &length) || length > (uint64_t)(end - start) || length < 5 ||
        start + length <= at || start[length - 1] != '\n')
      return nx_fault_set(fault, "format", "pax", 0, "a pax header is damaged: a record has a wrong length");
    const char *stop = start + length - 1, *equals = memchr(at, '=', (size_t)(stop - at));
    if (!equals || equals == at)
      return nx_fault_set(fault, "format", "pax", 0, "a pax header is damaged: a record without a key");
    if (!record(pax, at, (size_t)(equals - at), equals + 1, stop)) {
      char key[100];
      return nx_fault_set(fault, "format", "pax", 0, "a pax header is damaged: the value of `%s` is no good",
                          nx_escape(key, sizeof key, at, (size_t)(equals - at) < 40 ? (size_t)(equals - at) : 40));
    }
    at = start + length;
  }
  return 0;
}

int nx_tar_number(const uint8_t *field, size_t size, int64_t *value)
{
  if (field[0] & 0x80) { /* base-256: big-endian two's complement; 0x80 marks a positive, 0xFF a negative number */
    uint64_t n = field[0] == 0xFF ? UINT64_MAX : field[0] & 0x7F;
    if (field[0] != 0xFF && field[0] & 0x40) return 0;
    for (size_t i = 1; i < size; i++) {
      uint64_t lost = n >> 55; /* the bits that the shift pushes into or over the sign */
      if (lost != 0 && lost != UINT64_MAX >> 55) return 0;
      n = n << 8 | field[i];
    }
    *value = (int64_t)n;
    return 1;
  }
  size_t i = 0;
  while (i < size && field[i] == ' ') i++;
  int64_t n = 0;
  for (; i < size && field[i] >= '0' && field[i] <= '7'; i++) {
    if (n > INT64_MAX >> 3) return 0;
    n = n << 3 | (field[i] - '0');
  }
  while (i < size && field[i] == ' ') i++;
  if (i < size && field[i]) return 0;
  *value = n;
  return 1;
}

int nx_tar_time(const uint8_t *field, size_t size, int64_t *value)
{
  if (nx_tar_number(field, size, value)) return 1;
  if (!(field[0] & 0x80)) return 0;
  uint64_t n = 0;
  for (size_t i = size - 8; i < size; i++) n = n << 8 | field[i];
  *value = (int64_t)n;
  return 1;
}

int nx_tar_is_zero(const uint8_t *block)
{
  return block[0] == 0 && memcmp(block, block + 1, nx_tar_block - 1) == 0;
}

int nx_tar_checksum_ok(const uint8_t *block)
{
  int64_t stored;
  int64_t sum = 8 * ' ';
  for (size_t i = 0; i < nx_tar_block; i++) sum += i >= 148 && i < 156 ? 0 : block[i];
  return nx_tar_number(block + 148, 8, &stored) && stored == sum;
}

int nx_tar_is_gnu(const uint8_t *block)
{
  return memcmp(block + 257, "ustar ", 6) == 0;
}

static size_t field_length(const uint8_t *field, size_t size)
{
  const uint8_t *nul = memchr(field, 0, size);
  return nul ? (size_t)(nul - field) : size;
}

int nx_tar_name(const uint8_t *block, nx_bytes *name)
{
  char joined[257];
  size_t used = 0;
  if (memcmp(block + 257, "ustar", 6) == 0) {
    size_t room = memcmp(block + 508, "tar", 4) == 0 ? 131 : 155; /* star keeps times behind a shorter prefix */
    used = field_length(block + 345, room);
    memcpy(joined, block + 345, used);
    if (used) joined[used++] = '/';
  }
  size_t length = field_length(block, 100);
  memcpy(joined + used, block, length);
  return nx_bytes_set(name, joined, used + length);
}
