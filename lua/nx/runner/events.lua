-- Giving events to reporters: one at a time, in order. A reporter may wait; what happens meanwhile queues up behind it, and
-- nobody starts new work while the queue is long. A reporter that fails is switched off, and that is a problem of the run.

local err = require "nx.error"
local task = require "nx.task"

local M = { schema = 1 }

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
  local list = {}
  for i, reporter in ipairs(reporters) do
    if not callable(reporter) and type(reporter) ~= "table" then
      err.raise { kind = "usage",
        message = ("report: item %d is not a reporter (a function or a table), but a %s"):format(i, type(reporter)) }
    end
    list[i] = reporter
  end
  return setmetatable({ list = list, head = head, seq = 0, on_problem = on_problem, queue = {}, afters = {},
    first = 1, last = 0 }, Events)
end

local function switch_off(self, i, e)
  self.list[i] = false
  e = err.wrap(e)
  if e.kind == "cancelled" or e.kind == "interrupted" then error(e, 0) end
  self.on_problem(e)
end

local function deliver(self, event)
  local list = self.list
  for i = 1, #list do
    local reporter = list[i]
    if reporter then
      local fn = reporter
      if not callable(reporter) then fn = reporter[event.type] end
      if fn then
        local ok, e = pcall(fn, event)
        if not ok then switch_off(self, i, e) end
      end
    end
  end
end

--- Stamps an event and has it delivered, after those before it.
---@param event table   with its type
---@param time number
---@param after? fun()  called when all reporters have had it
function Events:emit(event, time, after)
  self.seq = self.seq + 1
  event.time, event.seq, event.schema, event.run_id, event.archive = time, self.seq, M.schema, self.head.run_id, self.head.archive
  self.last = self.last + 1
  self.queue[self.last] = event
  if after then self.afters[event] = after end
  if self.delivering then return end
  self.delivering = true
  while self.first <= self.last do
    local next_event = self.queue[self.first]
    self.queue[self.first] = nil
    self.first = self.first + 1
    local ok, e = pcall(deliver, self, next_event)
    if not ok then
      self.delivering = false
      error(e, 0)
    end
    after = self.afters[next_event]
    if after then
      self.afters[next_event] = nil
      after()
    end
  end
  self.first, self.last = 1, 0
  self.delivering = false
  if self.waiting then task.signal(self) end
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
