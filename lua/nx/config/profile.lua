-- One profile, ready to be asked: its settings, its default filter, and what its overrides say of each test.

local err = require "nx.error"
local platform = require "nx.config.platform"
local filterset = require "nx.filterset"
local inherit = require "nx.config.inherit"
local prefilter = require "nx.config.prefilter"

local M = {}

---@class nx.Profile
---@field name string
---@field settings table       every key of [profile] with its value here, `_` for `-`; `fail_fast` = { count, terminate }
---@field default_filter nx.Filter
---@field default_filter_source string  how the run's skip text names it: "profile.ci.default-filter"
---@field store_dir string
---@field groups table<string, { max_threads: integer|"num-cpus" }>
---@field scripts table        rules of [[profile.NAME.scripts]], this profile's first
local Profile = {}
Profile.__index = Profile
Profile.__name = "nx.Profile"

-- The keys that overrides have, junit's and bench's inside their tables.
local per_test = {
  "threads_required", "run_extra_args", "retries", "flaky_result", "slow_timeout", "leak_timeout", "success_output",
  "failure_output", "priority", "test_group",
}
local per_test_junit = { "store_success_output", "store_failure_output", "report_skipped", "flaky_fail_status" }

-- The first value of a key along the chain of profiles; `group` for keys inside a table.
local function look_up(chain, key, group)
  for _, settings in ipairs(chain) do
    local owner = group and (settings[group] or {}) or settings
    if owner[key] ~= nil then return owner[key] end
  end
end

local function resolve(chain)
  local own = {}
  for _, key in ipairs {
    "retries", "flaky_result", "test_threads", "threads_required", "run_extra_args", "status_level", "final_status_level",
    "failure_output", "success_output", "fail_fast", "slow_timeout", "leak_timeout", "global_timeout",
  } do own[key] = look_up(chain, key) end
  own.bench = { slow_timeout = look_up(chain, "slow_timeout", "bench"), global_timeout = look_up(chain, "global_timeout", "bench") }
  own.archive = look_up(chain, "archive")
  own.junit = { path = look_up(chain, "path", "junit"), report_name = look_up(chain, "report_name", "junit") }
  for _, key in ipairs(per_test_junit) do own.junit[key] = look_up(chain, key, "junit") end
  own.priority, own.test_group = 0, "@global"
  return own
end

local function spec_matches(spec, where)
  if not spec then return true end
  if not where then return true end
  return platform.matches(spec, where) ~= false -- what cannot be told counts as a match
end

-- Does an override apply to tests built for the target, to those built for the host?
local function place(override, host, target)
  local here = spec_matches(override.host, host)
  return here and spec_matches(override.target, target or host), here and spec_matches(override.target, host)
end

