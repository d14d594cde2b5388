/* Our ends of a child's streams that Lua itself reads or writes, chunk by chunk. */
#ifndef NX_PIPES_H
#define NX_PIPES_H
#include <lua.h>

/* Push a handle that has no descriptor yet. Raise. */
void *nx_reader_new(lua_State *L);
void *nx_writer_new(lua_State *L);
/* Gives it the nonblocking `fd`, which is its own from here, also on failure. 0 or an errno. */
int nx_pipe_attach(void *pipe_end, int fd);
void nx_pipes_register(lua_State *L);
#endif
