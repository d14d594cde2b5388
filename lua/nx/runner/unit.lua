-- One test from its start to its last word: its attempts, the waits between them, its status. What it tells, it tells the
-- dispatcher; what it may not do any more, the dispatcher tells it.

local attempts = require "nx.runner.attempt"
local environment = require "nx.environment"
local err = require "nx.error"
local harness = require "nx.harness"
local listing = require "nx.listing"
local options = require "nx.options"
local process = require "nx.process"
local settings = require "nx.runner.settings"
local loop = require "nx.core.loop"
local task = require "nx.task"

local M = {}

local compose, unpack = listing.compose, table.unpack

local max_output = 1 << 40 -- the output of tests is kept whole, as the peer does

-- What all tests of a suite have in common, made at its first test.
local function suite_of(run, test)
  local known = run.suites[test.suite]
  if known then return known end
  local build = run.build
  local suite = build and build:suite(test.suite)
  if not suite then
    err.raise { kind = "mismatch", message = ("the test %s: the build has no suite %q"):format(test.id, test.suite) }
  end
  local env = environment.suite(build, suite, run.environment)
  env.NEXTEST_RUN_MODE = run.mode
  env.NEXTEST_TEST_THREADS = tostring(run.threads)
  env.NEXTEST_STRESS_CURRENT, env.NEXTEST_STRESS_TOTAL = "none", "none"
  env.NEXTEST_ATTEMPT, env.NEXTEST_TEST_GROUP, env.NEXTEST_TEST_GROUP_SLOT = "1", "@global", "none"
  known = { suite = suite, env = env, block = process.env(env), harness = harness.get(suite.harness or "libtest", build),
    prefix = run.run_id .. ":" .. suite.id }
  run.suites[test.suite] = known
  return known
end

-- The command of one attempt: what the harness describes, with wrapper and runner, directory, variables, streams.
local function command_of(run, unit, known, number, total)
  local item = unit.item
  local test, suite = item.test, known.suite
  local command = known.harness.command(suite, test, run.harness_options)
  for _, word in ipairs(item.extra_args) do command[#command + 1] = word end
  local cwd, wrap = command.cwd, item.wrap
  if wrap then wrap = { argv = wrap, target_runner = wrap.target_runner or "within-wrapper" } end
  local env = {
    NEXTEST_TEST_NAME = test.name, NEXTEST_TEST_GLOBAL_SLOT = tostring(unit.slot),
    NEXTEST_TOTAL_ATTEMPTS = tostring(total or number),
    -- room for those that follow: a table that grows costs more than what is put into it
    NEXTEST_ATTEMPT_ID = nil, NEXTEST_ATTEMPT = nil, NEXTEST_TEST_GROUP = nil, NEXTEST_TEST_GROUP_SLOT = nil,
  }
  local id = known.prefix
  if run.stress then
    id = ("%s@stress-%d"):format(id, run.stress.current - 1)
    env.NEXTEST_STRESS_CURRENT = tostring(run.stress.current - 1)
    env.NEXTEST_STRESS_TOTAL = run.stress.total and tostring(run.stress.total) or "unknown"
  end
  id = id .. "$" .. test.name
  if number > 1 then
    id = id .. "#" .. number
    env.NEXTEST_ATTEMPT = tostring(number)
  end
  env.NEXTEST_ATTEMPT_ID = id
  if unit.group then
    env.NEXTEST_TEST_GROUP, env.NEXTEST_TEST_GROUP_SLOT = unit.group.name, tostring(unit.group_slot)
  end
  if command.env then for name, value in pairs(command.env) do env[name] = value end end
  if run.host_env then for name, value in pairs(run.host_env) do env[name] = value end end
  if item.env then for name, value in pairs(item.env) do env[name] = value end end
  if wrap or suite.runner and suite.runner[1] then command = compose(suite, command, wrap) end
  local captured = run.capture ~= "none"
  local argv = { command[1], command[2], command[3], command[4], command[5], environment = known.block, env = env,
    suite_env = known.env, cwd = cwd or suite.cwd, leak_timeout = item.leak_timeout, max_output = max_output, join = run.join,
    stdout = captured and "capture" or "inherit",
    stderr = run.capture == "merged" and "stdout" or captured and "capture" or "inherit" }
  for i = 6, #command do argv[i] = command[i] end
  return argv
end

-- Does it get another attempt? nil, or the seconds to wait before it.
local function again(run, unit, attempt, total)
  if run.retry then
    local answer = run.retry(unit.item.test, attempt)
    if not answer then return nil end
    if answer == true then return 0 end
    if type(answer) ~= "table" then
      options.usage("tests:run", "retry must return true, false or { after = duration }, not %s (a bare number says nothing)",
        type(answer) == "number" and tostring(answer) or type(answer))
    end
    local after = answer.after == nil and 0 or options.seconds(answer.after)
    if not after then options.usage("tests:run", "retry: after = %s is not a duration", tostring(answer.after)) end
    if answer.host == "other" and run.hosts < 2 then return after end -- there is no other
    return after
  end
  if attempt.number >= total then return nil end
  return settings.delay(unit.item.retries, attempt.number, loop.random)
end

-- The status of a test whose last attempt is this.
local function status_of(item, attempt)
  if attempt.status ~= "pass" or attempt.number == 1 then return attempt.status end
  if item.flaky_result == "fail" then return "fail", "flaky" end
  return "flaky"
end

--- Runs a unit. Returns its row of the Result, or nil when the run was cancelled before the test came to an end.
---@param run table   the dispatcher
---@param unit table
function M.run(run, unit)
  local item = unit.item
  local test = item.test
  local known = suite_of(run, test)
  local total = not run.retry and item.retries.count + 1 or nil
  local list, number = {}, 0
  local retry_after
  local function on_slow(seconds, terminating)
    run:emit { type = "attempt_slow", test = test, number = number, seconds = seconds, terminating = terminating,
      total_attempts = total }
  end
  repeat
    number = number + 1
    local command = command_of(run, unit, known, number, total)
    run:emit { type = "test_started", test = test, number = number, slot = unit.slot, total_attempts = total,
      command = { unpack(command, 1, #command) }, time = nil, seq = nil, schema = nil, run_id = nil, archive = nil, host = nil }
    local attempt = attempts.run(unit, command, known.harness, number, on_slow)
    list[number] = attempt
    retry_after = nil
    if attempt.status ~= "pass" and attempt.status ~= "skip" then retry_after = again(run, unit, attempt, total) end
    run:emit { type = "attempt_finished", test = test, attempt = attempt, retry_after = retry_after, total_attempts = total,
      failure_output = rawget(item, "failure_output"), ended_by_us = unit.ended_by_us,
      time = nil, seq = nil, schema = nil, run_id = nil, archive = nil, host = nil }
    if retry_after then
      if run.cancelled then return nil end
      local limit = task.now() + retry_after
      unit.waiting = true
      while retry_after > 0 and task.now() < limit and not run.cancelled do task.wait(unit, limit) end
      unit.waiting = nil
      if run.cancelled then return nil end
    end
  until not retry_after
  local last = list[number]
  local status, reason = status_of(item, last)
  if run.verdict then
    local said, why = run.verdict(test, list, status)
    if said ~= nil then
      if not run.statuses[said] then
        options.usage("tests:run", "verdict must return a status or nil, not %s", tostring(said))
      end
      if said ~= status or why then reason = why end
      status = said
    end
  end
  local seconds = 0
  for _, attempt in ipairs(list) do seconds = seconds + attempt.seconds end
  return { test = test, status = status, reason = reason, attempts = list, seconds = seconds }, total or number
end

return M
