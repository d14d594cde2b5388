/* Random numbers: xoshiro256**, seeded through splitmix64. No lua.h. */
#ifndef NX_RANDOM_H
#define NX_RANDOM_H
#include <stdint.h>

typedef struct nx_random {
  uint64_t s[4];
} nx_random;

void nx_random_seed(nx_random *r, uint64_t seed);
uint64_t nx_random_next(nx_random *r);
uint64_t nx_random_below(nx_random *r, uint64_t n);
#endif
