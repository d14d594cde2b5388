-- tests/lua/tree_spec.lua with 20,000 trees. A failure names its seed: NXLUA_SEED=n begins there.
assert(loadfile(os.getenv "NXLUA_SOURCE" .. "/tests/lua/tree_spec.lua", "t", _ENV))("long")
