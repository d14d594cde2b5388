-- Beside the real peer: what `run` prints, how it exits, and what a test sees. Times, ids and process numbers are put aside.
local need = require "require"
local workspace = require "workspace"

describe("run beside the peer:", function()
  if not need "peer" then return end
  local ws
  local program = os.getenv "NXLUA"
  setup(function()
    ws = workspace.copy "ws"
    ws:must "cargo nextest list"
  end)
  teardown(function() ws:remove() end)

  local function normal(text)
    text = workspace.normal(text):gsub("%[ *%d+%.%d%d%ds%]", "[T]"):gsub("%(%d+%) panicked", "(N) panicked")
      :gsub("finished in [%d.]+s", "finished in T"):gsub("%d%d:%d%d:%d%d", "H:M:S")
    return (("\n" .. text):gsub("\n[^\n]*    Finished[^\n]*", ""):gsub("\n   Compiling [^\n]*", ""):gsub("\n[^\n]*Blocking [^\n]*", "")
      :gsub("\n[^\n]*experimental features enabled[^\n]*", "")
      :gsub("\nwarning: profile `[^`]*` asks for a JUnit report[^\n]*", "")) -- ours alone, while there is none
  end
  local function alike(arguments, environment)
    local set = "export RUST_BACKTRACE=0 " .. (environment or "") .. "; "
    local code, out, text = ws:sh(set .. "cargo nextest run " .. arguments)
    local our_code, our_out, our_text = ws:sh(set .. program .. " run " .. arguments)
    assert.equal(normal(text), normal(our_text))
    assert.equal(normal(out), normal(our_out))
    assert.equal(code, our_code)
  end
  local quick = "test(/^(ok_plain|fail_exit3|flaky_second|fail_panic)$/)"

  for title, arguments in pairs {
    ["points 50, 66–69: every kind of end, every line"] =
      "-j1 --no-fail-fast --status-level all --final-status-level all -E 'all() - test(/^trap/)'",
    ["point 53: fail fast"] = "-j1 -E 'test(/^fail_/)' --failure-output never",
    ["point 51: retries, output at once and at the end"] =
      "-j1 -P ci -E 'test(/^(flaky_|fail_exit3|ok_plain|hang$)/)' --failure-output immediate-final",
    ["point 49: slow, ended, tried again"] =
      "-j1 -P tight --retries 1 -E 'test(/^(hang|trap_then_ok)$/)' --no-fail-fast --failure-output never",
    ["no indent, output at the end"] = "-j1 -E 'test(=fail_panic)' --no-output-indent --failure-output final",
    ["no capture"] = "--no-fail-fast -E 'test(/^(ok_plain|fail_exit3)$/)' --no-capture",
    ["verbose, output of what passes"] = "-j1 -v -E 'test(=ok_plain)' --success-output immediate-final",
    ["in colours"] = "-j1 --color always --no-fail-fast --final-status-level all -E 'all() - test(/^(trap|hang|ok_slow)/)'",
    ["stress"] = "-j1 --stress-count 2 --no-fail-fast --failure-output never -E 'test(/^(ok_plain|fail_exit3)$/)'",
    ["stress that fails"] = "-j1 --stress-count 2 -E 'test(/^(ok_plain|fail_exit3)$/)'",
    ["the default filter"] = "-j1 -P ci -E 'package(mac) + package(alpha-ext)'",
    ["point 58: no tests"] = "-E 'none()'",
    ["point 58: no tests, warned"] = "--no-tests warn -E 'none()'",
    ["point 58: no tests, passed"] = "--no-tests pass -E 'none()'",
    ["point 47: a partition"] = "-j1 --run-ignored all --partition count:1/2 -E 'package(alpha-ext) + package(harn)'",
    ["the global timeout"] = "-j2 -P glob -E 'test(=hang)' --failure-output never",
    ["max-fail"] = "-j1 --max-fail 2 -E 'test(/^fail_(e|p|r)/)' --failure-output never",
    ["flaky tests that fail"] = "-j1 --retries 2 --flaky-result fail --no-fail-fast -E " .. "'" .. quick .. "'",
    ["status levels"] = "-j1 --no-fail-fast --status-level fail --final-status-level slow -E '" .. quick .. "'",
    ["no status at all"] = "-j1 --no-fail-fast --status-level none --final-status-level none -E '" .. quick .. "'",
    ["no counter"] = "-j1 --no-fail-fast --show-progress none -E '" .. quick .. "'",
  } do
    it(title, function() alike(arguments) end)
  end

  -- Two seconds and a half into the run come the signals; both tools run at once.
  local function alike_after(signals, arguments)
    local function command(tool, to)
      local script = ("env --default-signal=INT,TERM RUST_BACKTRACE=0 %s run %s >%s 2>&1 & pid=$!\n"):format(tool, arguments, to)
      for i, signal in ipairs(signals) do
        script = ("%s sleep %s; kill -%s $pid\n"):format(script, i == 1 and "2.5" or "0.3", signal)
      end
      return ("( %s wait $pid; echo exit $? >>%s ) & "):format(script, to)
    end
    local peer, ours = ws.base .. "/peer.txt", ws.base .. "/ours.txt"
    ws:sh("{ " .. command("cargo-nextest nextest", peer) .. command(program, ours) .. " wait; }")
    assert.equal(normal(workspace.read(peer)), normal(workspace.read(ours)))
  end
  it("point 54: INT", function() alike_after({ "INT" }, "-j1 -P calm -E 'test(/^(hang|ok_plain)$/)'") end)
  it("point 54: TERM, output at once and at the end", function()
    alike_after({ "TERM" }, "-j1 -P calm --failure-output immediate-final -E 'test(/^(hang|ok_plain)$/)'")
  end)
  it("point 54: TERM, output at the end", function()
    alike_after({ "TERM" }, "-j1 -P calm --no-fail-fast --failure-output final -E 'test(/^(hang|fail_exit3)$/)'")
  end)
  it("point 54: TERM, then INT", function() alike_after({ "TERM", "INT" }, "-j1 -P calm -E 'test(=trap_forever)'") end)
  it("point 54: TERM under stress", function()
    alike_after({ "TERM" }, "-j1 -P calm --stress-count 2 -E 'test(/^(hang|ok_plain)$/)'")
  end)

  it("points 27–34: a test sees the same environment", function()
    local function dump(command)
      local dir = ws.base .. "/dump"
      os.execute("rm -rf " .. dir .. "; mkdir " .. dir)
      ws:must(("export FX_DUMP=%s; %s -j1 -E 'test(=env_dump)' >/dev/null 2>&1"):format(dir, command))
      return workspace.read(dir .. "/" .. io.popen("ls " .. dir):read "l")
    end
    local function sorted(text)
      local lines = {}
      for line in workspace.normal(text):gsub("pid=%d+ pgrp=%d+ sid=%d+", "pid"):gsub("pipe:%[%d+%]", "pipe"):gmatch "[^\n]+" do
        if not line:find "^_=" then lines[#lines + 1] = line end
      end
      table.sort(lines)
      return table.concat(lines, "\n")
    end
    assert.equal(sorted(dump "cargo-nextest nextest run"), sorted(dump(program .. " run")))
  end)
end)
