-- nxlua nextest COMMAND …: the whole command line of cargo nextest, options in front of the command too.
-- This is also what `cargo nxlua …` runs.
local cli = require "nx.cli"

return cli.line(function(name, ...)
  return cli.script(name)(...)
end, ...)
