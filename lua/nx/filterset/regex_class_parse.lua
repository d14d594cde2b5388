-- The syntax of regular expressions, second part: escapes and bracketed classes. Methods of the parser.

local M = {}

local hex_digits = { x = 2, u = 4, U = 8 }

local function scalar(self, digits, first, last)
  local code = #digits <= 8 and tonumber(digits, 16) or -1
  if code < 0 or code > 0x10FFFF or (code >= 0xD800 and code <= 0xDFFF) then self:fail("hex_invalid", first, last) end
  return code
end

local function expect_hex(self)
  if not self:char():find "^%x$" then self:fail("hex_invalid_digit", self:pos(), self:next_pos()) end
  return self:char()
end

local function hex(self, start)
  local letter = self:char()
  if not self:bump_skip() then self:fail("escape_unexpected_eof", self:pos(), self:pos()) end
  local digits = {}
  if self:char() == "{" then
    local brace, first = self:pos(), self:next_pos()
    while self:bump_skip() and self:char() ~= "}" do digits[#digits + 1] = expect_hex(self) end
    if not self:char() then self:fail("escape_unexpected_eof", brace, self:pos()) end
    local last = self:pos()
    self:bump_skip()
    if #digits == 0 then self:fail("hex_empty", brace, self:pos()) end
    return { t = "lit", c = scalar(self, table.concat(digits), first, last), first = start, last = self:pos() }
  end
  local first = self:pos()
  for i = 1, hex_digits[letter] do
    if i > 1 and not self:bump_skip() then self:fail("escape_unexpected_eof", self:pos(), self:pos()) end
    digits[i] = expect_hex(self)
  end
  self:bump_skip()
  local code = scalar(self, table.concat(digits), first, self:pos())
  return { t = "lit", c = code, byte = letter == "x", first = start, last = self:pos() }
end

local function unicode_class(self, start)
  local negated = self:char() == "P"
  if not self:bump_skip() then self:fail("escape_unexpected_eof", self:pos(), self:pos()) end
  local node = { t = "unicode", negated = negated, first = start }
  if self:char() == "{" then
    local chars = {}
    while self:bump_skip() and self:char() ~= "}" do chars[#chars + 1] = self:char() end
    if not self:char() then self:fail("escape_unexpected_eof", self:pos(), self:pos()) end
    self:bump()
    local text = table.concat(chars)
    for _, sign in ipairs { "!=", ":", "=" } do
      local at = text:find(sign, 1, true)
      if at then
        node.name, node.value = text:sub(1, at - 1), text:sub(at + #sign)
        if sign == "!=" then node.negated = not negated end
        break
      end
    end
    node.name = node.name or text
  else
    if self:char() == "\\" then self:fail("unicode_class_invalid", self:pos(), self:next_pos()) end
    node.name, node.letter = self:char(), true
    self:bump_skip()
  end
  node.last = self:pos()
  return node
end

local boundaries = {
  ["start"] = "word_start", ["end"] = "word_end", ["start-half"] = "word_start_half", ["end-half"] = "word_end_half",
}

-- After \b: the kind of a special boundary such as \b{start}, or nil when the brace is a repetition.
local function special_boundary(self, start)
  local brace, at = self:pos(), self.at
  if not self:bump_skip() then self:fail("word_or_repetition_eof", start, self:pos()) end
  local first = self:pos()
  if not self:char():find "^[%a-]$" then
    self.at = at
    return nil
  end
  local chars = {}
  while self:char() and self:char():find "^[%a-]$" do
    chars[#chars + 1] = self:char()
    self:bump_skip()
  end
  if self:char() ~= "}" then self:fail("word_boundary_unclosed", brace, self:pos()) end
  local last = self:pos()
  self:bump()
  local kind = boundaries[table.concat(chars)]
  if not kind then self:fail("word_boundary_unrecognized", first, last) end
  return kind
end

local control = { a = 7, f = 12, t = 9, n = 10, r = 13, v = 11 }
local asserts = {
  A = "start_text", z = "end_text", b = "word", B = "not_word", ["<"] = "word_start", [">"] = "word_end",
}

local function escape(self)
  local start = self:pos()
  if not self:bump() then self:fail("escape_unexpected_eof", start, self:pos()) end
  local char = self:char()
  if char:find "^%d$" then self:fail("backreference", start, self:next_pos()) end
  if hex_digits[char] then return hex(self, start) end
  if char == "p" or char == "P" then return unicode_class(self, start) end
  self:bump()
  local last = self:pos()
  if char:find "^[dswDSW]$" then return { t = "perl", letter = char, first = start, last = last } end
  if control[char] then return { t = "lit", c = control[char], first = start, last = last } end
  local kind = asserts[char]
  if kind then
    if char == "b" and self:char() == "{" then kind = special_boundary(self, start) or kind end
    return { t = "assert", kind = kind, first = start, last = self:pos() }
  end
  if #char == 1 and not char:find "^%w$" then return { t = "lit", c = char:byte(), first = start, last = last } end
  self:fail("escape_unrecognized", start, last)
end

--- One item outside of classes.
function M.parse_primitive(self)
  local char, first = self:char(), self:pos()
  if char == "\\" then return escape(self) end
  self:bump()
  local node = { t = "lit", first = first, last = self:pos() }
  if char == "." then
    node.t = "dot"
  elseif char == "^" or char == "$" then
    node.t, node.kind = "assert", char == "^" and "start_line" or "end_line"
  else
    node.c = utf8.codepoint(char)
  end
  return node
end

-- The next character after this one, white space skipped with flag x.
local function peek_space(self)
  if not self.space then return self:peek() end
  local at = self.at
  self:bump_skip()
  local char = self:char()
  self.at = at
  return char
end

local function class_item(self)
  if self:char() == "\\" then return escape(self) end
  local node = { t = "lit", c = utf8.codepoint(self:char()), first = self:pos(), last = self:next_pos() }
  self:bump()
  return node
end

local function class_literal(self, node)
  if node.t ~= "lit" then self:fail("class_range_literal", node.first, node.last) end
  return node
end

-- One item or range of a class; `unclosed` raises.
local function class_range(self, unclosed)
  local low = class_item(self)
  self:skip()
  if not self:char() then unclosed() end
  local after = self:char() == "-" and peek_space(self)
  if self:char() ~= "-" or after == "]" or after == "-" then
    if low.t == "assert" then self:fail("class_escape_invalid", low.first, low.last) end
    return low
  end
  if not self:bump_skip() then unclosed() end
  local high = class_item(self)
  class_literal(self, low)
  class_literal(self, high)
  if low.c > high.c then self:fail("class_range_invalid", low.first, high.last) end
  return { t = "range", low = low, high = high, first = low.first, last = high.last }
end

local ascii_names = {
  alnum = true, alpha = true, ascii = true, blank = true, cntrl = true, digit = true, graph = true, lower = true,
  print = true, punct = true, space = true, upper = true, word = true, xdigit = true,
}

-- [:alpha:] and the like, inside a class; nil when it is something else.
local function ascii_class(self)
  local at, first = self.at, self:pos()
  if not (self:bump() and self:char() == ":" and self:bump()) then self.at = at; return nil end
  local negated = false
  if self:char() == "^" then
    negated = true
    if not self:bump() then self.at = at; return nil end
  end
  local from = self.at
  while self:char() and self:char() ~= ":" do self:bump() end
  local name = table.concat(self.chars, "", from, math.min(self.at, #self.chars + 1) - 1)
  if not self:take ":]" or not ascii_names[name] then self.at = at; return nil end
  return { t = "ascii", name = name, negated = negated, first = first, last = self:pos() }
end

local operators = { ["&"] = "and", ["-"] = "minus", ["~"] = "xor" }

-- A union of items as one node: nothing, the item itself, or a union.
local function union_node(items)
  if #items == 0 then return { t = "none", first = items.first, last = items.first } end
  if #items == 1 then return items[1] end
  items.t, items.first, items.last = "union", items[1].first, items[#items].last
  return items
end

-- The opening of a class: `[`, `^`, and signs that are literal only here.
local function open_class(self, start)
  local function unclosed(last) self:fail("class_unclosed", start, last or self:pos()) end
  if not self:bump_skip() then unclosed() end
  local negated = self:char() == "^"
  if negated and not self:bump_skip() then unclosed() end
  local items = { first = self:pos() }
  local function take()
    items[#items + 1] = { t = "lit", c = self:char():byte(), first = self:pos(), last = self:next_pos() }
    return self:bump_skip()
  end
  while self:char() == "-" do
    if not take() then unclosed(start) end
  end
  if #items == 0 and self:char() == "]" and not take() then unclosed() end
  return items, negated, self:pos()
end

local function parse_bracketed(self, node_type)
  local start = self:pos()
  local items, negated, open_last = open_class(self, start)
  local function unclosed() self:fail("class_unclosed", start, open_last) end
  local left, operator
  -- What stands left of an operator or the end, joined with an operator before it.
  local function close()
    local right = union_node(items)
    if not operator then return right end
    return { t = "op", op = operator, left, right, first = left.first, last = right.last }
  end
  while true do
    self:skip()
    local char = self:char()
    if not char then unclosed() end
    if char == "[" then
      items[#items + 1] = ascii_class(self) or parse_bracketed(self, "bracketed")
    elseif char == "]" then
      local set = close()
      self:bump()
      return { t = node_type, set = set, negated = negated, first = start, last = self:pos() }
    elseif operators[char] and self:peek() == char then
      left = close()
      operator = operators[char]
      self:take(char .. char)
      items = { first = self:pos() }
    else
      items[#items + 1] = class_range(self, unclosed)
    end
  end
end

--- A bracketed class.
function M.parse_class(self)
  return parse_bracketed(self, "class")
end

return M
