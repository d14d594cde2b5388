-- How a run is controlled, asked of nxlua and of the peer: time limits, leaks, retries, stopping, order, groups, exit codes.
-- (Signals to the program itself: tests/program/runner_signals_spec.lua and tests/interop/run_spec.lua, point 54.)
local handmade = require "handmade"
local need = require "require"
local workspace = require "workspace"

-- Its tests have a child that tells when it is asked to end.
local FAMILY <const> = [[#!/bin/sh
[ "$1" != --list ] || { [ "$4" = --ignored ] || echo "family: test"; exit 0; }
(trap 'echo child asked >>"$FAKE_LOG"; exit 0' TERM; n=0; while [ $n -lt 100 ]; do sleep 0.05; n=$((n + 1)); done) &
trap 'echo parent asked >>"$FAKE_LOG"; wait; exit 0' TERM
wait
]]

for _, tool in handmade.tools() do
  describe("control by " .. tool.name .. ":", function()
    local here
    setup(function() here = handmade.new { { "alpha", "ok" } } end)
    before_each(function() here:config "" end)
    teardown(function() here:remove() end)
    local function run(suites, line, config, variables)
      here:archive(type(suites) == "string" and { { "alpha", suites } } or suites)
      here:config(config or "")
      return here:run(tool, "run " .. (line or ""), variables)
    end
    -- The lines of the log of one kind, as "BINARY NAME".
    local function logged(r, what)
      local out = {}
      for line in r.log:gmatch("%f[^\n\0]" .. what .. " ([^\n]* %S+) %d+ %d+\n") do out[#out + 1] = line end
      return out
    end
    local function says(text, r) assert.truthy(r.err:find(text, 1, true), r.err) end

    local function slow(words) return ("[profile.default]\nslow-timeout = { period = '200ms', terminate-after = 2, %s }\n"):format(words) end
    it("slow-timeout ends the whole group with TERM after its periods, and exit 0 then is TIMEOUT all the same (point 49)", function()
      local r = run({ { "alpha", "", script = FAMILY } }, "", slow "grace-period = '5s'")
      assert.equal(100, r.code, r.err)
      assert.matches("parent asked", r.log)
      assert.matches("child asked", r.log)
      local seconds = tonumber(r.err:match "TIMEOUT %[ *([%d.]+)s%] %(1/1%) alpha family")
      assert.is_true(seconds >= 0.4 and seconds < 5, r.err)
      says("1 test run: 0 passed, 1 timed out, 0 skipped", r)
    end)
    it("what does not end by itself is killed when its grace is over (point 49)", function()
      local r = run("trap", "", slow "grace-period = '300ms'")
      assert.equal(100, r.code, r.err)
      assert.matches("term alpha trap", r.log)
      assert.is_nil(r.log:find "end alpha trap")
      local seconds = tonumber(r.err:match "TIMEOUT %[ *([%d.]+)s%]")
      assert.is_true(seconds >= 0.7 and seconds < 5, r.err)
    end)
    it("on-timeout = pass makes a pass of it (point 49)", function()
      local r = run("hang", "", slow "grace-period = '1s', on-timeout = 'pass'")
      assert.equal(0, r.code, r.err)
      says("TIMEOUT-PASS [", r)
      says("1 test run: 1 passed, 0 skipped", r)
    end)
    it("a child that holds the output for more than 200 ms is a LEAK, which passes unless result = fail (point 50)", function()
      local r = run("leak", "")
      assert.equal(0, r.code, r.err)
      assert.matches("LEAK %[   [0-4]%.%d+s%] %(1/1%) alpha leak", r.err)
      says("1 test run: 1 passed (1 leaky), 0 skipped", r)
      r = run("leak", "", "[profile.default]\nleak-timeout = { period = '200ms', result = 'fail' }\n")
      assert.equal(100, r.code, r.err)
      assert.matches("LEAK%-FAIL %[", r.err)
      -- one that lets go in time is none
      assert.is_nil(run("leak", "", "[profile.default]\nleak-timeout = '10s'\n").err:find "LEAK")
    end)
    it("--retries 2 gives three attempts at most, without delay (point 51)", function()
      local r = run("fail", "--retries 2")
      assert.equal(100, r.code, r.err)
      assert.same({ "alpha fail", "alpha fail", "alpha fail" }, logged(r, "start"))
      assert.is_nil(r.err:find "DELAY")
      says("1 test run: 0 passed, 1 failed, 0 skipped", r)
    end)
    it("a test that passes later is flaky and counts as passed, unless flaky-result = fail (point 51)", function()
      local r = run("flaky2", "--retries 2")
      assert.equal(0, r.code, r.err)
      assert.equal(2, #logged(r, "start"))
      says("1 test run: 1 passed (1 flaky), 0 skipped", r)
      for _, way in ipairs { { "--retries 2 --flaky-result fail" }, { "", "[profile.default]\nretries = 2\nflaky-result = 'fail'\n" } } do
        r = run("flaky2", way[1], way[2])
        assert.equal(100, r.code, r.err)
        says("1 test run: 0 passed, 1 failed, 0 skipped", r)
      end
    end)
    local function delays(r)
      local out = {}
      for seconds in r.err:gmatch "DELAY %d+/%d+ by +([%d.]+)s" do out[#out + 1] = tonumber(seconds) end
      return out
    end
    local EXPONENTIAL <const> = "[profile.default]\nretries = { backoff = 'exponential', count = 4, delay = '40ms', max-delay = '100ms' %s }\n"
    it("exponential delays double up to max-delay (point 52)", function()
      local r = run("fail", "--status-level all", EXPONENTIAL:format "")
      assert.same({ 0.04, 0.08, 0.1, 0.1 }, delays(r), r.err)
      assert.equal(5, #logged(r, "start"))
      assert.is_true(tonumber(r.err:match "Summary %[ *([%d.]+)s%]") >= 0.32)
    end)
    it("jitter takes between a half and the whole of each delay (point 52)", function()
      local seen = delays(run("fail", "--status-level all", EXPONENTIAL:format ", jitter = true"))
      local off = 0
      for i, most in ipairs { 0.04, 0.08, 0.1, 0.1 } do
        assert.is_true(seen[i] >= most / 2 - 0.001 and seen[i] <= most, table.concat(seen, " "))
        if seen[i] ~= most then off = off + 1 end
      end
      assert.is_true(off > 0)
    end)
    it("the first failure stops what has not started, and says how many (point 53)", function()
      local r = run("a fail x y", "-j1")
      assert.equal(100, r.code)
      assert.same({ "alpha a", "alpha fail" }, logged(r, "start"))
      says("2/4 tests run: 1 passed, 1 failed, 0 skipped", r)
      says("warning: 2/4 tests were not run due to test failure (run with --no-fail-fast to run all tests, or run with --max-fail)", r)
    end)
    it("what runs at the first failure may finish (point 53)", function()
      local r = run("fail slow x y z", "-j2")
      assert.equal(100, r.code)
      local ended = logged(r, "end")
      table.sort(ended)
      assert.same({ "alpha fail", "alpha slow" }, ended)
      says("2/5 tests run: 1 passed, 1 failed", r)
      assert.equal(5, #logged(run("fail slow x y z", "-j2 --no-fail-fast"), "end"))
    end)
    it("with one thread tests go by priority, then binary, then name (point 55)", function()
      local r = run({ { "b", "x b!" }, { "a::t", "late_x m" }, { "a", "z y" } }, "-j1 --run-ignored all", [=[
[[profile.default.overrides]]
filter = "test(=m)"
priority = 50
[[profile.default.overrides]]
filter = "test(=z)"
priority = -50
[[profile.default.overrides]]
filter = "test(late_x)"
slow-timeout = { period = "100ms", terminate-after = 1, on-timeout = "pass" }
]=])
      assert.equal(0, r.code, r.err)
      assert.same({ "a::t m", "a y", "a::t late_x", "b b", "b x", "a z" }, logged(r, "start"))
    end)
    it("a group of one thread never runs two tests, and others overtake those that wait (point 56)", function()
      local r = run("nap1 nap2 nap3 slow4", "-j3", [=[
[test-groups]
one = { max-threads = 1 }
[[profile.default.overrides]]
filter = "test(nap)"
test-group = "one"
]=])
      assert.equal(0, r.code, r.err)
      local running, order = 0, {}
      for what, name in r.log:gmatch "(%w+) alpha (%w+) %d+ %d+\n" do
        if what == "start" then order[#order + 1] = name end
        if name:find "nap" then
          running = running + (what == "start" and 1 or -1)
          assert.is_true(running <= 1, r.log)
        end
      end
      assert.is_true(order[1] == "slow4" or order[2] == "slow4", r.log)
    end)
    it("no tests is exit 4 with a hint, 0 with --no-tests pass or warn (point 58)", function()
      local r = run("a", "nothing")
      assert.equal(4, r.code)
      says("error: no tests to run\n(hint: use `--no-tests` to customize)\n", r)
      r = run("a", "nothing --no-tests fail")
      assert.same({ 4, nil }, { r.code, r.err:find "hint" })
      r = run("a", "nothing --no-tests warn")
      assert.equal(0, r.code)
      says("warning: no tests to run", r)
      r = run("a", "nothing --no-tests pass")
      assert.same({ 0, nil }, { r.code, r.err:find "no tests to run" })
    end)
    it("exit codes without a build: 2 usage, 94 filter, 96 setup, 100 failure, 104 listing (point 59)", function()
      for line, code in pairs { ["run --no-such"] = 2, ["run --retries x"] = 2, ["run -E 'test('"] = 94, ["run -P nope"] = 96,
        ["run --config-file nope.toml"] = 96, ["run --workspace-remap nope"] = 96, ["run fail"] = 100, ["run ok"] = 0, ["list"] = 0 } do
        here:archive { { "alpha", "ok fail" } }
        assert.equal(code, here:run(tool, line).code, line)
      end
      assert.equal(104, here:run(tool, "run", { FAKE_LIST = "junk" }).code)
      workspace.write(here.file, "no archive")
      assert.equal(96, here:run(tool, "run").code)
    end)
    it("exit codes with a build: 101 build, 102 metadata, 103 archive (point 59)", function()
      if not need "cargo" then return end
      here:must "rm -rf built && mkdir -p built/src && echo >built/src/lib.rs"
      here:write("built/Cargo.toml", "[package]\nname = 'built'\nversion = '1.0.0'\nedition = '2021'\n[workspace]\n")
      local function code(line)
        return (here:sh(("cd built && %s %s"):format(tool.command, line)))
      end
      assert.equal(103, code "archive --archive-file /nonexistent/dir/x.tar.zst")
      assert.equal(102, code "list --manifest-path /nonexistent/Cargo.toml")
      assert.equal(101, code "list -p nopkg")
      here:must "echo 'no Rust' >built/src/lib.rs"
      assert.equal(101, code "run")
      here:must "echo 'no manifest' >built/Cargo.toml"
      assert.equal(102, code "run")
      here:must "rm -r built"
    end)
  end)
end
