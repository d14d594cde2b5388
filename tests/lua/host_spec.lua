-- What a host and the program build on: interrupts, one turn at a time, an exit that skips everything, two kinds of clock.
local nx = require "nx"
local loop = require "nx.core.loop"
local script = require "script"

-- Runs `text` as the main task of a process of its own, in which print shows what happened.
local function run(text, o)
  return script.run([[
local nx = require "nx"
local task, loop = require "nx.task", require "nx.core.loop"
local function script(...)
]] .. text .. [[

end
if task.current().root then
  local ok, e = task.main(script, ...)
  if not ok then print("raised", type(e) == "table" and e.kind or e, type(e) == "table" and e.exit_code) end
else
  local ok, e = xpcall(script, function(e) return e end, ...)
  if not ok then print("raised", type(e) == "table" and e.kind or e, type(e) == "table" and e.exit_code) end
end
]], o)
end

local function prints(expected, text)
  local out = run(text)
  assert.equal(expected, out.stdout, out.stderr)
  assert.equal("", out.stderr)
end

describe("an interrupt", function()
  it("is raised by the wait of the main task, once; its clean-up may wait", function()
    prints("cleaned\nraised\tinterrupted\t130\n", [[
      nx.task(function() nx.sleep(0.02) loop.interrupt() end)
      local p <close> = nx.start { "sleep", 100 }
      local _ <close> = nx.defer(function() nx.sleep(0.02) print "cleaned" end)
      nx.sleep(100)]])
  end)
  it("knows its signal", function()
    prints("raised\tinterrupted\t143\n", [[
      nx.task(function() nx.sleep(0.02) loop.interrupt(15) end)
      nx.run { "sleep", 100 }]])
  end)
  it("cancels what goes on in tasks", function()
    prints("cancelled\ncancelled\nraised\tinterrupted\t130\n", [[
      nx.all { function()
        local ok, e = pcall(nx.sleep, 100)
        print(e.kind) error(e, 0)
      end, function()
        local ok, e = pcall(nx.run, { "sleep", 100 })
        print(e.kind) error(e, 0)
      end, function() nx.sleep(0.02) loop.interrupt() end }]])
  end)
  it("when repeated, hurries the clean-up", function()
    local out = run [[
      nx.task(function()
        nx.sleep(0.05)
        loop.interrupt()
        pcall(nx.sleep, 0.05)
        loop.interrupt()
      end)
      nx.run { "sh", "-c", "trap '' TERM; while :; do sleep 0.01; done" }]]
    assert.equal("raised\tinterrupted\t130\n", out.stdout)
    assert.is_true(out.seconds < 5)
  end)
  it("is a handler's, where there is one", function()
    prints("SIGUSR1\nSIGINT\ndone\n", [[
      local off = task.on_interrupt(function(name) print(name) return true end)
      nx.task(function() loop.interrupt(10) nx.sleep(0.01) loop.interrupt(2) end)
      nx.sleep(0.05)
      off:close()
      print "done"]])
  end)
  it("that does not end is ignored without a handler", function()
    prints("done\n", [[
      loop.interrupt(10)
      nx.sleep(0.01)
      print "done"]])
  end)
  it("reaches a wait where Lua cannot yield", function()
    prints("raised\tinterrupted\t130\n", [[
      nx.task(function() nx.sleep(0.02) loop.interrupt() end)
      table.sort({ 1, 2 }, function() nx.sleep(100) end)]])
  end)
end)

describe("a script", function()
  it("ends when its tasks have ended", function()
    prints("main\ntask\n", [[
      nx.task(function() nx.sleep(0.02) print "task" end)
      print "main"]])
  end)
  it("raises an error that nobody waited for", function()
    local out = run [[
      nx.task(function() nx.fail "unheard" end)]]
    if os.getenv "NXLUA" then -- the script itself is the main task
      assert.equal(1, out.exit_code)
      assert.matches("^error: [^\n]*script.lua:%d+: unheard\n", out.stderr)
    else
      assert.equal("raised\tuser\t1\n", out.stdout)
    end
  end)
  it("whose tasks all wait for one another is told so", function()
    local out = run [[
      local a, b
      a = nx.task(function() nx.sleep(0.01) b:wait() end)
      b = nx.task(function() a:wait() end)]]
    assert.is_true(out.seconds < 5)
    if os.getenv "NXLUA" then
      assert.equal(1, out.exit_code)
      assert.matches("error: nothing can end these tasks", out.stderr)
    else
      assert.equal("raised\tusage\t1\n", out.stdout)
    end
    prints("raised\tusage\t1\n", [[
      nx.all { function() task.wait({}) end }]])
  end)
  it("does not raise a cancelled or a heard one", function()
    prints("done\n", [[
      local t = nx.task(function() nx.fail "heard" end)
      pcall(t.wait, t)
      nx.task(function() nx.sleep(10) end):cancel()
      print "done"]])
  end)
end)

