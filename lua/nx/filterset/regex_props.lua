-- Unicode properties by name: what `\p{…}` means, in PCRE2's words or as ranges of code points.

local rex = require "rex_pcre2"

local M = {}

---@class nx.filterset.regex.Property
---@field key string        unique
---@field pcre? string      the name inside \p{…}
---@field ranges? integer[][]

local names -- kind → other name → name
local function index()
  if names then return names end
  names = {}
  for kind, text in pairs(require "nx.filterset.unicode_names") do
    local map = {}
    for name, others in text:gmatch "([^:; ]+):([^;]*)" do
      for other in others:gmatch "%S+" do map[other] = name end
    end
    names[kind] = map
  end
  return names
end

-- Spelling does not count: case, spaces, `-`, `_`, what is not ASCII, an `is` in front.
local function normal(name)
  local is = name:find "^[iI][sS]" ~= nil
  local rest = name:sub(is and 3 or 1):gsub("[ _\128-\255-]", ""):lower()
  if is and rest == "c" then return "isc" end
  return rest
end

local short_gc = {
  Cased_Letter = "L&", Close_Punctuation = "Pe", Connector_Punctuation = "Pc", Control = "Cc", Currency_Symbol = "Sc",
  Dash_Punctuation = "Pd", Decimal_Number = "Nd", Enclosing_Mark = "Me", Final_Punctuation = "Pf", Format = "Cf",
  Initial_Punctuation = "Pi", Letter = "L", Letter_Number = "Nl", Line_Separator = "Zl", Lowercase_Letter = "Ll",
  Mark = "M", Math_Symbol = "Sm", Modifier_Letter = "Lm", Modifier_Symbol = "Sk", Nonspacing_Mark = "Mn", Number = "N",
  Open_Punctuation = "Ps", Other = "C", Other_Letter = "Lo", Other_Number = "No", Other_Punctuation = "Po",
  Other_Symbol = "So", Paragraph_Separator = "Zp", Private_Use = "Co", Punctuation = "P", Separator = "Z",
  Space_Separator = "Zs", Spacing_Mark = "Mc", Surrogate = "Cs", Symbol = "S", Titlecase_Letter = "Lt", Unassigned = "Cn",
  Uppercase_Letter = "Lu", Any = "Any",
}

local decoded = {}

-- The ranges of a row of unicode_ranges.
local function ranges_of(key)
  if decoded[key] then return decoded[key] end
  local text = require "nx.filterset.unicode_ranges"[key]
  if not text then return nil end
  local list, at = {}, 0
  for distance, more in text:gmatch "(%w+),?(%w*)" do
    local first = at + tonumber(distance, 36)
    at = first + (more == "" and 0 or tonumber(more, 36))
    list[#list + 1] = { first, at }
  end
  decoded[key] = list
  return list
end

-- All that Unicode had up to a version.
local function age(value)
  local function number(name)
    local major, minor = name:match "V(%d+)_(%d+)"
    return major * 100 + minor
  end
  local list = {}
  for key in pairs(require "nx.filterset.unicode_ranges") do
    local name = key:match "^age:(.*)$"
    if name and number(name) <= number(value) then
      for _, range in ipairs(ranges_of(key)) do list[#list + 1] = range end
    end
  end
  table.sort(list, function(a, b) return a[1] < b[1] end)
  return { key = "age:" .. value, ranges = list }
end

-- Hangul syllables LV and LVT of Grapheme_Cluster_Break follow a rule.
local function hangul(value)
  local list = {}
  for first = 0xAC00, 0xD788, 28 do
    list[#list + 1] = value == "LV" and { first, first } or { first + 1, first + 27 }
  end
  return { key = "gcb:" .. value, ranges = list }
end

local function category(name)
  if name == "Assigned" then return { key = "Assigned", pcre = "^Cn" } end
  if name == "ASCII" then return { key = "ASCII", ranges = { { 0, 127 } } } end
  if name == "Surrogate" then return nil end
  return { key = name, pcre = short_gc[name] }
end

local function script(prefix, name)
  return { key = prefix .. name, ranges = ranges_of(prefix .. name) or ranges_of("sc:" .. name) }
end

local function gc_name(value)
  if value == "any" then return "Any" end
  if value == "assigned" then return "Assigned" end
  if value == "ascii" then return "ASCII" end
  return index().gc[value]
end

local NOT_FOUND, VALUE_NOT_FOUND = "property_not_found", "property_value_not_found"

local function find(name, value)
  local map, norm = index(), normal(name)
  if not value then
    if norm ~= "cf" and norm ~= "sc" and norm ~= "lc" then
      local bool = map.bool[norm]
      if bool then
        local ranges = ranges_of(bool)
        return { key = bool, ranges = ranges, pcre = not ranges and bool or nil }
      end
      if map.other[norm] then return nil, NOT_FOUND end
    end
    local gc = gc_name(norm)
    if gc then return category(gc), NOT_FOUND end
    local sc = map.sc[norm]
    if sc then return script("sc:", sc) end
    return nil, NOT_FOUND
  end
  local property = map.other[norm] or map.bool[norm]
  if not property then return nil, NOT_FOUND end
  local wanted = normal(value)
  if property == "General_Category" then
    local gc = gc_name(wanted)
    if gc then return category(gc), VALUE_NOT_FOUND end
  elseif property == "Script" or property == "Script_Extensions" then
    local sc = map.sc[wanted]
    if sc then return script(property == "Script" and "sc:" or "scx:", sc) end
  elseif property == "Age" then
    if map.age[wanted] then return age(map.age[wanted]) end
  else
    local kind = ({ Grapheme_Cluster_Break = "gcb", Word_Break = "wb", Sentence_Break = "sb" })[property]
    local found = kind and map[kind][wanted]
    if found == "LV" or found == "LVT" then return hangul(found) end
    local ranges = found and ranges_of(kind .. ":" .. found)
    if ranges then return { key = kind .. ":" .. found, ranges = ranges } end
  end
  return nil, VALUE_NOT_FOUND
end

local found_before = {}

--- The property of `\p{name}` or `\p{name=value}`; nil and which message fits.
---@param name string
---@param value? string
---@return nx.filterset.regex.Property?
---@return string?
function M.find(name, value)
  local key = value and name .. "=" .. value or name .. "!"
  local known = found_before[key]
  if known then return known[1], known[2] end
  local property, problem = find(name, value)
  if property and not property.pcre and not property.ranges then property = nil end
  found_before[key] = { property, problem }
  return property, problem
end

local every -- all code points as one string

--- The code points of a property as ranges, whatever PCRE2 knows about it.
---@param property nx.filterset.regex.Property
---@return integer[][]
function M.ranges(property)
  if property.ranges then return property.ranges end
  if not every then
    local parts = {}
    for first = 0, 0x10FFFF, 64 do
      if first < 0xD800 or first > 0xDFFF then
        local codes = {}
        for i = 0, 63 do codes[i + 1] = first + i end
        parts[#parts + 1] = utf8.char(table.unpack(codes))
      end
    end
    every = table.concat(parts)
  end
  local list = {}
  local program = rex.new("\\p{" .. property.pcre .. "}+", rex.flags().UTF)
  for run in rex.gmatch(every, program, nil, rex.flags().NO_UTF_CHECK) do
    list[#list + 1] = { utf8.codepoint(run), utf8.codepoint(run, utf8.offset(run, -1)) }
  end
  property.ranges = list
  return list
end

return M
