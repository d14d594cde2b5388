-- From suites to tests: what a filter can decide by the suite alone is never started; the others are asked, as many at once as
-- there are processors.

local environment = require "nx.environment"
local err = require "nx.error"
local failure = require "nx.failure"
local harness = require "nx.harness"
local model = require "nx.model"
local place = require "nx.core.place"

local M = {}

---@class nx.Listed
---@field suite nx.Suite
---@field status "listed"|"skipped"|"skipped_default_filter"
---@field tests nx.Test[]    all of them, in bytewise order of their names

---@class nx.listing.Options
---@field suites? nx.Suite[]          instead of all of the build
---@field decide? fun(suite: nx.Suite): boolean, string?   false: not started, with the status it gets
---@field profile? string
---@field run_id? string
---@field required_version? string
---@field recommended_version? string
---@field wrapper? fun(suite: nx.Suite): { argv: string[], env?: table, target_runner?: string }?
---@field on? nx.Host                  where the binaries are started
---@field limit? integer
---@field progress? fun(listed: nx.Listed, done: integer, count: integer)

--- Wrapper, runner and command in the order that the wrapper's `target_runner` asks for.
---@param suite nx.Suite
---@param command string[]
---@param wrapper? { argv: string[], target_runner?: string }
---@return string[] argv
function M.compose(suite, command, wrapper)
  local argv, runner = {}, suite.runner or {}
  local function add(words) table.move(words, 1, #words, #argv + 1, argv) end
  if not wrapper then
    add(runner)
  else
    local how = wrapper.target_runner or "ignore"
    if how == "ignore" or #runner == 0 then
      add(wrapper.argv)
    elseif how == "overrides-wrapper" then
      add(runner)
    elseif how == "within-wrapper" then
      add(wrapper.argv)
      add(runner)
    else
      add(runner)
      add(wrapper.argv)
    end
  end
  add(command)
  return argv
end

local function is_directory(path)
  return place.real(path .. "/.") ~= nil
end

-- Starts one listing command of a suite.
local function ask(build, suite, command, options)
  local nx = package.loaded.nx or require "nx"
  local wrapper = options.wrapper and options.wrapper(suite)
  local run = M.compose(suite, command, wrapper)
  run.cwd = command.cwd or suite.cwd
  options.wrapper_env = wrapper and wrapper.env
  run.env = environment.suite(build, suite, options)
  for name, value in pairs(command.env or {}) do run.env[name] = value end
  run.view = build.view
  run.max_output = "4GiB"
  local start = options.on and options.on ~= nx.here and function(o) return options.on:run(o) end or nx.run
  local ok, outcome = pcall(start, run)
  if ok then
    outcome.argv = outcome.argv or run
    return outcome
  end
  if not (err.is(outcome) and outcome.kind == "spawn") then error(outcome, 0) end
  run.cwd = nil
  failure.raise { kind = "list_failed", exit_code = 104, path = suite.path, chain = { "creating test list failed",
    ("for `%s`, running command `%s` failed to execute"):format(suite.id, table.concat(run, " ")),
    failure.os_error(outcome.message, outcome.errno) } }
end

--- The tests of one suite.
---@return nx.Test[]
function M.suite(build, suite, options)
  local nx = package.loaded.nx or require "nx"
  local how = harness.get(suite.harness or "libtest", build)
  if not options.on and suite.cwd and not is_directory(suite.cwd) then
    failure.raise { kind = "list_failed", exit_code = 104, path = suite.cwd, chain = { "creating test list failed",
      ("for `%s`, current directory `%s` is not a directory\n(hint: ensure project source is available at this location)")
        :format(suite.id, suite.cwd) } }
  end
  local commands = how.list(suite)
  if type(commands[1]) == "string" then commands = { commands } end
  local outcomes
  if #commands == 1 then
    outcomes = { ask(build, suite, commands[1], options) }
  else
    local calls = {}
    for i, command in ipairs(commands) do
      calls[i] = function() return ask(build, suite, command, options) end
    end
    outcomes = nx.all(calls)
  end
  local tests = how.parse(suite, outcomes)
  local prefix = suite.id .. " "
  for _, test in ipairs(tests) do
    if type(test.name) ~= "string" then
      err.raise { kind = "list_failed", exit_code = 104, message = ("harness %s: a test of `%s` has no name"):format(how.name, suite.id) }
    end
    if test.kind then test.meta, test.kind = { kind = test.kind }, nil end
    if not test.id then
      test.id, test.suite = prefix .. test.name, suite.id
      test.ignored = test.ignored or false
    end
    setmetatable(test, model.Test)
  end
  return tests
end

--- Lists a build: one record a suite, in order.
---@param build nx.Build
---@param options? nx.listing.Options
---@return nx.Listed[]
function M.list(build, options)
  local nx = package.loaded.nx or require "nx"
  local shared = {} -- one table for the whole phase: what is common to all suites is made once
  for key, value in pairs(options or {}) do shared[key] = value end
  shared.phase = "list"
  shared.run_id = shared.run_id or environment.uuid()
  local suites = shared.suites or build.suites
  local results, wanted = {}, {}
  for i, suite in ipairs(suites) do
    local yes, status = true, nil
    if shared.decide then yes, status = shared.decide(suite) end
    results[i] = { suite = suite, status = yes ~= false and "listed" or status or "skipped", tests = {} }
    if yes ~= false then wanted[#wanted + 1] = results[i] end
  end
  local done = 0
  if #wanted > 0 then
    local request = { wanted, function(listed)
      listed.tests = M.suite(build, listed.suite, shared)
      done = done + 1
      if shared.progress then shared.progress(listed, done, #wanted) end
      return true
    end, limit = shared.limit or place.cpus() }
    nx.map(request)
  end
  return results
end

return M