describe("close_all", function()
  it("closes everything, newest first, before an exit that skips it all", function()
    prints("cleaned\n3\n2\n1\n", [[
      io.stdout:setvbuf "line"
      nx.defer(function() print(1) end)
      nx.task(function()
        local _ <close> = setmetatable({}, { __close = function() nx.sleep(0.02) print "cleaned" end })
        nx.sleep(100)
      end)
      nx.sleep(0.01)
      local p = nx.start { "sleep", 100 }
      nx.defer(function() print(2) end)
      nx.task(function()
        nx.defer(function() print(3) end)
        task.close_all()
        local file = io.open("/proc/" .. p.pid .. "/stat")
        if file then print("left", file:read "a") end
        os.exit(0, false)
      end):wait()]])
  end)
end)

describe("a host with its own loop", function()
  if os.getenv "NXLUA" then return end -- the program's scripts are main tasks themselves; tests/c has a host of it
  it("steps when the descriptor is readable", function()
    local out = script.run [[
      local nx = require "nx"
      local task, loop = require "nx.task", require "nx.core.loop"
      local fd = loop.fd()
      local main = task.begin(function(a)
        nx.sleep(0.05)
        nx.task(function() print(nx.run({ "echo", a }).stdout) end)
        return "result", nil, 3
      end, "argument")
      local turns = 0
      while task.step(0) do
        turns = turns + 1
        -- what a host's poll(2) does: sleep until fd is readable
        os.execute("read -t 5 -N 0 <&" .. fd)
        local info = io.open("/proc/self/fdinfo/" .. fd)
        info:close()
      end
      print(task.outcome(main))
      print(turns > 2)]]
    assert.matches("argument\n\ntrue\tresult\tnil\t3\ntrue\n", out.stdout, out.stderr)
  end)
end)

describe("the virtual clock", function()
  before_each(function() loop.virtual(true, 1000) end)
  after_each(function() loop.virtual(false) end)

  it("jumps where nothing real goes on, in order", function()
    local log, before = {}, loop.now()
    nx.all {
      function() nx.sleep "2h" log[#log + 1] = 2 end,
      function() nx.sleep "1h" log[#log + 1] = 1 end,
      function() nx.sleep "3h" log[#log + 1] = 3 end,
    }
    assert.same({ 1, 2, 3 }, log)
    assert.is_true(math.abs(loop.now() - before - 10800) < 0.001)
    assert.is_true(math.abs(loop.time() - 11800) < 1)
  end)
  it("stands still while a child runs, until a test moves it", function()
    local before = loop.now()
    local out = nx.run { "sleep", 0.05 }
    assert.equal(before, loop.now())
    assert.equal(0.0, out.seconds)
    nx.task(function() loop.advance(60) end)
    out = nx.run { "sleep", 100, timeout = "1m" }
    assert.equal("timeout", out.reason)
    assert.is_true(math.abs(out.seconds - 60) < 1e-5)
  end)
end)

describe("the loop", function()
  it("gives the same numbers for the same seed", function()
    local function numbers()
      loop.seed(42)
      local list = {}
      for i = 1, 5 do list[i] = loop.random(1000) end
      list[6] = loop.random()
      return list
    end
    assert.same(numbers(), numbers())
    for _ = 1, 100 do
      assert.is_true(loop.random() < 1)
      assert.is_true(loop.random(3) <= 3)
    end
  end)
  it("stands still while it is paused", function()
    loop.pause()
    local before = loop.now()
    os.execute "sleep 0.05"
    assert.equal(before, loop.now())
    loop.resume()
    assert.is_true(loop.now() - before < 0.04)
  end)
  it("keeps many timers in order", function()
    loop.seed(7)
    loop.virtual(true)
    local list, last, ended = {}, 0, 0
    for i = 1, 1000 do list[i] = loop.random(100) end
    local start = loop.now()
    nx.map { list, function(seconds)
      if seconds % 3 == 0 then pcall(nx.wait_for, { function() return true end }) end
      nx.sleep(seconds)
      assert.is_true(seconds >= last)
      assert.is_true(math.abs(loop.now() - start - seconds) < 0.001)
      last, ended = seconds, ended + 1
    end }
    loop.virtual(false)
    assert.equal(1000, ended)
  end)
end)
