-- nxlua show-config version|test-groups
local cli = require "nx.cli"
local show = require "nx.cli.show"

return cli.main("show-config", function(args)
  return show[args.command.name](args)
end, ...)
