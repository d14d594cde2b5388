-- nxlua extract: writes the files of an archive to a directory.
local nx = require "nx"
local cli = require "nx.cli"
local unpack = require "nx.cli.unpack"

return cli.main("extract", function(args)
  unpack.check(args)
  local report = nx.extract { args.archive_file, to = args.extract_to, overwrite = args.extract_overwrite,
    filter = unpack.only_target }
  unpack.say(report)
  return 0
end, ...)
