/* A map from names (bytes) to small numbers. No Lua. */
#ifndef NX_NAMES_H
#define NX_NAMES_H
#include <stddef.h>
#include <stdint.h>

typedef struct nx_names_slot {
  char *name; /* NULL: free */
  size_t size;
  uint64_t hash;
  uint32_t value;
} nx_names_slot;

/* All zero is an empty map. */
typedef struct nx_names {
  nx_names_slot *slots;
  size_t count, room; /* room is a power of two */
  uint64_t seed;      /* so that nobody can choose names that collide */
} nx_names;

/* The value of a name, 0 if it has none. */
uint32_t nx_names_get(const nx_names *names, const char *name, size_t size);
/* Sets it (not to 0). 0, or -1 without memory. */
int nx_names_put(nx_names *names, const char *name, size_t size, uint32_t value);
void nx_names_free(nx_names *names);
#endif
