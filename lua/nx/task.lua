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
-- Cancelling raises `cancelled` at the next wait, once; what then cleans up may wait for `scheduler.cleanup_time` seconds in all.
--
-- A host. `task.main(fn, …)` runs a function as the main task and turns the loop until it and its tasks have ended: true and
-- its results, or false and the error. With a loop of its own it says `local t = task.begin(fn, …)`, then whenever
-- `loop.fd()` is readable `task.step(0)`, which says whether tasks remain, and in the end `task.outcome(t)`, which is what
-- task.main returns. `task.close_all()` is for an exit that skips everything: it ends other tasks and closes all handles.
-- `task.traceback` is the message handler that a task's function runs under.

local err = require "nx.error"
local loop = require "nx.core.loop"
local run = require "nx.core.run"
local scheduler = require "nx.scheduler"

local create, pack, unpack = coroutine.create, table.pack, table.unpack
local xpcall = require "nx.core.err".xpcall -- the plain one: os.exit ends a task like an error
local now, current, wake, signal, turn = loop.now, scheduler.current, scheduler.wake, scheduler.signal, scheduler.turn
local wait_shielded, check = scheduler.wait_shielded, scheduler.check

local M = {
  now = now, current = current, wait = scheduler.wait, signal = signal, forget = scheduler.forget, sync = scheduler.sync,
  on_interrupt = scheduler.on_interrupt, traceback = function(e) return e end,
}

---@class nx.Task
local Task = {}
Task.__index = Task
Task.__name = "nx.Task"

local root = setmetatable(scheduler.root, Task)

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
    elseif why == "deadlock" then
      if told then break end -- they do not come to their end
      failure = failure or err.new { kind = "usage", message = "nothing can end these tasks: each waits for another" }
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
    while task.daemons > 0 and wait_shielded(task, task.children) ~= "deadlock" do end
  end
  return failure
end

local function finish(task, ok, ...)
  task.done = true
  if ok then task.results = pack(...) else task.error = ... end
  scheduler.release(task)
  local parent = task.parent
  parent.children[task] = nil
  parent.count = parent.count - 1
  if task.daemon then parent.daemons = parent.daemons - 1 end
  if not ok and not task.handled then
    parent.failed = parent.failed or {}
    table.insert(parent.failed, task)
  end
  if not ok and type(task.error) == "userdata" and not parent.root then -- os.exit goes up to the main task at once
    parent.exit = task.error
    wake(parent, "exit")
  end
  if scheduler.awaited(task) then signal(task) end
  if scheduler.awaited(parent.children) then signal(parent.children) end
  if task.ended then task.ended(task) end
  task.fn, task.arguments = nil, nil
end

scheduler.finish = finish

local function conclude(task, ok, ...)
  if ok and task.count == 0 and not task.handles and not task.failed then return finish(task, true, ...) end
  local failure = wind_up(task, not ok and (... or "nil") or nil)
  if failure == nil then return finish(task, ok, ...) end
  return finish(task, false, failure)
end

local function body(task)
  if task.cancelled == "requested" then return conclude(task, false, scheduler.cancelled_error(task)) end
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
  scheduler.enqueue(task)
  return task
end

--- Starts a task of the current one; for the library. `options`: see above.
function M.spawn(fn, options) return spawn(current(), fn, nil, options) end

--- Waits until it has ended: its results; raises its error.
function Task:wait()
  if self == current() then err.raise { kind = "usage", message = "a task cannot wait for itself" } end
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

local order = 0 -- rising

--- Makes `h` the current task's: `close(h)` is called when the task ends, or the program, newest first; not when it is
--- disowned before, which its own close does.
function M.own(h, close)
  order = order + 1
  local task = current()
  local handles = task.handles
  if not handles then
    handles = {}
    task.handles = handles
  end
  local handle = { h = h, close = close, order = order }
  handles[#handles + 1] = handle
  handles[h] = handle
  return h
end

function M.disown(h, task)
  task = task or current()
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
  if scheduler.main then err.raise { kind = "usage", message = "a script runs already in this state" } end
  scheduler.main = spawn(root, fn, pack(...), { handled = true })
  return scheduler.main
end

-- For a turn that is over when no task is left.
local all_done = setmetatable({}, { __index = function(_, key) return key == "done" and root.count == 0 end })

--- One turn of the loop that waits up to `seconds` (nil: without limit). Do tasks remain?
function M.step(seconds)
  if root.count > 0 or seconds == 0 then turn(seconds, all_done) end
  loop.arm(scheduler.busy())
  return root.count > 0
end

--- Of a main task that has ended: true and its results, or false and the error.
function M.outcome(task)
  if scheduler.main == task then scheduler.main = nil end
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
  local me = current()
  local task = me
  while task do above[task], task = true, task.parent end
  local function cancel(t)
    for child in pairs(t.children) do
      if above[child] then cancel(child) else child:cancel "exit" end
    end
  end
  cancel(root)
  local saved_waiting, limit = me.waiting, now() + scheduler.cleanup_time
  me.waiting = nil
  local function remaining(t)
    for child in pairs(t.children) do
      if coroutine.status(child.co) ~= "dead" and (not above[child] or remaining(child)) then return true end
    end
  end
  while remaining(root) and now() < limit do wait_shielded(me, M, now() + 0.02) end
  for t in pairs(above) do
    for _, handle in ipairs(t.handles or {}) do list[#list + 1] = handle end
    t.handles = nil
  end
  table.sort(list, function(a, b) return a.order > b.order end)
  for _, handle in ipairs(list) do pcall(handle.close, handle.h) end
  me.waiting = saved_waiting
  run.kill_left()
end

--- Gives up all tasks and closes all handles without waiting: after an error in the scheduler itself.
function M.abandon()
  local list, threads = {}, {}
  local function collect(task)
    for child in pairs(task.children) do collect(child) end
    for _, handle in ipairs(task.handles or {}) do list[#list + 1] = handle end
    task.handles = nil
    threads[#threads + 1] = task.co
  end
  collect(root)
  table.sort(list, function(a, b) return a.order > b.order end)
  scheduler.reset()
  scheduler.abandoning = true -- nothing waits now
  for _, handle in ipairs(list) do pcall(handle.close, handle.h) end
  for _, co in ipairs(threads) do
    if coroutine.status(co) == "suspended" then pcall(coroutine.close, co) end
  end
  scheduler.reset()
  scheduler.abandoning = nil
  run.kill_left()
end

--- For who has to wait for his tasks, cancelled or not.
function M.wait_shielded(h, deadline) return wait_shielded(current(), h, deadline) end

-- A state that is closed without an exit of ours (a plain lua5.4 at the end of its script) still closes what is open.
M.sentinel = setmetatable({}, { __gc = function()
  pcall(M.close_all)
  local e = unhandled(root)
  if e then io.stderr:write("error in a task that nobody waited for: ", tostring(e), "\n") end
end })

return M
