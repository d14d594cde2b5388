-- Option rows of `run` that are its own: how tests run and how that is reported. See options.lua for what a row holds.

local value = require "nx.cli.value"

local outputs = { "immediate", "immediate-final", "final", "never" }
local tests = {
  { "auto", "fail, unless it is a rerun" }, { "pass", "exit with 0" }, { "warn", "a warning, and exit with 0" },
  { "fail", "an error, and exit with 4" },
}

local M = {}

M.runner = {
  { "no-run", help = "Build and list, but run nothing" },
  { "test-threads", short = "j", value = "N", alias = { "jobs" }, env = "NEXTEST_TEST_THREADS", parse = value.threads, numbers = true,
    help = "Tests at a time: a number, or \"num-cpus\" [default: from the profile]" },
  { "retries", value = "N", env = "NEXTEST_RETRIES", parse = value.u32,
    help = "Retries of a failing test [default: from the profile]" },
  { "flaky-result", value = "RESULT", env = "NEXTEST_FLAKY_RESULT",
    values = { { "pass", "a test that passes on retry passes" }, { "fail", "it fails" } },
    help = "What a flaky test counts as [default: from the profile]" },
  { "fail-fast", alias = { "ff" }, conflicts = { "no-run" }, help = "Stop after the first failure" },
  { "no-fail-fast", alias = { "nff" }, conflicts = { "no-run" }, overrides = { "fail-fast" }, help = "Run all tests in any case" },
  { "max-fail", value = "N[:MODE]", parse = value.max_fail, conflicts = { "no-run", "fail-fast", "no-fail-fast" },
    help = "Stop after this many failures: a number, \"all\", \"N:wait\", \"N:immediate\"",
    long = "With :immediate running tests are ended, with :wait (the default) waited for." },
  { "debugger", value = "DEBUGGER", parse = value.debugger, conflicts = { "stress", "no-run" },
    help = "Run one test under a debugger" },
  { "tracer", value = "TRACER", parse = value.tracer, conflicts = { "stress", "no-run", "debugger" },
    help = "Run one test under a tracer of system calls" },
  { "no-tests", value = "ACTION", env = "NEXTEST_NO_TESTS", values = tests, value_alias = { error = "fail" },
    help = "What to do if there is no test to run [default: auto]" },
  { "no-capture", alias = { "nocapture" }, help = "One test at a time, its output as it comes" },
}
for _, row in ipairs(M.runner) do row.head = "Runner options" end

M.stress = {
  { "stress-count", value = "COUNT", parse = value.stress_count, group = "stress", conflicts = { "stress-duration" },
    help = "Run each test so often, or \"infinite\"" },
  { "stress-duration", value = "DURATION", parse = value.stress_duration, group = "stress",
    help = "Run the tests again and again for so long (24h)" },
}
for _, row in ipairs(M.stress) do row.head = "Stress testing options" end

M.rerun = {
  { "rerun", short = "R", value = "RUN_ID_OR_RECORDING", alias = { "run-id" }, parse = value.run_id, head = "Filter options",
    help = "The tests that did not pass in a recorded run" },
}

M.reporter = {
  { "failure-output", value = "WHEN", env = "NEXTEST_FAILURE_OUTPUT", values = outputs, help = "When to show the output of failed tests" },
  { "success-output", value = "WHEN", env = "NEXTEST_SUCCESS_OUTPUT", values = outputs,
    help = "When to show the output of successful tests" },
  { "status-level", value = "LEVEL", env = "NEXTEST_STATUS_LEVEL",
    values = { "none", "fail", "retry", "slow", "leak", "pass", "skip", "all" }, help = "Which tests to show while running" },
  { "final-status-level", value = "LEVEL", env = "NEXTEST_FINAL_STATUS_LEVEL", value_alias = { retry = "flaky" },
    values = { "none", "fail", "flaky", "slow", "skip", "pass", "all" }, help = "Which tests to show at the end" },
  { "no-output-indent", env = "NEXTEST_NO_OUTPUT_INDENT", boolish = true, help = "Do not indent the output of tests" },
  { "show-progress" }, -- filled in by commands.lua from options.progress
  { "hide-progress-bar", env = "NEXTEST_HIDE_PROGRESS_BAR", boolish = true,
    help = "No progress bar (deprecated: --show-progress does it)" },
  { "no-input-handler", env = "NEXTEST_NO_INPUT_HANDLER", boolish = true, help = "Take no keys from the terminal" },
  { "max-progress-running", value = "N", env = "NEXTEST_MAX_PROGRESS_RUNNING", parse = value.max_progress,
    help = "Running tests shown below the progress bar: a number, or \"infinite\"" },
  { "message-format", value = "FORMAT", env = "NEXTEST_MESSAGE_FORMAT",
    values = { { "human", "for people" }, { "libtest-json", "as libtest's JSON, on stdout" },
      { "libtest-json-plus", "the same and more" } }, help = "Format of the results (experimental)" },
  { "message-format-version", value = "VERSION", env = "NEXTEST_MESSAGE_FORMAT_VERSION", requires = { "message-format" },
    help = "Version of that format (experimental)" },
  { "reporter", value = "FILE.lua", many = true, help = "A reporter written in Lua, beside the others (not in cargo nextest)",
    long = "The file returns function(options) -> function(event), or -> { EVENT_TYPE = function(event)… }." },
}
for _, row in ipairs(M.reporter) do row.head = "Reporter options" end

M.bench_runner = {
  { "no-run", help = "Build, but run nothing" },
  { "fail-fast", alias = { "ff" }, conflicts = { "no-run" }, help = "Stop after the first failure" },
  { "no-fail-fast", alias = { "nff" }, conflicts = { "no-run" }, overrides = { "fail-fast" }, help = "Run all in any case" },
  { "max-fail", value = "N", parse = value.max_fail, conflicts = { "no-run", "fail-fast", "no-fail-fast" },
    help = "Stop after this many failures" },
  { "no-tests", value = "ACTION", env = "NEXTEST_NO_TESTS", values = tests, value_alias = { error = "fail" },
    help = "What to do if there is no benchmark to run" },
  { "no-capture", alias = { "nocapture" }, help = "Has no effect: benchmarks are never captured" },
  { "debugger", value = "DEBUGGER", parse = value.debugger, conflicts = { "stress", "no-run" }, help = "Run one under a debugger" },
  { "tracer", value = "TRACER", parse = value.tracer, conflicts = { "stress", "no-run", "debugger" },
    help = "Run one under a tracer of system calls" },
}
for _, row in ipairs(M.bench_runner) do row.head = "Runner options" end

return M
