-- nxlua extract: writes the files of an archive to a directory.
local cli = require "nx.cli"
local unpack = require "nx.cli.unpack"

return cli.main("extract", function(args)
  unpack.check(args)
  unpack.say(unpack.extract(args))
  return 0
end, ...)
