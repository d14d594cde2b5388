-- nxlua completion bash|zsh|fish: a completion script, made from the option tables.
local cli = require "nx.cli"
local completion = require "nx.cli.completion"
local output = require "nx.cli.output"

return cli.main("completion", function(args)
  output.write(completion[args.names[1]]())
  output.flush()
end, ...)
