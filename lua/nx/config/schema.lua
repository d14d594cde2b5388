-- The types of configuration values: how a TOML value becomes a setting, and what is said when it cannot.
--
-- A type is a function(reader, value, path) → setting; it ends with reader:fail(path, message) when the value does not
-- fit. Like the peer's reader, scalars are taken leniently where nothing is lost: a number or a boolean where a text is
-- wanted, "yes" or 1 where a boolean is wanted. Tables inside `retries` are read strictly, as the peer does.

local toml = require "nx.config.toml"
local humantime = require "nx.config.humantime"
local identifier = require "nx.config.identifier"

local T = {}

-- How a value is named in "invalid type: …".
local function shown(value)
  local kind = type(value)
  if kind == "string" then return ('string "%s"'):format(value) end
  if kind == "boolean" then return ("boolean `%s`"):format(value) end
  if kind == "number" then
    if math.type(value) == "integer" then return ("integer `%d`"):format(value) end
    return ("floating point `%s`"):format(value == math.floor(value) and ("%.1f"):format(value) or ("%.17g"):format(value))
  end
  if getmetatable(value) == toml.datetime then return ('string "%s"'):format(value.text) end
  return toml.is_array(value) and "sequence" or "map"
end
T.shown = shown

local function is_map(value)
  return type(value) == "table" and not toml.is_array(value) and getmetatable(value) ~= toml.datetime
end
T.is_map = is_map

local function invalid(reader, path, what, value, expected)
  reader:fail(path, ("invalid %s: %s, expected %s"):format(what, shown(value), expected))
end
T.invalid = invalid

-- A scalar as text; nil for arrays and tables.
local function text_of(value)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "boolean" or math.type(value) == "integer" then return tostring(value) end
  if kind == "number" then return value == math.floor(value) and ("%d"):format(value) or tostring(value) end
  if getmetatable(value) == toml.datetime then return value.text end
end

local function string_in(reader, value, path)
  return text_of(value) or reader:fail(path, ("invalid type: %s, expected a string for key `%s`"):format(shown(value), path))
end
T.string = string_in

local truths = { ["1"] = true, ["true"] = true, on = true, yes = true, ["0"] = false, ["false"] = false, off = false, no = false }

function T.boolean(reader, value, path)
  if type(value) == "boolean" then return value end
  if type(value) == "number" then return value ~= 0 end
  local truth = type(value) == "string" and truths[value:lower()]
  if truth == nil or truth == false and type(value) ~= "string" then
    reader:fail(path, ("invalid type: %s, expected a boolean for key `%s`"):format(shown(value), path))
  end
  return truth
end

-- A whole number, also written as text.
local function integer(reader, value, path, expected)
  local n = type(value) == "string" and value:match "^[+-]?%d+$" and math.tointeger(tonumber(value)) or value
  if type(n) == "boolean" then n = n and 1 or 0 end
  if math.type(n) == "float" then n = math.tointeger(math.floor(n + 0.5)) end
  if math.type(n) ~= "integer" then
    reader:fail(path, ("invalid type: %s, expected %s for key `%s`"):format(shown(value), expected, path))
  end
  return n
end

--- A list of one type.
function T.list(element)
  return function(reader, value, path)
    if not toml.is_array(value) then
      if is_map(value) or type(value) ~= "table" then invalid(reader, path, "type", value, "a sequence") end
    end
    local list = {}
    for i, item in ipairs(value) do list[i] = element(reader, item, ("%s[%d]"):format(path, i - 1)) end
    return list
  end
end

--- One of a few words; `name` is the peer's name of the set, as its message has it.
function T.enum(name, words)
  local known = {}
  for word in words:gmatch "%S+" do
    local alias, canonical = word:match "^(.-)=(.+)$"
    known[alias or word] = canonical or word
  end
  return function(reader, value, path)
    local word = type(value) == "string" and value
    if is_map(value) then
      local keys = toml.keys(value)
      word = #keys == 1 and keys[1]
    end
    if not word then
      reader:fail(path, ("value of enum %s should be represented by either string or table with exactly one key"):format(name))
    end
    return known[word] or reader:fail(path, ("enum %s does not have variant constructor %s"):format(name, word))
  end
