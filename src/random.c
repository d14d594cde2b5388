/* Random numbers: xoshiro256**, seeded through splitmix64. */
#include "random.h"

void nx_random_seed(nx_random *r, uint64_t x)
{
  for (int i = 0; i < 4; i++) {
    uint64_t z = (x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    r->s[i] = z ^ (z >> 31);
  }
}

static uint64_t rotate(uint64_t x, int k)
{
  return x << k | x >> (64 - k);
}

uint64_t nx_random_next(nx_random *r)
{
  uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

uint64_t nx_random_below(nx_random *r, uint64_t n)
{
  uint64_t limit = UINT64_MAX - UINT64_MAX % n, x;
  do x = nx_random_next(r);
  while (x >= limit);
  return x % n;
}
