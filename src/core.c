/* The table of C modules. A new primitive is a line here and a file of its own. */
#include "core.h"

#include "err.h"
#include "extract.h"
#include "loop.h"
#include "open.h"
#include "place.h"
#include "run.h"
#include "temp.h"

const luaL_Reg nx_core_modules[] = {
  { "nx.core.archive", luaopen_nx_core_archive },
  { "nx.core.err", luaopen_nx_core_err },
  { "nx.core.extract", luaopen_nx_core_extract },
  { "nx.core.fs", luaopen_nx_core_fs },
  { "nx.core.hash", luaopen_nx_core_hash },
  { "nx.core.loop", luaopen_nx_core_loop },
  { "nx.core.open", luaopen_nx_core_open },
  { "nx.core.place", luaopen_nx_core_place },
  { "nx.core.remap", luaopen_nx_core_remap },
  { "nx.core.run", luaopen_nx_core_run },
  { "nx.core.temp", luaopen_nx_core_temp },
  { "nx.core.text", luaopen_nx_core_text },
  { NULL, NULL },
};
