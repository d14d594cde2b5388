-- nx.run: what a child gives back, what is refused, what happens to its streams.
local nx = require "nx"

local function sh(script, o)
  o = o or {}
  table.insert(o, 1, "sh")
  table.insert(o, 2, "-c")
  table.insert(o, 3, script)
  return nx.run(o)
end

local function failure(...)
  local ok, e = pcall(...)
  assert.is_false(ok)
  return e
end

describe("nx.run", function()
  it("gives the outcome", function()
    local out = sh "echo out; echo err >&2; exit 3"
    assert.is_false(out.ok)
    assert.equal(3, out.exit_code)
    assert.equal("exit", out.reason)
    assert.is_nil(out.signal)
    assert.equal("out\n", out.stdout)
    assert.equal("err\n", out.stderr)
    assert.is_nil(out.truncated)
    assert.is_false(out.leaked)
    assert.same({ "sh", "-c", "echo out; echo err >&2; exit 3" }, out.argv)
    assert.is_true(out.seconds > 0 and out.seconds < 10)
    assert.is_true(math.abs(out.started_at - os.time()) < 10)
    assert.is_true(out.max_rss > 100000)
    assert.equal("number", type(out.user_seconds + out.system_seconds))
    assert.is_true(nx.run("true").ok)
  end)

  it("turns death by a signal into 128 + n", function()
    local out = sh "kill -9 $$"
    assert.equal(137, out.exit_code)
    assert.equal("signal", out.reason)
    assert.equal("SIGKILL", out.signal)
  end)

  it("passes numbers as arguments, directory and environment", function()
    assert.equal("2\n", nx.run({ "echo", 2 }).stdout)
    assert.equal("/\n", nx.run({ "pwd", cwd = "/" }).stdout)
    local out = sh("echo $A-$HOME-$B", { env = { A = "x=y", HOME = false, B = "" } })
    assert.equal("x=y--\n", out.stdout)
    assert.equal("A=1\n", nx.run({ "/usr/bin/env", clear_env = true, env = { A = "1" } }).stdout)
    assert.equal("", nx.run({ "/usr/bin/env", clear_env = true }).stdout)
  end)

  it("reads a script without #! through the shell", function()
    local dir <close> = nx.temp_dir {}
    local path = dir.path .. "/script"
    local f = assert(io.open(path, "w"))
    f:write "echo from $0 $1\n"
    f:close()
    os.execute("chmod +x " .. path)
    assert.equal("from " .. path .. " a\n", nx.run({ path, "a" }).stdout)
  end)

  it("feeds and redirects", function()
    assert.equal("", nx.run({ "cat" }).stdout)
    assert.equal("hello", nx.run({ "cat", stdin = { data = "hello" } }).stdout)
    local big = ("0123456789abcdef"):rep(100000)
    assert.equal(#big, #nx.run({ "cat", stdin = { data = big } }).stdout)
    assert.is_true(nx.run({ "true", stdin = { data = big } }).ok) -- nobody reads: no SIGPIPE of ours
    local dir <close> = nx.temp_dir {}
    local file = dir.path .. "/f"
    sh("echo one", { stdout = { path = file } })
    sh("echo two >&2", { stderr = { path = file, append = true } })
    assert.equal("one\ntwo\n", nx.run({ "cat", stdin = { path = file } }).stdout)
    sh("echo three", { stdout = { path = file } })
    assert.equal("three\n", nx.run({ "cat", file }).stdout)
    local out = sh("echo a; echo b >&2; echo c", { stderr = "stdout" })
    assert.equal("a\nb\nc\n", out.stdout)
    assert.equal("", out.stderr)
    assert.equal("", sh("echo a", { stdout = "null" }).stdout)
  end)

  it("calls a function for chunks and a last time at the end", function()
    local chunks, ends = {}, 0
    local out = nx.run { "seq", 50000, stdout = function(chunk)
      if chunk then chunks[#chunks + 1] = chunk else ends = ends + 1 end
    end }
    assert.equal(1, ends)
    assert.equal("", out.stdout)
    assert.equal(nx.run({ "seq", 50000 }).stdout, table.concat(chunks))
  end)

  it("cuts lines", function()
    local lines = {}
    sh("printf 'a\\n\\nb'; sleep 0.05; printf 'c\\nlast'", { stdout = nx.lines(function(l) lines[#lines + 1] = l end) })
    assert.same({ "a", "", "bc", "last" }, lines)
  end)

  it("keeps the start and the end of too much output", function()
    local out = nx.run { "seq", 1000, max_output = 100 }
    local all = nx.run({ "seq", 1000 }).stdout
    assert.equal(100, #out.stdout)
    assert.equal(all:sub(1, 50) .. all:sub(-50), out.stdout)
    assert.equal(#all - 100, out.truncated)
    out = nx.run { "seq", 1000, max_output = 0 }
    assert.equal("", out.stdout)
    assert.equal(#all, out.truncated)
    assert.equal(1, #nx.run({ "echo", "ab", max_output = 1 }).stdout)
  end)

  it("ends the group at a timeout, TERM first", function()
    local out = sh("trap 'echo term; exit 0' TERM; echo on; while :; do sleep 0.05; done", { timeout = "200ms" })
    assert.equal("timeout", out.reason)
    assert.is_false(out.ok)
    assert.equal("on\nterm\n", out.stdout)
    assert.is_true(out.exit_code ~= 0)
    out = sh("trap '' TERM; sleep 100 & sleep 100", { timeout = "100ms", grace = "100ms" })
    assert.equal("timeout", out.reason)
    assert.equal(137, out.exit_code)
    out = nx.run { "sleep", 100, timeout = "50ms", grace = 0 }
    assert.equal("SIGKILL", out.signal)
  end)

  it("tells a leak apart from the end and leaves it alone", function()
    local out = sh("sleep 5 & echo $!; echo x", { leak_timeout = "50ms" })
    assert.is_true(out.ok)
    assert.is_true(out.leaked)
    local pid = out.stdout:match "%d+"
    assert.is_true(os.execute("kill -0 " .. pid))
    os.execute("kill " .. pid)
    assert.is_false(sh("(sleep 0.1; echo late) & echo x", { leak_timeout = "3s" }).leaked)
    local chunks = {}
    out = sh("sleep 5 & echo $!", { leak_timeout = "50ms", stdout = function(c) chunks[#chunks + 1] = c end })
    assert.is_true(out.leaked)
    os.execute("kill " .. table.concat(chunks))
  end)

  it("raises with check = true", function()
    local e = failure(sh, "echo bad luck >&2; exit 4", { check = true })
    assert.equal("exit", e.kind)
    assert.equal(4, e.outcome.exit_code)
    assert.equal(4, e.exit_code)
    assert.matches("exit code 4: bad luck", e.message)
    assert.matches("run_spec.lua:%d+", e.where)
    e = failure(nx.run, { "sleep", 100, timeout = 0.05, check = true })
    assert.equal("timeout", e.kind)
    assert.is_true(nx.run({ "true", check = true }).ok)
  end)

  it("refuses what it does not know", function()
    assert.matches('unknown option "tiemout"', failure(nx.run, { "true", tiemout = 1 }).message)
    assert.matches("first item is missing", failure(nx.run, {}).message)
    assert.matches('stdout: unknown key "pth"', failure(nx.run, { "true", stdout = { pth = "x" } }).message)
    assert.matches("stdout: a table needs path", failure(nx.run, { "true", stdout = {} }).message)
    assert.matches('"pipe" is for nx.start', failure(nx.run, { "true", stdin = "pipe" }).message)
    assert.matches("zero byte", failure(nx.run, { "echo", "a\0b" }).message)
    assert.matches("value of A is not a string", failure(nx.run, { "true", env = { A = 1 } }).message)
    assert.matches("cannot be named", failure(nx.run, { "true", env = { ["A=B"] = "1" } }).message)
  end)

  it("names what a program could not be started for", function()
    local e = failure(nx.run, "no-such-program")
    assert.equal("spawn", e.kind)
    assert.equal("exec", e.step)
    assert.equal("no-such-program", e.path)
    e = failure(nx.run, { "true", cwd = "/nowhere" })
    assert.equal("chdir", e.step)
    assert.equal("/nowhere", e.path)
    e = failure(nx.run, { "true", stdin = { path = "/nowhere/x" } })
    assert.equal("stdin", e.step)
    assert.equal("spawn", e.kind)
  end)
end)

describe("nx.start", function()
  it("gives a process to talk to", function()
    local p <close> = nx.start { "cat", stdin = "pipe" }
    assert.equal("integer", math.type(p.pid))
    assert.is_true(p:write "one ")
    assert.is_true(p:write(("x"):rep(200000)))
    p:write(nil)
    local out = p:wait()
    assert.equal(200004, #out.stdout)
    assert.is_false(p:write "more")
    assert.equal(out, p:wait())
    assert.is_false(p:signal "SIGTERM")
    p:close()
    p:close()
  end)
  it("signals the group", function()
    local p <close> = nx.start { "sh", "-c", "sleep 100 & sleep 100" }
    nx.sleep(0.05)
    assert.is_true(p:signal "SIGTERM")
    assert.equal("SIGTERM", p:wait().signal)
  end)
  it("is ended by close", function()
    local p = nx.start { "sleep", 100 }
    p:close()
    local out = p:wait()
    assert.equal("cancelled", out.reason)
    assert.is_false(out.ok)
  end)
  it("calls sinks while others wait", function()
    local ready = false
    local _ <close> = nx.start { "sh", "-c", "echo ready; sleep 100", stdout = nx.lines(function(l) ready = l == "ready" end) }
    assert.is_true(nx.wait_for { function() return ready end, timeout = "5s" })
  end)
end)

describe("a function for output that fails", function()
  it("ends the program, is raised, and leaves no task behind", function()
    local task = require "nx.task"
    local t = nx.task(function()
      for _ = 1, 3 do
        local e = failure(nx.run, { "sh", "-c", "echo x; sleep 100", stdout = function() error("in the sink", 0) end,
          stderr = function() end })
        assert.equal("in the sink", e)
        assert.equal(0, task.current().count)
      end
      local e = failure(nx.run, { "sh", "-c", "sleep 0.05; echo x", stdout = function(chunk) if not chunk then nx.fail "late" end end })
      assert.equal("late", e.message)
    end)
    t:wait()
  end)
  it("is cut off with the task", function()
    local started
    local t = nx.task(function()
      pcall(nx.run, { "sh", "-c", "echo x; sleep 100", stdout = function() started = true nx.sleep(100) end })
    end)
    nx.wait_for { function() return started end }
    t:close()
  end)
  it("may close its own process", function()
    local p
    p = nx.start { "sh", "-c", "echo stop; sleep 100", stdout = nx.lines(function(l) if l == "stop" then p:close() end end) }
    assert.equal("cancelled", p:wait().reason)
  end)
end)

describe("nx.outcome", function()
  it("fills in the rest", function()
    local out = nx.outcome { exit_code = 101 }
    assert.is_false(out.ok)
    assert.equal("exit", out.reason)
    assert.equal("", out.stdout)
    assert.is_true(nx.outcome({}).ok)
    assert.equal(143, nx.outcome({ signal = "SIGTERM" }).exit_code)
    assert.equal("signal", nx.outcome({ signal = "SIGTERM" }).reason)
  end)
end)
