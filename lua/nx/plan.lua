-- From tests to what runs, in which order, under which rules: a Plan, plain data. Rules are asked here, once a test; what is
-- the same for all tests stands once, in `defaults`.

local err = require "nx.error"
local options = require "nx.options"
local settings_of = require "nx.runner.settings"
local tests_type = require "nx.tests"

local M = {}

---@class nx.PlanItem
---@field test nx.Test
---@field place? string[]
---@field slots integer|"num-cpus"|"num-test-threads"   threads that it takes
---@field group? string
---@field priority number
---@field timeout? number      seconds after which it is ended
---@field slow_after number    seconds between two reports that it is slow
---@field grace number
---@field on_timeout "fail"|"pass"
---@field leak_timeout number
---@field leak_result "pass"|"fail"
---@field retries { backoff: string, count: integer, delay: number, jitter: boolean, max_delay?: number }
---@field flaky_result "pass"|"fail"
---@field extra_args string[]
---@field env? table<string, string|false>
---@field wrap? string[]

---@class nx.Plan
---@field version integer
---@field build? string          the build's hash
---@field profile string
---@field settings table         of the profile, what holds for the whole run
---@field defaults table         what an item does not say itself
---@field groups table<string, integer|"num-cpus">   threads of each group
---@field items nx.PlanItem[]    in the order in which they start
---@field skipped nx.Skipped[]   what was listed and not chosen
---@field suites integer         suites that were listed
---@field skipped_suites integer
---@field default_filter? table
local Plan = {}

local rules = { timeout = true, slow_after = true, slots = true, group = true, priority = true, retries = true, env = true,
  wrap = true, place = true, flaky_result = true }
local plan_spec = { profile = "any", timeout = "any", slow_after = "any", slots = "any", group = "any", priority = "any",
  retries = "any", env = "any", wrap = "any", place = "any", flaky_result = "any" }
local run_spec = {
  hosts = "list", threads = "integer|string", max_fail = "any", fail_fast = "any", global_timeout = "duration", stress = "any",
  retry = "function", verdict = "function", setup = "function", report = "list", capture = '"split"|"merged"|"none"',
  keep_output = '"failed"|"all"|"none"', no_tests = '"fail"|"warn"|"pass"', record = "string", check = "boolean",
  run_id = "string", mode = '"test"|"benchmark"',
}

-- ---- the profile ----

local function platforms(build)
  local meta = build.cargo and build.cargo.meta
  if not meta or not meta.platforms then return {} end
  local new = require "nx.config".platform.new
  local target = meta.platforms.targets and meta.platforms.targets[1]
  return { host = new(meta.platforms.host.platform), target = target and new(target.platform) }
end

--- The profile that a run uses: a name, a table of keys (above all files), or a profile that is at hand.
---@return table profile   { name, settings, for_test?, groups? }
function M.profile(value, build)
  value = value or "default"
  if type(value) == "table" and type(value.settings) == "table" then return value end
  local name, keys = "default", nil
  if type(value) == "table" then keys = value else name = value end
  if not build or not build.root then
    if name ~= "default" then
      err.raise { kind = "config", exit_code = 96, message = ("profile `%s` not found (known profiles: default)"):format(name) }
    end
    return { name = name, settings = settings_of.complete(keys) }
  end
  local universe = build.universe and build:universe() or nil
  local config = require "nx.config".load {
    root = build.root, version = require "nx.model".NEXTEST_VERSION, universe = universe, profiles = keys and { default = keys },
  }
  local about = platforms(build)
  about.universe = universe
  return config:profile(name, about)
end

-- ---- one test's part ----

-- What the settings of a profile say of a test, in the plan's words.
local function of_settings(s)
  local slow, leak = s.slow_timeout, s.leak_timeout
  return {
    slots = s.threads_required or 1, group = s.test_group ~= "@global" and s.test_group or nil, priority = s.priority or 0,
    slow_after = slow.period, timeout = slow.terminate_after and slow.period * slow.terminate_after or nil,
    grace = slow.grace_period or 10, on_timeout = slow.on_timeout or "fail",
    leak_timeout = leak.period, leak_result = leak.result or "pass",
    retries = s.retries, flaky_result = s.flaky_result or "pass", extra_args = s.run_extra_args or {},
    failure_output = s.failure_output, success_output = s.success_output,
  }
end

local forms = {}
function forms.timeout(v) return options.seconds(v), "a duration" end
forms.slow_after = forms.timeout
function forms.slots(v)
  if v == "num-cpus" or v == "num-test-threads" then return v end
  return math.type(v) == "integer" and v >= 1 and v or nil, "a number of threads ≥ 1"
end
function forms.group(v) return type(v) == "string" and v or nil, "the name of a group" end
function forms.priority(v) return type(v) == "number" and v or nil, "a number" end
function forms.retries(v)
  if math.type(v) == "integer" and v >= 0 or type(v) == "table" then return settings_of.normalise("retries", v) end
  return nil, "a number or a table { backoff, count, delay, … }"
end
function forms.env(v)
  if type(v) ~= "table" then return nil, "a table of variables" end
  for name, value in pairs(v) do
    if type(name) ~= "string" or name == "" or name:find "[=\0]" or not (value == false or type(value) == "string"
      or type(value) == "number") then
      return nil, ("a table of variables (%s is not one)"):format(tostring(name))
    end
  end
  local copy = {}
  for name, value in pairs(v) do copy[name] = value and tostring(value) end
  return copy
end
function forms.wrap(v)
  if type(v) == "string" then v = { v } end
  if type(v) ~= "table" then return nil, "a list of arguments" end
  for _, word in ipairs(v) do if type(word) ~= "string" then return nil, "a list of strings" end end
  return #v > 0 and v or nil, "a list of arguments that is not empty"
