-- What `run` makes of its options: the options of tests:run and of the human report, warnings about what has no effect.

local later = require "nx.cli.later"
local message = require "nx.cli.message"
local place = require "nx.core.place"

local M = {}

-- Options that mean nothing when nothing runs, and those that mean nothing when output is not captured, in the peer's order.
local idle = {
  { "test-threads", run = true, capture = true }, { "retries", run = true }, { "flaky-result", run = true },
  { "no-tests", run = true }, { "no-capture", run = true }, { "failure-output", run = true, capture = true },
  { "success-output", run = true, capture = true }, { "status-level", run = true }, { "final-status-level", run = true },
  { "message-format", run = true },
}

local function warn_idle(args)
  local no_capture = args.no_capture
  for _, word in ipairs(args.rest) do no_capture = no_capture or word == "--nocapture" or word == "--no-capture" end
  for _, row in ipairs(idle) do
    if args.given[(row[1]:gsub("-", "_"))] then
      local run, capture = row.run and args.no_run, row.capture and no_capture
      local why = run and capture and "--no-run and --no-capture are" or run and "--no-run is" or capture and "--no-capture is"
      if why then message.warning(("ignoring --%s because %s specified"):format(row[1], why)) end
    end
  end
  if args.hide_progress_bar and args.show_progress then
    message.warning "ignoring --hide-progress-bar because --show-progress is specified"
  end
  if args.given.max_progress_running then
    message.warning "ignoring --max-progress-running because nxlua draws no progress bar yet"
  end
end

--- Called when configuration and profile are known, before filtersets are read.
---@param session nx.cli.Session
function M.gate(session)
  local args = session.args
  later.check(args)
  later.structured(args)
  warn_idle(args)
  if not args.no_run then later.profile(session.profile) end
end

-- Reporters of --reporter FILE.lua: the file returns function(options) -> Reporter.
local function own_reporters(files)
  local list = {}
  for _, file in ipairs(files or {}) do
    local chunk, why = loadfile(file)
    if not chunk then message.raise(("--reporter %s: %s"):format(file, why), 96, "not_found") end
    local maker = chunk()
    if type(maker) ~= "function" then
      message.raise(("--reporter %s: the file must return function(options) -> reporter, not a %s"):format(file, type(maker)), 96)
    end
    list[#list + 1] = maker {}
  end
  return list
end

-- The profile with what the command line says of output, which counts above overrides too.
local function with_output(profile, args)
  if not args.failure_output and not args.success_output then return profile end
  local known = {}
  local function over(settings)
    local copy = known[settings]
    if not copy then
      copy = setmetatable({ failure_output = args.failure_output, success_output = args.success_output }, { __index = settings })
      for key, value in pairs(settings) do
        if copy[key] == nil or key ~= "failure_output" and key ~= "success_output" then copy[key] = value end
      end
      known[settings] = copy
    end
    return copy
  end
  return setmetatable({ settings = over(profile.settings), for_test = function(_, suite, test)
    return over(profile:for_test(suite, test))
  end }, { __index = profile })
end

--- The options of tests:run.
---@param session nx.cli.Session
---@return table
function M.options(session)
  local nx = require "nx"
  local args, ui = session.args, session.user.ui
  local no_capture = args.no_capture or session.names.no_capture
  local max_fail
  if args.max_fail then max_fail = args.max_fail.count == "all" and "all"
    or ("%d:%s"):format(args.max_fail.count, args.max_fail.terminate) end
  local fail_fast
  if args.fail_fast then fail_fast = true elseif args.no_fail_fast then fail_fast = false end
  local show = args.show_progress or args.hide_progress_bar and "none" or ui.show_progress or "auto"
  later.progress(show, place.is_terminal(2))
  local indent = not args.no_output_indent and (args.given.no_output_indent or ui.output_indent ~= false)
  local report = own_reporters(args.reporter)
  table.insert(report, 1, nx.report.human {
    color = args.color, status_level = args.status_level, final_status_level = args.final_status_level, indent = indent and true or false,
    verbose = args.verbose, show_progress = show,
  })
  if args.message_format and args.message_format ~= "human" then
    report[#report + 1] = nx.report.libtest_json { to = "-", plus = args.message_format == "libtest-json-plus" or nil }
  end
  return {
    profile = with_output(session.profile, args), threads = args.test_threads, retries = args.retries,
    flaky_result = args.flaky_result, max_fail = max_fail, fail_fast = fail_fast,
    no_tests = args.no_tests == "auto" and "fail" or args.no_tests, -- not given: fails too, with a hint
    capture = no_capture and "none" or args.message_format and args.message_format ~= "human" and "merged" or "split",
    stress = args.stress_count or args.stress_duration and { duration = args.stress_duration } or nil,
    run_id = session.run_id, report = report,
  }
end

return M
