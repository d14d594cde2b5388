-- Classes of characters: a bracketed class becomes a small tree of sets, and that becomes either the exact set of ASCII
-- characters in it, or a pattern for one character in PCRE2's language.
--
-- Sets: ranges {fold, {lo,hi}…}  perl {letter}  prop {fold, property}  union {…}  op {op, a, b}  not {x}
-- `fold` means case does not count. It is kept at the leaves: whatever is made of folded leaves is folded already.

local rex = require "rex_pcre2"
local props = require "nx.filterset.regex_props"
local words = require "nx.filterset.regex_words"

local M = {}

local ascii_ranges = {
  alnum = { { 48, 57 }, { 65, 90 }, { 97, 122 } }, alpha = { { 65, 90 }, { 97, 122 } }, ascii = { { 0, 127 } },
  blank = { { 9, 9 }, { 32, 32 } }, cntrl = { { 0, 31 }, { 127, 127 } }, digit = { { 48, 57 } }, graph = { { 33, 126 } },
  lower = { { 97, 122 } }, print = { { 32, 126 } }, punct = { { 33, 47 }, { 58, 64 }, { 91, 96 }, { 123, 126 } },
  space = { { 9, 13 }, { 32, 32 } }, upper = { { 65, 90 } }, word = { { 48, 57 }, { 65, 90 }, { 95, 95 }, { 97, 122 } },
  xdigit = { { 48, 57 }, { 65, 70 }, { 97, 102 } },
}
local perl_ascii = { d = ascii_ranges.digit, s = ascii_ranges.space, w = ascii_ranges.word }

local KELVIN, LONG_S = 0x212A, 0x17F -- the two characters beyond ASCII that fold into it

local function fail(message, node)
  error({ message = words[message], first = node.first, last = node.last }, 0)
end

