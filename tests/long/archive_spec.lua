-- 300 kills while archiving.
require "long".on = true
dofile(os.getenv "NXLUA_SOURCE" .. "/tests/lua/archive_kill_spec.lua")
