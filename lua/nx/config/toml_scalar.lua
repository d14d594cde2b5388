-- TOML's values that do not contain others: strings, numbers, booleans, dates and times.

local M = { datetime = { __name = "toml.datetime" } }
M.datetime.__tostring = function(value) return value.text end

--- The peer's word for a value's type, as messages use it.
function M.type_of(value)
  local kind = type(value)
  if kind == "table" then
    local mt = getmetatable(value)
    return mt == M.datetime and "datetime" or mt and mt.__name == "toml.array" and "array" or "inline table"
  end
  return kind == "number" and math.type(value) or kind
end

local escapes = { b = "\b", e = "\27", t = "\t", n = "\n", f = "\f", r = "\r", ['"'] = '"', ["\\"] = "\\" }

-- Bytes that no string may hold as they stand: controls but tab (and line ends in the multi-line forms).
local control, control_multi = "[%z\1-\8\10-\31\127]", "[%z\1-\8\11\12\14-\31\127]"

-- One escape at `at` (the backslash); its text and the offset after it.
local function escape(parser, at)
  local text = parser.text
  local c = text:sub(at + 1, at + 1)
  if escapes[c] then return escapes[c], at + 2 end
  local digits = c == "u" and 4 or c == "U" and 8 or c == "x" and 2
  if not digits then
    parser:fail("missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U`", at + 1)
  end
  local hex = text:match("^%x+", at + 2) or ""
  if #hex < digits then
    parser:fail(("too few unicode value digits, expected %d hexadecimal digits"):format(digits), at + 2, at + 1 + #hex)
  end
  local code = tonumber(hex:sub(1, digits), 16)
  if code > 0x10FFFF or code >= 0xD800 and code <= 0xDFFF then
    parser:fail("value is out of range, not a Unicode scalar value", at + 2, at + 1 + digits)
  end
  return utf8.char(code), at + 2 + digits
end

local function check(parser, bytes, offset, pattern)
  local bad = bytes:find(pattern)
  if bad then
    parser:fail("invalid string character, expected printable characters", offset + bad - 1)
  end
  if pattern == control_multi and bytes:find "\r" then
    local alone = bytes:gsub("\r\n", "\n\n"):find "\r"
    if alone then parser:fail("carriage return must be followed by newline", offset + alone - 1) end
  end
end

-- '''…''' and """…""": up to two quotes may stand before the closing three.
local function multi_line(parser, at, quote)
  local text, literal = parser.text, quote == "'"
  local start = at + 3
  if text:find("^\n", start) then start = start + 1
  elseif text:find("^\r\n", start) then start = start + 2 end
  local parts, from = {}, start
  while true do
    local stop = text:find(literal and "'" or "[\"\\]", from)
    if not stop then parser:fail("unclosed multi-line string, expected " .. quote:rep(3), #text + 1) end
    local bytes = text:sub(from, stop - 1)
    check(parser, bytes, from, control_multi)
    parts[#parts + 1] = bytes
    if text:sub(stop, stop) == "\\" then
      -- a backslash at the line's end eats the white space up to the next text
      local after = text:match("^\\[ \t]*\r?\n[ \t\r\n]*()", stop)
      if after then from = after
      else parts[#parts + 1], from = escape(parser, stop) end
    else
      local run = #text:match("^" .. quote .. "+", stop)
      if run >= 3 then
        if run > 5 then run = 5 end
        parts[#parts + 1] = quote:rep(run - 3)
        return table.concat(parts), stop + run
      end
      parts[#parts + 1] = quote:rep(run)
      from = stop + run
    end
  end
end

--- Reads the string at `at`, in any of the four forms. Value, and the offset after it.
function M.string(parser, at)
  local text = parser.text
  local quote = text:sub(at, at)
  if text:sub(at, at + 2) == quote:rep(3) then return multi_line(parser, at, quote) end
  local kind = quote == "'" and "literal" or "basic"
  local parts, from = {}, at + 1
  while true do
    local stop = text:find(quote == "'" and "['\r\n]" or "[\"\\\r\n]", from)
    local c = stop and text:sub(stop, stop) or ""
    local bytes = text:sub(from, stop and stop - 1)
    check(parser, bytes, from, control)
    if c == "" or c == "\n" or c == "\r" then
      parser:fail(("invalid %s string, expected `%s`"):format(kind, quote), stop or #text + 1)
    end
    parts[#parts + 1] = bytes
    if c == quote then return table.concat(parts), stop + 1 end
    parts[#parts + 1], from = escape(parser, stop)
  end
end

local function leap(year)
  return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end
local month_days = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function valid_date(y, m, d)
  y, m, d = tonumber(y), tonumber(m), tonumber(d)
  if m < 1 or m > 12 then return false end
  return d >= 1 and d <= month_days[m] + (m == 2 and leap(y) and 1 or 0)
end

local function valid_time(h, m, s)
  return tonumber(h) <= 23 and tonumber(m) <= 59 and tonumber(s) <= 60
end

-- A date, a time or both at `at`; nil when it is none of them.
local function datetime(parser, at)
  local text = parser.text
  local from = at
  local y, mo, d, after = text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)()", at)
  local kind
  if y then
    if not valid_date(y, mo, d) then parser:fail("invalid date, value is out of range", at, after - 1) end
    kind, at = "date", after
    local sep = text:match("^[Tt ]%d%d:()", at)
    if not sep then return { kind = kind, text = text:sub(from, at - 1) }, at end
    at = at + 1
  end
  local h, mi, stop = text:match("^(%d%d):(%d%d)()", at)
  if not h then
    if y or text:find("^%d%d:", at) then parser:fail("invalid time, expected `HH:MM:SS`", at) end
    return nil
  end
  local s, after_seconds = text:match("^:(%d%d)()", stop)
  stop = after_seconds or stop
  if not valid_time(h, mi, s or 0) then parser:fail("invalid time, value is out of range", at, stop - 1) end
  at = s and text:match("^%.%d+()", stop) or stop
  if y then
    kind = "local datetime"
    local zone = text:match("^[Zz]()", at)
    local oh, om, after_zone = text:match("^[+-](%d%d):(%d%d)()", at)
    if zone then kind, at = "datetime", zone
    elseif oh then
      if tonumber(oh) > 23 or tonumber(om) > 59 then parser:fail("invalid offset, value is out of range", at, after_zone - 1) end
      kind, at = "datetime", after_zone
    end
  else
    kind = "time"
  end
  return { kind = kind, text = text:sub(from, at - 1) }, at
end

local bases = { x = { 16, "^[%x_]+" }, o = { 8, "^[0-7_]+" }, b = { 2, "^[01_]+" } }

-- Underscores stand between digits only.
local function digits_ok(digits)
  return not (digits:find "^_" or digits:find "_$" or digits:find "__")
end

-- Digits in a base, or nil when they do not fit in 64 signed bits.
local function to_integer(digits, base)
  local value = 0
  for digit in digits:gmatch "%x" do
    local d = tonumber(digit, 16)
    if value > (math.maxinteger - d) // base then return nil end
    value = value * base + d
  end
  return value
end

local function number(parser, at, word)
  local text = word:gsub("_", "")
  local function bad(message) parser:fail(message, at, at + #word - 1) end
  local prefix, digits = word:match "^0([xob])(.*)$"
  if prefix then
    local base = bases[prefix]
    if digits:match(base[2]) ~= digits or digits == "" or not digits_ok(digits) then
      bad(("invalid %s number"):format(prefix == "x" and "hexadecimal" or prefix == "o" and "octal" or "binary"))
    end
    return to_integer(digits:gsub("_", ""), base[1]) or bad "integer number overflowed"
  end
  local sign, whole, rest = word:match "^([+-]?)([%d_]+)(.*)$"
  if not whole or not digits_ok(whole) then return nil end
  if #whole > 1 and whole:find "^0" then bad "unexpected leading zero" end
  if rest == "" then
    digits = whole:gsub("_", "")
    if sign == "-" and digits == "9223372036854775808" then return math.mininteger end
    local value = to_integer(digits, 10) or bad "integer number overflowed"
    return sign == "-" and -value or value
  end
  local fraction, exponent = rest:match "^%.([%d_]+)(.*)$"
  if not fraction then exponent = rest end
  if fraction and not digits_ok(fraction) then return nil end
  if exponent ~= "" then
    local power = exponent:match "^[eE][+-]?([%d_]+)$"
    if not power or not digits_ok(power) then return nil end
  end
  return tonumber((text:gsub("^%+", ""))) + 0.0
end

local words = {
  ["true"] = true, ["false"] = false, inf = math.huge, ["+inf"] = math.huge, ["-inf"] = -math.huge,
  nan = 0 / 0, ["+nan"] = 0 / 0, ["-nan"] = 0 / 0,
}

--- Reads a value that is not quoted or bracketed. Value, and the offset after it.
function M.plain(parser, at)
  local text = parser.text
  if text:find("^%d%d%d%d%-", at) or text:find("^%d%d:", at) then
    local value, after = datetime(parser, at)
    if value then
      if text:find("^[%w:.+-]", after) then parser:fail("invalid datetime", at, after) end
      return setmetatable(value, M.datetime), after
    end
  end
  local word = text:match("^[%w_.+-]+", at)
  if not word then
    local c = text:sub(at, at)
    if c == "" or c == "\n" or c == "\r" or c == "#" then
      parser:fail("missing value, expected a string, number, boolean, date, array or table", at)
    end
    parser:fail("invalid value, expected a string, number, boolean, date, array or table", at)
  end
  local value = words[word]
  if value == nil then value = number(parser, at, word) end
  if value == nil then
    if word:find "^[+-]?%d" then parser:fail("invalid number", at, at + #word - 1) end
    parser:fail(("string values must be quoted, expected literal string")
      , at, at + #word - 1)
  end
  return value, at + #word
end

return M
