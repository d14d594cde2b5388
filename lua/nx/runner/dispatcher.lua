-- The run of a plan: owns all state, starts units, emits events, takes signals and timeouts. What one test does is unit.lua's.

local attempts = require "nx.runner.attempt"
local environment = require "nx.environment"
local err = require "nx.error"
local events = require "nx.runner.events"
local loop = require "nx.core.loop"
local options = require "nx.options"
local place = require "nx.core.place"
local results = require "nx.runner.result"
local schedule = require "nx.runner.schedule"
local settings = require "nx.runner.settings"
local task = require "nx.task"
local units = require "nx.runner.unit"

local M = {}

---@class nx.Dispatcher
local Run = { statuses = results.statuses }
Run.__index = Run

-- Reasons to cancel, the graver the higher; a graver one replaces, others are not heard.
local gravity = { setup_script_failure = 1, test_failure = 2, reporting_error = 3, global_timeout = 4, test_failure_immediate = 5,
  signal = 6, interrupt = 7, second_signal = 8 }
local cancelled_as = { setup_script_failure = "fail_fast", test_failure = "fail_fast", reporting_error = "fail_fast",
  global_timeout = "timeout", test_failure_immediate = "fail_fast", signal = "signal", interrupt = "signal",
  second_signal = "signal" }

local ending_signals = { SIGINT = true, SIGTERM = true, SIGHUP = true, SIGQUIT = true }

function Run:emit(event, after)
  event.host = self.host_name
  self.events:emit(event, loop.time(), after)
end

-- ---- cancelling ----

-- A signal to every running test; who waits for his next attempt is woken.
local function to_all(self, signal)
  for unit in pairs(self.running) do
    if unit.p then
      unit.ended_by_us = self.cancelled
      attempts.terminate(unit, signal)
    end
  end
end

--- Starts nothing any more, for `reason`; with a `signal`, what runs gets it.
function Run:cancel(reason, signal)
  local now = self.cancelled
  if now and gravity[reason] <= gravity[now] and reason ~= "second_signal" then return end
  self.cancelled = reason
  local running = 0
  for unit in pairs(self.running) do
    if not unit.finished then running = running + 1 end
    if unit.waiting then task.signal(unit) end
  end
  self:emit { type = "run_cancelled", reason = reason, running = running }
  if signal then to_all(self, signal) end
end

-- INT, TERM, HUP, QUIT: the first goes to the tests, the second kills them. Called between two turns: it may not wait.
local function on_interrupt(self, name)
  if name and not ending_signals[name] then return false end
  self.signals = self.signals or {}
  table.insert(self.signals, name or "SIGTERM")
  task.signal(self)
  return true
end

local function take_signals(self)
  while self.signals and self.signals[1] do
    local name = table.remove(self.signals, 1)
    self.signal_count = (self.signal_count or 0) + 1
    if self.signal_count == 1 then
      self:cancel(name == "SIGINT" and "interrupt" or "signal", name)
    else
      self:cancel("second_signal", "SIGKILL")
    end
  end
end

-- ---- units ----

local function on_skip(self)
  return function(skipped)
    self.counts.skip = self.counts.skip + 1
    self:emit { type = "test_skipped", test = skipped.test, reason = skipped.reason }
  end
end

local function failed_enough(self)
  local limit = self.fail_fast.count
  return limit ~= "all" and results.failures(self.counts) >= limit
end

local function keep(self, row)
  if self.keep_output == "all" then return end
  for _, attempt in ipairs(row.attempts) do
    if self.keep_output == "none" or attempt.status == "pass" or attempt.status == "skip" then
      attempt.stdout, attempt.stderr = "", ""
    end
  end
end

