-- nxlua list: the tests of a workspace, or of an archive.
local cli = require "nx.cli"
local session = require "nx.cli.session"
local list = require "nx.cli.list"

return cli.main("list", function(args)
  local here <close> = session.open(args, { choose = true })
  if args.list_type == "binaries-only" then
    list.binaries(here)
  else
    list.tests(here, here:list())
  end
  here:finish()
  return 0
end, ...)
