-- The option checker: every public function takes one table, and what is wrong with it is an error at the caller's line.
-- Also the two units that users write: durations ("1h30m") and sizes ("64KiB").

local err = require "nx.error"

local M = {}

local duration_units = { ns = 1e-9, us = 1e-6, ms = 1e-3, s = 1, m = 60, h = 3600, d = 86400, w = 604800 }
local size_units = {
  B = 1, kB = 1e3, KB = 1e3, MB = 1e6, GB = 1e9, TB = 1e12, KiB = 2 ^ 10, MiB = 2 ^ 20, GiB = 2 ^ 30, TiB = 2 ^ 40,
}

--- Seconds of a number or of a text like "250ms", "1h30m", "7d"; nil if it is neither.
---@return number?
function M.seconds(value)
  if type(value) == "number" then return value >= 0 and value == value and value or nil end
  if type(value) ~= "string" then return nil end
  local total, at = 0, 1
  repeat
    local number, unit, stop = value:match("^%s*(%d+%.?%d*)%s*(%a+)%s*()", at)
    local factor = number and duration_units[unit]
    if not factor then return nil end
    total, at = total + tonumber(number) * factor, stop
  until at > #value
  return total
end

--- Bytes of an integer or of a text like "64KiB", "200MB"; nil if it is neither.
---@return integer?
function M.bytes(value)
  if type(value) == "number" then return value >= 0 and math.tointeger(value) or nil end
  if type(value) ~= "string" then return nil end
  local number, unit = value:match "^%s*(%d+%.?%d*)%s*(%a*)%s*$"
  local factor = number and (unit == "" and 1 or size_units[unit])
  return factor and math.tointeger((tonumber(number) * factor) // 1) or nil
end

-- The name of a value's type as the user would say it.
local function name_of(value)
  local kind = type(value)
  return kind == "nil" and "nothing" or kind == "number" and math.type(value) or kind
end

local function callable(value)
  local mt = getmetatable(value)
  return type(value) == "function" or type(mt) == "table" and mt.__call ~= nil
end

-- type name in a spec -> function(value) -> converted value, or nil when it does not fit
local types = {
  any = function(v) return v end,
  string = function(v) return type(v) == "string" and v or nil end,
  number = function(v) return type(v) == "number" and v or nil end,
  integer = function(v) return type(v) == "number" and math.tointeger(v) or nil end,
  boolean = function(v) if type(v) == "boolean" then return v end end,
  ["false"] = function(v) if v == false then return v end end,
  ["function"] = function(v) return callable(v) and v or nil end,
  table = function(v) return type(v) == "table" and v or nil end,
  list = function(v) return type(v) == "table" and v or nil end,
  duration = M.seconds,
  size = M.bytes,
}
local hints = {
  duration = "a duration (seconds, or \"250ms\", \"30s\", \"1h30m\")", size = "a size (bytes, or \"64KiB\", \"200MB\")",
  any = "a value", list = "a list", ["function"] = "a function", ["false"] = "false",
}

-- Edit distance of two short words, for "did you mean".
local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and diagonal or 1 + math.min(diagonal, row[j], row[j - 1])
      diagonal, row[j] = row[j], cost
    end
  end
  return row[#b]
end

--- The word of `words` (keys of a table) nearest to `word`, if one is near enough to be a misspelling of it.
---@return string?
function M.nearest(word, words)
  local best, least
  for candidate in pairs(words) do
    if type(candidate) == "string" then
      local d = distance(word, candidate)
      if (not least or d < least or d == least and candidate < best) and d <= math.max(1, #word // 3) then
        best, least = candidate, d
      end
    end
  end
  return best
end

local function usage(fn, text, ...)
  err.raise { kind = "usage", message = fn .. ": " .. text:format(...) }
end
M.usage = usage

local plans = {} -- type text -> function(value) -> converted value or nil for each of its words

local function plan_of(spec)
  local plan = {}
  for word in spec:gmatch "[^|]+" do
    local quoted = word:match '^"(.*)"$'
    plan[#plan + 1] = quoted and function(v) if v == quoted then return v end end or types[word] or error("no type " .. word)
  end
  plans[spec] = plan
  return plan
end

-- Checks the value of `key` against "type|type|literal" and converts it.
local function convert(fn, key, value, spec)
  local plan = plans[spec] or plan_of(spec)
  for i = 1, #plan do
    local converted = plan[i](value)
    if converted ~= nil then return converted end
  end
  local label = type(key) == "string" and ("option %q"):format(key) or ("item %d"):format(key)
  local wanted = {}
  for word in spec:gmatch "[^|]+" do wanted[#wanted + 1] = hints[word] or word end
  local got = type(value) == "string" and ("%q"):format(value) or name_of(value)
  usage(fn, "%s must be %s, not %s", label, table.concat(wanted, " or "), got)
end

local required_of = setmetatable({}, { __mode = "k" }) -- spec -> the keys that it ends in "!", sorted

local function find_required(spec)
  local required = {}
  for key in pairs(spec) do
    local name = type(key) == "string" and key:match "^(.*)!$"
    if name then required[#required + 1] = name end
  end
  table.sort(required)
  required_of[spec] = required
  return required
end

--- Checks an option table and returns a checked copy, durations in seconds and sizes in bytes.
---
--- `spec` maps key → "type|type|\"literal\"", with these types: any string number integer boolean false function table list
--- duration size. `spec[1]` is the type of the array part's elements (absent: no array part), `spec.min` as a
--- pseudo key `"#"` the least number of them. A key that ends in "!" is required: `["to!"] = "string|function"`.
---@param fn string      the function's name, for messages
---@param options any    nil: {}; a string s: { s } when there is an array part
---@param spec table
---@return table
function M.check(fn, options, spec)
  if options == nil then options = {} end
  if type(options) == "string" and spec[1] then options = { options } end
  if type(options) ~= "table" then usage(fn, "takes one table, not %s", name_of(options)) end
  local checked, count, top = {}, 0, 0
  for key, value in pairs(options) do
    if math.type(key) == "integer" and key >= 1 then
      if not spec[1] then usage(fn, "takes no list items, only options by name (found item %d)", key) end
      count, top = count + 1, key > top and key or top
      checked[key] = convert(fn, key, value, spec[1])
    elseif type(key) ~= "string" then
      usage(fn, "an option is named by a %s; options have names, items stand in a list without holes", name_of(key))
    else
      local wanted = spec[key] or spec[key .. "!"]
      if not wanted or key == "#" then
        local near = M.nearest(key, spec)
        usage(fn, "unknown option %q%s", key, near and (" (did you mean %q?)"):format((near:gsub("!$", ""))) or "")
      end
      checked[key] = convert(fn, key, value, wanted)
    end
  end
  if count ~= top then
    local hole = 1
    while options[hole] ~= nil do hole = hole + 1 end
    usage(fn, "item %d of %d is nil: a list may have no holes", hole, top)
  end
  if spec["#"] and count < spec["#"] then
    usage(fn, "%s", spec["#"] == 1 and "the first item is missing" or ("needs at least %d items"):format(spec["#"]))
  end
  local required = required_of[spec] or find_required(spec)
  for i = 1, #required do
    if checked[required[i]] == nil then usage(fn, "option %q is missing", required[i]) end
  end
  return checked
end

return M
