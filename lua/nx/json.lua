-- The only door to JSON. Reading goes through a private lua-cjson instance, whose results are put right afterwards (it makes
-- every number a float and every `[]` a `{}`); what it cannot give exactly, and every complaint, comes from nx.json_exact.
-- Writing is ours: exact integers, shortest floats, keys in order, `[]` apart from `{}`, U+FFFD for what is not UTF-8.

local cjson = require "cjson".new()
local err = require "nx.error"
cjson.decode_invalid_numbers(false)
cjson.decode_max_depth(128)

---@class nx.json
local M = { null = cjson.null }

-- Marks a table as a list even when it is empty. Every decoded list carries it.
local Array = { __name = "nx.json.array" }
M.Array = Array

--- Marks a table as a list, so that `{}` is written as `[]`.
---@generic T
---@param list? T[]
---@return T[]
function M.array(list)
  return setmetatable(list or {}, Array)
end

function M.is_array(value)
  return getmetatable(value) == Array
end

--- A metatable for records whose keys are written in this order (keys not named follow, sorted). `methods` become __index.
---@param keys string[]
---@param methods? table
function M.shape(keys, methods)
  local listed = {}
  for _, key in ipairs(keys) do listed[key] = true end
  return { __jsonkeys = keys, __jsonlisted = listed, __index = methods }
end

--- One record with its keys in this order: `json.object({ "name", "kind" }, t)`.
function M.object(keys, record)
  return setmetatable(record, M.shape(keys))
end

-- A text that is JSON already, for those who write many like values.
local Raw = { __name = "nx.json.raw" }

--- Stands for a text that is written as it is.
---@param text string
function M.raw(text)
  return setmetatable({ text }, Raw)
end

-- Reading --------------------------------------------------------------------------------------------------------------

-- Stands for `[]` in the text that cjson reads: as a value it is a list of one strange number, inside a string it is put back.
local EMPTY <const> = "[4.94065e-324]"
local EMPTY_PATTERN <const> = "%[4%.94065e%-324%]"
local EMPTY_NUMBER <const> = tonumber "4.94065e-324"
local EXACT <const> = 2.0 ^ 53
local tointeger, next, type, getmetatable, setmetatable = math.tointeger, next, type, getmetatable, setmetatable

local INEXACT <const> = {} -- raised through the walk: the text has an integer that a float cannot hold

-- Puts right what cjson gave; returns the number of stand-ins that were values.
local function settle(value, text, state)
  local first, head = next(value)
  if first == nil then
    if state.spaced == nil then state.spaced = text:find "%[%s+%]" ~= nil end
    if state.spaced then error(INEXACT, 0) end
    return
  end
  if type(first) == "number" then
    setmetatable(value, Array)
    if head == EMPTY_NUMBER and #value == 1 then
      value[1] = nil
      state.empty = state.empty + 1
      return
    end
    for i = 1, #value do
      local v = value[i]
      local kind = type(v)
      if kind == "table" then
        settle(v, text, state)
      elseif kind == "number" then
        if v >= EXACT or v <= -EXACT then error(INEXACT, 0) end
        value[i] = tointeger(v) or v
      end
    end
    return
  end
  for k, v in next, value do
    local kind = type(v)
    if kind == "table" then
      settle(v, text, state)
    elseif kind == "number" then
      if v >= EXACT or v <= -EXACT then error(INEXACT, 0) end
      value[k] = tointeger(v) or v -- an existing key: allowed while traversing
    end
  end
end

