-- One attempt of one test: the process from its start to its status, with its slow ticks, its timeout and its end.
-- The dispatcher reaches into a running attempt by terminate(); nothing else does.

local err = require "nx.error"
local process = require "nx.process"
local task = require "nx.task"

local M = {}

local now, wait, signal, huge = task.now, task.wait, task.signal, math.huge

---@class nx.Attempt
---@field number integer
---@field status "pass"|"fail"|"timeout"|"exec_fail"|"skip"
---@field exit_code integer
---@field signal? string
---@field stdout string
---@field stderr string
---@field merged? boolean        both streams are in stdout
---@field seconds number
---@field started_at number
---@field host string
---@field slot integer
---@field slow boolean
---@field leaked boolean
---@field timed_out? boolean
---@field max_rss integer
---@field failure? { message: string, file?: string, line?: integer }

--- Asks a running unit's process to end: a signal to its group, SIGKILL after its grace. A second request kills at once.
---@param unit table
---@param name string   signal
function M.terminate(unit, name)
  local p = unit.p
  if not p or unit.exited then return end
  if unit.kill_at or unit.grace <= 0 or name == "SIGKILL" then
    unit.kill_at = huge
    p:signal "SIGKILL"
  else
    unit.kill_at = now() + unit.grace
    p:signal(name)
    if name ~= "SIGCONT" then p:signal "SIGCONT" end -- a stopped process answers too
    signal(p)
  end
end

-- Waits for the process to exit; ticks `slow` on the way. Returns whether it was slow.
local function watch(unit, item, on_slow)
  local p, started, hits = unit.p, now(), 0
  local period, limit = item.slow_after, item.timeout
  local slow_at = started + period
  local end_at = limit and started + limit or huge
  local event = p:next()
  while event ~= "done" and event ~= "exited" do
    if not event then
      local at = slow_at < end_at and slow_at or end_at
      if unit.kill_at then at = unit.kill_at end
      if at == huge then wait(p) else wait(p, at) end
      local t = now()
      event = p:next()
      if event == "done" or event == "exited" then break end
      if unit.kill_at then
        if t >= unit.kill_at then
          unit.kill_at = huge
          p:signal "SIGKILL"
        end
      elseif t >= slow_at or t >= end_at then
        hits = hits + 1
        local ending = t >= end_at
        -- with a grace of zero the peer says nothing about the test on its way
        if item.grace > 0 then on_slow(ending and limit or hits * period, ending) end
        slow_at = started + (hits + 1) * period
        if ending and not unit.kill_at then
          unit.timed_out = true
          M.terminate(unit, "SIGTERM")
        end
      end
      event = p:next()
    else
      event = p:next()
    end
  end
  unit.exited = true
  return hits > 0, event
end

-- After the exit: whoever still holds the output has `period` seconds since the last byte to let go of it.
local function drain(p, event, period)
  local size = p:size()
  local at = now() + period
  while event ~= "done" do
    if not wait(p, at) and now() >= at then
      local more = p:size()
      if more == size then return p:cut() end
      size, at = more, now() + period
    end
    event = p:next()
  end
  return false
end

-- The same by nx.run, where a script has put something else in its place.
local function by_nx_run(nx, command)
  local o = table.move(command, 1, #command, 1, {})
  local env = {}
  for name, value in pairs(command.suite_env) do env[name] = value end
  for name, value in pairs(command.env) do env[name] = value end
  o.cwd, o.env, o.stderr, o.leak_timeout = command.cwd, env, command.stderr, command.leak_timeout
  if command.stdout ~= "capture" then o.stdout = command.stdout end
  return nx.run(o)
end

local function causes_of(e)
  local message = tostring(e.message or e)
  if e.errno then
    local text = message:match ": ([^:]*)$" or message
    return { ("%s (os error %d)"):format(text, e.errno) }
  end
  return { message }
end

local function spawn_failed(attempt, e, started)
  attempt.status, attempt.exit_code = "exec_fail", 127
  attempt.seconds = now() - started
  attempt.failure = { message = "error spawning child process", causes = causes_of(e), step = e.step }
  return attempt
end

-- What the end of the process means.
local function judge(attempt, outcome, unit, item, how)
  if unit.timed_out then
    attempt.timed_out = true
    attempt.status = item.on_timeout == "pass" and "pass" or "timeout"
    return
  end
  if how.judge then
    local ok, status, failure = pcall(how.judge, item.test, outcome)
    if not ok then error(status, 0) end
    attempt.status, attempt.failure = status, failure
  else
    attempt.status = outcome.ok and "pass" or "fail"
  end
  if attempt.status == "pass" and attempt.leaked and item.leak_result == "fail" then attempt.status = "fail" end
end

--- Runs one attempt. `unit` is what terminate() takes; its `p` is the process while it runs.
---@param unit { item: nx.PlanItem, slot: integer, grace: number }
---@param command table         argv, cwd, environment, env, stdout, stderr, join, leak_timeout, max_output
---@param how nx.Harness
---@param number integer
---@param on_slow fun(seconds: number, terminating: boolean)
---@return nx.Attempt
function M.run(unit, command, how, number, on_slow)
  local nx = package.loaded.nx
  local item = unit.item
  local attempt = { number = number, status = "pass", exit_code = 0, stdout = "", stderr = "", seconds = 0, started_at = 0,
    host = "here", slot = unit.slot, slow = false, leaked = false, max_rss = 0 }
  local started = now()
  local outcome
  for _, word in ipairs(command) do
    if word:find("\0", 1, true) then -- no system can start that; one test's name is no reason to stop the others
      return spawn_failed(attempt, { message = "nul byte found in provided data" }, started)
    end
  end
  local replaced = rawget(nx, "run")
  if replaced ~= nil and replaced ~= process.run then
    local ok, result = pcall(by_nx_run, nx, command)
    if not ok then
      if err.is(result) and result.kind == "spawn" then return spawn_failed(attempt, result, started) end
      error(result, 0)
    end
    outcome = result
    attempt.seconds, attempt.leaked = outcome.seconds, outcome.leaked
  else
    local ok, p = pcall(process.spawn, command)
    if not ok then
      if err.is(p) and p.kind == "spawn" then return spawn_failed(attempt, p, started) end
      error(p, 0)
    end
    local handle <close> = p
    unit.p, unit.exited, unit.kill_at, unit.timed_out = handle, false, nil, nil
    if unit.on_start then unit.on_start(unit) end
    local event
    attempt.slow, event = watch(unit, item, on_slow)
    if event ~= "done" then attempt.leaked = drain(p, event, item.leak_timeout) end
    attempt.seconds = now() - started
    outcome = p:outcome()
    outcome.leaked = attempt.leaked
    unit.p = nil
  end
  attempt.exit_code, attempt.signal = outcome.exit_code, outcome.signal
  attempt.stdout, attempt.stderr = outcome.stdout, outcome.stderr
  attempt.started_at, attempt.max_rss = outcome.started_at, outcome.max_rss
  if outcome.truncated then attempt.truncated = outcome.truncated end
  if command.stderr == "stdout" then attempt.merged = true end
  judge(attempt, outcome, unit, item, how)
  if attempt.status == "fail" and not attempt.failure then
    attempt.failure = require "nx.runner.failure".describe(attempt)
  end
  return attempt
end

return M