local function finished(self, unit, row, total)
  local counts = self.counts
  counts[row.status] = counts[row.status] + 1
  self.done = self.done + 1
  unit.finished = true
  local tests = self.tests
  tests[#tests + 1] = row
  local item = unit.item
  self:emit({ type = "test_finished", test = row.test, status = row.status, reason = row.reason, attempts = row.attempts,
    done = self.done, count = self.count, total_attempts = total, stress = self.stress, ended_by_us = unit.ended_by_us,
    failure_output = rawget(item, "failure_output"), success_output = rawget(item, "success_output"),
    time = nil, seq = nil, schema = nil, run_id = nil, archive = nil, host = nil }, function() keep(self, row) end)
  if failed_enough(self) then
    if self.fail_fast.terminate == "immediate" then
      if not self.cancelled or gravity[self.cancelled] < gravity.test_failure_immediate then
        self:cancel("test_failure_immediate", "SIGTERM")
        to_all(self, "SIGKILL")
      end
    else
      self:cancel "test_failure"
    end
  end
end

-- The first unit that may start; when the run is cancelled, none.
local function next_unit(self)
  if self.cancelled or self.failure then
    self.schedule:drop(self.on_skip)
    return nil
  end
  return self.schedule:next(self.on_skip)
end

local fill

-- Runs units as long as there are any for it.
local function worker(self, unit)
  while unit do
    local ok, row, total = pcall(units.run, self, unit)
    self.running[unit] = nil
    self.schedule:finish(unit)
    if not ok then
      if self.failure == nil then self.failure = row end
      to_all(self, "SIGKILL")
    elseif row then
      local done, e = pcall(finished, self, unit, row, total)
      if not done and self.failure == nil then self.failure = e end
    end
    self.events:settle(64)
    unit = next_unit(self)
    if unit then
      self.running[unit] = true
      fill(self)
    end
  end
  self.workers = self.workers - 1
  if self.workers == 0 then task.signal(self) end
end

-- Starts workers for all that fits.
function fill(self)
  local unit = next_unit(self)
  while unit do
    self.running[unit] = true
    self.workers = self.workers + 1
    local mine = unit
    task.spawn(function() worker(self, mine) end)
    unit = next_unit(self)
  end
end

-- One pass over the plan: counts and tests of it.
local function pass_over(self)
  self.counts, self.tests, self.done, self.workers = results.counts(), {}, 0, 0
  self.running = {}
  self.schedule = schedule.new(self.plan, self.threads, place.cpus())
  local limit = self.global_timeout and task.now() + self.global_timeout
  fill(self)
  while self.workers > 0 do
    if limit then
      task.wait(self, limit)
      if task.now() >= limit then
        limit = nil
        self:cancel("global_timeout", "SIGTERM")
      end
    else
      task.wait(self)
    end
    take_signals(self)
  end
  self.schedule:drop(self.on_skip)
  if self.failure ~= nil then error(self.failure, 0) end
  self.counts.not_run = self.count - self.done
end

-- ---- stress ----

local function stress_of(value)
  if value == nil then return nil end
  if type(value) ~= "table" then value = { count = value } end
  local count, duration = value.count, value.duration and options.seconds(value.duration)
  if count == "infinite" then return { current = 0 } end
  if count ~= nil and (math.type(count) ~= "integer" or count < 1) or count == nil and (duration or 0) <= 0 then
    options.usage("tests:run", "stress must be a number of iterations, \"infinite\" or { duration = \"10m\" }")
  end
  return { current = 0, total = count, duration = duration }
end

local function stress_loop(self)
  local s = self.stress
  s.started, s.passed, s.failed = task.now(), 0, 0
  repeat
    s.current = s.current + 1
    local started = task.now()
    self:emit { type = "iteration_started", stress = s, elapsed = started - s.started }
    pass_over(self)
    local good = results.failures(self.counts) == 0 and self.counts.not_run == 0
    if good then s.passed = s.passed + 1 else s.failed = s.failed + 1 end
    self:emit { type = "iteration_finished", stress = s, counts = self.counts, done = self.done, count = self.count,
      seconds = task.now() - started }
  until self.cancelled or s.total and s.current >= s.total or s.duration and task.now() - s.started >= s.duration
end

-- ---- a run ----

local function check_hosts(hosts, items)
  local nx = package.loaded.nx or require "nx"
  for _, host in ipairs(hosts or {}) do
    if host ~= nx.here then
      err.raise { kind = "usage", message = ("tests:run: the host %s: only nx.here runs tests so far"):format(tostring(host.name or host)) }
    end
  end
  local labels = {}
  for _, label in ipairs(nx.here.labels) do labels[label] = true end
  for _, item in ipairs(items) do
    for _, label in ipairs(item.place or {}) do
      if not labels[label] then
        err.raise { kind = "mismatch", message = ("tests:run: no host has the label %q that %s needs"):format(label, item.test.id) }
      end
    end
  end
end

local function fail_fast_of(o, plan)
  if o.max_fail ~= nil then return settings.normalise("fail_fast", o.max_fail) end
  if o.fail_fast ~= nil then return settings.normalise("fail_fast", o.fail_fast) end
  return settings.normalise("fail_fast", plan.settings.fail_fast == nil and true or plan.settings.fail_fast)
end

local function body(self, o)
  local nx = package.loaded.nx or require "nx"
  local _ <close> = task.on_interrupt(function(name) return on_interrupt(self, name) end)
  local started, started_at = task.now(), loop.time()
  local closer
  local failure
  local ok, e = pcall(function()
    if o.setup then
      local made = o.setup(nx.here)
      if type(made) == "table" then
        closer = made.close
        self.host_env = made.env
      end
    end
    self:emit { type = "run_started", plan = self.plan, threads = self.threads, capture = self.capture, count = self.count,
      stress = self.stress, mode = self.mode }
    if self.stress then stress_loop(self) else pass_over(self) end
  end)
  if not ok then failure = e end
  if closer then
    local closed, problem = pcall(closer)
    if not closed then self.on_problem(err.wrap(problem)) end
  end
  if failure ~= nil then
    pcall(self.events.close, self.events)
    error(failure, 0)
  end
  local result = { seconds = task.now() - started, started_at = started_at, cancelled = cancelled_as[self.cancelled],
    counts = self.counts, tests = self.tests, hosts = { self.host_name }, build = self.plan.build, problems = self.problems }
  results.decide(result, o.no_tests)
  self:emit { type = "run_finished", result = result, no_tests = o.no_tests, reason = self.cancelled, stress = self.stress,
    seconds = result.seconds }
  self.events:settle(0)
  self.events:close()
  results.decide(result, o.no_tests) -- a reporter may have failed on its last event
  return result
end

--- plan:run and tests:run, options checked.
---@param plan nx.Plan
---@param build nx.Build?
---@param o table
---@return nx.Result
function M.run(plan, build, o)
  local nx = package.loaded.nx or require "nx"
  check_hosts(o.hosts, plan.items)
  local capture = o.capture or "split"
  local threads = capture == "none" and 1
    or settings.threads(o.threads or plan.settings.test_threads or "num-cpus", place.cpus())
  local self = setmetatable({
    plan = plan, build = build, run_id = o.run_id or environment.uuid(), mode = o.mode or "test", capture = capture,
    threads = threads, count = #plan.items, retry = o.retry, verdict = o.verdict, keep_output = o.keep_output or "failed",
    fail_fast = fail_fast_of(o, plan), global_timeout = o.global_timeout or plan.settings.global_timeout, hosts = 1,
    stress = stress_of(o.stress), suites = {}, problems = {}, host_name = "here", running = {}, counts = results.counts(), tests = {},
  }, Run)
  if self.global_timeout and self.global_timeout > 1e9 then self.global_timeout = nil end -- 30 years: none
  if self.mode == "benchmark" then self.harness_options = { bench = true } end
  self.environment = { phase = "run", profile = plan.profile, run_id = self.run_id }
  if build and build.view then self.join = build.view:namespaces() end
  self.on_skip = on_skip(self)
  function self.on_problem(problem)
    self.problems[#self.problems + 1] = problem
    self:emit { type = "problem", error = problem }
  end
  self.events = events.new(o.report or { nx.report.human {} }, { run_id = self.run_id, archive = plan.build }, self.on_problem)
  -- in a task of its own, so that nothing of the run outlives it, however it ends
  local scope <close> = task.spawn(function() return body(self, o) end, { handled = true })
  local result = scope:wait()
  local script = package.loaded["nx.script"] -- the worst run is the status of a script that returns nothing
  if script then script.made_run(result.exit_code) end
  if o.check and not result.ok then
    err.raise { kind = "exit", exit_code = result.exit_code, outcome = result,
      message = ("the test run failed: %d of %d tests"):format(results.failures(result.counts) + result.counts.not_run, self.count) }
  end
  return result
end

return M
