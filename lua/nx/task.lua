-- Tasks: coroutines on the event loop, structured as a tree.
--
-- Waiting. `task.wait(handle [, deadline])` suspends the task that calls it until the handle has been signalled since the last
-- wait for it returned (true), or until `deadline`, in seconds of loop.now() (false). A handle is whatever C signals
-- (nx_waitable) or Lua does (`task.signal(any table)`). It raises `cancelled` or `interrupted` where the task was. The idiom:
--     local event = h:next(); while not event do task.wait(h); event = h:next() end
-- It works in three places: in a task it yields; in a user's coroutine inside a task the wait passes through the wrapped
-- coroutine.resume and coroutine.wrap to the scheduler; where Lua cannot yield (sort, gsub, require), in a coroutine that
-- someone resumes past the wrapper, and outside tasks, it turns the loop itself until its own wait is over.
--
-- The tree. A task has ended when its function has returned, its children have ended and the handles that it opened are closed,
-- newest first. An error cancels the children first. A child's error that nobody waited for becomes the parent's, when the
-- parent has come to its end; the other children are cancelled then.
--
-- Cancelling raises `cancelled` at the next wait, once; what then cleans up may wait for `task.cleanup_time` seconds in all.
--
-- A host. `task.main(fn, …)` runs a function as the main task and turns the loop until it and its tasks have ended: true and
-- its results, or false and the error. With a loop of its own it says `local t = task.begin(fn, …)`, then whenever
-- `loop.fd()` is readable `task.step(0)`, which says whether tasks remain, and in the end `task.outcome(t)`, which is what
-- task.main returns. `task.close_all()` is for an exit that skips everything: it ends other tasks and closes all handles.
-- `task.traceback` is the message handler that a task's function runs under.

local err = require "nx.error"
local loop = require "nx.core.loop"
local run = require "nx.core.run"

local resume, yield, create, running = coroutine.resume, coroutine.yield, coroutine.create, coroutine.running
local isyieldable, status, close_coroutine = coroutine.isyieldable, coroutine.status, coroutine.close
local poll, now, pack, unpack = loop.poll, loop.now, table.pack, table.unpack

local M = { now = now, cleanup_time = 15, traceback = function(e) return e end }

local WAIT = setmetatable({}, { __name = "nx.wait" }) -- what a waiting coroutine yields

---@class nx.Task
local Task = {}
Task.__index = Task
Task.__name = "nx.Task"

local root = setmetatable({ root = true, children = {}, count = 0, daemons = 0 }, Task) -- what is outside all tasks
local current, main = root, nil
local innermost                          -- the coroutine in which a yield of WAIT reaches the scheduler
local waiters = {}                       -- handle -> task, more of them chained by .next_waiter
local pending = setmetatable({}, { __mode = "k" }) -- signalled while nobody waited
local timers = {}                        -- number -> task
local ready, first, last = {}, 1, 0
local order = 0                          -- of handles, rising

--- The task that runs.
function M.current() return current end

-- ---- waking ----

local function wake(task, why)
  local h = task.waiting
  if h == nil then return end
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
  if not task.driving then
    last = last + 1
    ready[last] = task
  end
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
M.signal = signal

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
  local target = main or root
  if target.interrupted then hurry(target) end
  target.interrupted, target.interrupt_signal = "requested", name
  if target.waiting ~= nil then wake(target, "interrupt") end
end

--- Signals that interrupt; others are only told to handlers.
M.ending_signals = { SIGINT = true, SIGTERM = true, SIGHUP = true, SIGQUIT = true }

-- ---- turning the loop ----

local finish

local function step_into(task)
  local saved, saved_innermost = current, innermost
  current, innermost = task, task.co
  local ok, token = resume(task.co, task)
  current, innermost = saved, saved_innermost
  if status(task.co) == "dead" then
    -- the body protects everything: what comes out here is an error of ours, or no memory
    if not task.done then finish(task, false, token) end
  elseif token ~= WAIT then
    close_coroutine(task.co)
    finish(task, false, err.new { kind = "usage", message = "coroutine.yield outside of a coroutine: a task does not yield" })
  end
  return ok
end

local happened = {}

-- Resumes who is ready, then waits for something to happen; not when `for_whom` has been woken or is done by then.
local function turn(limit, for_whom)
  local budget = last - first + 1 -- a nested turn may empty the queue under us
  while budget > 0 and first <= last do
    local task = ready[first]
    ready[first] = nil
    first, budget = first + 1, budget - 1
    step_into(task)
  end
  if first > last then first, last = 1, 0 end
  if for_whom and (for_whom.woken or for_whom.done) then return end
  for i = 1, poll(last > 0 and 0 or limit, happened) do
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

local function cancelled_error(task)
  return err.new { kind = "cancelled", message = task.cancel_reason or "cancelled" }
