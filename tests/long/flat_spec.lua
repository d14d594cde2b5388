-- The full size of tests/lua/flat_spec.lua: 10,000 children in one run, 1 GB through a function.
assert(loadfile(os.getenv "NXLUA_SOURCE" .. "/tests/lua/flat_spec.lua", "t", _ENV))("long")
