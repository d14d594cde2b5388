-- Signals to a run: point 54 of the interop list.
local program = require "program"

local source = os.getenv "NXLUA_SOURCE"

setup(program.setup)
teardown(program.teardown)

-- Starts a script that runs `names`, sends it signals, and returns what it did.
local function run(names, signals, options)
  program.write("run.lua", ([[
    local nx = require "nx"
    local build = nx.build { root = ".", { id = "s", path = %q, harness = "libtest",
      env = { FAKE_TESTS = %q, FAKE_LOG = %q } } }
    local result = build:tests():run { threads = 2, %s }
    print(result.cancelled, result.counts.pass, result.counts.fail, result.counts.not_run)
    return result
  ]]):format(source .. "/tests/fixtures/faketest", names, program.dir .. "/log", options or ""))
  local kills = {}
  for _, signal in ipairs(signals) do kills[#kills + 1] = "sleep 0.4; kill -" .. signal .. " $pid" end
  os.remove(program.dir .. "/log")
  return program.sh(('env --default-signal=INT,TERM "$N" run.lua & pid=$!\n%s\nwait $pid'):format(table.concat(kills, "\n")))
end

describe("a signal to a run", function()
  it("point 54: INT goes to the tests, nothing starts any more, 100", function()
    local r = run("hang1 hang2 ok", { "INT" })
    assert.equal(100, r.code)
    assert.equal("signal\t0\t2\t1\n", r.out)
    assert.matches("  Cancelling due to interrupt: 2 tests still running\n", r.err)
    assert.matches("warning: 1/3 tests were not run due to interrupt\n", r.err)
  end)
  it("point 54: TERM likewise", function()
    local r = run("hang1 hang2 ok", { "TERM" })
    assert.equal(100, r.code)
    assert.matches("  Cancelling due to signal: 2 tests still running\n", r.err)
    assert.matches("warning: 1/3 tests were not run due to signal\n", r.err)
  end)
  it("point 54: 0 when every chosen test still passes", function()
    local r = run("late1", { "TERM" })
    assert.equal("signal\t1\t0\t0\n", r.out)
    assert.equal(0, r.code)
  end)
  it("point 54: the second kills", function()
    local r = run("trap1 trap2", { "INT", "INT" })
    assert.equal(100, r.code)
    assert.equal("signal\t0\t2\t0\n", r.out)
    assert.matches("     Killing due to second signal: : 2 tests still running\n", r.err)
  end)
  it("kills after the grace", function()
    local r = run("trap1", { "TERM" }, 'profile = { ["slow-timeout"] = { period = "60s", ["grace-period"] = "300ms" } }')
    assert.equal("signal\t0\t1\t0\n", r.out)
  end)
  it("leaves no process behind", function()
    run("hang1 hang2", { "INT" })
    local left = program.capture("pgrep -cf 'faketest --exact [h]ang' || true")
    assert.equal("0", left)
  end)
end)