end

-- Waits without raising: "signal", "deadline", or "cancel" | "interrupt" | "hurry".
local function wait(task, h, deadline)
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

-- Raises what is to be raised in this task before it waits (again).
local function check(task)
  if task.interrupted == "requested" then
    task.interrupted = "delivered"
    task.cleanup_until = now() + M.cleanup_time
    local name = task.interrupt_signal
    err.raise { kind = "interrupted", message = name and "interrupted by " .. name or "interrupted", signal = name,
      exit_code = name and 128 + run.signal_number(name) or 130 }
  end
  if task.cancelled == "requested" then
    task.cancelled = "delivered"
    task.cleanup_until = now() + M.cleanup_time
    error(cancelled_error(task), 0)
  end
  if task.cleanup_until and not task.stopping and now() >= task.cleanup_until then error(cancelled_error(task), 0) end
end

--- Waits for a handle; see the top. `h` nil: only for the deadline.
---@return boolean signalled
function M.wait(h, deadline)
  local task = current
  if task.interrupted or task.cancelled then check(task) end
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
  if task.interrupted or task.cancelled then check(task) end
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
local function wait_shielded(task, h, deadline)
  if pending[h] then
    pending[h] = nil
    return "signal"
  end
  task.stopping = true
  local why = wait(task, h, deadline)
  task.stopping = nil
  return why
end

--- The same for the library: for who has to wait for his tasks, cancelled or not.
function M.wait_shielded(h, deadline) return wait_shielded(current, h, deadline) end

-- ---- tasks ----

--- Cancels: `cancelled` is raised at its next wait.
function Task:cancel(reason)
  if self.done or self.cancelled then return end
  self.cancelled, self.cancel_reason = "requested", reason
  if self.waiting ~= nil then wake(self, "cancel") end
end

local function cancel_children(task, daemons)
  for child in pairs(task.children) do
    if daemons or not child.daemon then child:cancel() end
  end
end

-- The first error of an ended child that nobody waited for.
local function unhandled(task)
  for _, child in ipairs(task.failed or {}) do
    if not child.handled and not (err.is(child.error) and child.error.kind == "cancelled" and child.cancelled) then
      return child.error
    end
  end
end

-- Waits until the children have ended: nil, or what went wrong (then the others have been cancelled).
local function join(task, failure)
  local told = failure ~= nil
  if told then cancel_children(task) end
  while task.count - task.daemons > 0 do
    local why = wait_shielded(task, task.children)
    if why == "cancel" or why == "interrupt" or task.cancelled == "requested" or task.interrupted == "requested" then
      local _, e = pcall(check, task)
      failure, told = failure or e, false
    elseif why == "hurry" then
      told = false
    end
    failure = failure or unhandled(task)
    if failure and not told then
      told = true
      cancel_children(task)
    end
  end
  return failure or unhandled(task)
end

local function close_handles(task, failure)
  while task.handles and #task.handles > 0 do
    local handle = table.remove(task.handles)
    task.handles[handle.h] = nil
    local ok, e = pcall(handle.close, handle.h, failure)
    if not ok then failure = failure or e end
  end
  return failure
end

-- What happens after a task's function has returned or raised: children, handles, daemons.
local function wind_up(task, failure)
  failure = join(task, failure)
  failure = close_handles(task, failure)
  if task.daemons > 0 then
    cancel_children(task, true)
    while task.daemons > 0 do wait_shielded(task, task.children) end
  end
  return failure
end

finish = function(task, ok, ...)
  task.done = true
  if ok then task.results = pack(...) else task.error = ... end
  if task.timer then
    timers[task.timer] = nil
    loop.free(task.timer)
    task.timer = nil
  end
  local parent = task.parent
  parent.children[task] = nil
  parent.count = parent.count - 1
  if task.daemon then parent.daemons = parent.daemons - 1 end
  if not ok and not task.handled then
    parent.failed = parent.failed or {}
    table.insert(parent.failed, task)
  end
  if waiters[task] then signal(task) end
  if waiters[parent.children] then signal(parent.children) end
  if task.ended then task.ended(task) end
  task.fn, task.arguments = nil, nil
end

local function conclude(task, ok, ...)
  if ok and task.count == 0 and not task.handles and not task.failed then return finish(task, true, ...) end
  local failure = wind_up(task, not ok and (... or "nil") or nil)
  if failure == nil then return finish(task, ok, ...) end
  return finish(task, false, failure)
end

local function body(task)
  if task.cancelled == "requested" then return conclude(task, false, cancelled_error(task)) end
  local arguments = task.arguments
  if not arguments then return conclude(task, xpcall(task.fn, M.traceback)) end
  return conclude(task, xpcall(task.fn, M.traceback, unpack(arguments, 1, arguments.n)))
