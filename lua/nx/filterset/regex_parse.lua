-- The syntax of regular expressions, as Rust's regex crate has it: a tree, or the first mistake and where it is.
--
-- Nodes carry `first` and `last`, byte offsets from 0, the second one past the end:
--   lit {c, byte}  dot  assert {kind}  perl {letter}  unicode {negated, name, value}  class {set, negated}
--   rep {min, max, [1]}  group {flags, [1]}  flags {flags}  alt {…}  cat {…}  empty

local lexer = require "nx.filterset.lexer"
local class = require "nx.filterset.regex_class_parse"
local words = require "nx.filterset.regex_words"

local M = {}

---@class nx.filterset.regex.Parser
---@field chars string[]    the characters
---@field offset integer[]  the byte offset of each, and of the end
---@field at integer        the next character
---@field space boolean     flag x: white space and comments are skipped
local P = {}
P.__index = P
for name, method in pairs(class) do P[name] = method end

local MAX_U32 = 4294967295

--- Raises a mistake: a table {message, first, last} in bytes.
function P:fail(message, first, last)
  error({ message = words[message] or message, first = first, last = last }, 0)
end

function P:char() return self.chars[self.at] end
function P:peek() return self.chars[self.at + 1] end
function P:pos() return self.offset[self.at] end
function P:next_pos() return self.offset[self.at + 1] or self.offset[self.at] end

--- Moves on. Returns whether a character is left.
function P:bump()
  if self.at <= #self.chars then self.at = self.at + 1 end
  return self.chars[self.at] ~= nil
end

--- With flag x: skips white space and comments.
function P:skip()
  if not self.space then return end
  while true do
    local char = self:char()
    if not char then return end
    if char == "#" then
      repeat char = self:char(); self:bump() until char == "\n" or self:char() == nil
    elseif lexer.is_space(char) then
      self:bump()
    else
      return
    end
  end
end

function P:bump_skip()
  if not self:bump() then return false end
  self:skip()
  return self:char() ~= nil
end

--- Takes `text` when it stands here.
function P:take(text)
  for i = 1, #text do
    if self.chars[self.at + i - 1] ~= text:sub(i, i) then return false end
  end
  self.at = self.at + #text
  return true
end