end

--- A table of known keys. `fields`: { { "key", type, required?, default? }… }; other keys are warned about, or refused
--- with `strict`. The result has `_` for `-` in its keys.
function T.struct(name, fields, strict)
  local by_key, names = {}, {}
  for i, field in ipairs(fields) do
    by_key[field[1]] = field
    names[i] = ("`%s`"):format(field[1])
  end
  return function(reader, value, path)
    if not is_map(value) then invalid(reader, path, "type", value, "struct " .. name) end
    local result = {}
    for _, key in ipairs(toml.keys(value)) do
      local field = by_key[key]
      local inner = path == "" and key or path .. "." .. key
      if field then
        result[(key:gsub("-", "_"))] = field[2](reader, value[key], inner)
      elseif strict then
        reader:fail(inner, ("unknown field `%s`, expected one of %s"):format(key, table.concat(names, ", ")))
      else
        reader:unknown(inner)
      end
    end
    for _, field in ipairs(fields) do
      local key = field[1]:gsub("-", "_")
      if result[key] == nil then
        if field[3] then
          reader:fail(path, ('missing configuration field "%s"'):format(path == "" and field[1] or path .. "." .. field[1]))
        end
        result[key] = field[4]
      end
    end
    return result
  end
end

--- Any names, one type of value. `check(name)` → message when a name will not do.
function T.map(element, check)
  return function(reader, value, path)
    if not is_map(value) then invalid(reader, path, "type", value, "a map") end
    local result, order = {}, {}
    for _, key in ipairs(toml.keys(value)) do
      local inner = path == "" and key or path .. "." .. key
      local problem = check and check(key)
      if problem then reader:fail(inner, problem) end
      result[key] = element(reader, value[key], inner)
      order[#order + 1] = key
    end
    return result, order
  end
end

-- Durations as texts ("60s"); any other scalar is read as the text it would be, and refused as such.
local function duration(reader, value, path)
  local text = string_in(reader, value, path)
  return humantime.parse(text) or invalid(reader, path, "value", text, "a duration")
end
T.duration = duration

-- Inside `retries` nothing is lenient, and mistakes are reported for the whole value.
local function strict_field(reader, path, value, kind, expected)
  if value == nil then return nil end
  if kind == "u32" then
    if math.type(value) ~= "integer" then invalid(reader, path, "type", value, expected) end
    if value < 0 or value > 0xFFFFFFFF then invalid(reader, path, "value", value, expected) end
    return value
  end
  if type(value) ~= (kind == "duration" and "string" or kind) then invalid(reader, path, "type", value, expected) end
  if kind == "duration" then return humantime.parse(value) or invalid(reader, path, "value", value, expected) end
  return value
end

local retry_hint = 'a table ({ backoff = "fixed", count = 5 }) or a number (5)'
local retry_fields = {
  fixed = { count = "u32", delay = "duration", jitter = "boolean" },
  exponential = { count = "u32", delay = "duration", jitter = "boolean", ["max-delay"] = "duration" },
}
local retry_names = {
  fixed = "`count`, `delay`, `jitter`", exponential = "`count`, `delay`, `jitter`, `max-delay`",
}
local strict_names = { u32 = "u32", duration = "a duration", boolean = "a boolean" }

local function retry_table(reader, value, path)
  local backoff = value.backoff
  if backoff == nil then reader:fail(path, ('missing configuration field "%s.backoff"'):format(path)) end
  local fields = retry_fields[backoff]
  if not fields then
    reader:fail(path .. ".backoff", ("unknown variant `%s`, expected `fixed` or `exponential`"):format(text_of(backoff) or "?"))
  end
  local r = { backoff = backoff }
  for _, key in ipairs(toml.keys(value)) do
    local kind = fields[key]
    if kind then
      r[(key:gsub("-", "_"))] = strict_field(reader, path, value[key], kind, strict_names[kind])
    elseif key ~= "backoff" then
      reader:fail(path, ("unknown field `%s`, expected one of %s"):format(key, retry_names[backoff]))
    end
  end
  local needed = backoff == "fixed" and { "count" } or { "count", "delay" }
  for _, key in ipairs(needed) do
    if r[key] == nil then reader:fail(path, ('missing configuration field "%s.%s"'):format(path, key)) end
  end
  r.delay, r.jitter = r.delay or 0, r.jitter or false
  if backoff == "fixed" then
    if r.jitter and r.delay == 0 then reader:fail(path, "`jitter` cannot be true if `delay` isn't specified or is zero") end
  else
    local zero = r.count == 0 and "count" or r.delay == 0 and "delay" or r.max_delay == 0 and "max-delay"
    if zero then reader:fail(path, ("`%s` cannot be zero with exponential backoff"):format(zero)) end
    if r.max_delay and r.max_delay < r.delay then
      reader:fail(path, "`max-delay` cannot be less than delay with exponential backoff")
    end
  end
  return r
end

function T.retries(reader, value, path)
  if math.type(value) == "integer" then
    if value < 0 then invalid(reader, path, "value", value, retry_hint) end
    if value > 0xFFFFFFFF then invalid(reader, path, "value", value, "a positive u32") end
    return { backoff = "fixed", count = value, delay = 0, jitter = false }
  end
  if not is_map(value) then invalid(reader, path, "type", value, retry_hint) end
  return retry_table(reader, value, path)
end

local function terminate_after(reader, value, path)
  local n = integer(reader, value, path, "an unsigned 64 bit or less integer")
  if n < 0 then
    reader:fail(path, ("invalid type: 64-bit integer `%d`, expected an unsigned 64 bit or less integer for key `%s`")
      :format(n, path))
  end
  if n == 0 then invalid(reader, path, "value", n, "a nonzero usize") end
  return n
end

local slow_table = T.struct("SlowTimeout", {
  { "period", duration, true }, { "terminate-after", terminate_after }, { "grace-period", duration, false, 10 },
  { "on-timeout", T.enum("SlowTimeoutResult", "fail pass"), false, "fail" },
})

function T.slow_timeout(reader, value, path)
  if type(value) == "string" then
    -- an empty text means "not set"; the default profile, which has nothing to fall back to, cannot say so
    if value == "" and not path:find "^profile%.default%.[^o]" then return nil end
    return { period = duration(reader, value, path), grace_period = 10, on_timeout = "fail" }
  end
  if not is_map(value) then
    invalid(reader, path, "type", value, 'a table ({ period = "60s", terminate-after = 2 }) or a string ("60s")')
  end
  return slow_table(reader, value, path)
end

local leak_table = T.struct("LeakTimeout", {
  { "period", duration, true }, { "result", T.enum("LeakTimeoutResult", "fail pass"), false, "pass" },
})

function T.leak_timeout(reader, value, path)
  if type(value) == "string" then return { period = duration(reader, value, path), result = "pass" } end
  if not is_map(value) then
    invalid(reader, path, "type", value, 'a table ({ period = "500ms", result = "fail" }) or a string ("100ms")')
  end
  return leak_table(reader, value, path)
end

local function max_fail_count(reader, value, path)
  if value == "all" then return "all" end
  if type(value) == "string" then
    local n = value:match "^[+-]?%d+$" and tonumber(value)
    invalid(reader, path, "value", value, not n and 'the string "all" or a positive integer' or n > 0
      and 'the string "all" (numbers must be specified without quotes)'
      or 'the string "all" (numbers must be positive and without quotes)')
  end
  local expected = 'a positive integer or the string "all"'
  if math.type(value) ~= "integer" then invalid(reader, path, "type", value, expected) end
  if value <= 0 then invalid(reader, path, "value", value, expected) end
  return value
end

local fail_fast_table = T.struct("FailFastMap", {
  { "max-fail", max_fail_count, true }, { "terminate", T.enum("TerminateMode", "wait immediate"), false, "wait" },
})

--- `fail-fast` as { count = N | "all", terminate = "wait" | "immediate" }.
function T.fail_fast(reader, value, path)
  if type(value) == "boolean" then return { count = value and 1 or "all", terminate = "wait" } end
  if not is_map(value) then invalid(reader, path, "type", value, "a boolean or { max-fail = ... }") end
  local t = fail_fast_table(reader, value, path)
  return { count = t.max_fail, terminate = t.terminate }
end

--- A count of threads: a positive integer, or one of the words. With `negative`, CPUs minus some.
function T.threads(expected, negative, ...)
  local words = {}
  for _, word in ipairs { ... } do words[word] = true end
  return function(reader, value, path)
    if type(value) == "string" then
      return words[value] and value or invalid(reader, path, "value", value, expected)
    end
    if math.type(value) ~= "integer" then invalid(reader, path, "type", value, expected) end
    if value == 0 or value < 0 and not negative then invalid(reader, path, "value", value, expected) end
    return value
  end
end

function T.priority(reader, value, path)
  local n = integer(reader, value, path, "an integer")
  if n < -128 or n > 127 then
    reader:fail(path, ("invalid type: 64-bit integer `%d`, expected an signed 8 bit integer for key `%s`"):format(n, path))
  end
  if n < -100 or n > 100 then
    reader:fail(path, ("test priority (%d) out of range: must be between -100 and 100, both inclusive"):format(n))
  end
  return n
end

function T.test_group(reader, value, path)
  local name = string_in(reader, value, path)
  if name == "@global" then return name end
  local problem = identifier.problem(name)
  if problem then reader:fail(path, "invalid custom test group name: " .. problem) end
  return name
end

--- { host = S?, target = S? }; a text alone is the target.
function T.platform(reader, value, path)
  if type(value) == "string" then return { target = value } end
  if not is_map(value) then
    invalid(reader, path, "type", value,
      'a table ({ host = "x86_64-apple-darwin", target = "cfg(windows)" }) or a string ("x86_64-unknown-gnu-linux")')
  end
  return T.struct("PlatformStringsInner", { { "host", string_in }, { "target", string_in } })(reader, value, path)
end

-- A path below something: no root, no `..`; `.` is dropped.
local function relative_path(reader, value, path)
  local text = string_in(reader, value, path)
  local parts = {}
  if text:find "^/" then invalid(reader, path, "value", text, "a relative path with no parent components") end
  for part in text:gmatch "[^/]+" do
    if part == ".." then invalid(reader, path, "value", text, "a relative path with no parent components") end
    if part ~= "." then parts[#parts + 1] = part end
  end
  return table.concat(parts, "/")
end

local function depth(reader, value, path)
  if value == "infinite" then return value end
  local expected = 'a non-negative integer or "infinite"'
  if type(value) == "string" then invalid(reader, path, "value", value, expected) end
  if math.type(value) ~= "integer" then invalid(reader, path, "type", value, expected) end
  return value >= 0 and value or invalid(reader, path, "value", value, expected)
end

local function on_missing(reader, value, path)
  local expected = 'a string: "ignore", "warn", or "error"'
  if type(value) ~= "string" then invalid(reader, path, "type", value, expected) end
  if value == "ignore" or value == "warn" or value == "error" then return value end
  invalid(reader, path, "value", value, expected)
end

--- archive.include entries: { path, relative_to = "target", depth = N|"infinite"|nil (16), on_missing }.
T.include = T.list(T.struct("ArchiveInclude", {
  { "path", relative_path, true }, { "relative-to", T.enum("ArchiveRelativeTo", "target"), true }, { "depth", depth },
  { "on-missing", on_missing, false, "warn" },
}, true))

return T
