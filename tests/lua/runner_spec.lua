-- Running tests, against a scripted binary that speaks libtest's protocol. Numbers of points are those of the interop list.
local err = require "nx.error"
local fake = require "fake"
local nx = require "nx"

local function attempt(names, o, name)
  local result, events = fake.run(names, o)
  local row = fake.row(result, name or names)
  return row.attempts[#row.attempts], row, result, events
end

local function variables(text)
  local env = {}
  for name, value in text:gmatch "([^\n=]+)=([^\n]*)" do env[name] = value end
  return env
end

describe("one test", function()
  it("point 24: has the arguments --exact NAME --nocapture [--ignored], then the extra ones", function()
    local a = attempt("args_x", { keep_output = "all" })
    assert.matches("args=%-%-exact args_x %-%-nocapture\n", a.stdout)
    a = attempt("args_x!", { keep_output = "all", profile = { ["run-extra-args"] = { "--more", "a b" } } }, "args_x")
    assert.matches("args=%-%-exact args_x %-%-nocapture %-%-ignored %-%-more a b\n", a.stdout)
  end)
  it("point 25: stands in its directory, reads nothing, leads its group", function()
    local a = attempt("args_x", { keep_output = "all" })
    assert.matches("cwd=/tmp\n", a.stdout)
    assert.matches("stdin=0\n", a.stdout)
    assert.equal(a.stdout:match "pgid=(%d+)", a.stdout:match "pid=(%d+)\n$")
  end)
  it("point 26: has two pipes, or one where asked for", function()
    local a = attempt("bothfail", {})
    assert.equal("one\n", a.stdout)
    assert.equal("two\n", a.stderr)
    a = attempt("bothfail", { capture = "merged" })
    assert.equal("one\ntwo\n", a.stdout)
    assert.is_true(a.merged)
  end)
  it("points 27, 28, 29: has the variables of a run", function()
    local a, _, _, events = attempt("env_x", { keep_output = "all", threads = 3 })
    local env = variables(a.stdout)
    local id = events[1].run_id
    assert.matches("^%x+%-%x+%-4%x+%-[89ab]%x+%-%x+$", id)
    for name, value in pairs {
      NEXTEST = "1", NEXTEST_EXECUTION_MODE = "process-per-test", NEXTEST_TEST_PHASE = "run", NEXTEST_RUN_ID = id,
      NEXTEST_RUN_MODE = "test", NEXTEST_BINARY_ID = "s", NEXTEST_TEST_NAME = "env_x", NEXTEST_ATTEMPT = "1",
      NEXTEST_TOTAL_ATTEMPTS = "1", NEXTEST_PROFILE = "default", NEXTEST_TEST_THREADS = "3", NEXTEST_WORKSPACE_ROOT = "/tmp",
      NEXTEST_ATTEMPT_ID = id .. ":s$env_x", NEXTEST_STRESS_CURRENT = "none", NEXTEST_STRESS_TOTAL = "none",
      NEXTEST_TEST_GLOBAL_SLOT = "0", NEXTEST_TEST_GROUP = "@global", NEXTEST_TEST_GROUP_SLOT = "none",
      NEXTEST_VERSION = "0.9.143", NEXTEST_REQUIRED_VERSION = "none", NEXTEST_RECOMMENDED_VERSION = "none",
    } do assert.equal(value, env[name], name) end
    a = attempt("env_x", { keep_output = "all", stress = 2 })
    env = variables(a.stdout)
    assert.matches(":s@stress%-1%$env_x$", env.NEXTEST_ATTEMPT_ID)
    assert.equal("1", env.NEXTEST_STRESS_CURRENT)
    assert.equal("2", env.NEXTEST_STRESS_TOTAL)
  end)
  it("point 28: numbers a further attempt", function()
    local log = fake.temp()
    local _, row = attempt({ { "s", "flaky2", log = log } }, { retries = 2 }, "flaky2")
    assert.equal("flaky", row.status)
    assert.equal(2, #row.attempts)
    assert.matches("start s flaky2 2", table.concat(fake.lines(log), "\n"))
    os.remove(log)
  end)
  it("point 29: has a group and a slot in it", function()
    local a = attempt("env_x", { keep_output = "all", group = "db" })
    local env = variables(a.stdout)
    assert.equal("db", env.NEXTEST_TEST_GROUP)
    assert.equal("0", env.NEXTEST_TEST_GROUP_SLOT)
  end)
  it("takes env and wrap by rule", function()
    local a = attempt("env_x", { keep_output = "all", env = function(test) return { WHO = test.name, HOME = false } end,
      wrap = { "/usr/bin/env", "WRAPPED=yes" } })
    local env = variables(a.stdout)
    assert.equal("env_x", env.WHO)
    assert.is_nil(env.HOME)
    assert.equal("yes", env.WRAPPED)
  end)
  it("passes, fails, exits with a code, dies of a signal, cannot be started", function()
    local result = fake.run("ok fail exit3 sigABRT sigUSR1", { fail_fast = false })
    local function check(name, status, code, signal)
      local a = fake.row(result, name).attempts[1]
      assert.same({ status, code, signal }, { a.status, a.exit_code, a.signal })
    end
    check("ok", "pass", 0)
    check("fail", "fail", 101)
    check("exit3", "fail", 3)
    check("sigABRT", "fail", 134, "SIGABRT")
    check("sigUSR1", "fail", 138, "SIGUSR1")
    assert.same({ pass = 1, fail = 4, flaky = 0, timeout = 0, exec_fail = 0, skip = 0, excused = 0, not_run = 0 }, result.counts)
    assert.equal(100, result.exit_code)
    local a = attempt("ok", { wrap = { "/nonexistent/wrapper" } })
    assert.equal("exec_fail", a.status)
    assert.same({ "No such file or directory (os error 2)" }, a.failure.causes)
  end)
  it("says where a panic was", function()
    assert.same({ message = "bad news", file = "src/lib.rs", line = 12 }, attempt("panic").failure)
  end)
  it("keeps the output of failed tests only, unless asked", function()
    local result = fake.run("both fail", { fail_fast = false })
    assert.equal("", fake.row(result, "both").attempts[1].stdout)
    assert.equal("failing\n", fake.row(result, "fail").attempts[1].stdout)
    assert.equal("one\nthree\n", attempt("both", { keep_output = "all" }).stdout)
    assert.equal("", attempt("fail", { keep_output = "none" }).stdout)
    assert.equal(3000000, #attempt("big", { keep_output = "all" }).stdout)
  end)
end)

describe("time", function()
  it("point 49: ends a test with TERM and, after its grace, KILL; exit 0 does not help", function()
    local slow = { period = "100ms", ["terminate-after"] = 2, ["grace-period"] = "200ms" }
    local a, _, result = attempt("late", { profile = { ["slow-timeout"] = slow } })
    assert.equal("timeout", a.status)
    assert.is_true(a.slow)
    assert.equal(1, result.counts.timeout)
    local events
    a, _, _, events = attempt("trap", { profile = { ["slow-timeout"] = slow } })
    assert.same({ "timeout", "SIGKILL" }, { a.status, a.signal })
    assert.is_true(a.seconds >= 0.39 and a.seconds < 2, a.seconds)
    local ticks = {}
    for _, event in ipairs(events) do
      if event.type == "attempt_slow" then ticks[#ticks + 1] = ("%.1f %s"):format(event.seconds, event.terminating) end
    end
    assert.same({ "0.1 false", "0.2 true" }, ticks)
  end)
  it("point 49: on-timeout = pass", function()
    local a = attempt("hang", { profile = { ["slow-timeout"] = { period = "100ms", ["terminate-after"] = 1, ["on-timeout"] = "pass" } } })
    assert.same({ "pass", true }, { a.status, a.timed_out })
  end)
  it("timeout and slow_after are rules", function()
    local a, _, _, events = attempt("hang", { timeout = function() return "250ms" end, slow_after = "100ms" })
    assert.equal("timeout", a.status)
    local n = 0
    for _, event in ipairs(events) do if event.type == "attempt_slow" then n = n + 1 end end
    assert.equal(3, n)
  end)
  it("point 50: what is left behind holding the output is a leak", function()
    local a, row = attempt("leak", {})
    assert.same({ "pass", true, "pass" }, { a.status, a.leaked, row.status })
    assert.is_true(a.seconds >= 0.2 and a.seconds < 1.5, a.seconds)
    local result, _
    a, _, result = attempt("leak", { profile = { ["leak-timeout"] = { period = "100ms", result = "fail" } } })
    assert.same({ "fail", 0, 100 }, { a.status, a.exit_code, result.exit_code })
    assert.is_true(attempt("leakfail").leaked)
  end)
  it("point 50: but one that goes on writing is waited for", function()
    local a = attempt("leakchatty", { keep_output = "all" })
    assert.same({ "pass", false }, { a.status, a.leaked })
    assert.equal(("tick\n"):rep(6), a.stdout)
  end)
  it("ends the whole run after its time", function()
    local result, events = fake.run("hang1 hang2 ok", { global_timeout = "200ms", threads = 2 })
    assert.equal("timeout", result.cancelled)
    assert.same({ 2, 1, 100 }, { result.counts.fail, result.counts.not_run, result.exit_code })
    local seen
    for _, event in ipairs(events) do if event.type == "run_cancelled" then seen = event end end
    assert.same({ "global_timeout", 2 }, { seen.reason, seen.running })
  end)
end)

describe("retries", function()
  it("point 51: n retries give at most n + 1 attempts", function()
    local _, row, result = attempt("fail", { retries = 2 })
    assert.same({ 3, "fail", 100 }, { #row.attempts, row.status, result.exit_code })
    _, row, result = attempt("flaky2", { retries = 2 })
    assert.same({ 2, "flaky", 0 }, { #row.attempts, row.status, result.exit_code })
    assert.equal("attempt 1\n", row.attempts[1].stdout)
    _, row, result = attempt("flaky2", { retries = 2, flaky_result = "fail" })
    assert.same({ 2, "fail", "flaky", 100 }, { #row.attempts, row.status, row.reason, result.exit_code })
  end)
  it("point 52: waits longer and longer, up to a limit", function()
    local settings = require "nx.runner.settings"
    local r = settings.normalise("retries", { backoff = "exponential", count = 5, delay = "1s", ["max-delay"] = "5s" })
    local delays = {}
    for k = 1, 5 do delays[k] = settings.delay(r, k, error) end
    assert.same({ 1, 2, 4, 5, 5 }, delays)
    r.jitter = true
    assert.equal(0.5, settings.delay(r, 1, function() return 1 end))
    assert.equal(1, settings.delay(r, 1, function() return 0 end))
    local _, row = attempt("flaky3", { retries = { count = 2, delay = "100ms" } })
    assert.is_true(row.attempts[2].started_at - row.attempts[1].started_at >= 0.1)
  end)
  it("asks retry(test, attempt) after each failure", function()
    local asked = {}
    local _, row = attempt("fail", { retry = function(test, a) asked[#asked + 1] = test.name .. a.number; return a.number < 3 end })
    assert.same({ "fail1", "fail2", "fail3" }, asked)
    assert.equal(3, #row.attempts)
    local ok, e = pcall(fake.run, "fail", { retry = function() return 2 end })
    assert.is_false(ok)
    assert.matches("a bare number says nothing", e.message)
  end)
  it("lets verdict have the last word", function()
    local _, row, result = attempt("fail", { verdict = function(_, attempts, status)
      assert.equal(1, #attempts)
      if status == "fail" then return "excused", "known" end
    end })
    assert.same({ "excused", "known", 0, 1 }, { row.status, row.reason, result.exit_code, result.counts.excused })
  end)
end)

describe("many tests", function()
  it("point 53: the first failure stops what has not started", function()
    local result, events = fake.run("a fail x y", { threads = 1 })
    assert.same({ "fail_fast", 100, 2 }, { result.cancelled, result.exit_code, result.counts.not_run })
    assert.same({ "run_started", "test_started a", "attempt_finished a", "test_finished a", "test_started b", "attempt_finished b",
      "test_finished b", "test_started c", "attempt_finished c", "test_finished c", "test_started fail", "attempt_finished fail",
      "test_finished fail", "run_cancelled", "run_finished" }, fake.trace(select(2, fake.run("a b c fail", { threads = 1 }))))
    local seq = {}
    for i, event in ipairs(events) do
      seq[i] = event.seq
      assert.equal(1, event.schema)
      assert.equal(events[1].run_id, event.run_id)
      assert.is_number(event.time)
    end
    for i = 1, #seq do assert.equal(i, seq[i]) end
  end)
  it("point 53: max_fail, waiting or at once", function()
    local result = fake.run("fail1 fail2 fail3 fail4", { threads = 1, max_fail = 2 })
    assert.same({ 2, 2 }, { result.counts.fail, result.counts.not_run })
    result = fake.run("fail1 hang trap", { threads = 3, max_fail = "1:immediate" })
    assert.same({ 3, 0 }, { result.counts.fail, result.counts.not_run })
    assert.is_true(result.seconds < 3)
  end)
  it("point 55: one thread: by priority, suite, name", function()
    local _, events = fake.run({ { "b", "x y" }, { "a", "z" } }, { threads = 1, priority = function(t) return t.name == "y" and 5 or 0 end })
    local order = {}
    for _, event in ipairs(events) do if event.type == "test_started" then order[#order + 1] = event.test.id end end
    assert.equal("b y", order[1])
    assert.equal(3, #order)
  end)
  it("point 56: a group runs one at a time, others overtake", function()
    local log = fake.temp()
    fake.run({ { "s", "nap1 nap2 nap3 slow4", log = log } }, { threads = 3,
      group = function(t) return t.name:find "nap" and "one" or nil end })
    local running, most, overtook = 0, 0, false
    for _, line in ipairs(fake.lines(log)) do
      local what, name = line:match "^(%w+) s (%w+)"
      if name:find "nap" then
        running = running + (what == "start" and 1 or -1)
        most = math.max(most, running)
        if what == "start" and name == "nap2" then assert.is_true(overtook) end
      elseif what == "start" then overtook = true end
    end
    assert.equal(1, most)
    os.remove(log)
  end)
  it("gives slots, the smallest that is free, and threads", function()
    local seen = {}
    fake.run("nap1 nap2 nap3 nap4", { threads = 2, report = { { test_started = function(event)
      seen[event.slot] = (seen[event.slot] or 0) + 1
    end } } })
    assert.same({ [0] = 2, [1] = 2 }, seen)
    local log = fake.temp()
    fake.run({ { "s", "nap1 nap2 nap3", log = log } }, { threads = 2, slots = 7 })
    local order = {}
    for i, line in ipairs(fake.lines(log)) do order[i] = line:match "^%w+" end
    assert.equal("start end start end start end", table.concat(order, " "))
    os.remove(log)
  end)
  it("point 58: no tests is a failure unless allowed", function()
    assert.equal(4, fake.run("ok", {}, { ignored = "only" }).exit_code)
    for _, how in ipairs { "warn", "pass" } do
      assert.equal(0, fake.run("ok", { no_tests = how }, { ignored = "only" }).exit_code)
    end
  end)
  it("tells of tests that were left out when it looks behind the one it starts", function()
    local result, events = fake.run("a b! c", { threads = 1 }, { ignored = "skip" })
    assert.equal(1, result.counts.skip)
    assert.same({ "run_started", "test_skipped b", "test_started a", "attempt_finished a" }, { table.unpack(fake.trace(events), 1, 4) })
  end)
  it("repeats everything under stress; the last pass decides", function()
    local result, events = fake.run("ok", { stress = 3 })
    assert.equal(1, #result.tests)
    local n = 0
    for _, event in ipairs(events) do if event.type == "iteration_started" then n = n + 1 end end
    assert.equal(3, n)
  end)
  it("runs setup once and closes it however it ends", function()
    local calls = {}
    local a = attempt("env_x", { keep_output = "all", setup = function(host)
      calls[#calls + 1] = host.name
      return { env = { FROM_SETUP = "1" }, close = function() calls[#calls + 1] = "closed" end }
    end })
    assert.equal("1", variables(a.stdout).FROM_SETUP)
    assert.same({ "here", "closed" }, calls)
  end)
  it("refuses hosts and labels that are not here", function()
    local ok, e = pcall(fake.run, "ok", { hosts = { { name = "far" } } })
    assert.is_false(ok)
    assert.matches("far", e.message)
    ok, e = pcall(fake.run, "ok", { place = "gpu" })
    assert.is_false(ok)
    assert.equal("mismatch", e.kind)
  end)
  it("raises when asked to check", function()
    local ok, e = pcall(fake.run, "fail", { check = true })
    assert.is_false(ok)
    assert.same({ "exit", 100 }, { e.kind, e.exit_code })
    assert.equal(1, e.outcome.counts.fail)
  end)
end)

describe("a run that is given up", function()
  it("ends its tests when it is cancelled, and when a function of the script raises", function()
    local log = fake.temp()
    local task <close> = nx.task(function() return fake.run({ { "s", "hang1 hang2 ok", log = log } }, { threads = 2 }) end)
    nx.sleep(0.4)
    task:cancel()
    local ok, e = pcall(task.wait, task)
    assert.same({ false, "cancelled" }, { ok, e.kind })
    ok, e = pcall(fake.run, { { "s", "ok1 hang3 hang4", log = log } }, { threads = 3, verdict = function() error "not this" end })
    assert.is_false(ok)
    assert.matches("not this", tostring(e))
    local pids = 0
    for _, line in ipairs(fake.lines(log)) do
      local pid = line:match "^start s hang%d+ %d+ (%d+)"
      if pid then
        pids = pids + 1
        assert.is_nil(io.open("/proc/" .. pid .. "/stat"), line)
      end
    end
    assert.is_true(pids >= 2, "the first two had started; the others may have been ended before they said so")
    os.remove(log)
  end)
end)

describe("reporters", function()
  it("one that fails is switched off, is a problem, and makes the run not ok", function()
    local n = 0
    local result = fake.run("a b c", { threads = 1, report = { { test_started = function() n = n + 1; error "no more" end } } })
    assert.equal(1, n)
    assert.equal(3, result.counts.pass)
    assert.is_false(result.ok)
    assert.equal(110, result.exit_code)
    assert.equal(1, #result.problems)
    assert.is_true(err.is(result.problems[1]))
  end)
  it("may wait, and is called one event at a time", function()
    local inside, most, count = 0, 0, 0
    fake.run("a b c d", { threads = 4, report = { function()
      inside, count = inside + 1, count + 1
      most = math.max(most, inside)
      nx.sleep(0.01)
      inside = inside - 1
    end } })
    assert.same({ 1, 14 }, { most, count })
  end)
  it("let go of output: memory stays flat", function()
    local names = {}
    for i = 1, 60 do names[i] = "big" .. i end
    local most = 0
    collectgarbage()
    local before = collectgarbage "count"
    local result = nx.build { root = "/tmp", { id = "s", path = fake.path, harness = "libtest",
      env = { FAKE_TESTS = table.concat(names, " ") } } }:tests():run { threads = 2, report = {
        nx.report.human { to = "/dev/null" },
        { test_finished = function() collectgarbage(); most = math.max(most, collectgarbage "count") end } } }
    assert.equal(60, result.counts.pass)
    assert.is_true(most - before < 30000, most - before) -- 180 MB went through
  end)
  it("human: a test that skips itself is no failure, and its output is kept back", function()
    local dir <close> = nx.temp_dir {}
    nx.fs.write { dir.path .. "/skips", data = "#!/bin/sh\necho noise\nexit 77\n", mode = "0755" }
    local build = nx.build { root = dir.path, { id = "s", path = dir.path .. "/skips", harness = "exec" } }
    local result = build:tests():run { report = { nx.report.human { to = dir.path .. "/report" } } }
    local text = nx.fs.read { dir.path .. "/report" }
    assert.equal(1, result.counts.skip)
    assert.matches("\n        SKIP %[ *[%d.]+s%] %(1/1%) s ", text)
    assert.is_nil(text:find("noise", 1, true), text)
  end)
  it("are closed", function()
    local closed = 0
    fake.run("a", { report = { { close = function() closed = closed + 1 end } } })
    assert.equal(1, closed)
  end)
end)

describe("a replaced nx.run", function()
  it("runs the tests instead", function()
    local build = fake.build { { "s", "one two" } }
    local tests = build:tests()
    local seen = {}
    nx.run = function(o) seen[#seen + 1] = o[3]; return nx.outcome { exit_code = o[3] == "two" and 101 or 0 } end
    local ok, result = pcall(tests.run, tests, { threads = 1, report = {} })
    nx.run = nil
    assert.is_true(ok)
    assert.same({ "one", "two" }, seen)
    assert.equal(1, result.counts.fail)
  end)
end)

describe("results", function()
  it("are merged, and a test in two of them is named", function()
    local a = fake.run({ { "s", "one" } })
    local b = fake.run({ { "t", "fail" } })
    local all = nx.merge { a, b }
    assert.same({ 2, 1, 1, 100 }, { #all.tests, all.counts.pass, all.counts.fail, all.exit_code })
    local ok, e = pcall(nx.merge, { a, a })
    assert.is_false(ok)
    assert.same("mismatch", e.kind)
    assert.matches("s one", e.message)
    local plan = fake.build { { "s", "one other" } }:tests():plan()
    ok, e = pcall(nx.merge, { a, plan = plan })
    assert.is_false(ok)
    assert.matches("s other is missing", e.message)
    ok, e = pcall(nx.merge, { b, plan = plan })
    assert.is_false(ok)
    assert.matches("is missing", e.message)
  end)
end)
