-- Choosing: which suites are listed at all, and which of their tests are taken. For each test that is not, the reason is the
-- first that fails of: ignored, string (names), expression, default-filter; then partition, asked of those that are left.

local M = {}

---@class nx.Choice
---@field filters? nx.Filter[]        a test of any of them
---@field default? nx.Filter          the profile's default filter; absent: it does not count
---@field names? fun(name: string): boolean
---@field run_ignored? "default"|"only"|"all"
---@field partition? any              as nx.partition.new takes it
---@field platform? "target"|"host"   suites of this platform alone

-- Several filters as one, by suite: true, false, or a function(name, test) for what is open.
local function any_of(filters)
  if not filters or not filters[1] then return function() return true end end
  if not filters[2] then return function(suite) return filters[1]:decide(suite) end end
  return function(suite)
    local open = {}
    for _, filter in ipairs(filters) do
      local value = filter:decide(suite)
      if value == true then return true end
      if value then open[#open + 1] = value end
    end
    if not open[1] then return false end
    return function(name, test)
      for _, fn in ipairs(open) do
        if fn(name, test) then return true end
      end
      return false
    end
  end
end

--- What `nx.listing.list` asks of each suite: list it, or which status it gets instead.
---@param choice nx.Choice
---@return fun(suite: nx.Suite): boolean, string?
function M.decider(choice)
  local expression = any_of(choice.filters)
  return function(suite)
    if expression(suite) == false then return false, "skipped" end
    if choice.default and choice.default:suite(suite) == false then return false, "skipped_default_filter" end
    return true
  end
end

--- The suites of a build that may be listed: those of the platform that was asked for.
---@param suites nx.Suite[]
---@param choice nx.Choice
---@return nx.Suite[]
function M.suites(suites, choice)
  if not choice.platform or choice.platform == "any" then return suites end
  local list = {}
  for _, suite in ipairs(suites) do
    if suite.platform == choice.platform then list[#list + 1] = suite end
  end
  return list
end

---@class nx.Chosen
---@field tests nx.Test[]                  taken, in order
---@field reasons table<nx.Test, string>   why the others are not
---@field listed nx.Listed[]               among which was chosen
---@field suites integer                   listed
---@field skipped_suites integer           not listed
---@field by_default { tests: integer, suites: integer }   how much of that the default filter alone left out

--- Chooses among what was listed.
---@param listed nx.Listed[]
---@param choice nx.Choice
---@return nx.Chosen
function M.apply(listed, choice)
  local expression, names = any_of(choice.filters), choice.names
  local which = choice.run_ignored or "default"
  local partition = choice.partition and require "nx.partition".new(choice.partition)
  local reasons, tests, n = {}, {}, 0
  local chosen = { tests = tests, reasons = reasons, listed = listed, suites = 0, skipped_suites = 0,
    by_default = { tests = 0, suites = 0 } }
  for _, one in ipairs(listed) do
    local suite = one.suite
    if one.status ~= "listed" then
      chosen.skipped_suites = chosen.skipped_suites + 1
      if one.status == "skipped_default_filter" then chosen.by_default.suites = chosen.by_default.suites + 1 end
    else
      chosen.suites = chosen.suites + 1
      local wanted, default = expression(suite), true
      if choice.default then default = choice.default:decide(suite) end
      local list = one.tests
      for i = 1, #list do
        local test = list[i]
        local name, ignored, reason = test.name, test.ignored, nil
        if ignored and which == "default" or not ignored and which == "only" then
          reason = "ignored"
        elseif names and not names(name) then
          reason = "string"
        elseif wanted ~= true and (not wanted or not wanted(name, test)) then
          reason = "expression"
        elseif default ~= true and (not default or not default(name, test)) then
          reason = "default-filter"
          chosen.by_default.tests = chosen.by_default.tests + 1
        elseif partition and not partition(test) then
          reason = "partition"
        end
        if reason then
          reasons[test] = reason
        else
          n = n + 1
          tests[n] = test
        end
      end
    end
  end
  return chosen
end

-- What was not chosen, in order, each with the number of chosen tests before it.
local function skipped(chosen)
  local list, n, before = {}, 0, 0
  for _, one in ipairs(chosen.listed) do
    for _, test in ipairs(one.tests) do
      local reason = chosen.reasons[test]
      if reason then
        n = n + 1
        list[n] = { test = test, reason = reason, at = before }
      else
        before = before + 1
      end
    end
  end
  return list
end

--- The chosen tests as a Tests of a build, which can be planned and run.
---@param build nx.Build
---@param chosen nx.Chosen
---@param default_name? string   how messages name the default filter
---@return nx.Tests
function M.tests(build, chosen, default_name)
  local default = chosen.by_default
  return require "nx.tests".new(chosen.tests, {
    build = build, suites = chosen.suites, skipped = skipped(chosen), skipped_suites = chosen.skipped_suites,
    default_filter = (default.tests > 0 or default.suites > 0)
      and { tests = default.tests, suites = default.suites, name = default_name } or nil,
  })
end

return M
