-- Trees of tasks at random, in virtual time: whatever sleeps, fails, is cancelled or cleans up, everything that began has ended
-- when its parent has, handles are closed once and newest first, and nothing is left in the scheduler.
local nx = require "nx"
local err = require "nx.error"
local loop = require "nx.core.loop"
local scheduler = require "nx.scheduler"

local rounds = ... == "long" and 20000 or 1000

local function upvalue(fn, wanted)
  for i = 1, 60 do
    local name, value = debug.getupvalue(fn, i)
    if name == wanted then return value end
    if not name then return nil end
  end
end

local function size(t)
  local n = 0
  for _ in pairs(t) do n = n + 1 end
  return n
end

-- One tree; `log` counts what began and what ended.
local function grow(log, depth)
  log.began = log.began + 1
  local _ <close> = setmetatable({}, { __close = function() log.ended = log.ended + 1 end })
  local newest = 0
  for step = 1, loop.random(5) do
    local what = loop.random(14)
    if what <= 3 then
      nx.sleep(loop.random(50) / 10)
    elseif what == 4 then
      newest = newest + 1
      local number = newest
      log.opened = log.opened + 1
      nx.defer(function()
        log.closed = log.closed + 1
        assert(number == newest, "not the newest")
        newest = newest - 1
        if loop.random(3) == 1 then pcall(nx.sleep, loop.random(3)) end
      end)
    elseif what == 5 and depth > 0 then
      nx.task(function() grow(log, depth - 1) end)
    elseif what == 6 and depth > 0 then
      local t = nx.task(function() grow(log, depth - 1) end)
      if loop.random(2) == 1 then nx.sleep(loop.random()) end
      t:cancel()
      if loop.random(2) == 1 then pcall(t.wait, t) end
    elseif what == 7 and depth > 0 then
      local t <close> = nx.task(function() grow(log, depth - 1) end)
      nx.sleep(loop.random(20) / 10)
      if not t then nx.sleep(1) end
    elseif what == 8 and depth > 0 then
      local fns = {}
      for i = 1, loop.random(4) do fns[i] = function() grow(log, depth - 1) end end
      fns.limit = loop.random(2) == 1 and 2 or nil
      nx.all(fns)
    elseif what == 9 and depth > 0 then
      pcall(nx.map, { { 1, 2, 3 }, function() grow(log, depth - 1) end })
    elseif what == 10 then
      table.sort({ 2, 1 }, function(a, b)
        nx.sleep(loop.random(10) / 10)
        return a < b
      end)
    elseif what == 11 then
      for turn in coroutine.wrap(function()
        nx.sleep(loop.random(10) / 10)
        coroutine.yield(step)
        nx.sleep(loop.random(10) / 10)
      end) do assert(turn == step) end
    elseif what == 12 and loop.random(3) == 1 then
      nx.fail { "at random", kind = "user" }
    elseif what == 13 then
      pcall(nx.sleep, loop.random(30))
    end
  end
end

describe("a tree of tasks", function()
  it(("has ended in the end, %d times"):format(rounds), function()
    local first = tonumber(os.getenv "NXLUA_SEED") or os.time()
    local waiters, timers = upvalue(scheduler.awaited, "waiters"), upvalue(scheduler.release, "timers")
    local before_waiters, before_timers = size(waiters), size(timers)
    loop.virtual(true)
    finally(function() loop.virtual(false) end)
    for seed = first, first + rounds - 1 do
      loop.seed(seed)
      local log = { began = 0, ended = 0, opened = 0, closed = 0 }
      local start = loop.now()
      local t = nx.task(function() grow(log, 4) end)
      if loop.random(3) == 1 then
        nx.sleep(loop.random(40) / 10)
        t:cancel()
      end
      local ok, e = pcall(t.wait, t)
      local function say(text) return ("NXLUA_SEED=%d: %s"):format(seed, text) end
      assert(ok or err.is(e) and (e.kind == "user" or e.kind == "cancelled"), say(tostring(e)))
      assert.equal(log.began, log.ended, say "tasks")
      assert.equal(log.opened, log.closed, say "handles")
      assert.equal(0, t.count, say "children")
      assert.is_true(loop.now() - start < 5000, say "time")
      assert.equal(before_waiters, size(waiters), say "waiters")
      assert.is_true(size(timers) <= before_timers + 1, say "timers")
    end
  end)
end)