end

-- options: daemon (its parent does not wait for it but cancels it), ended(task), handled (its error is someone's business)
local function spawn(parent, fn, arguments, options)
  local task = setmetatable({ fn = fn, arguments = arguments, parent = parent, children = {}, count = 0, daemons = 0 }, Task)
  task.co = create(body)
  if options then
    task.daemon, task.ended, task.handled = options.daemon, options.ended, options.handled
    if task.daemon then parent.daemons = parent.daemons + 1 end
  end
  parent.children[task] = true
  parent.count = parent.count + 1
  last = last + 1
  ready[last] = task
  return task
end

--- Starts a task of the current one; for the library. `options`: see above.
function M.spawn(fn, options) return spawn(current, fn, nil, options) end

--- Waits until it has ended: its results; raises its error.
function Task:wait()
  if self == current then err.raise { kind = "usage", message = "a task cannot wait for itself" } end
  self.handled = true
  while not self.done do M.wait(self) end
  if self.results then return unpack(self.results, 1, self.results.n) end
  error(self.error, 0)
end

--- Cancels it and waits until it has ended.
function Task:close(failure)
  self:cancel()
  while not self.done do M.wait(self) end
  if self.error == nil or self.handled then return end
  self.handled = true
  if err.is(self.error) and self.error.kind == "cancelled" then return end
  if failure == nil then error(self.error, 0) end
end
Task.__close = Task.close

-- ---- handles ----

--- Makes `h` the current task's: `close(h)` is called when the task ends, or the program, newest first; not when it is
--- disowned before, which its own close does.
function M.own(h, close)
  order = order + 1
  local handles = current.handles
  if not handles then
    handles = {}
    current.handles = handles
  end
  local handle = { h = h, close = close, order = order, task = current }
  handles[#handles + 1] = handle
  handles[h] = handle
  return h
end

function M.disown(h, task)
  task = task or current
  while task do
    local handles = task.handles
    if handles and handles[h] then
      for i = #handles, 1, -1 do
        if handles[i].h == h then
          table.remove(handles, i)
          break
        end
      end
      handles[h] = nil
      if #handles == 0 then task.handles = nil end
      return
    end
    task = task.parent
  end
end

-- ---- hosts ----

--- Begins a function as the main task.
function M.begin(fn, ...)
  if main then err.raise { kind = "usage", message = "a script runs already in this state" } end
  main = spawn(root, fn, pack(...), { handled = true })
  return main
end

--- One turn of the loop that waits up to `seconds` (nil: without limit). Do tasks remain?
function M.step(seconds)
  if root.count > 0 or seconds == 0 then turn(seconds) end
  loop.arm(last > 0)
  return root.count > 0
end

--- Of a main task that has ended: true and its results, or false and the error.
function M.outcome(task)
  if main == task then main = nil end
  if task.results then return true, unpack(task.results, 1, task.results.n) end
  return false, task.error
end

--- Runs a function as the main task until it and its tasks have ended: true, results… | false, error.
function M.main(fn, ...)
  local task = M.begin(fn, ...)
  while not task.done do turn(nil, task) end
  return M.outcome(task)
end

--- Ends all tasks but those that the caller stands in, then closes the handles of all, newest first. Errors are ignored.
function M.close_all()
  local above, list = {}, {}
  local task = current
  while task do above[task], task = true, task.parent end
  local function cancel(t)
    for child in pairs(t.children) do
      if above[child] then cancel(child) else child:cancel "exit" end
    end
  end
  cancel(root)
  local saved_waiting, limit = current.waiting, now() + M.cleanup_time
  current.waiting = nil
  local function remaining(t)
    for child in pairs(t.children) do
      if not above[child] or remaining(child) then return true end
    end
  end
  while remaining(root) and now() < limit do wait_shielded(current, M, now() + 0.02) end
  for t in pairs(above) do
    for _, handle in ipairs(t.handles or {}) do list[#list + 1] = handle end
    t.handles = nil
  end
  table.sort(list, function(a, b) return a.order > b.order end)
  for _, handle in ipairs(list) do pcall(handle.close, handle.h) end
  current.waiting = saved_waiting
  run.kill_left()
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

coroutine.resume = function(co, ...)
  if type(co) ~= "thread" then return resume(co, ...) end -- says what is wrong
  return pass_resume(co, ...)
end
coroutine.wrap = function(fn)
  local co = create(fn)
  return function(...) return unwrap(co, pass_resume(co, ...)) end
end

-- A state that is closed without an exit of ours (a plain lua5.4 at the end of its script) still closes what is open.
M.sentinel = setmetatable({}, { __gc = function()
  pcall(M.close_all)
  local e = unhandled(root)
  if e then io.stderr:write("error in a task that nobody waited for: ", tostring(e), "\n") end
end })

return M
