-- The scheduler below lua/nx/task.lua: who runs, who waits for what, what wakes him. The tree of tasks is task.lua's.
--
-- A task here is a table with `co`; while it waits `waiting` is the handle, when it has been woken `woken` says why. Each wait is
-- one yield of WAIT up to the scheduler, through the user's coroutines in between, or where that is not possible a turning of
-- the loop in place (`driving`).

local err = require "nx.error"
local loop = require "nx.core.loop"
local run = require "nx.core.run"

local resume, yield, create, running = coroutine.resume, coroutine.yield, coroutine.create, coroutine.running
local isyieldable, status, close_coroutine = coroutine.isyieldable, coroutine.status, coroutine.close
local poll, now = loop.poll, loop.now

local M = { cleanup_time = 15, main = nil } -- main: the task that an interrupt is for

local WAIT = setmetatable({}, { __name = "nx.wait" }) -- what a waiting coroutine yields

local root = { root = true, children = {}, count = 0, daemons = 0 } -- what is outside all tasks
M.root = root
local current = root
local innermost                          -- the coroutine in which a yield of WAIT reaches the scheduler
local waiters = {}                       -- handle -> task, more of them chained by .next_waiter
local pending = setmetatable({}, { __mode = "k" }) -- signalled while nobody waited
local timers = {}                        -- number -> task
local ready, first, last = {}, 1, 0

--- The task that runs.
function M.current() return current end

--- Puts a new task behind those that are ready.
function M.enqueue(task)
  ready[last + 1] = task
  last = last + 1
end

--- Is anyone ready to run?
function M.busy() return last > 0 end

--- Does anyone wait for `h`?
function M.awaited(h) return waiters[h] ~= nil end

--- Gives back what a task that has ended had.
function M.release(task)
  if not task.timer then return end
  timers[task.timer] = nil
  loop.free(task.timer)
  task.timer = nil
end

--- Forgets who waits and who is ready: after an error in the scheduler itself, for want of memory.
function M.reset()
  for number in pairs(timers) do loop.free(number) end
  waiters, timers, ready, first, last = {}, {}, {}, 1, 0
  current, innermost, M.main = root, nil, nil
  root.children, root.count, root.daemons, root.failed, root.handles = {}, 0, 0, nil, nil
  root.waiting, root.woken, root.driving, root.timer, root.stopping, root.next_waiter = nil, nil, nil, nil, nil, nil
  root.interrupted, root.cancelled, root.cleanup_until, root.exit = nil, nil, nil, nil
end

-- ---- waking ----

-- A task that waits goes on.
local function wake(task, why)
  local h = task.waiting
  if h == nil then return end
  if not task.driving then -- first: without memory this raises, and nothing has changed
    ready[last + 1] = task
    last = last + 1
  end
  task.waiting, task.woken = nil, why
  if h ~= task and waiters[h] then
    if waiters[h] == task then
      waiters[h] = task.next_waiter
    else
      local before = waiters[h]
      while before and before.next_waiter ~= task do before = before.next_waiter end
      if before then before.next_waiter = task.next_waiter end
    end
  end
  task.next_waiter = nil
end

--- Wakes who waits for `h`, or the next who will.
local function signal(h)
  local task = waiters[h]
  if not task then
    pending[h] = true
    return
  end
  while task do
    local following = task.next_waiter
    wake(task, "signal")
    task = following
  end
end
M.wake, M.signal = wake, signal

--- Drops a signal that nobody has waited for yet.
function M.forget(h) pending[h] = nil end

-- ---- interrupts ----

local handlers = {} -- of interrupts, innermost last