--- @param config nx.Config
--- @param name string
--- @param options { host: nx.Platform?, target: nx.Platform?, universe: table? }
--- @return nx.Profile
function M.new(config, name, options)
  local profiles = config.settings.profile
  if not profiles[name] then
    local known = inherit.order(profiles)
    local message = ("profile `%s` not found (known profiles: %s)"):format(name, table.concat(known, ", "))
    err.raise { kind = "config", exit_code = 96, message = message, report = "error: " .. message }
  end
  local self = setmetatable({ name = name, config = config, groups = config.settings.test_groups or {} }, Profile)
  self.settings = resolve(inherit.chain(profiles, name))
  self.store_dir = config.settings.store.dir:find "^/" and config.settings.store.dir .. "/" .. name
    or ("%s/%s/%s"):format(config.root, config.settings.store.dir, name)

  -- overrides and filters of profiles in the middle of an inherits chain are not consulted (as in the peer)
  local compiled, default = config.compiled[name] or {}, config.compiled.default or {}
  local lists = name == "default" and { default } or { compiled, default }
  self.overrides, self.scripts = {}, {}
  local text, source
  for _, data in ipairs(lists) do
    for _, override in ipairs(data.overrides or {}) do
      local on_target, on_host = place(override, options.host, options.target)
      if override.default_filter then
        if not text and on_target then
          text, source = override.default_filter, ("default-filter in profile.%s.overrides"):format(override.profile)
        end
      end
      self.overrides[#self.overrides + 1] = {
        settings = override.settings, filter = override.filter, profile = override.profile, on_target = on_target, on_host = on_host,
        platform = override.platform,
      }
    end
    for _, rule in ipairs(data.scripts or {}) do
      local on_target, on_host = place(rule, options.host, options.target)
      self.scripts[#self.scripts + 1] = setmetatable({ on_target = on_target, on_host = on_host }, { __index = rule })
    end
  end
  if not text then
    for i, data in ipairs(lists) do
      if data.default_filter then
        text, source = data.default_filter, ("profile.%s.default-filter"):format(i < #lists and name or "default")
        break
      end
    end
  end
  self.default_filter_text = text or "all()"
  self.default_filter_source = source or "profile.default.default-filter"
  self.default_filter = assert(filterset.parse(self.default_filter_text, { kind = "default-filter", universe = options.universe }))
  for _, list in ipairs { self.overrides, self.scripts } do
    for _, rule in ipairs(list) do
      if rule.filter then
        rule.compiled = assert(filterset.parse(rule.filter, {
          kind = "override-filter", universe = options.universe, default = self.default_filter,
        }))
      end
    end
  end
  self.suites = setmetatable({}, { __mode = "k" })
  return self
end

-- The settings when these overrides (in order of strength) apply.
local function combine(self, overrides)
  local own = self.settings
  local settings = { junit = { path = own.junit.path, report_name = own.junit.report_name } }
  for _, key in ipairs(per_test) do
    settings[key] = own[key]
    for _, override in ipairs(overrides) do
      if override.settings[key] ~= nil then
        settings[key] = override.settings[key]
        break
      end
    end
  end
  for _, key in ipairs(per_test_junit) do
    settings.junit[key] = own.junit[key]
    for _, override in ipairs(overrides) do
      local value = (override.settings.junit or {})[key]
      if value ~= nil then
        settings.junit[key] = value
        break
      end
    end
  end
  return settings
end

-- Which settings an override has, as bits: one that has only what earlier ones settled need not be asked.
local bits = {}
for i, key in ipairs(per_test) do bits[key] = 1 << i end
for i, key in ipairs(per_test_junit) do bits["junit." .. key] = 1 << #per_test + i end

local function bits_of(settings)
  local set = 0
  for key in pairs(settings) do set = set | (bits[key] or 0) end
  for key in pairs(settings.junit or {}) do set = set | (bits["junit." .. key] or 0) end
  return set
end

-- What a suite settles: either the settings of all its tests, or the overrides that depend on the test.
local function plan_of(self, suite)
  local plan = { overrides = {}, decide = {}, bits = {}, cache = {} }
  local open, certain = {}, {}
  for _, override in ipairs(self.overrides) do
    local here = suite.platform == "host" and override.on_host or suite.platform ~= "host" and override.on_target
    local decided = here and (override.compiled == nil or override.compiled:decide(suite))
    if decided then
      local n = #plan.overrides + 1
      plan.overrides[n], plan.bits[n] = override, bits_of(override.settings)
      plan.decide[n] = decided ~= true and decided or false
      if decided == true then certain[#certain + 1] = override
      else open[#open + 1] = override.compiled end
    end
  end
  if #open == 0 then
    plan.settings = combine(self, plan.overrides)
  else
    plan.may_match, plan.otherwise = prefilter.new(open, suite), combine(self, certain)
  end
  return plan
end

--- The settings of one test. The same table for all tests that come out alike: not to be changed.
---@param suite nx.Suite
---@param test nx.Test
---@return table
function Profile:for_test(suite, test)
  local plan = self.suites[suite]
  if not plan then
    plan = plan_of(self, suite)
    self.suites[suite] = plan
  end
  if plan.settings then return plan.settings end
  if plan.may_match and not plan.may_match(test.name) then return plan.otherwise end
  local decide, owns, name = plan.decide, plan.bits, test.name
  local settled, key = 0, 0
  local long -- the overrides that apply, as bits of a number while it fits, then as a text
  for i = 1, #decide do
    local f, own = decide[i], owns[i]
    if own & ~settled ~= 0 and (not f or f(name, test)) then
      settled = settled | own
      if i <= 62 then key = key | 1 << i
      else long = (long or "") .. i .. "," end
    end
  end
  local at = long and key .. "/" .. long or key
  local settings = plan.cache[at]
  if not settings then
    local matching = {}
    for i = 1, #decide do
      if i <= 62 and key & 1 << i ~= 0 or long and ("," .. long):find("," .. i .. ",", 1, true) then
        matching[#matching + 1] = plan.overrides[i]
      end
    end
    settings = combine(self, matching)
    plan.cache[at] = settings
  end
  return settings
end

--- The name of a test's group, "@global" for none: what group() in a filterset asks for.
function Profile:group_of(suite, test)
  return self:for_test(suite, test).test_group
end

--- The names of all groups, for the check of group().
function Profile:group_names()
  local names = { "@global" }
  for name in pairs(self.config.known.groups) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- Does this profile, for this run, start setup scripts or wrappers?
---@return string[] kinds   of "setup-scripts", "wrapper-scripts"
function Profile:script_kinds()
  local kinds, seen = {}, {}
  for _, rule in ipairs(self.scripts) do
    local uses = { ["setup-scripts"] = #(rule.setup or {}) > 0, ["wrapper-scripts"] = rule.list_wrapper or rule.run_wrapper }
    for kind, used in pairs(uses) do
      if used and not seen[kind] then seen[kind], kinds[#kinds + 1] = true, kind end
    end
  end
  table.sort(kinds)
  return kinds
end

return M
