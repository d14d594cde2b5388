-- The cursor over the text of a filterset: white space, words, and the bodies of matchers. It never stops at a mistake:
-- it notes a diagnostic, takes what makes sense to skip, and lets the parser go on.

local diagnostics = require "nx.filterset.diagnostics"

---@class nx.filterset.Cursor
---@field text string
---@field pos integer                             the next byte, from 1
---@field found nx.filterset.Diagnostic[]
local Cursor = {}
Cursor.__index = Cursor

local M = {}

---@param text string
---@return nx.filterset.Cursor
function M.new(text)
  return setmetatable({ text = text, pos = 1, found = {} }, Cursor)
end

-- Everything Unicode calls white space beyond ASCII, as bytes.
local wide_space = {
  ["\u{85}"] = true, ["\u{A0}"] = true, ["\u{1680}"] = true, ["\u{2028}"] = true, ["\u{2029}"] = true,
  ["\u{202F}"] = true, ["\u{205F}"] = true, ["\u{3000}"] = true,
}
for code = 0x2000, 0x200A do wide_space[utf8.char(code)] = true end

--- Is this character (as bytes) white space?
---@return boolean
function M.is_space(char)
  return char:find("^[\t-\r ]$") ~= nil or wide_space[char] == true
end

--- The text without white space at both ends.
---@return string
function M.trim(text)
  local first, last = 1, #text
  while true do
    local char = text:match("^" .. utf8.charpattern, first)
    if not char or char == "" or not M.is_space(char) then break end
    first = first + #char
  end
  while last >= first do
    local start = utf8.offset(text, -1, last + 1)
    if not start or not M.is_space(text:sub(start, last)) then break end
    last = start - 1
  end
  return text:sub(first, last)
end

---@param kind string
---@param first integer
---@param length integer
---@param more? table
function Cursor:report(kind, first, length, more)
  self.found[#self.found + 1] = diagnostics.new(kind, first, length, more)
end

--- Reports everything that is left as the span.
function Cursor:report_rest(kind, more)
  self:report(kind, self.pos, #self.text - self.pos + 1, more)
end

--- The position after white space: spaces, \n and \r\n (a tab is not white space here).
---@return integer
function Cursor:after_space()
  local text, pos = self.text, self.pos
  while true do
    local byte = text:byte(pos)
    if byte == 32 or byte == 10 then
      pos = pos + 1
    elseif byte == 13 and text:byte(pos + 1) == 10 then
      pos = pos + 2
    else
      return pos
    end
  end
end

--- Takes `literal` after white space; takes nothing when it is not there.
---@return integer? first where the literal started
function Cursor:accept(literal)
  local pos = self:after_space()
  if self.text:sub(pos, pos + #literal - 1) ~= literal then return nil end
  self.pos = pos + #literal
  return pos
end

--- Takes a word operator after white space: what follows it must not continue the word.
---@return integer? first
function Cursor:accept_word(word)
  local pos = self:after_space()
  local after = pos + #word
  if self.text:sub(pos, after - 1) ~= word then return nil end
  if self.text:find("^[%w_]", after) then return nil end
  self.pos = after
  return pos
end

--- Takes a parenthesis, or notes that it is missing here.
function Cursor:expect_parenthesis(char)
  if self:accept(char) then return true end
  self:report(char == "(" and "expected_open_parenthesis" or "expected_close_parenthesis", self.pos, 0)
  return false
end

--- Takes everything up to the next `)` or the end.
---@return string
function Cursor:till_close()
  local stop = self.text:find(")", self.pos, true) or #self.text + 1
  local taken = self.text:sub(self.pos, stop - 1)
  self.pos = stop
  return taken
end

local escapes = {
  n = "\n", r = "\r", t = "\t", b = "\b", f = "\f", ["\\"] = "\\", ["/"] = "/", [")"] = ")", [","] = ",",
}

-- The escape after a backslash at pos - 1: its value and the position behind it.
local function escape(text, pos)
  local value = escapes[text:sub(pos, pos)]
  if value then return value, pos + 1 end
  local digits, after = text:match("^u{(%x+)}()", pos)
  if not digits or #digits > 6 then return nil end
  local code = tonumber(digits, 16)
  if code > 0x10FFFF or (code >= 0xD800 and code <= 0xDFFF) then return nil end
  return utf8.char(code), after
end

--- The text of a matcher, up to an unescaped `)` or `,`. nil after a bad escape (noted); the empty text is noted too,
--- but is a text.
---@return string?
function Cursor:matcher_text()
  local text = self.text
  local parts, good = {}, true
  while true do
    local stop = text:find("[,)\\]", self.pos) or #text + 1
    parts[#parts + 1] = text:sub(self.pos, stop - 1)
    self.pos = stop
    if text:byte(stop) ~= 92 then break end
    local value, after = escape(text, stop + 1)
    if value then
      parts[#parts + 1] = value
      self.pos = after
    else
      self:report("invalid_escape_character", stop, math.min(2, #text - stop))
      self.pos = stop + 1
      good = false
    end
  end
  if not good then return nil end
  local value = table.concat(parts)
  if value == "" then self:report("invalid_string", self.pos, 0) end
  return value
end

--- The body of a regular expression whose opening slash has been taken: up to the next slash without a backslash right
--- before it. nil when there is no such slash: noted, and skipped up to the closing parenthesis.
---@return string?
function Cursor:regex_body()
  local text, pos = self.text, self.pos
  local parts = {}
  while true do
    local stop = text:find("[\\/]", pos)
    if not stop then break end
    parts[#parts + 1] = text:sub(pos, stop - 1)
    if text:byte(stop) == 47 then
      self.pos = stop
      return table.concat(parts)
    end
    local slash = text:byte(stop + 1) == 47
    parts[#parts + 1] = slash and "/" or "\\"
    pos = stop + (slash and 2 or 1)
  end
  self:till_close()
  self:report("expected_close_regex", self.pos, 0)
  return nil
end

return M
