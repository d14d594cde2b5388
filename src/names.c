/* Open addressing over XXH3. */
#include "names.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

#include "mem.h"

static nx_names_slot *find(const nx_names *names, const char *name, size_t size, uint64_t hash)
{
  for (size_t i = hash & (names->room - 1);; i = (i + 1) & (names->room - 1)) {
    nx_names_slot *slot = &names->slots[i];
    if (!slot->name || (slot->hash == hash && slot->size == size && memcmp(slot->name, name, size) == 0)) return slot;
  }
}

uint32_t nx_names_get(const nx_names *names, const char *name, size_t size)
{
  if (!names->count) return 0;
  const nx_names_slot *slot = find(names, name, size, XXH3_64bits_withSeed(name, size, names->seed));
  return slot->name ? slot->value : 0;
}

static int grow(nx_names *names)
{
  nx_names larger = { .room = names->room ? names->room * 2 : 64, .seed = names->seed, .count = names->count };
  if (!names->room && getrandom(&larger.seed, sizeof larger.seed, GRND_NONBLOCK) != sizeof larger.seed)
    larger.seed = (uint64_t)(uintptr_t)names ^ (uint64_t)clock();
  larger.slots = nx_calloc(larger.room, sizeof *larger.slots);
  if (!larger.slots) return -1;
  for (size_t i = 0; i < names->room; i++) {
    nx_names_slot *slot = &names->slots[i];
    if (slot->name) *find(&larger, slot->name, slot->size, slot->hash) = *slot;
  }
  nx_free(names->slots);
  *names = larger;
  return 0;
}

int nx_names_put(nx_names *names, const char *name, size_t size, uint32_t value)
{
  if (names->count * 4 >= names->room * 3 && grow(names) < 0) return -1;
  uint64_t hash = XXH3_64bits_withSeed(name, size, names->seed);
  nx_names_slot *slot = find(names, name, size, hash);
  if (!slot->name) {
    char *copy = nx_malloc(size + 1);
    if (!copy) return -1;
    memcpy(copy, name, size);
    copy[size] = '\0';
    *slot = (nx_names_slot){ copy, size, hash, 0 };
    names->count++;
  }
  slot->value = value;
  return 0;
}

void nx_names_free(nx_names *names)
{
  for (size_t i = 0; i < names->room; i++) nx_free(names->slots[i].name);
  nx_free(names->slots);
  *names = (nx_names){ 0 };
}
