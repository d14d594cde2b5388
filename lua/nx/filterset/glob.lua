-- Globs. They look at bytes, must match the whole text, and `*` does not stop at a `/`:
--   ?  one byte    *  any bytes    **  as a path component: any components    [a-z] [!a-z] [^a-z]    {a,b}
-- (none of them matches a line break). A backslash is a plain character: to take a sign literally, write it as [?].

local rex = require "rex_pcre2"

local M = {}

local UNOPENED = "unopened alternate group; missing '{' (maybe escape '}' with '[}]'?)"
local UNCLOSED = "unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"
local UNCLOSED_CLASS = "unclosed character class; missing ']'"

local function literal(char)
  return (char:gsub("[^%w_]", function(byte) return ("\\x%02x"):format(byte:byte()) end))
end

-- Reads a class whose `[` has been taken. Returns the pattern and the index behind it, or nil and a message.
local function class(chars, at)
  local negated = chars[at] == "!" or chars[at] == "^"
  if negated then at = at + 1 end
  local ranges = {}
  local first, open = true, false -- `open`: the last range waits for its end
  while true do
    local char = chars[at]
    if not char then return nil, UNCLOSED_CLASS end
    at = at + 1
    if char == "]" and not first then break end
    if char == "-" and not first and not open then
      open = true
    elseif open then
      local range = ranges[#ranges]
      range[2] = char
      if utf8.codepoint(char) < utf8.codepoint(range[1]) then
        return nil, ("invalid range; '%s' > '%s'"):format(range[1], char)
      end
      open = false
    else
      ranges[#ranges + 1] = { char, char }
    end
    first = false
  end
  if open then ranges[#ranges + 1] = { "-", "-" } end
  local parts = { negated and "[^" or "[" }
  for _, range in ipairs(ranges) do
    parts[#parts + 1] = literal(range[1])
    if range[2] ~= range[1] then
      parts[#parts + 1] = "-"
      parts[#parts + 1] = literal(range[2])
    end
  end
  parts[#parts + 1] = "]"
  return table.concat(parts), at
end

local PREFIX, SUFFIX, BETWEEN = "(?:/?|[^\\n]*/)", "/[^\\n]*", "(?:/|/[^\\n]*/)"

-- Reads a star. `out` is the list of pieces of the branch it stands in. Returns the index behind it.
local function star(chars, at, out, in_group)
  local previous = chars[at - 1]
  if chars[at + 1] ~= "*" then
    out[#out + 1] = "[^\\n]*"
    return at + 1
  end
  local next_char = chars[at + 2]
  if #out == 0 then
    if next_char == nil or next_char == "/" then
      out[1] = PREFIX
      return at + (next_char and 3 or 2)
    end
    out[1] = "[^\\n]*"
    return at + 2
  end
  local opens = previous == "/" or in_group and (previous == "," or previous == "{")
  local ends = next_char == nil or in_group and (next_char == "," or next_char == "}")
  if not opens or not (ends or next_char == "/") then
    out[#out + 1] = "[^\\n]*"
    return at + 2
  end
  local last = table.remove(out) -- the slash before it
  if last == PREFIX or last == SUFFIX then
    out[#out + 1] = last
  else
    out[#out + 1] = ends and SUFFIX or BETWEEN
  end
  return at + (ends and 2 or 3)
end

-- Closes the innermost group: its branches become one piece of the branch around it.
local function close_group(branches, first)
  local parts = {}
  for i = first, #branches do
    parts[#parts + 1] = table.concat(branches[i])
    branches[i] = nil
  end
  local around = branches[#branches]
  around[#around + 1] = "(?:" .. table.concat(parts, "|") .. ")"
end

--- The pattern of a glob, for PCRE2 without UTF; or nil and what is wrong.
---@param text string
---@return string? pattern
---@return string? message
function M.translate(text)
  local chars = {}
  for char in text:gmatch(utf8.charpattern) do chars[#chars + 1] = char end
  local branches, groups = { {} }, {} -- all open branches, and where each open group's begin
  local at = 1
  while at <= #chars do
    local char = chars[at]
    local out = branches[#branches]
    if char == "?" then
      out[#out + 1] = "[^\\n]"
    elseif char == "*" then
      at = star(chars, at, out, #branches > 1) - 1
    elseif char == "[" then
      local pattern, after = class(chars, at + 1)
      if not pattern then return nil, after --[[@as string]] end
      out[#out + 1] = pattern
      at = after - 1
    elseif char == "{" then
      groups[#groups + 1] = #branches + 1
      branches[#branches + 1] = {}
    elseif char == "}" then
      local first = table.remove(groups)
      if not first then return nil, UNOPENED end
      close_group(branches, first)
    elseif char == "," and #groups > 0 then
      branches[#branches + 1] = {}
    else
      out[#out + 1] = literal(char)
    end
    at = at + 1
  end
  if #branches > 1 then return nil, UNCLOSED end
  local only = branches[1]
  if #only == 1 and only[1] == PREFIX then return "\\A[^\\n]*\\z" end
  return "\\A" .. table.concat(only) .. "\\z"
end

---@type table<string, table>
local cache = setmetatable({}, { __mode = "v" })

---@class nx.filterset.Glob
---@field text string
---@field literal boolean      no sign in it: equality
---@field match fun(text: string): boolean

--- Compiles a glob; nil and a message when it is not one.
---@param text string
---@return nx.filterset.Glob?
---@return string?
function M.compile(text)
  local known = cache[text]
  if known then return known end
  local compiled
  if not text:find "[?*%[{},]" then
    compiled = { text = text, literal = true, match = function(s) return s == text end }
  else
    local pattern, message = M.translate(text)
    if not pattern then return nil, message end
    local ok, program = pcall(rex.new, pattern)
    if not ok then return nil, "the glob is too large" end
    local find = program.find
    compiled = { text = text, literal = false, match = function(s) return find(program, s) ~= nil end }
  end
  cache[text] = compiled
  return compiled
end

return M
