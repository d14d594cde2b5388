-- The words of the human report: the label of a status line, how it is painted, and from which level on it is shown.

local signals = require "nx.signals"

local M = {}

local function order(words)
  local level = {}
  for i, word in ipairs(words) do level[word] = i end
  return level
end

--- Status levels, from what is always shown to what seldom is.
M.level = order { "none", "fail", "retry", "slow", "leak", "pass", "skip", "all" }
M.level.flaky = M.level.retry
M.final_level = order { "none", "fail", "flaky", "slow", "skip", "leak", "pass", "all" }
M.final_level.retry = M.final_level.flaky

local long = { timeout = "TIMEOUT", exec_fail = "XFAIL" }
local short = { timeout = "TMT", exec_fail = "XFAIL" }

-- How an attempt that did not pass ended, in at most twelve (long) or six (short) columns.
local function failing(attempt, brief)
  local fixed = (brief and short or long)[attempt.status]
  if fixed then return fixed end
  if attempt.signal then
    local name = signals.known(attempt.signal)
    if brief then return name or "SIG " .. signals.number(attempt.signal) end
    return name and "SIG" .. name or "ABORT SIG " .. signals.number(attempt.signal)
  end
  if attempt.leaked then
    if attempt.exit_code == 0 then return brief and "LKFAIL" or "LEAK-FAIL" end
    return brief and "FL+LK" or "FAIL + LEAK"
  end
  return "FAIL"
end

local function passing(attempt)
  if attempt.timed_out then return "TIMEOUT-PASS" end
  return attempt.leaked and "LEAK" or "PASS"
end

--- An attempt that is followed by another.
function M.retried(attempt)
  return ("TRY %d %s"):format(attempt.number, failing(attempt, true))
end

--- Label, style and level of the line when a test has finished.
---@param event table   test_finished
---@return string label, string style, string level
function M.finished(event)
  local last = event.attempts[#event.attempts]
  local status, n = event.status, #event.attempts
  if status == "excused" then return "EXCUSED", "skip", "fail" end
  if status == "skip" then return "SKIP", "skip", "pass" end
  if last.status == "pass" then
    if n > 1 then
      if status == "fail" then return ("TRY %d PASS"):format(n), "fail", "fail" end
      return ("TRY %d PASS"):format(n), "skip", "retry"
    end
    if status ~= "pass" then return "FAIL", "fail", "fail" end -- a verdict
    local label = passing(last)
    if last.timed_out then return label, "skip", "slow" end
    if last.leaked then return label, "skip", "leak" end
    return label, "pass", "pass"
  end
  if status == "pass" or status == "flaky" then return "PASS", "skip", "retry" end -- a verdict
  if n > 1 then return ("TRY %d %s"):format(n, failing(last, true)), "fail", "fail" end
  return failing(last), "fail", "fail"
end

--- The same for the section at the end.
---@return string label, string style, string level
function M.final(event)
  local last = event.attempts[#event.attempts]
  local n, m = #event.attempts, event.total_attempts
  local label, style, level = M.finished(event)
  if event.status == "flaky" and last.status == "pass" then return ("FLAKY %d/%d"):format(n, m), "skip", "flaky" end
  if event.status == "fail" and last.status == "pass" and n > 1 then return ("FLKY-FL %d/%d"):format(n, m), "fail", "fail" end
  if event.status == "pass" and last.status == "pass" and last.slow then
    if last.timed_out then return "SLOW+TMPASS", "skip", "slow" end
    return last.leaked and "SLOW + LEAK" or "SLOW", "skip", "slow"
  end
  if level == "retry" then level = "flaky" end
  return label, style, level
end

--- Does the status count as a failure?
function M.is_failure(status)
  return status == "fail" or status == "timeout" or status == "exec_fail"
end

M.reasons = {
  setup_script_failure = "setup script failure", test_failure = "test failure", reporting_error = "reporting error",
  global_timeout = "global timeout", test_failure_immediate = "test failure", signal = "signal", interrupt = "interrupt",
  second_signal = "second signal",
}

return M
