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

-- What is wrong inside a value is told after what is wrong with the document's structure, as the peer does: parser:late.

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
    parser:late("missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U`", at + 1)
    return "", at + 1
  end
  local hex = text:sub(at + 2, at + 1 + digits):match "^%x*"
  if #hex < digits then
    parser:late("too few unicode value digits, expected unicode hexadecimal value", at + 2 + #hex)
    return "", at + 2 + #hex
  end
  local code = tonumber(hex, 16)
  if code > 0x10FFFF or code >= 0xD800 and code <= 0xDFFF then
    parser:late("invalid value, expected unicode hexadecimal value", at + 2)
    return "", at + 2 + digits
  end
  return utf8.char(code), at + 2 + digits
end

-- What a form of strings is called, and what it may hold.
local forms = {
  ['"'] = { "basic string", "non-double-quote visible characters, `\\`" },
  ["'"] = { "literal string", "non-single-quote visible characters" },
  ['"""'] = { "multi-line basic string", "`\\`, characters" },
  ["'''"] = { "multi-line literal string", "non-single-quote characters" },
}

local function check(parser, bytes, offset, form)
  local pattern = #form == 3 and control_multi or control
  local bad = bytes:find(pattern)
  if bad then parser:late(("invalid %s, expected %s"):format(forms[form][1], forms[form][2]), offset + bad - 1) end
  local alone = #form == 3 and bytes:find "\r" and bytes:gsub("\r\n", "\n\n"):find "\r"
  if alone then parser:late("carriage return must be followed by newline, expected newline", offset + alone) end
end

-- '''…''' and """…""": up to two quotes may stand before the closing three.
local function multi_line(parser, at, quote)
  local text, literal, form = parser.text, quote == "'", quote:rep(3)
  local start = at + 3
  if text:find("^\n", start) then start = start + 1
  elseif text:find("^\r\n", start) then start = start + 2 end
  local parts, from = {}, start
  while true do
    local stop = text:find(literal and "'" or "[\"\\]", from)
    local bytes = text:sub(from, stop and stop - 1)
    check(parser, bytes, from, form)
    parts[#parts + 1] = bytes
    if not stop then
      parser:late(("invalid %s, expected `%s`"):format(forms[form][1], quote), #text + 1)
      return table.concat(parts), #text + 1
    end
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
  local parts, from = {}, at + 1
  while true do
    local stop = text:find(quote == "'" and "['\r\n]" or "[\"\\\r\n]", from)
    local c = stop and text:sub(stop, stop) or ""
    local bytes = text:sub(from, stop and stop - 1)
    check(parser, bytes, from, quote)
    parts[#parts + 1] = bytes
    if c == quote then return table.concat(parts), stop + 1 end
    if c ~= "\\" or stop == #text then -- the line or the text ends
      local last = c ~= "\\" and stop or #text + 1
      parser:late(("invalid %s, expected `%s`"):format(forms[quote][1], quote), last)
      return table.concat(parts), last
    end
    parts[#parts + 1], from = escape(parser, stop)
  end
end

local function leap(year)
  return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end
local month_days = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

-- A date, a time or both: the kind, or nil and what is wrong.
local function datetime(word)
  local function within(what, unit, text, first, last)
    local n = tonumber(text)
    return n >= first and n <= last or nil, ("invalid %s, expected %s between %02d and %02d"):format(what, unit, first, last)
  end
  local y, mo, d, at = word:match "^(%d%d%d%d)%-(%d%d)%-(%d%d)()"
  if not y then at = 1 end
  if not y and word:find "^%d%d%d%d%-" then
    local month, dash, day = word:match "^....%-(%d*)(%-?)(.*)$"
    if month == "" then return nil, "invalid date, expected month" end
    if dash == "" then return nil, "invalid date, expected `-` (MM-DD)" end
    if #month ~= 2 then return nil, "invalid date, expected a two-digit month (MM)" end
    return nil, "invalid date, expected " .. (day == "" and "day" or "a two-digit day (DD)")
  end
  local ok, problem
  if y then
    ok, problem = within("date", "month", mo, 1, 12)
    if not ok then return nil, problem end
    ok, problem = within("date", "day", d, 1, month_days[tonumber(mo)] + (tonumber(mo) == 2 and leap(tonumber(y)) and 1 or 0))
    if not ok then return nil, problem end
    if at > #word then return "date" end
    if not word:find("^[Tt ]", at) then return nil, "invalid date-time, expected `T` between date and time" end
    at = at + 1
  end
  local h, colon, mi, stop = word:match("^(%d*)(:?)(%d*)()", at)
  if h == "" then return nil, "invalid time, expected hour" end
  if colon == "" then return nil, "invalid time, expected `:` (HH:MM)" end
  if mi == "" then return nil, "invalid time, expected minute" end
  if #h ~= 2 then return nil, "invalid time, expected a two-digit hour (HH)" end
  if #mi ~= 2 then return nil, "invalid time, expected a two-digit minute (MM)" end
  local s, after_seconds = word:match("^:(%d%d)()", stop)
  if word:find("^:", stop) and not s then
    return nil, "invalid time, expected " .. (stop < #word and "a two-digit second (SS)" or "second")
  end
  ok, problem = within("time", "hour", h, 0, 23)
  if ok then ok, problem = within("time", "minute", mi, 0, 59) end
  if ok then ok, problem = within("time", "second", s or "0", 0, 60) end
  if not ok then return nil, problem end
  stop = after_seconds or stop
  if s and word:find("^%.", stop) then
    stop = word:match("^%.%d+()", stop)
    if not stop then return nil, "invalid time, expected nanosecond" end
  end
  if not y then return stop > #word and "time" or nil, "invalid datetime" end
  if stop > #word then return "local datetime" end
  if word:find("^[Zz]$", stop) then return "datetime" end
  local oh, om, last = word:match("^[+-](%d%d):(%d%d)()", stop)
  if not oh then
    return nil, word:find("^[+-]", stop) and "invalid offset, expected a two-digit hour (HH)"
      or "invalid offset, expected `Z`, +OFFSET, -OFFSET"
  end
  if tonumber(oh) > 23 then return nil, "invalid offset, expected hours between 00 and 23" end
  if tonumber(om) > 59 then return nil, "invalid offset, expected minutes between 00 and 59" end
  return last > #word and "datetime" or nil, "invalid datetime"
end

local bases = { x = { 16, "%x", "hexadecimal" }, o = { 8, "[0-7]", "octal" }, b = { 2, "[01]", "binary" } }

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

-- The first underscore that does not stand between digits.
local function stray(word, digit)
  for i in word:gmatch "()_" do
    if not (word:sub(i - 1, i - 1):find(digit) and word:sub(i + 1, i + 1):find(digit)) then return i end
  end
end
local STRAY <const> = "`_` may only go between digits, expected nothing"

-- A number; or nil, what is wrong, and where in the word (nothing at all: it is no number).
local function number(word)
  local sign, body = word:match "^([+-]?)(.*)$"
  local p = #sign + 1
  if body:find "^[+-]" and sign ~= "" then return nil, "redundant numeric sign, expected nothing", p, p end
  if body:find "^0[XOB]" then return nil, ("radix must be lowercase, expected `0%s`"):format(body:sub(2, 2):lower()), p, p + 1 end
  local base = bases[body:match "^0([xob])"]
  if base then
    if sign ~= "" then return nil, "integers with a radix cannot be signed, expected nothing", 1, 1 end
    local digits = body:sub(3)
    local bad = stray(digits, base[2])
    if bad then return nil, STRAY, bad + 2, bad + 2 end
    bad = digits:gsub("_", "0"):find("[^" .. base[2]:gsub("[%[%]]", "") .. "]")
    if bad then return nil, ("invalid %s number"):format(base[3]), bad + 2, bad + 2 end
    local value = digits ~= "" and to_integer((digits:gsub("_", "")), base[1])
    if not value then return nil, "integer number overflowed", 1, #word end
    return value
  end
  if body:find "^%." then return nil, "invalid mantissa, expected digits", p, p end
  local whole, at = body:match "^([%d_]+)()"
  if not whole or not body:find "^_*%d" then return nil end
  local rest = body:sub(at)
  if rest ~= "" and not rest:find "^[.eE]" then return nil end
  local bad = stray(word, "%d")
  if bad then return nil, STRAY, bad, bad end
  whole = whole:gsub("_", "")
  if #whole > 1 and whole:find "^0" then return nil, "unexpected leading zero, expected nothing", p, p end
  if rest == "" then
    if sign == "-" and whole == "9223372036854775808" then return math.mininteger end
    local value = to_integer(whole, 10)
    if not value then return nil, "integer number overflowed", 1, #word end
    return sign == "-" and -value or value
  end
  at = p + at - 1
  if rest:find "^%." then
    local stop = word:match("^%.[%d_]+()", at)
    if not stop then return nil, "invalid fraction, expected digits", at + 1, at + 1 end
    at = stop
  end
  if word:find("^[eE]", at) then
    local stop = word:match("^[eE][+-]?[%d_]+()", at)
    if not stop then
      local from = word:match("^[eE][+-]?()", at)
      return nil, "invalid exponent, expected digits", from, from
    end
    at = stop
  end
  if at <= #word then return nil, "invalid float, expected nothing", at, #word end
  return tonumber((word:gsub("_", ""):gsub("^%+", ""))) + 0.0
end

local words = {
  ["true"] = true, ["false"] = false, inf = math.huge, ["+inf"] = math.huge, ["-inf"] = -math.huge,
  nan = 0 / 0, ["+nan"] = 0 / 0, ["-nan"] = 0 / 0,
}
-- first letter → what a word that begins so was probably meant to be
local meant = { t = "invalid boolean, expected `true`", f = "invalid boolean, expected `false`", i = "invalid float, expected `inf`",
  n = "invalid float, expected `nan`" }

--- Reads a value that is not quoted or bracketed: all up to what may stand behind a value. Value, and the offset after it.
function M.plain(parser, at)
  local word = parser.text:match("^[^\n\r,=#%[%]{}]*", at):gsub("[ \t]+['\"].*$", ""):gsub("[ \t]+$", "")
  local after = at + #word
  if word:find "^%d%d%d%d%-" or word:find "^%d+:" then
    local kind, problem = datetime(word)
    if not kind then parser:late(problem, at, after - 1) end
    return setmetatable({ kind = kind or "date", text = word }, M.datetime), after
  end
  local value, problem, first, last = words[word], nil, nil, nil
  if value == nil and not word:find "[ \t]" then
    value, problem, first, last = number(word)
    local letter = word:match "^[+-]?([iInN])" or word:match "^[tTfF]"
    if value == nil and not problem and letter then
      first = word:find "%a"
      problem, last = meant[letter:lower()], #word
    end
  end
  if value == nil then
    local quote = not problem and word:match "['\"]$"
    if quote then problem, last = ("missing opening quote, expected `%s`"):format(quote), 1 end
    parser:late(problem or "string values must be quoted, expected literal string", at + (first or 1) - 1,
      at + (last or math.max(#word, 1)) - 1)
    return "", after
  end
  return value, after
end

return M
