-- Every configuration key, a row each: where it may stand, its type, its default, the environment variable and the
-- option that stand above it, and what it does. The reader, the defaults and the reference page come from these rows.

local T = require "nx.config.schema"

---@class nx.config.Key
---@field [1] string   the key, dotted below a table
---@field type function
---@field default? string  as TOML text; none: unset
---@field profile? boolean may stand in [profile.NAME]
---@field override? boolean may stand in [[profile.NAME.overrides]]
---@field env? string
---@field option? string
---@field shape string  what a value looks like, for the reference
---@field doc string

local output = T.enum("TestOutputDisplay", "immediate immediate-final final never")
local report_skipped = T.enum("ReportSkipPolicy", "none ignored all")
local flaky_fail = T.enum("JunitFlakyFailStatus", "failure success")
local cpus = T.threads('an integer or the string "num-cpus"', true, "num-cpus")
local required = T.threads('an integer, the string "num-cpus" or the string "num-test-threads"', false,
  "num-cpus", "num-test-threads")

local profile = {
  { "inherits", type = T.string, profile = true, shape = "profile name",
    doc = "The profile whose settings stand behind this one's; without it `default`. Not in `default` itself." },
  { "default-filter", type = T.string, default = '"all()"', profile = true, override = true, shape = "filterset",
    doc = "The tests that run when nothing else is asked for. In an override it needs `platform` and forbids `filter`." },
  { "retries", type = T.retries, default = "0", profile = true, override = true, env = "NEXTEST_RETRIES", option = "--retries",
    shape = "N, or { backoff = \"fixed\"|\"exponential\", count, delay, jitter, max-delay }",
    doc = "How often a failed test is tried again." },
  { "flaky-result", type = T.enum("FlakyResult", "fail pass"), default = '"pass"', profile = true, override = true,
    env = "NEXTEST_FLAKY_RESULT", option = "--flaky-result", shape = '"pass" or "fail"',
    doc = "What a test is that passed only when tried again." },
  { "test-threads", type = cpus, default = '"num-cpus"', profile = true, env = "NEXTEST_TEST_THREADS", option = "--test-threads",
    shape = "N, -N (CPUs less N) or \"num-cpus\"", doc = "How many tests run at once." },
  { "threads-required", type = required, default = "1", profile = true, override = true,
    shape = "N, \"num-cpus\" or \"num-test-threads\"", doc = "How many of the threads a test takes." },
  { "run-extra-args", type = T.list(T.string), default = "[]", profile = true, override = true, shape = "list of texts",
    doc = "Arguments put behind those that a test binary is run with." },
  { "status-level", type = T.enum("StatusLevel", "none fail retry slow leak pass skip all"), default = '"pass"', profile = true,
    env = "NEXTEST_STATUS_LEVEL", option = "--status-level", shape = "none, fail, retry, slow, leak, pass, skip or all",
    doc = "Which status lines are shown while tests run." },
  { "final-status-level", type = T.enum("FinalStatusLevel", "none fail flaky retry=flaky slow skip leak pass all"),
    default = '"flaky"', profile = true, env = "NEXTEST_FINAL_STATUS_LEVEL", option = "--final-status-level",
    shape = "none, fail, flaky, slow, skip, leak, pass or all", doc = "Which status lines are shown again at the end." },
  { "failure-output", type = output, default = '"immediate"', profile = true, override = true, env = "NEXTEST_FAILURE_OUTPUT",
    option = "--failure-output", shape = "immediate, immediate-final, final or never",
    doc = "When the output of a failed test is shown." },
  { "success-output", type = output, default = '"never"', profile = true, override = true, env = "NEXTEST_SUCCESS_OUTPUT",
    option = "--success-output", shape = "immediate, immediate-final, final or never",
    doc = "When the output of a test that passed is shown." },
  { "fail-fast", type = T.fail_fast, default = "true", profile = true, option = "--fail-fast, --no-fail-fast, --max-fail",
    shape = "true, false, or { max-fail = N|\"all\", terminate = \"wait\"|\"immediate\" }",
    doc = "After how many failures no further test is started, and whether those that run are ended." },
  { "slow-timeout", type = T.slow_timeout, default = '{ period = "60s", on-timeout = "fail" }', profile = true, override = true,
    shape = "duration, or { period, terminate-after = N, grace-period = \"10s\", on-timeout = \"fail\"|\"pass\" }",
    doc = "After which time a test is reported as slow, and after how many such periods it is ended." },
  { "leak-timeout", type = T.leak_timeout, default = '"200ms"', profile = true, override = true,
    shape = "duration, or { period, result = \"pass\"|\"fail\" }",
    doc = "How long a test's output may stay open after the test has ended." },
  { "global-timeout", type = T.duration, default = '"30y"', profile = true, shape = "duration",
    doc = "After which time the whole run is ended." },
  { "bench.slow-timeout", type = T.slow_timeout, default = '{ period = "30y" }', profile = true, override = true,
    shape = "as slow-timeout", doc = "The same for benchmarks." },
  { "bench.global-timeout", type = T.duration, default = '"30y"', profile = true, shape = "duration",
    doc = "The same for benchmarks." },
  { "archive.include", type = T.include, default = "[]", profile = true, required = true,
    shape = "list of { path, relative-to = \"target\", depth = N|\"infinite\", on-missing = \"warn\"|\"ignore\"|\"error\" }",
    doc = "Further files that go into an archive." },
  { "junit.path", type = T.string, profile = true, shape = "path below <store.dir>/<profile>",
    doc = "Where the JUnit report is written; unset: none." },
  { "junit.report-name", type = T.string, default = '"nextest-run"', profile = true, shape = "text", doc = "The report's name." },
  { "junit.store-success-output", type = T.boolean, default = "false", profile = true, override = true, shape = "boolean",
    doc = "Whether the report holds the output of tests that passed." },
  { "junit.store-failure-output", type = T.boolean, default = "true", profile = true, override = true, shape = "boolean",
    doc = "Whether the report holds the output of tests that failed." },
  { "junit.report-skipped", type = report_skipped, default = '"none"', profile = true, override = true,
    shape = "none, ignored or all", doc = "Which skipped tests the report lists." },
  { "junit.flaky-fail-status", type = flaky_fail, default = '"failure"', profile = true, override = true,
    shape = "failure or success", doc = "What a flaky test that counts as failed is in the report." },
  { "priority", type = T.priority, override = true, shape = "-100…100", doc = "Higher ones are started first; 0 by default." },
  { "test-group", type = T.test_group, override = true, shape = "group name", doc = "The test group that a test belongs to." },
  { "filter", type = T.string, override = true, shape = "filterset", doc = "The tests that an override is for." },
  { "platform", type = T.platform, override = true, shape = "triple or cfg(…), or { host, target }",
    doc = "The platforms that an override is for." },
}

