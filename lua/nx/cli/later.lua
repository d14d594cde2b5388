-- What the peer has and nxlua does not have yet: said in one line, with a code that is no success. Rows go as things come.

local message = require "nx.cli.message"

local M = {}

-- option → code, what is missing
local options = {
  rerun = { 95, "running again what did not pass (--rerun)" },
  debugger = { 96, "running a test under a debugger (--debugger)" },
  tracer = { 96, "running a test under a tracer (--tracer)" },
}

--- Refuses options whose time has not come.
---@param args nx.cli.Args
function M.check(args)
  for key, row in pairs(options) do
    if args.given[key] then message.raise(row[2] .. " is not there yet in nxlua", row[1], "usage") end
  end
end

--- --message-format other than human: the peer's gate, then ours.
---@param args nx.cli.Args
function M.structured(args)
  local format = args.message_format
  if not format or format == "human" then return end
  if os.getenv "NEXTEST_EXPERIMENTAL_LIBTEST_JSON" ~= "1" then
    message.raise("libtest JSON output is an experimental feature and must be enabled with NEXTEST_EXPERIMENTAL_LIBTEST_JSON=1", 95)
  end
  local version = args.message_format_version
  if version and version ~= "0.1" then
    message.raise(("invalid version `%s`: the one version of this format is 0.1"):format(version), 96)
  end
  if not pcall(require, "nx.report.libtest_json") then
    message.raise(("--message-format %s is not there yet in nxlua"):format(format), 96)
  end
end

--- Setup and wrapper scripts of a profile, and its JUnit report, without which the tests can run.
---@param profile nx.Profile
function M.profile(profile)
  local path = profile.settings.junit.path
  if path then
    message.warning(("profile `%s` asks for a JUnit report (%s), which is not there yet in nxlua"):format(profile.name, path))
  end
  local kinds = profile:script_kinds()
  if kinds[1] then
    message.raise(("profile `%s` starts %s, which are not there yet in nxlua"):format(profile.name, table.concat(kinds, " and ")), 96)
  end
end

--- The progress bar, where it was asked for and would be drawn.
---@param show string         of --show-progress
---@param terminal boolean    is standard error one?
function M.progress(show, terminal)
  if terminal and (show == "bar" or show == "only") then
    message.warning(("--show-progress %s: a progress bar is not there yet in nxlua"):format(show))
  end
end

--- Wrappers around listing.
---@param profile nx.Profile
function M.list_wrappers(profile)
  for _, rule in ipairs(profile.scripts) do
    if rule.list_wrapper then
      message.raise(("profile `%s` lists through a wrapper script, which is not there yet in nxlua"):format(profile.name), 96)
    end
  end
end

-- Commands that are known by name alone.
local commands = {
  self = { 93, "nxlua does not update itself: install it as you did" },
  replay = { 95, "recorded runs (replay) are not there yet in nxlua" },
  store = { 95, "recorded runs (store) are not there yet in nxlua" },
  debug = { 96, "the peer's debug commands are not there in nxlua" },
  bench = { 95, "benchmarks are not there yet in nxlua" },
}

--- The status of a command that is not there.
---@param name string
function M.command(name)
  local row = commands[name]
  message.raise(row[2], row[1], "usage")
end

return M