end
function forms.place(v)
  if type(v) == "string" then return { v } end
  return type(v) == "table" and v or nil, "a label or a list of labels"
end
function forms.flaky_result(v) return (v == "pass" or v == "fail") and v or nil, '"pass" or "fail"' end

local function checked(name, value, test)
  if value == nil then return nil end
  local converted, wanted = forms[name](value)
  if converted ~= nil then return converted end
  err.raise { kind = "usage", message = ("tests:plan: %s%s must be %s, not %s"):format(name,
    test and " of " .. test.id or "", wanted, type(value) == "string" and ("%q"):format(value) or tostring(value)) }
end

-- ---- a plan ----

local plan_mt = { __index = Plan, __name = "nx.Plan" }
local builds = setmetatable({}, { __mode = "k" })

--- The methods of a plan that came as plain data.
function M.attach(plan, build)
  builds[plan] = build
  local mt = { __index = plan.defaults }
  for _, item in ipairs(plan.items) do setmetatable(item, mt) end
  return setmetatable(plan, plan_mt)
end

-- Highest priority first; what is equal stays in order. Skipped tests keep their place among the others.
local function by_priority(items, skipped, priority_of)
  local rows, key = {}, {}
  local s = 1
  for i, item in ipairs(items) do
    while skipped[s] and skipped[s].at < i do
      rows[#rows + 1] = { skip = skipped[s] }
      s = s + 1
    end
    rows[#rows + 1] = { item = item }
  end
  for rest = s, #skipped do rows[#rows + 1] = { skip = skipped[rest] } end
  for i, row in ipairs(rows) do
    row.at, key[row] = i, row.item and row.item.priority or priority_of(row.skip.test)
  end
  table.sort(rows, function(a, b)
    if key[a] ~= key[b] then return key[a] > key[b] end
    return a.at < b.at
  end)
  local sorted, left_out = {}, {}
  for _, row in ipairs(rows) do
    if row.item then
      sorted[#sorted + 1] = row.item
    else
      left_out[#left_out + 1] = { test = row.skip.test, reason = row.skip.reason, at = #sorted }
    end
  end
  return sorted, left_out
end

local function make(tests, o)
  local info = tests_type.info(tests)
  local build = info.build
  local profile = M.profile(o.profile, build)
  local defaults = of_settings(profile.settings)
  local parts = { [profile.settings] = defaults } -- settings -> part; for_test gives few different tables
  local fixed, asked = {}, {}
  for name in pairs(rules) do
    local rule = o[name]
    if type(rule) == "function" then asked[#asked + 1] = name
    elseif rule ~= nil then fixed[name] = checked(name, rule) end
  end
  table.sort(asked)
  for name, value in pairs(fixed) do defaults[name] = value end

  local mt = { __index = defaults }
  local items, suites, any_priority, count = {}, {}, (defaults.priority or 0) ~= 0, 0
  local function settings_part(test)
    local suite = build and build:suite(test.suite) or { id = test.suite }
    local s = profile:for_test(suite, test)
    local part = parts[s]
    if not part then
      local full = of_settings(s)
      part = {}
      for key, value in pairs(full) do
        if value ~= defaults[key] and fixed[key] == nil then part[key] = value end
      end
      parts[s] = part
    end
    return part
  end
  for i, test in ipairs(tests) do
    local item = { test = test }
    if profile.for_test then
      local part = settings_part(test)
      if part ~= defaults then
        for key, value in pairs(part) do item[key] = value end
      end
    end
    for _, name in ipairs(asked) do item[name] = checked(name, o[name](test), test) end
    if item.priority and item.priority ~= 0 then any_priority = true end
    items[i] = setmetatable(item, mt)
    if not suites[test.suite] then suites[test.suite], count = true, count + 1 end
  end
  local skipped = info.skipped or {}
  if any_priority then
    items, skipped = by_priority(items, skipped, function(test)
      if type(o.priority) == "function" then return checked("priority", o.priority(test), test) or 0 end
      return fixed.priority or profile.for_test and settings_part(test).priority or defaults.priority or 0
    end)
  end
  local s, groups = profile.settings, {}
  for name, group in pairs(profile.groups or {}) do groups[name] = group.max_threads end
  local plan = {
    version = 1, build = build and build.hash or nil, profile = profile.name, defaults = defaults, groups = groups, items = items,
    skipped = skipped, suites = info.suites or count, skipped_suites = info.skipped_suites or 0, default_filter = info.default_filter,
    settings = { test_threads = s.test_threads, fail_fast = s.fail_fast, global_timeout = s.global_timeout,
      status_level = s.status_level, final_status_level = s.final_status_level },
  }
  builds[plan] = build
  return setmetatable(plan, plan_mt)
end

--- tests:plan { … } -> Plan
function M.make(tests, o)
  return make(tests, options.check("tests:plan", o, plan_spec))
end

local function run(plan, o)
  return require "nx.runner.dispatcher".run(plan, builds[plan], o)
end

--- plan:run { … } -> Result
function Plan:run(o)
  return run(self, options.check("plan:run", o, run_spec))
end

local both_spec = {}
for key, value in pairs(plan_spec) do both_spec[key] = value end
for key, value in pairs(run_spec) do both_spec[key] = value end

--- tests:run { … } -> Result: plans and runs.
function M.run_tests(tests, o)
  o = options.check("tests:run", o, both_spec)
  local for_plan, for_run = {}, {}
  for key, value in pairs(o) do
    if plan_spec[key] then for_plan[key] = value else for_run[key] = value end
  end
  return run(make(tests, for_plan), for_run)
end

return M
