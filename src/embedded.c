/* Look-up in the index of carried files. */
#include "embedded.h"

#include <string.h>

const nx_embedded *nx_embedded_find(const char *name)
{
  size_t low = 0, high = nx_embedded_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(name, nx_embedded_index[middle].name);
    if (order == 0) return &nx_embedded_index[middle];
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return NULL;
}

int nx_embedded_is_chunk(const char *chunk)
{
  for (size_t i = 0; i < nx_embedded_count; i++)
    if (strcmp(chunk, nx_embedded_index[i].chunk) == 0) return 1;
  return 0;
}