--- Calls `fn(signal name | nil)` for an interrupt from now on; when it returns true nothing else happens. It may not wait.
--- Returns a closable that ends this.
function M.on_interrupt(fn)
  local entry = { fn = fn }
  handlers[#handlers + 1] = entry
  local function off()
    for i = #handlers, 1, -1 do if handlers[i] == entry then table.remove(handlers, i) end end
  end
  return setmetatable({ close = off }, { __close = off })
end

local function hurry(task)
  if task.cleanup_until then task.cleanup_until = now() end
  if task.waiting ~= nil and (task.stopping or task.cleanup_until) then wake(task, "hurry") end
  for child in pairs(task.children) do hurry(child) end
end

local function interrupt(number)
  local name = number > 0 and run.signal_name(number) or nil
  for i = #handlers, 1, -1 do
    if handlers[i].fn(name) then return end
  end
  if number > 0 and not M.ending_signals[name] then return end
  local target = M.main or root
  if target.interrupted then hurry(target) end
  target.interrupted, target.interrupt_signal = "requested", name
  if target.waiting ~= nil then wake(target, "interrupt") end
end

--- Signals that interrupt; others are only told to handlers.
M.ending_signals = { SIGINT = true, SIGTERM = true, SIGHUP = true, SIGQUIT = true }

-- ---- turning the loop ----

local function step_into(task)
  local saved, saved_innermost = current, innermost
  current, innermost = task, task.co
  local ok, token = resume(task.co, task)
  current, innermost = saved, saved_innermost
  if status(task.co) == "dead" then
    -- the body protects everything: what comes out here is an error of ours, or no memory
    if not task.done then M.finish(task, false, token) end
  elseif token ~= WAIT then
    close_coroutine(task.co)
    M.finish(task, false, err.new { kind = "usage", message = "coroutine.yield outside of a coroutine: a task does not yield" })
  end
  return ok
end

local happened = {}

-- Resumes who is ready, then waits for something to happen; not when `for_whom` has been woken or is done by then.
function M.turn(limit, for_whom)
  local budget = last - first + 1 -- a nested turn may empty the queue under us
  while budget > 0 and first <= last do
    local task = ready[first]
    ready[first] = nil
    first, budget = first + 1, budget - 1
    step_into(task)
  end
  if first > last then first, last = 1, 0 end
  if for_whom and (for_whom.woken or for_whom.done) then return end
  local n = poll(last > 0 and 0 or limit, happened)
  if n < 0 then -- no descriptor, no timer: they wait for one another
    if not for_whom or for_whom.waiting == nil then error("nothing can end this wait", 0) end
    wake(for_whom, "deadlock")
  end
  for i = 1, n do
    local item = happened[i]
    happened[i] = nil
    local task = timers[item]
    if task then wake(task, "deadline") else signal(item) end
  end
  local signals = loop.signals()
  if signals then
    for _, number in ipairs(signals) do interrupt(number) end
  end
end

local turn = M.turn

local function drive(task)
  local saved, saved_innermost, was_driving = current, innermost, task.driving
  task.driving = true
  while not task.woken do turn(nil, task) end
  task.driving = was_driving
  current, innermost = saved, saved_innermost
end

-- Lets go of the processor until `task` has been woken.
local function block(task)
  if running() == innermost and isyieldable() then yield(WAIT) end
  if not task.woken then drive(task) end
end

-- ---- waiting ----

function M.cancelled_error(task)
  return err.new { kind = "cancelled", message = task.cancel_reason or "cancelled" }
end

-- Waits without raising: "signal", "deadline", or "cancel" | "interrupt" | "hurry".
local function wait(task, h, deadline)
  if M.abandoning then error(M.cancelled_error(task), 0) end
  task.waiting, task.woken = h, nil
  if h ~= task then
    local other = waiters[h]
    waiters[h], task.next_waiter = task, other
  end
  if deadline then
    local timer = task.timer
    if not timer then
      timer = loop.timer()
      task.timer, timers[timer] = timer, task
    end
    loop.set(timer, deadline)
    block(task)
    loop.clear(timer)
  else
    block(task)
  end
  local why = task.woken
  task.woken = nil
  return why
end

local function raise_interrupted(name)
  err.raise { kind = "interrupted", message = name and "interrupted by " .. name or "interrupted", signal = name,
    exit_code = name and 128 + run.signal_number(name) or 130 }
end

-- Raises what is to be raised in this task before it waits (again).
function M.check(task)
  if task.exit then
    local way_out = task.exit
    task.exit = nil
    error(way_out, 0)
  end
  if task.interrupted == "requested" then
    task.interrupted = "delivered"
    task.cleanup_until = now() + M.cleanup_time
    raise_interrupted(task.interrupt_signal)
  end
  if task.cancelled == "requested" then
    task.cancelled = "delivered"
    task.cleanup_until = now() + M.cleanup_time
    error(M.cancelled_error(task), 0)
  end
  if task.cleanup_until and not task.stopping and now() >= task.cleanup_until then error(M.cancelled_error(task), 0) end
end

local check = M.check

--- Answers an interrupt where a task computes and does not wait: raises it there. Called from a hook (src/stop.c).
function M.answer_interrupt()
  for _, number in ipairs(loop.signals() or {}) do interrupt(number) end
  local target = M.main or root
  if target.interrupted ~= "requested" then return end -- a handler has taken it
  if current == target then check(current) end
  raise_interrupted(target.interrupt_signal)
end

--- Waits for a handle; `h` nil: only for the deadline. Raises `cancelled` and `interrupted`.
---@return boolean signalled
function M.wait(h, deadline)
  local task = current
  if task.interrupted or task.cancelled or task.exit then check(task) end
  if h == nil then
    h = task
  elseif pending[h] then
    pending[h] = nil
    return true
  end
  if task.sync or task.waiting ~= nil then
    err.raise { kind = "usage", message = "a function that is called in between (a filter, a finalizer, …) may not wait" }
  end
  local last_moment, until_then = task.cleanup_until, deadline
  if last_moment and (not deadline or last_moment < deadline) then until_then = last_moment end
  local why = wait(task, h, until_then)
  if task.interrupted or task.cancelled or task.exit then check(task) end
  if why == "deadline" and until_then ~= deadline then error(M.cancelled_error(task), 0) end
  if why == "deadlock" then
    err.raise { kind = "usage", message = "nothing can end this wait: every task waits for another" }
  end
  return why == "signal"
end

local function after_sync(task, before, ok, ...)
  task.sync = before
  if ok then return ... end
  error((...), 0)
end

--- Calls a function that may not wait: when it does, that is an error at its line.
function M.sync(fn, ...)
  local task, before = current, current.sync
  task.sync = true
  return after_sync(task, before, pcall(fn, ...))
end

-- Waits for a handle whatever happens to the task; returns why it was woken.
function M.wait_shielded(task, h, deadline)
  if pending[h] then
    pending[h] = nil
    return "signal"
  end
  task.stopping = true
  local why = wait(task, h, deadline)
  task.stopping = nil
  return why
end

-- ---- coroutines of users ----

local function settle(co, saved, ok, token, ...)
  innermost = saved
  if ok and token == WAIT then
    block(current)
    innermost = co
    return settle(co, saved, resume(co))
  end
  return ok, token, ...
end

local function pass_resume(co, ...)
  local saved = innermost
  innermost = co
  return settle(co, saved, resume(co, ...))
end

local function unwrap(co, ok, ...)
  if ok then return ... end
  local e = ...
  if status(co) == "dead" then
    local closed, other = close_coroutine(co)
    if not closed then e = other end
  end
  error(e, type(e) == "string" and 2 or 0)
end

coroutine.resume = function(co, ...) -- luacheck: ignore 122
  if type(co) ~= "thread" then return resume(co, ...) end -- says what is wrong
  return pass_resume(co, ...)
end
coroutine.wrap = function(fn) -- luacheck: ignore 122
  local co = create(fn)
  return function(...) return unwrap(co, pass_resume(co, ...)) end
end

return M