-- Everything that a set is asked about without Unicode tables: ASCII and what folds into it; or all bytes.
local function universe(unicode)
  local list = {}
  for code = 0, unicode and 127 or 255 do list[#list + 1] = code end
  if unicode then
    list[#list + 1] = KELVIN
    list[#list + 1] = LONG_S
  end
  return list
end
local unicode_universe, byte_universe = universe(true), universe(false)

local function close_over_case(set, unicode)
  for upper = 65, 90 do
    local lower = upper + 32
    if set[upper] or set[lower] then set[upper], set[lower] = true, true end
  end
  if not unicode then return end
  for _, family in ipairs { { 75, 107, KELVIN }, { 83, 115, LONG_S } } do
    if set[family[1]] or set[family[3]] then
      for _, code in ipairs(family) do set[code] = true end
    end
  end
end

local membership = {}

-- Which of our small universe a property holds.
local function property_members(property)
  local known = membership[property.key]
  if known then return known end
  local set = {}
  if property.ranges then
    for _, code in ipairs(unicode_universe) do
      for _, range in ipairs(property.ranges) do
        if code >= range[1] and code <= range[2] then set[code] = true; break end
      end
    end
  else
    local program = rex.new("^\\p{" .. property.pcre .. "}\\z", rex.flags().UTF)
    for _, code in ipairs(unicode_universe) do
      if program:find(utf8.char(code)) then set[code] = true end
    end
  end
  membership[property.key] = set
  return set
end

--- The members of a set within the small universe, as code → true.
---@param set table
---@param unicode boolean
---@return table<integer, true>
function M.members(set, unicode)
  local out = {}
  if set.k == "ranges" then
    for _, range in ipairs(set) do
      for code = range[1], math.min(range[2], unicode and 127 or 255) do out[code] = true end
      if unicode and range[1] <= KELVIN and range[2] >= KELVIN then out[KELVIN] = true end
      if unicode and range[1] <= LONG_S and range[2] >= LONG_S then out[LONG_S] = true end
    end
    if set.fold then close_over_case(out, unicode) end
  elseif set.k == "perl" then
    for _, range in ipairs(perl_ascii[set.letter]) do
      for code = range[1], range[2] do out[code] = true end
    end
    if unicode and set.letter == "w" then out[KELVIN], out[LONG_S] = true, true end
  elseif set.k == "prop" then
    for code in pairs(property_members(set.property)) do out[code] = true end
    if set.fold then close_over_case(out, unicode) end
  elseif set.k == "union" then
    for _, item in ipairs(set) do
      for code in pairs(M.members(item, unicode)) do out[code] = true end
    end
  else
    local a = M.members(set[1], unicode)
    local b = set[2] and M.members(set[2], unicode)
    for _, code in ipairs(unicode and unicode_universe or byte_universe) do
      local x, y = a[code] or false, b and b[code] or false
      local is
      if set.k == "not" then is = not x
      elseif set.op == "and" then is = x and y
      elseif set.op == "minus" then is = x and not y
      else is = x ~= y end
      if is then out[code] = true end
    end
  end
  return out
end

-- Without Unicode a class must stay within ASCII.
local function check_bytes(set, node, flags)
  if not flags.unicode then
    for code in pairs(M.members(set, false)) do
      if code > 127 then fail("invalid_utf8", node) end
    end
  end
  return set
end

local function negate_if(negated, set) return negated and { k = "not", set } or set end

local function literal(node, flags)
  if not flags.unicode and node.c > 127 then fail(node.byte and "invalid_utf8" or "unicode_not_allowed", node) end
  return node.c
end

local resolve

--- A node of the syntax tree as a set; raises what only the meaning shows to be wrong.
---@param node table
---@param flags table
---@return table
function M.resolve(node, flags) return resolve(node, flags) end

function resolve(node, flags)
  local t, fold = node.t, flags.insensitive
  if t == "lit" then
    local code = literal(node, flags)
    return { k = "ranges", fold = fold, { code, code } }
  elseif t == "range" then
    local low = literal(node.low, flags)
    return { k = "ranges", fold = fold, { low, literal(node.high, flags) } }
  elseif t == "none" then
    return { k = "ranges" }
  elseif t == "ascii" then
    local set = { k = "ranges", fold = fold }
    for i, range in ipairs(ascii_ranges[node.name]) do set[i] = range end
    return check_bytes(negate_if(node.negated, set), node, flags)
  elseif t == "perl" then
    local letter = node.letter:lower()
    return check_bytes(negate_if(letter ~= node.letter, { k = "perl", letter = letter }), node, flags)
  elseif t == "unicode" then
    if not flags.unicode then fail("unicode_not_allowed", node) end
    local property, problem = props.find(node.name, node.value)
    if not property then fail(problem, node) end
    return negate_if(node.negated, { k = "prop", property = property, fold = fold })
  elseif t == "union" then
    local set = { k = "union" }
    for i, item in ipairs(node) do set[i] = resolve(item, flags) end
    return set
  elseif t == "op" then
    local left = resolve(node[1], flags)
    return { k = "op", op = node.op, left, resolve(node[2], flags) }
  end
  return check_bytes(negate_if(node.negated, resolve(node.set, flags)), node, flags)
end

local function range_text(range)
  if range[1] == range[2] then return ("\\x{%x}"):format(range[1]) end
  return ("\\x{%x}-\\x{%x}"):format(range[1], range[2])
end

local perl_items = {
  d = "\\p{Nd}", s = "\\p{White_Space}", w = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}",
}
M.word = "[" .. perl_items.w .. "]"

-- Adds what can stand between brackets to `plain` and `folded`, and other patterns for one character to `rest`.
local function collect(set, plain, folded, rest)
  if set.k == "union" then
    for _, item in ipairs(set) do collect(item, plain, folded, rest) end
  elseif set.k == "ranges" then
    local into = set.fold and folded or plain
    for _, range in ipairs(set) do into[#into + 1] = range_text(range) end
  elseif set.k == "perl" then
    plain[#plain + 1] = perl_items[set.letter]
  elseif set.k == "prop" then
    if set.property.pcre and not set.fold then
      plain[#plain + 1] = "\\p{" .. set.property.pcre .. "}"
    else
      local into = set.fold and folded or plain
      for _, range in ipairs(props.ranges(set.property)) do into[#into + 1] = range_text(range) end
    end
  else
    rest[#rest + 1] = M.pattern(set)
  end
end

--- A pattern for exactly one character of the set, for PCRE2 with UTF.
---@param set table
---@return string
function M.pattern(set)
  if set.k == "op" then
    local a, b = M.pattern(set[1]), M.pattern(set[2])
    if set.op == "and" then return "(?:(?=" .. a .. ")" .. b .. ")" end
    if set.op == "minus" then return "(?:(?!" .. b .. ")" .. a .. ")" end
    return "(?:(?!" .. b .. ")" .. a .. "|(?!" .. a .. ")" .. b .. ")"
  end
  local plain, folded, rest = {}, {}, {}
  local negated = set.k == "not"
  collect(negated and set[1] or set, plain, folded, rest)
  local open = negated and "[^" or "["
  local kinds = (#plain > 0 and 1 or 0) + (#folded > 0 and 1 or 0) + #rest
  if negated and (kinds ~= 1 or #rest > 0) then
    if kinds == 0 then return "(?s:.)" end
    return "(?:(?!" .. M.pattern(set[1]) .. ")(?s:.))"
  end
  local parts = {}
  if #plain > 0 then parts[1] = open .. table.concat(plain) .. "]" end
  if #folded > 0 then parts[#parts + 1] = "(?i:" .. open .. table.concat(folded) .. "])" end
  for _, pattern in ipairs(rest) do parts[#parts + 1] = pattern end
  if #parts == 0 then return "(?!)" end
  if #parts == 1 then return parts[1] end
  return "(?:" .. table.concat(parts, "|") .. ")"
end

--- A pattern for exactly one ASCII character of the set.
---@param set table
---@param unicode boolean
---@return string
function M.ascii_pattern(set, unicode)
  local members, parts = M.members(set, unicode), {}
  local code = 0
  while code < 128 do
    if members[code] then
      local last = code
      while last < 127 and members[last + 1] do last = last + 1 end
      parts[#parts + 1] = last == code and ("\\x%02x"):format(code) or ("\\x%02x-\\x%02x"):format(code, last)
      code = last
    end
    code = code + 1
  end
  if #parts == 0 then return "(?!)" end
  return "[" .. table.concat(parts) .. "]"
end

return M
