-- nxlua archive: builds the tests of a workspace and puts them into one file.
local cli = require "nx.cli"
local session = require "nx.cli.session"
local pack = require "nx.cli.pack"

return cli.main("archive", function(args)
  local here <close> = session.open(args, { early = function() pack.check(args) end, after_build = true })
  here.build:archive {
    to = args.archive_file, format = "tar.zst", level = pack.level(args), threads = args.zstd_threads, strip = args.strip,
    suites = pack.suites(here), include = pack.include(here.profile), notify = pack.say, verbose = args.verbose,
  }
  return 0
end, ...)
