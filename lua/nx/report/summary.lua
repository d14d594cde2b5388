-- The lines around a run: how many tests start, what came of them, what was not run.

local labels = require "nx.report.labels"
local plural = require "nx.report.style".plural

local M = {}

local function counted(s, tests, suites)
  local parts = {}
  if tests > 0 then parts[1] = s.count(tests) .. " " .. plural(tests, "test") end
  if suites > 0 then parts[#parts + 1] = s.count(suites) .. " " .. plural(suites, "binary", "binaries") end
  return table.concat(parts, " and ")
end

-- " (X tests and Y binaries skipped, including …)", or "".
local function skip_text(s, plan)
  local tests, suites = #plan.skipped, plan.skipped_suites or 0
  if tests == 0 and suites == 0 then return "" end
  local text = (" (%s %s"):format(counted(s, tests, suites), s.skip "skipped")
  local by_default = plan.default_filter
  if by_default and ((by_default.tests or 0) > 0 or (by_default.suites or 0) > 0) then
    if by_default.tests == tests and by_default.suites == suites then
      text = text .. " via " .. s.count(by_default.name)
    else
      text = ("%s, including %s via %s"):format(text, counted(s, by_default.tests or 0, by_default.suites or 0), s.count(by_default.name))
    end
  end
  return text .. ")"
end

--- "Starting 14 tests across 3 binaries (…)" without its label
function M.starting(s, plan)
  local n = #plan.items
  return ("%s %s across %s %s%s"):format(s.count(n), plural(n, "test"), s.count(plan.suites),
    plural(plan.suites, "binary", "binaries"), skip_text(s, plan))
end

--- Numbers that a summary shows, all zero.
function M.new_counts()
  return { done = 0, passed = 0, slow = 0, flaky = 0, leaky = 0, failed = 0, leaky_failed = 0, exec_failed = 0, timed_out = 0,
    excused = 0, skipped = 0 }
end

--- Adds a finished test.
function M.add(c, event)
  local last = event.attempts[#event.attempts]
  local status = event.status
  c.done = c.done + 1
  if status == "pass" or status == "flaky" then
    c.passed = c.passed + 1
    if status == "flaky" then
      c.flaky = c.flaky + 1
    elseif not last.timed_out then
      if last.slow then c.slow = c.slow + 1 end
      if last.leaked then c.leaky = c.leaky + 1 end
    end
  elseif status == "fail" then
    c.failed = c.failed + 1
    if last.leaked and last.exit_code == 0 and not last.signal then c.leaky_failed = c.leaky_failed + 1 end
  elseif status == "exec_fail" then
    c.exec_failed = c.exec_failed + 1
  elseif status == "timeout" then
    c.timed_out = c.timed_out + 1
  elseif status == "excused" then
    c.excused = c.excused + 1
  elseif status == "skip" then
    c.skipped = c.skipped + 1
  end
end

--- "14 tests run: 14 passed, 177 skipped"
function M.line(s, c, count)
  local out = { s.count(c.done) }
  if c.done ~= count then out[2] = "/" .. s.count(count) end
  out[#out + 1] = (" %s run: %s %s"):format(plural((c.done == 1 and count == 1) and 1 or 2, "test"), s.count(c.passed), s.pass "passed")
  local of_passed = {}
  for _, word in ipairs { "slow", "flaky", "leaky" } do
    if c[word] > 0 then of_passed[#of_passed + 1] = s.count(c[word]) .. " " .. s.skip(word) end
  end
  if #of_passed > 0 then out[#out + 1] = " (" .. table.concat(of_passed, ", ") .. ")" end
  if c.failed > 0 then
    out[#out + 1] = (", %s %s"):format(s.count(c.failed), s.fail "failed")
    if c.leaky_failed > 0 then out[#out + 1] = (" (%s due to being %s)"):format(s.count(c.leaky_failed), s.fail "leaky") end
  end
  if c.exec_failed > 0 then out[#out + 1] = (", %s %s"):format(s.count(c.exec_failed), s.fail "exec failed") end
  if c.timed_out > 0 then out[#out + 1] = (", %s %s"):format(s.count(c.timed_out), s.fail "timed out") end
  if c.excused > 0 then out[#out + 1] = (", %s %s"):format(s.count(c.excused), s.skip "excused") end
  out[#out + 1] = (", %s %s"):format(s.count(c.skipped), s.skip "skipped")
  return table.concat(out)
end

--- The style of the summary's label.
function M.style(s, c, count, cancelled)
  if c.failed + c.exec_failed + c.timed_out > 0 or c.done ~= count or cancelled then return s.fail end
  return c.done == 0 and s.skip or s.pass
end

--- The warning that tests were not run, or nil.
function M.not_run(s, c, count, reason)
  if c.done >= count or not reason or reason == "setup_script_failure" then return nil end
  local text = ("%s: %s/%s %s %s not run due to %s"):format(s.skip "warning", s.count(count - c.done), s.count(count),
    plural(count, "test"), plural(count, "was", "were"), s.skip(labels.reasons[reason]))
  if reason == "test_failure" or reason == "test_failure_immediate" then
    text = ("%s (run with %s to run all tests, or run with %s)"):format(text, s.count "--no-fail-fast", s.count "--max-fail")
  end
  return text
end

return M
