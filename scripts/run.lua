-- nxlua run: builds the tests of a workspace, or takes them from an archive, and runs them.
local cli = require "nx.cli"
local choose = require "nx.choose"
local session = require "nx.cli.session"
local execute = require "nx.cli.execute"

return cli.main("run", function(args)
  local here <close> = session.open(args, { choose = true, gate = execute.gate })
  local _, chosen = here:list()
  if args.no_run then return 0 end
  local tests = choose.tests(here.build, chosen, here.profile.default_filter_source)
  local result = tests:run(execute.options(here))
  here:finish()
  return result.exit_code
end, ...)
