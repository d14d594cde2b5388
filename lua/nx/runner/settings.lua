-- The settings of a profile as the runner wants them: the built-in values, and the forms that the config file allows
-- ("60s" or a table, 2 or a table) brought to one form, durations in seconds. Knows no file and no override.

local err = require "nx.error"
local options = require "nx.options"

local M = {}

--- What holds where no profile says otherwise.
M.builtin = {
  retries = { backoff = "fixed", count = 0, delay = 0, jitter = false },
  flaky_result = "pass",
  test_threads = "num-cpus",
  threads_required = 1,
  run_extra_args = {},
  status_level = "pass",
  final_status_level = "flaky",
  failure_output = "immediate",
  success_output = "never",
  fail_fast = { count = 1, terminate = "wait" },
  slow_timeout = { period = 60, grace_period = 10, on_timeout = "fail" },
  leak_timeout = { period = 0.2, result = "pass" },
}

local function refuse(key, text)
  err.raise { kind = "config", exit_code = 96, message = ("profile key %s: %s"):format(key, text) }
end

local function seconds(key, value)
  local s = options.seconds(value)
  if not s then refuse(key, ("%s is not a duration"):format(tostring(value))) end
  return s
end

-- A table with its dashed keys spelt with underscores.
local function plain(value)
  local copy = {}
  for key, v in pairs(value) do
    copy[type(key) == "string" and key:gsub("%-", "_") or key] = v
  end
  return copy
end

local forms = {}

function forms.slow_timeout(key, value)
  if type(value) ~= "table" then return { period = seconds(key, value), grace_period = 10, on_timeout = "fail" } end
  local t = plain(value)
  return {
    period = t.period and seconds(key .. ".period", t.period) or 60,
    terminate_after = t.terminate_after,
    grace_period = t.grace_period and seconds(key .. ".grace-period", t.grace_period) or 10,
    on_timeout = t.on_timeout or "fail",
  }
end

function forms.leak_timeout(key, value)
  if type(value) ~= "table" then return { period = seconds(key, value), result = "pass" } end
  return { period = value.period and seconds(key .. ".period", value.period) or 0.2, result = value.result or "pass" }
end

function forms.retries(key, value)
  if math.type(value) == "integer" and value >= 0 then
    return { backoff = "fixed", count = value, delay = 0, jitter = false }
  elseif type(value) ~= "table" then
    refuse(key, "must be a whole number or a table")
  end
  local t = plain(value)
  if math.type(t.count) ~= "integer" then refuse(key, "count is missing") end
  local backoff = t.backoff or "fixed"
  if backoff ~= "fixed" and backoff ~= "exponential" then refuse(key, "backoff must be fixed or exponential") end
  return {
    backoff = backoff, count = t.count, delay = t.delay and seconds(key .. ".delay", t.delay) or 0,
    jitter = t.jitter or false, max_delay = t.max_delay and seconds(key .. ".max-delay", t.max_delay) or nil,
  }
end

function forms.global_timeout(key, value)
  return seconds(key, value)
end

function forms.fail_fast(key, value)
  if type(value) == "boolean" then return { count = value and 1 or "all", terminate = "wait" } end
  if type(value) == "string" then
    local count, how = value:match "^([^:]+):?(.*)$"
    value = { count = count:lower() == "all" and "all" or math.tointeger(tonumber(count)), terminate = how ~= "" and how or nil }
  elseif type(value) == "number" then
    value = { count = value }
  elseif type(value) == "table" then
    local t = plain(value)
    value = { count = t.count or t.max_fail, terminate = t.terminate }
  end
  local count, how = value.count, value.terminate or "wait"
  if count ~= "all" and (math.type(count) ~= "integer" or count < 1) then refuse(key, "must be a number ≥ 1 or \"all\"") end
  if how ~= "wait" and how ~= "immediate" then refuse(key, "terminate must be \"wait\" or \"immediate\"") end
  return { count = count, terminate = how }
end

--- One setting in the runner's form.
function M.normalise(key, value)
  local form = forms[key]
  if form then return form(key, value) end
  return value
end

--- A table of profile keys ("slow-timeout" or slow_timeout) in the runner's form, above the built-in values.
---@param keys table?
---@return table
function M.complete(keys)
  local settings = {}
  for key, value in pairs(M.builtin) do settings[key] = value end
  for key, value in pairs(keys or {}) do
    if type(key) == "string" then
      key = key:gsub("%-", "_")
      settings[key] = M.normalise(key, value)
    end
  end
  return settings
end

--- A number of threads out of the config's forms: n, -n (cores less n), "num-cpus", "num-test-threads".
---@param threads integer?  the run's threads, for "num-test-threads"
function M.threads(value, cores, threads)
  if value == "num-cpus" then return cores end
  if value == "num-test-threads" then return threads or cores end
  local n = math.tointeger(value)
  if not n then refuse("threads", ("%s is not a number of threads"):format(tostring(value))) end
  if n < 0 then return math.max(1, cores + n) end
  return n
end

--- Seconds to wait before retry k (1, 2, …). `random` gives a number in [0, 1).
function M.delay(retries, k, random)
  local delay = retries.delay
  if delay <= 0 then return 0 end
  if retries.backoff == "exponential" then
    local exponent = math.min(k - 1, 1000)
    delay = delay * 2.0 ^ exponent
    if retries.max_delay and delay > retries.max_delay then delay = retries.max_delay end
  end
  if retries.jitter then delay = delay * (1 - random() / 2) end -- (0.5, 1]
  return delay
end

return M