-- A decimal number between white space: value or nil, a message, and its span.
local function decimal(self)
  while self:char() and lexer.is_space(self:char()) do self:bump() end
  local first, digits = self:pos(), {}
  while self:char() and self:char():find "^%d$" do
    digits[#digits + 1] = self:char()
    self:bump_skip()
  end
  local last = self:pos()
  while self:char() and lexer.is_space(self:char()) do self:bump_skip() end
  if #digits == 0 then return nil, "repetition_decimal_empty", first, last end
  local value = tonumber(table.concat(digits))
  if #digits > 18 or value > MAX_U32 then return nil, "decimal_invalid", first, last end
  return value
end

-- What a repetition applies to: the last item of the row.
local function repeated(self, row)
  local item = row[#row]
  if not item or item.t == "empty" or item.t == "flags" then self:fail("repetition_missing", self:pos(), self:pos()) end
  return item
end

local function push_repetition(self, row, item, min, max)
  row[#row] = { t = "rep", min = min, max = max, item, first = item.first, last = self:pos() }
end

local function counted(self, row)
  local item, start = repeated(self, row), self:pos()
  local function unclosed() self:fail("repetition_unclosed", start, self:pos()) end
  if not self:bump_skip() then unclosed() end
  local min, problem, from, to = decimal(self)
  local function need_min()
    if not min then self:fail(problem, from, to) end
  end
  local max
  if not self:char() then unclosed() end
  if self:char() == "," then
    if not self:bump_skip() then unclosed() end
    if self:char() ~= "}" then
      need_min()
      local bad, bad_from, bad_to
      max, bad, bad_from, bad_to = decimal(self)
      if not max then self:fail(bad, bad_from, bad_to) end
    else
      need_min()
    end
  else
    need_min()
    max = min
  end
  if self:char() ~= "}" then unclosed() end
  if self:bump_skip() and self:char() == "?" then self:bump() end
  if max and min > max then self:fail("repetition_invalid", start, self:pos()) end
  push_repetition(self, row, item, min, max)
end

local uncounted = { ["?"] = { 0, 1 }, ["*"] = { 0, nil }, ["+"] = { 1, nil } }

local function simple_repetition(self, row)
  local item, range = repeated(self, row), uncounted[self:char()]
  if self:bump() and self:char() == "?" then self:bump() end
  push_repetition(self, row, item, range[1], range[2])
end

local flag_names = {
  i = "insensitive", m = "multi_line", s = "dot_all", U = "swap_greed", u = "unicode", R = "crlf", x = "space",
}

-- The flags after `(?`, up to `:` or `)`.
local function parse_flags(self)
  local flags, seen, enable, dangling = {}, {}, true, nil
  while self:char() ~= ":" and self:char() ~= ")" do
    local char, first, last = self:char(), self:pos(), self:next_pos()
    dangling = nil
    if char == "-" then
      if seen[char] then self:fail("flag_repeated_negation", first, last) end
      dangling, enable = { first, last }, false
    else
      local name = flag_names[char]
      if not name then self:fail("flag_unrecognized", first, last) end
      if seen[char] then self:fail("flag_duplicate", first, last) end
      flags[name] = enable
    end
    seen[char] = true
    if not self:bump() then self:fail("flag_unexpected_eof", self:pos(), self:pos()) end
  end
  if dangling then self:fail("flag_dangling_negation", dangling[1], dangling[2]) end
  return flags, next(seen) ~= nil
end

local function parse_capture_name(self)
  local start, from = self:pos(), self.at
  if not self:char() then self:fail("group_name_unexpected_eof", start, start) end
  while self:char() ~= ">" do
    if not words.is_capture_char(self:char(), self.at == from) then
      self:fail("group_name_invalid", self:pos(), self:next_pos())
    end
    if not self:bump() then break end
  end
  local last = self:pos()
  if not self:char() then self:fail("group_name_unexpected_eof", last, last) end
  self:bump()
  local name = self.text:sub(start + 1, last)
  if name == "" then self:fail("group_name_empty", start, start) end
  if self.names[name] then self:fail("group_name_duplicate", start, last) end
  self.names[name] = true
end

-- What follows a `(`: a node for flags of their own, or the head of a group.
local function parse_group_head(self)
  local first, open_last = self:pos(), self:next_pos()
  self:bump()
  self:skip()
  for _, prefix in ipairs { "?=", "?!", "?<=", "?<!" } do
    if self:take(prefix) then self:fail("lookaround", first, self:pos()) end
  end
  local inner = self:pos()
  if self:take "?P<" or self:take "?<" then
    parse_capture_name(self)
    return { t = "group", first = first, open_last = open_last }
  elseif self:take "?" then
    if not self:char() then self:fail("group_unclosed", first, open_last) end
    local flags, some = parse_flags(self)
    local close = self:char()
    self:bump()
    if close == ")" then
      if not some then self:fail("repetition_missing", inner, inner) end
      return { t = "flags", flags = flags, first = first, last = self:pos() }
    end
    return { t = "group", flags = flags, first = first, open_last = open_last }
  end
  return { t = "group", first = first, open_last = open_last }
end

local function row_node(row, last)
  if #row == 0 then return { t = "empty", first = row.first, last = last } end
  if #row == 1 then return row[1] end
  row.t, row.last = "cat", last
  return row
end

-- Reads rows between `|` up to the closing parenthesis of `group`, or to the end of the text when there is none.
local function parse_rows(self, group)
  local rows = {}
  local row = { first = self:pos() }
  while true do
    self:skip()
    local char = self:char()
    if not char then
      if group then self:fail("group_unclosed", group.first, group.open_last) end
      break
    elseif char == ")" then
      if not group then self:fail("group_unopened", self:pos(), self:next_pos()) end
      break
    elseif char == "(" then
      local head = parse_group_head(self)
      if head.t == "flags" then
        if head.flags.space ~= nil then self.space = head.flags.space end
      else
        local outer = self.space
        if head.flags and head.flags.space ~= nil then self.space = head.flags.space end
        head[1] = parse_rows(self, head)
        self.space = outer
        self:bump()
        head.last = self:pos()
      end
      row[#row + 1] = head
    elseif char == "|" then
      rows[#rows + 1] = row_node(row, self:pos())
      rows.first = rows.first or row.first
      self:bump()
      row = { first = self:pos() }
    elseif char == "[" then
      row[#row + 1] = self:parse_class()
    elseif uncounted[char] then
      simple_repetition(self, row)
    elseif char == "{" then
      counted(self, row)
    else
      row[#row + 1] = self:parse_primitive()
    end
  end
  local node = row_node(row, self:pos())
  if #rows == 0 then return node end
  rows[#rows + 1] = node
  rows.t, rows.last = "alt", self:pos()
  return rows
end

local deeper = { class = true, rep = true, group = true, alt = true, cat = true, bracketed = true, union = true, op = true }

-- No more than 250 levels of anything.
local function check_depth(self, node, depth)
  if deeper[node.t] then
    depth = depth + 1
    if depth > 250 then self:fail("nest_limit", node.first, node.last) end
  end
  if node.t == "class" or node.t == "bracketed" then return check_depth(self, node.set, depth) end
  for _, child in ipairs(node) do check_depth(self, child, depth) end
end

--- Parses a regular expression.
---@param text string
---@return table? tree
---@return { message: string, first: integer, last: integer }? problem
function M.parse(text)
  local self = setmetatable({ text = text, chars = {}, offset = {}, at = 1, space = false, names = {} }, P)
  local offset = 0
  for char in text:gmatch(utf8.charpattern) do
    self.chars[#self.chars + 1] = char
    self.offset[#self.chars] = offset
    offset = offset + #char
  end
  self.offset[#self.chars + 1] = offset
  local ok, result = pcall(function()
    local tree = parse_rows(self, nil)
    check_depth(self, tree, 0)
    return tree
  end)
  if ok then return result end
  if type(result) ~= "table" then error(result, 0) end
  return nil, result
end

return M
