/* The files carried inside: Lua modules, command scripts, pages, declarations. Written by embed.cmake, sorted by name.
 */
#ifndef NX_EMBEDDED_H
#define NX_EMBEDDED_H
#include <stddef.h>

typedef struct nx_embedded {
  const char *name;          /* "nx", "nx.task" (modules), "scripts/run.lua", "doc/filtersets.md", "meta/nx.lua" */
  const char *chunk;         /* "@lua/nx/task.lua": the chunk name, so that messages show the path in the tree */
  const unsigned char *data; /* byte for byte; modules compiled, where the build could (see embed.cmake) */
  const size_t *size;
} nx_embedded;

extern const nx_embedded nx_embedded_index[];
extern const size_t nx_embedded_count;

/* The file of that name, or NULL. */
const nx_embedded *nx_embedded_find(const char *name);

/* Is `chunk` (as in lua_Debug.source) one of the carried files? Such frames are ours, not the user's. */
int nx_embedded_is_chunk(const char *chunk);
#endif
