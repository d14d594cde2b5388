-- nxlua help [COMMAND | TOPIC]: help for a command, or a reference page.
local cli = require "nx.cli"
local help = require "nx.cli.help"
local output = require "nx.cli.output"

return cli.main("help", function(args)
  local text, status = help.about(args.names, cli)
  output.write(text)
  output.flush()
  return status
end, ...)
