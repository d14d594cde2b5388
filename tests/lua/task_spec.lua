-- Tasks: where a wait works, how errors and cancelling travel, what is closed when, whose time it is.
local nx = require "nx"
local task = require "nx.task"
local loop = require "nx.core.loop"

local function failure(fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  return e
end

-- Time jumps while nothing real is under way.
local function virtually(fn)
  return function()
    loop.virtual(true)
    local ok, e = pcall(fn)
    loop.virtual(false)
    if not ok then error(e, 0) end
  end
end

-- How long the clock says that fn took, and that something else went on meanwhile.
local function others_go_on(fn)
  local ticks = 0
  local other <close> = nx.task(function()
    while true do
      nx.sleep(0.01)
      ticks = ticks + 1
    end
  end)
  fn()
  assert.is_true(ticks >= 1) -- on a busy machine both may be due at once
  return other
end

describe("waiting works", function()
  local nap = function() nx.sleep(0.06) end

  it("in a task", function()
    others_go_on(function() nx.task(nap):wait() end)
  end)
  it("outside tasks", function() others_go_on(nap) end)
  it("in a user's coroutine, resumed or wrapped, in a task", function()
    others_go_on(function()
      nx.task(function()
        local co = coroutine.create(function(a)
          nap()
          local b = coroutine.yield(a + 1)
          nap()
          return b * 2
        end)
        assert.same({ true, 2 }, { coroutine.resume(co, 1) })
        assert.same({ true, 20 }, { coroutine.resume(co, 10) })
        local got = {}
        for x in coroutine.wrap(function()
          for i = 1, 3 do
            nap()
            coroutine.yield(i)
          end
        end) do got[#got + 1] = x end
        assert.same({ 1, 2, 3 }, got)
      end):wait()
    end)
  end)
  it("in coroutines within coroutines, many at a time", virtually(function()
    local function generator(depth)
      return coroutine.wrap(function()
        for i = 1, 3 do
          nx.sleep(1)
          if depth > 1 then
            for x in generator(depth - 1) do coroutine.yield(x) end
          else
            coroutine.yield(i)
          end
        end
      end)
    end
    local list = {}
    for i = 1, 300 do list[i] = i end
    local before = loop.now()
    local counts = nx.map { list, function()
      local n = 0
      for _ in generator(3) do n = n + 1 end
      return n
    end }
    for i = 1, 300 do assert.equal(27, counts[i]) end
    assert.is_true(loop.now() - before < 50)
  end))
  it("in sort, gsub and require, inside and outside tasks", function()
    package.preload["a.module.that.waits"] = function()
      nap()
      return { out = nx.run({ "echo", "required" }).stdout }
    end
    local function everything()
      local list = { 3, 1, 2 }
      table.sort(list, function(a, b)
        nx.run "true"
        return a < b
      end)
      assert.same({ 1, 2, 3 }, list)
      assert.equal("<a><b>", (("ab"):gsub(".", function(c) return "<" .. nx.run({ "printf", c }).stdout .. ">" end)))
      package.loaded["a.module.that.waits"] = nil
      assert.equal("required\n", require("a.module.that.waits").out)
      local t = setmetatable({}, { __index = function(_, k) nap() return k end, __lt = function() nap() return true end })
      assert.equal("key", t.key)
      assert.is_true(t < t)
    end
    others_go_on(everything)
    others_go_on(function() nx.task(everything):wait() end)
    others_go_on(function() nx.all { everything, everything, everything } end)
  end)
  it("in a coroutine in a sort in a coroutine", function()
    nx.task(coroutine.wrap(function()
      local list = { 2, 1, 3 }
      table.sort(list, coroutine.wrap(function(a, b)
        while true do
          nx.sleep(0.001)
          a, b = coroutine.yield(a < b)
        end
      end))
      assert.same({ 1, 2, 3 }, list)
    end)):wait()
  end)
  it("leaves wrap and resume as they were in all else", function()
    assert.same({ false, "boom" }, { coroutine.resume(coroutine.create(function() error("boom", 0) end)) })
    assert.same({ true, 1, nil, 3 }, { coroutine.resume(coroutine.create(function() return 1, nil, 3 end)) })
    assert.matches("cannot resume dead", failure(coroutine.wrap(function() end) and function()
      local f = coroutine.wrap(function() end)
      f()
      f()
    end))
    local e = failure(coroutine.wrap(function() error { code = 7 } end))
    assert.equal(7, e.code)
    assert.matches("bad argument #1 to", failure(coroutine.resume, 1))
    assert.matches("bad argument #1 to", failure(coroutine.wrap, 1))
    local closed = false
    failure(coroutine.wrap(function()
      local _ <close> = setmetatable({}, { __close = function() closed = true end })
      error "x"
    end))
    assert.is_true(closed)
  end)
end)

describe("nx.all and nx.map", function()
  it("give results in order", virtually(function()
    assert.same({ 3, 2, 1 }, nx.all { function() nx.sleep(3) return 3 end, function() nx.sleep(2) return 2 end, function() return 1 end })
    assert.same({ 2, 4, 6 }, nx.map { { 1, 2, 3 }, function(x, i) nx.sleep(10 - i) return x * 2 end })
    assert.same({}, nx.map { {}, function() end })
    assert.same({}, nx.all {})
  end))
  it("keep the limit", virtually(function()
    local running, most = 0, 0
    local before = loop.now()
    nx.map { { 1, 2, 3, 4, 5, 6 }, function()
      running = running + 1
      most = math.max(most, running)
      nx.sleep(1)
      running = running - 1
    end, limit = 2 }
    assert.equal(2, most)
    assert.is_true(math.abs(loop.now() - before - 3) < 0.01)
  end))
  it("stop the rest at the first error, wait for its clean-up, then raise", virtually(function()
    local cleaned, kinds = 0, {}
    local before = loop.now()
    local e = failure(nx.all, {
      function() nx.sleep(1) error("first", 0) end,
      function()
        local _ <close> = setmetatable({}, { __close = function()
          nx.sleep(2)
          cleaned = cleaned + 1
        end })
        local ok, why = pcall(nx.sleep, 100)
        kinds[#kinds + 1] = not ok and why.kind
        error(why, 0)
      end,
      function() nx.sleep(100) end,
    })
    assert.equal("first", e)
    assert.equal(1, cleaned)
    assert.same({ "cancelled" }, kinds)
    assert.is_true(math.abs(loop.now() - before - 3) < 0.01)
  end))
  it("are cancelled as a whole", virtually(function()
    local ended = 0
    local t = nx.task(function()
      nx.map { { 1, 2, 3 }, function()
        local _ <close> = setmetatable({}, { __close = function() ended = ended + 1 end })
        nx.sleep(100)
      end }
    end)
    nx.sleep(1)
    t:close()
    assert.equal(3, ended)
    assert.equal("cancelled", failure(t.wait, t).kind)
  end))
  it("refuse what they cannot do", function()
    assert.matches("item 1 must be a list", failure(nx.map, { print, print }).message)
    assert.matches("must be at least 1", failure(nx.map, { {}, print, limit = 0 }).message)
    assert.matches("item 1 must be a function", failure(nx.all, { 1 }).message)
  end)
end)

describe("nx.task", function()
  it("gives results and errors to who waits", function()
    assert.same({ 1, nil, 3 }, { nx.task(function() return 1, nil, 3 end):wait() })
    assert.equal("bad", failure(function() nx.task(function() error("bad", 0) end):wait() end))
    local t = nx.task(function() nx.sleep(0.01) return "x" end)
    assert.same({ "x", "x" }, nx.all { function() return t:wait() end, function() return (t:wait()) end })
  end)
  it("is cancelled by close, once, and may clean up with waits up to a deadline", virtually(function()
    local log = {}
    local t = nx.task(function()
      local ok, e = pcall(nx.sleep, 1000)
      log[1] = not ok and e.kind
      local before = loop.now()
      nx.sleep(5)
      log[2] = loop.now() - before >= 5
      ok, e = pcall(nx.sleep, 1000)
      log[3] = not ok and e.kind
      log[4] = loop.now() - before < 16
    end)
    nx.sleep(1)
    t:close()
    t:close()
    assert.same({ "cancelled", true, "cancelled", true }, log)
  end))
  it("never starts when it is cancelled before", function()
    local started = false
    local t = nx.task(function() started = true end)
    t:close()
    assert.is_false(started)
  end)
  it("raises from close what nobody waited for", function()
    local t = nx.task(function() error("lost", 0) end)
    nx.sleep(0.001)
    assert.equal("lost", failure(t.close, t))
    t:close()
  end)
  it("does not wait for itself or yield", function()
    local t
    t = nx.task(function() t:wait() end)
    assert.matches("cannot wait for itself", failure(t.wait, t).message)
    t = nx.task(function() coroutine.yield(1) end)
    assert.matches("does not yield", failure(t.wait, t).message)
  end)
  it("ends when its children have ended", virtually(function()
    local log = {}
    local t = nx.task(function()
      nx.task(function() nx.sleep(2) log[#log + 1] = "child" end)
      log[#log + 1] = "parent"
    end)
    t:wait()
    assert.same({ "parent", "child" }, log)
  end))
  it("takes its children along in an error", virtually(function()
    local child
    local t = nx.task(function()
      child = nx.task(function() nx.sleep(100) end)
      nx.sleep(1)
      error("parent", 0)
    end)
    local before = loop.now()
    assert.equal("parent", failure(t.wait, t))
    assert.equal("cancelled", failure(child.wait, child).kind)
    assert.is_true(loop.now() - before < 2)
  end))
  it("makes an error that nobody waited for its parent's, cancelling the siblings", virtually(function()
    local sibling
    local t = nx.task(function()
      sibling = nx.task(function() nx.sleep(100) end)
      nx.task(function() nx.sleep(1) error("unheard", 0) end)
    end)
    local before = loop.now()
    assert.equal("unheard", failure(t.wait, t))
    assert.equal("cancelled", failure(sibling.wait, sibling).kind)
    assert.is_true(loop.now() - before < 2)
  end))
end)

describe("what a task opens", function()
  it("is closed at its end, newest first, also by an error", function()
    for _, fails in ipairs { false, true } do
      local log, path, p = {}, nil, nil
      local t = nx.task(function()
        nx.defer(function() log[#log + 1] = 1 end)
        path = nx.temp_dir({}).path
        p = nx.start { "sleep", 100 }
        nx.defer(function() log[#log + 1] = os.execute("test -d " .. path) and 2 end)
        if fails then error("x", 0) end
      end)
      pcall(t.wait, t)
      assert.same({ 2, 1 }, log)
      assert.is_nil(io.open(path))
      assert.equal("cancelled", p:wait().reason)
    end
  end)
  it("is closed once", function()
    local n = 0
    do
      local d <close> = nx.defer(function() n = n + 1 end)
      d:close()
    end
    assert.equal(1, n)
    local dir = nx.temp_dir {}
    os.execute(("mkdir -p %s/a/b && touch %s/a/b/c && chmod 500 %s/a/b && ln -s / %s/root"):format(dir.path, dir.path, dir.path, dir.path))
    dir:close()
    dir:close()
    assert.is_nil(io.open(dir.path))
  end)
  it("raises what goes wrong in closing", function()
    local t = nx.task(function() nx.defer(function() error("in closing", 0) end) end)
    assert.equal("in closing", failure(t.wait, t))
  end)
end)

describe("nx.wait_for", function()
  it("gives the first true value, or raises", virtually(function()
    local n = 0
    assert.equal(5, nx.wait_for { function() n = n + 1 return n == 5 and n end })
    local before = loop.now()
    local e = failure(nx.wait_for, { function() return false end, timeout = "3s", every = "1s" })
    assert.equal("timeout", e.kind)
    assert.is_true(math.abs(loop.now() - before - 3) < 0.01)
  end))
end)

describe("a function that may not wait", function()
  it("is told so at its line", function()
    local e = failure(task.sync, function() nx.sleep(1) end)
    assert.equal("usage", e.kind)
    assert.matches("may not wait", e.message)
    assert.equal(3, task.sync(function(x) return x + 1 end, 2))
  end)
end)

describe("durations", function()
  it("are checked at the caller's line", function()
    local e = failure(nx.sleep, "soon")
    assert.matches('nx.sleep: takes a duration .*, not "soon"', e.message)
    assert.matches("task_spec.lua:%d+", e.where)
  end)
end)