local top = {
  { "nextest-version", shape = '"0.9.50", or { required, recommended }', doc = "The version that this configuration needs." },
  { "experimental", default = "[]", shape = "list of setup-scripts, wrapper-scripts, benchmarks",
    doc = "Features that are switched on." },
  { "store.dir", type = T.string, default = '"target/nextest"', shape = "path below the workspace root", doc = "Where reports go." },
  { "test-groups.NAME.max-threads", type = cpus, shape = "N or \"num-cpus\"",
    doc = "How many threads the tests of a group take together." },
  { "scripts.setup.NAME", shape = "table", doc = "A program that runs before the tests that need it." },
  { "scripts.wrapper.NAME", shape = "table", doc = "A program that test binaries are started through." },
}

local M = { profile = profile, top = top, max_threads = cpus }

--- Struct fields (of nx.config.schema) of the rows that may stand in one place, with tables like `junit` folded in.
---@param place "profile"|"override"
function M.fields(place)
  local fields, groups, order = {}, {}, {}
  for _, row in ipairs(profile) do
    if row[place] then
      local group, key = row[1]:match "^(.-)%.(.+)$"
      if group then
        if not groups[group] then
          groups[group] = {}
          order[#order + 1] = group
        end
        table.insert(groups[group], { key, row.type, row.required and place == "profile" })
      else
        fields[#fields + 1] = { row[1], row.type }
      end
    end
  end
  local names = {
    profile = { bench = "BenchConfig", archive = "ArchiveConfig", junit = "JunitImpl" },
    override = { bench = "DeserializedOverrideBench", junit = "DeserializedJunitOutput" },
  }
  for _, group in ipairs(order) do fields[#fields + 1] = { group, T.struct(names[place][group], groups[group]) } end
  return fields
end

--- The built-in defaults as TOML text.
function M.defaults()
  local lines = { '[store]\ndir = "target/nextest"\n[profile.default]' }
  for _, row in ipairs(profile) do
    if row.default then lines[#lines + 1] = row[1] .. " = " .. row.default end
  end
  lines[#lines + 1] = "[profile.default-miri]"
  return table.concat(lines, "\n") .. "\n"
end

return M
