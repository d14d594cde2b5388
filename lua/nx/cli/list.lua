-- What `list` prints, in whichever form was asked for.

local list_format = require "nx.cli.list_format"
local list_json = require "nx.list_json"
local message = require "nx.cli.message"
local output = require "nx.cli.output"
local place = require "nx.core.place"

local M = {}

output.what = "test list"

-- The form: "auto" is for people on a terminal, else a test a line.
local function form_of(args)
  if args.message_format ~= "auto" then return args.message_format end
  return place.is_terminal(1) and "human" or "oneline"
end

--- Prints the binaries of a session's build.
---@param session nx.cli.Session
function M.binaries(session)
  local args, build = session.args, session.build
  local form = form_of(args)
  if form == "json" or form == "json-pretty" then
    output.write(list_json.binaries(build, { pretty = form == "json-pretty" }))
  else
    local suites = build.cargo and build.cargo.binaries or build.suites
    list_format.binaries(suites, form, { verbose = args.verbose, colour = message.coloured(args.color, 1), write = output.write })
  end
  output.flush()
end

--- Prints what was listed and chosen.
---@param session nx.cli.Session
---@param listed nx.Listed[]
---@param chosen nx.Chosen
function M.tests(session, listed, chosen)
  local args, reasons = session.args, chosen.reasons
  local form = form_of(args)
  if form == "json" or form == "json-pretty" then
    output.write(list_json.encode(session.build, listed,
      { pretty = form == "json-pretty", match = function(test) return reasons[test] end }))
  else
    list_format[form](listed, reasons, { verbose = args.verbose, colour = message.coloured(args.color, 1), write = output.write })
  end
  output.flush()
end

return M
