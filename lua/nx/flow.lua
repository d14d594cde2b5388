-- What scripts make of tasks: nx.all, map, task, sleep, wait_for, defer, temp_dir.

local err = require "nx.error"
local options = require "nx.options"
local task = require "nx.task"

local M = {}

local function check_function(fn, value)
  local mt = getmetatable(value)
  if type(value) ~= "function" and not (type(mt) == "table" and mt.__call) then
    options.usage(fn, "takes a function, not %s", value == nil and "nothing" or type(value))
  end
  return value
end

-- Runs `workers` tasks of next() -> function | nil until it gives nothing; the first error stops the rest, then is raised.
local function gang(workers, next_job)
  local signal, running, failure, failed = {}, 0, nil, false
  local tasks = {}
  local function ended(t)
    running = running - 1
    tasks[t] = nil
    if t.error ~= nil and not failed then
      failure, failed = t.error, true
      for other in pairs(tasks) do other:cancel() end
    end
    if running == 0 or failed then task.signal(signal) end
  end
  local function work()
    local job = next_job()
    while job and not failed do
      job()
      job = next_job()
    end
  end
  for _ = 1, workers do
    running = running + 1
    tasks[task.spawn(work, { ended = ended, handled = true })] = true
  end
  while running > 0 do
    local ok, e = pcall(task.wait, signal)
    if not ok then
      if not failed then failure, failed = e, true end
      for other in pairs(tasks) do other:cancel() end
      while running > 0 and task.wait_shielded(signal) ~= "deadlock" do end
    end
  end
  if failed then error(failure, 0) end
end

--- nx.all { FN…, limit = nil } -> { first result of each }
function M.all(o)
  o = options.check("nx.all", o, { "function", limit = "integer" })
  local count, at, results = #o, 0, {}
  if o.limit and o.limit < 1 then options.usage("nx.all", "option \"limit\" must be at least 1") end
  gang(math.min(o.limit or count, count), function()
    at = at + 1
    local i = at
    return o[i] and function() results[i] = (o[i]()) end
  end)
  return results
end

--- nx.map { LIST, FN, limit = nil } -> list; FN(item, index)
function M.map(o)
  o = options.check("nx.map", o, { "table|function", ["#"] = 2, limit = "integer" })
  local list, fn = o[1], o[2]
  if type(list) ~= "table" then options.usage("nx.map", "item 1 must be a list, not %s", type(list)) end
  check_function("nx.map", fn)
  if o.limit and o.limit < 1 then options.usage("nx.map", "option \"limit\" must be at least 1") end
  local count, at, results = #list, 0, {}
  gang(math.min(o.limit or count, count), function()
    at = at + 1
    local i = at
    if i <= count then return function() results[i] = (fn(list[i], i)) end end
  end)
  return results
end

--- nx.task(fn) -> Task
function M.task(fn)
  return task.spawn(check_function("nx.task", fn))
end

local function duration(fn, value)
  local seconds = options.seconds(value)
  if not seconds then
    options.usage(fn, "takes a duration (seconds, or \"250ms\", \"30s\", \"1h30m\"), not %s",
      type(value) == "string" and ("%q"):format(value) or tostring(value))
  end
  return seconds
end

--- nx.sleep(d)
function M.sleep(d)
  local deadline = task.now() + duration("nx.sleep", d)
  repeat local signalled = task.wait(nil, deadline) until not signalled
end

--- nx.wait_for { FN, timeout = "10s", every = "50ms" } -> first true value, or raises timeout
function M.wait_for(o)
  if type(o) == "function" then o = { o } end
  o = options.check("nx.wait_for", o, { "function", ["#"] = 1, timeout = "duration", every = "duration" })
  local timeout = o.timeout or 10
  local deadline = task.now() + timeout
  while true do
    local value = o[1]()
    if value then return value end
    local left = deadline - task.now()
    if left < 1e-6 then -- less than the clock can tell: a wait for it would end at once, for ever under a virtual clock
      err.raise { kind = "timeout", message = ("nx.wait_for: not true after %g seconds"):format(timeout) }
    end
    task.wait(nil, task.now() + math.min(o.every or 0.05, left))
  end
end

local Closable = {}
Closable.__index = Closable

--- Any number of times; it happens once.
function Closable:close()
  local fn = self.fn
  if not fn then return end
  self.fn = nil
  task.disown(self)
  fn(self)
end
Closable.__close = Closable.close

local function closable(record, fn)
  record.fn = fn
  return task.own(setmetatable(record, Closable), Closable.close)
end

--- nx.defer(fn) -> closable: runs it when closed, at the latest when the task ends
function M.defer(fn)
  check_function("nx.defer", fn)
  return closable({}, function() fn() end)
end

--- nx.temp_dir {} -> closable with .path; removed when closed, at the latest when the task ends
function M.temp_dir(o)
  options.check("nx.temp_dir", o, {})
  local temp = require "nx.core.temp"
  local dir = closable({ path = false }, function(self) if self.path then temp.remove(self.path) end end)
  dir.path = temp.make(os.getenv "TMPDIR" or "/tmp", "nx-") -- from here on someone knows of it, memory or not
  return dir
end

return M
