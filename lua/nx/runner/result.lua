-- The Result of a run, and one Result out of several.

local err = require "nx.error"
local options = require "nx.options"

local M = {}

---@class nx.Result
---@field ok boolean
---@field exit_code integer
---@field seconds number
---@field started_at number
---@field cancelled? "fail_fast"|"signal"|"timeout"
---@field counts table<string, integer>
---@field tests { test: nx.Test, status: string, reason?: string, attempts: nx.Attempt[], seconds: number }[]
---@field hosts string[]
---@field build? string
---@field problems nx.Error[]

M.statuses = { pass = true, flaky = true, fail = true, timeout = true, exec_fail = true, skip = true, excused = true }

function M.counts()
  return { pass = 0, flaky = 0, fail = 0, timeout = 0, exec_fail = 0, skip = 0, excused = 0, not_run = 0 }
end

--- Did this many failures of whatever kind occur?
function M.failures(counts)
  return counts.fail + counts.timeout + counts.exec_fail
end

--- Fills ok and exit_code of a result out of its counts. `no_tests`: what nothing finished means.
function M.decide(result, no_tests)
  local counts = result.counts
  local code = 0
  if result.setup_failed then code = 105
  elseif M.failures(counts) > 0 or counts.not_run > 0 then code = 100
  elseif #result.tests == 0 and no_tests ~= "pass" and no_tests ~= "warn" then code = 4
  elseif #result.problems > 0 then code = 110 end
  result.exit_code, result.ok = code, code == 0
  return result
end

local function mismatch(text, ...)
  err.raise { kind = "mismatch", message = "nx.merge: " .. text:format(...) }
end

--- nx.merge { RESULT…, plan = Plan? } -> Result
---@return nx.Result
function M.merge(o)
  o = options.check("nx.merge", o, { "table", ["#"] = 1, plan = "table" })
  local merged = { seconds = 0, started_at = math.huge, counts = M.counts(), tests = {}, hosts = {}, problems = {} }
  local seen, hosts = {}, {}
  local finish = 0
  for i, one in ipairs(o) do
    if type(one.tests) ~= "table" or type(one.counts) ~= "table" then options.usage("nx.merge", "item %d is not a Result", i) end
    if i == 1 then merged.build = one.build end
    for _, row in ipairs(one.tests) do
      local id = row.test.id
      if seen[id] then mismatch("the test %s is in result %d and in result %d", id, seen[id], i) end
      seen[id] = i
      merged.tests[#merged.tests + 1] = row
    end
    for name, n in pairs(one.counts) do merged.counts[name] = (merged.counts[name] or 0) + n end
    for _, host in ipairs(one.hosts or {}) do
      if not hosts[host] then hosts[host], merged.hosts[#merged.hosts + 1] = true, host end
    end
    for _, problem in ipairs(one.problems or {}) do merged.problems[#merged.problems + 1] = problem end
    if one.cancelled and not merged.cancelled then merged.cancelled = one.cancelled end
    merged.setup_failed = merged.setup_failed or one.setup_failed
    merged.started_at = math.min(merged.started_at, one.started_at)
    finish = math.max(finish, one.started_at + one.seconds)
  end
  merged.seconds = finish - merged.started_at -- they may have run side by side
  if o.plan then
    local planned = {}
    for _, item in ipairs(o.plan.items) do
      planned[item.test.id] = true
      if not seen[item.test.id] and merged.counts.not_run == 0 then mismatch("the test %s is missing", item.test.id) end
    end
    for id, i in pairs(seen) do
      if not planned[id] then mismatch("the test %s of result %d is not in the plan", id, i) end
    end
  end
  M.decide(merged, "fail")
  -- a shard may be empty: what failed in itself stays failed
  for _, one in ipairs(o) do
    if not one.ok and one.exit_code ~= 4 and merged.exit_code == 0 then merged.ok, merged.exit_code = false, one.exit_code end
  end
  return merged
end

return M
