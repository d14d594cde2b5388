-- 300 kills while archiving.
require "long".on = true
assert(loadfile(os.getenv "NXLUA_SOURCE" .. "/tests/lua/archive_kill_spec.lua", "t", _ENV))()
