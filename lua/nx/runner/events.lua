-- Giving events to reporters: one at a time, in order. A reporter may wait; what happens meanwhile queues up behind it, and
-- nobody starts new work while the queue is long. A reporter that fails is switched off, and that is a problem of the run.

local err = require "nx.error"
local task = require "nx.task"

local M = {}

---@class nx.Events
local Events = {}
Events.__index = Events

local callable = function(value)
  local mt = getmetatable(value)
  return type(value) == "function" or type(mt) == "table" and mt.__call ~= nil
end

---@param reporters table[]   function(event), or { EVENT_TYPE = function(event), close = function() }
---@param head { run_id: string, archive?: string }
---@param on_problem fun(problem: nx.Error)
function M.new(reporters, head, on_problem)
  local list, functions = {}, {}
  for i, reporter in ipairs(reporters) do
    if not callable(reporter) and type(reporter) ~= "table" then
      err.raise { kind = "usage",
        message = ("report: item %d is not a reporter (a function or a table), but a %s"):format(i, type(reporter)) }
    end
    list[i] = reporter
    if callable(reporter) then functions[i] = reporter end
  end
  return setmetatable({ list = list, functions = functions, run_id = head.run_id, archive = head.archive, seq = 0,
    on_problem = on_problem, queue = {}, afters = {}, first = 1, last = 0 }, Events)
end

local function switch_off(self, i, e)
  self.list[i], self.functions[i] = false, nil
  e = err.wrap(e)
  if e.kind == "cancelled" or e.kind == "interrupted" then
    self.delivering = false
    error(e, 0)
  end
  self.on_problem(e)
end

local function deliver(self, event)
  local list, functions = self.list, self.functions
  for i = 1, #list do
    local fn = functions[i]
    if not fn then
      local reporter = list[i]
      fn = reporter and reporter[event.type]
    end
    if fn then
      local ok, e = pcall(fn, event)
      if not ok then switch_off(self, i, e) end
    end
  end
end

--- Stamps an event and has it delivered, after those before it.
---@param event table   with its type
---@param time number
---@param after? fun()  called when all reporters have had it
function Events:emit(event, time, after)
  local seq = self.seq + 1
  self.seq = seq
  event.time, event.seq, event.schema, event.run_id, event.archive = time, seq, 1, self.run_id, self.archive
  if self.delivering then
    self.last = self.last + 1
    self.queue[self.last] = event
    if after then self.afters[event] = after end
    return
  end
  self.delivering = true
  deliver(self, event)
  if after then after() end
  while self.first <= self.last do
    local following = self.queue[self.first]
    self.queue[self.first] = nil
    self.first = self.first + 1
    deliver(self, following)
    after = self.afters[following]
    if after then
      self.afters[following] = nil
      after()
    end
  end
  self.first, self.last = 1, 0
  self.delivering = false
  if self.waiting then
    self.waiting = nil
    task.signal(self)
  end
end

--- Waits until fewer than `bound` events are undelivered.
function Events:settle(bound)
  while self.last - self.first + 1 > bound or bound == 0 and self.delivering do
    self.waiting = true
    task.wait(self)
  end
end

--- Closes the reporters; their errors are problems too.
function Events:close()
  for i, reporter in ipairs(self.list) do
    if reporter and type(reporter) == "table" and type(reporter.close) == "function" then
      local ok, e = pcall(reporter.close)
      if not ok then switch_off(self, i, e) end
    end
  end
end

return M
