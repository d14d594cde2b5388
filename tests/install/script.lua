local nx, host = require "nx", require "host"
local path <close> = nx.temp_dir {}
nx.archive { { data = "1\n", as = "VERSION", mode = "0644" }, to = path.path .. "/" .. host.lookup "archive" }
local look = nx.extract { path.path .. "/tests.tar.zst", data = true }
assert(look.entries[1].data == "1\n")
return { exit_code = nx.run({ "sh", "-c", "exit 3" }).exit_code, failed = 2 }