-- Puts `[]` back into strings (rare: only when a string held one).
local function restore(value)
  if type(value) == "string" then return (value:gsub(EMPTY_PATTERN, "[]")) end
  if type(value) ~= "table" then return value end
  local keys = {}
  for k, v in next, value do
    value[k] = restore(v)
    if type(k) == "string" and k:find(EMPTY, 1, true) then keys[#keys + 1] = k end
  end
  for _, k in ipairs(keys) do value[restore(k)], value[k] = value[k], nil end
  return value
end

--- The value of a JSON text, or nil and what is wrong with it ("… at line 1 column 7").
---@param text string
---@return any, string?
function M.try(text)
  local given, replaced = text, 0
  if text:find("[]", 1, true) then
    if text:find(EMPTY, 1, true) then return require "nx.json_exact".decode(text, M) end
    given, replaced = text:gsub("%[%]", EMPTY)
  end
  local ok, value = pcall(cjson.decode, given)
  if ok then
    if type(value) == "table" then
      local state = { empty = 0 }
      local settled, problem = pcall(settle, value, text, state)
      if settled then
        return state.empty == replaced and value or restore(value)
      elseif problem ~= INEXACT then
        error(problem, 0)
      end
    elseif type(value) ~= "number" then
      return restore(value)
    end
  end
  return require "nx.json_exact".decode(text, M)
end

--- The value of a JSON text; raises `format`.
---@param text string
function M.decode(text)
  if type(text) ~= "string" then
    err.raise { kind = "usage", message = "nx.json.decode: takes a string, not " .. type(text) }
  end
  local value, problem = M.try(text)
  if problem then err.raise { kind = "format", message = "JSON: " .. problem } end
  return value
end

-- Writing --------------------------------------------------------------------------------------------------------------

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
for byte = 0, 31 do
  local c = string.char(byte)
  escapes[c] = escapes[c] or ("\\u%04x"):format(byte)
end

-- Length of the longest beginning of a well-formed character at `at` (what one U+FFFD stands for), and whether it is whole.
local function character(s, at)
  local a, b, c, d = s:byte(at, at + 3)
  local function follows(x, low, high) return x and x >= (low or 0x80) and x <= (high or 0xBF) end
  if a < 0x80 then return 1, true end
  if a >= 0xC2 and a <= 0xDF then
    if follows(b) then return 2, true end
  elseif a >= 0xE0 and a <= 0xEF then
    if follows(b, a == 0xE0 and 0xA0 or nil, a == 0xED and 0x9F or nil) then
      if follows(c) then return 3, true end
      return 2, false
    end
  elseif a >= 0xF0 and a <= 0xF4 then
    if follows(b, a == 0xF0 and 0x90 or nil, a == 0xF4 and 0x8F or nil) then
      if not follows(c) then return 2, false end
      if follows(d) then return 4, true end
      return 3, false
    end
  end
  return 1, false
end

--- Any bytes as UTF-8: what is not well formed becomes U+FFFD, one for each broken beginning (as Rust does).
---@param s string
---@return string
function M.utf8(s)
  if utf8.len(s) then return s end
  local out, at = {}, 1
  while at <= #s do
    local plain = s:match("^[\0-\127]+", at)
    if plain then
      out[#out + 1], at = plain, at + #plain
    else
      local n, whole = character(s, at)
      out[#out + 1], at = whole and s:sub(at, at + n - 1) or "\u{FFFD}", at + n
    end
  end
  return table.concat(out)
end

--- A string as JSON.
---@param s string
---@return string
local function quote(s)
  if s:find '[%c"\\\128-\255]' then
    if s:find "[\128-\255]" then s = M.utf8(s) end
    s = s:gsub('[\0-\31"\\]', escapes)
  end
  return '"' .. s .. '"'
end
M.quote = quote

local function number(n)
  if math.type(n) == "integer" then return ("%d"):format(n) end
  if n ~= n or n == math.huge or n == -math.huge then
    err.raise { kind = "usage", message = "nx.json.encode: JSON has no " .. tostring(n) }
  end
  for digits = 15, 17 do
    local text = ("%%.%dg"):format(digits):format(n)
    if tonumber(text) == n then return text:find "[.e]" and text or text .. ".0" end
  end
end

local function refuse(what)
  err.raise { kind = "usage", message = "nx.json.encode: " .. what }
end

-- Sorted keys of a plain table; nil for a list.
local function keys_of(value)
  local keys, n = {}, 0
  for key in next, value do
    if type(key) ~= "string" then
      if #value == 0 then refuse("a key is a " .. type(key) .. " (" .. tostring(key) .. "); keys are strings") end
      if n > 0 then refuse "a table is both a list and a map" end
      local count = 0
      for k in next, value do
        if math.type(k) ~= "integer" then refuse "a table is both a list and a map" end
        if k > #value then refuse "a list has a hole" end
        count = count + 1
      end
      if count ~= #value then refuse "a list has a hole" end
      return nil
    end
    n = n + 1
    keys[n] = key
  end
  table.sort(keys)
  return keys
end

local function shaped_keys(value, mt)
  local keys, rest = {}, nil
  for _, key in ipairs(mt.__jsonkeys) do
    if value[key] ~= nil and rawget(value, key) ~= nil then keys[#keys + 1] = key end
  end
  local listed = mt.__jsonlisted
  for key in next, value do
    if not listed[key] then
      if type(key) ~= "string" then refuse "a record has a list part" end
      rest = rest or {}
      rest[#rest + 1] = key
    end
  end
  if rest then
    table.sort(rest)
    table.move(rest, 1, #rest, #keys + 1, keys)
  end
  return keys
end

local function writer(pretty)
  local out, n, names, indents = {}, 0, {}, {}
  local colon <const> = pretty and ": " or ":"
  local write
  function write(value, depth)
    local kind = type(value)
    if kind == "string" then
      n = n + 1
      out[n] = quote(value)
      return
    elseif kind ~= "table" then
      n = n + 1
      if kind == "number" then
        out[n] = number(value)
      elseif kind == "boolean" then
        out[n] = value and "true" or "false"
      elseif value == nil or value == M.null then
        out[n] = "null"
      else
        refuse("a " .. kind .. " cannot be written")
      end
      return
    end
    if depth > 200 then refuse "nested too deeply (a cycle?)" end
    local mt = getmetatable(value)
    if mt == Raw then
      n = n + 1
      out[n] = value[1]
      return
    end
    local keys
    if mt ~= Array then
      if type(mt) == "table" and mt.__jsonkeys then
        keys = shaped_keys(value, mt)
      else
        keys = keys_of(value)
      end
    end
    local open, shut, count = "[", "]", keys and #keys or #value
    if keys then open, shut = "{", "}" end
    n = n + 1
    if count == 0 then
      out[n] = open .. shut
      return
    end
    out[n] = open
    local separator, last = ",", shut
    if pretty then
      local inner = indents[depth + 1] or "\n" .. ("  "):rep(depth + 1)
      indents[depth + 1] = inner
      last = (indents[depth] or "\n" .. ("  "):rep(depth)) .. shut
      separator = "," .. inner
      n = n + 1
      out[n] = inner
    end
    for i = 1, count do
      if i > 1 then
        n = n + 1
        out[n] = separator
      end
      if keys then
        local key = keys[i]
        local name = names[key]
        if not name then
          name = quote(key) .. colon
          if #key < 40 then names[key] = name end
        end
        n = n + 1
        out[n] = name
        write(value[key], depth + 1)
      else
        write(value[i], depth + 1)
      end
    end
    n = n + 1
    out[n] = last
  end
  return function(value)
    write(value, 0)
    return table.concat(out)
  end
end

--- A value as JSON text, without a final newline. Keys are sorted bytewise, or in the order of the record's shape.
---@param value any
---@param options? { pretty?: boolean }  pretty: two spaces, one item a line
---@return string
function M.encode(value, options)
  return writer(options and options.pretty)(value)
end

return M
