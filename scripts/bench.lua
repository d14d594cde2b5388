-- nxlua bench: benchmarks are not there yet; the command line is checked all the same.
local cli = require "nx.cli"

return cli.main("bench", function() require "nx.cli.later".command "bench" end, ...)
