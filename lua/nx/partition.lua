-- Which tests belong to one part of many: "hash:1/3", "count:1/3", "slice:1/3", a Lua function, or a file that returns one.
-- A partition is asked once for every test that is still chosen, in list order; it may keep counters, so it is made anew
-- for each use.

local err = require "nx.error"

local M = {}

---@class nx.PartitionSpec
---@field kind "hash"|"count"|"slice"|"function"
---@field part? integer    1 … parts
---@field parts? integer
---@field fn? fun(test: nx.Test, index: integer): any

local function refuse(text, why)
  err.raise { kind = "usage", exit_code = 2, message = ("invalid partition %q: %s"):format(text, why) }
end

-- An unsigned 64-bit number, as its bit pattern; nil if the text is none.
local function unsigned(digits)
  if not digits:find "^%d+$" then return nil end
  digits = digits:gsub("^0+(%d)", "%1")
  if #digits > 20 or #digits == 20 and digits > "18446744073709551615" then return nil end
  local value = 0
  for digit in digits:gmatch "%d" do value = value * 10 + tonumber(digit) end
  return value
end

-- a mod b of unsigned numbers
local function umod(a, b)
  if b < 0 then return math.ult(a, b) and a or a - b end -- b ≥ 2^63: at most one subtraction
  if a >= 0 then return a % b end
  local half = (a >> 1) // b << 1
  local rest = a - half * b
  return math.ult(rest, b) and rest or rest - b
end
M.umod = umod

local kinds = { hash = true, count = true, slice = true }

-- A file that returns function(test, index) -> boolean.
local function from_file(path)
  local chunk, message = loadfile(path)
  if not chunk then
    err.raise { kind = "usage", exit_code = 2, path = path, message = ("cannot load the partition file %s: %s"):format(path, message) }
  end
  local fn = chunk()
  if type(fn) ~= "function" then
    err.raise { kind = "usage", exit_code = 2, path = path,
      message = ("the partition file %s must return a function(test, index), not a %s"):format(path, type(fn)) }
  end
  return { kind = "function", fn = fn }
end

--- Reads what the user gave: a text "KIND:M/N", a path that ends in ".lua", or a function.
---@param value string|function
---@return nx.PartitionSpec
function M.parse(value)
  if type(value) == "function" then return { kind = "function", fn = value } end
  if type(value) ~= "string" then
    err.raise { kind = "usage", message = ("a partition is a text like \"hash:1/3\" or a function, not a %s"):format(type(value)) }
  end
  if value:find "%.lua$" then return from_file(value) end
  local kind, rest = value:match "^(%a+):(.*)$"
  if not kinds[kind] then refuse(value, 'it must start with "hash:", "count:" or "slice:"') end
  local m, n = rest:match "^([^/]*)/(.*)$"
  if not m then refuse(value, "expected M/N after the colon") end
  local part, parts = unsigned(m), unsigned(n)
  if not part or not parts then refuse(value, "M and N must be whole numbers") end
  if part == 0 or math.ult(parts, part) then refuse(value, "M must be between 1 and N") end
  return { kind = kind, part = part, parts = parts }
end

-- A counter per key; tests that are ignored count apart.
local function counting(spec, key_of)
  local plain, ignored = {}, {}
  return function(test)
    local counts, key = test.ignored and ignored or plain, key_of(test)
    local k = counts[key] or 0
    counts[key] = k + 1
    return umod(k, spec.parts) == spec.part - 1
  end
end

local makers = {
  hash = function(spec)
    local xxh64 = require "nx.core.hash".xxh64
    return function(test) return umod(xxh64(test.name), spec.parts) == spec.part - 1 end
  end,
  count = function(spec) return counting(spec, function(test) return test.suite end) end,
  slice = function(spec) return counting(spec, function() return 1 end) end,
  ["function"] = function(spec)
    local index = 0
    return function(test)
      index = index + 1
      return spec.fn(test, index) and true or false
    end
  end,
}

--- A function that says for each test, asked in list order, whether it belongs to the part.
---@param value string|function|nx.PartitionSpec
---@return fun(test: nx.Test): boolean
function M.new(value)
  local spec = type(value) == "table" and value or M.parse(value)
  return makers[spec.kind](spec)
end

return M
