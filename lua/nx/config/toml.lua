-- A reader for TOML 1.1 (https://toml.io/en/v1.1.0), by recursive descent. It stops at the first mistake in the
-- structure, else tells the first within a value, with its place.
--
-- What comes out: strings, integers, floats, booleans; dates and times as records with the metatable `toml.datetime`
-- (fields `kind`, `text`); arrays with the metatable `toml.array`, so that [] and {} stay apart; tables plain, with the
-- order of their keys and the places of their values kept beside them (toml.keys, toml.span).

local scalar = require "nx.config.toml_scalar"

local M = { array = { __name = "toml.array" }, datetime = scalar.datetime }

-- table → list of its keys in order; table → { [key] = { first, last } } byte offsets of the value
local orders = setmetatable({}, { __mode = "k" })
local spans = setmetatable({}, { __mode = "k" })
-- table → how it came to be (Parser:kind)
local kinds = setmetatable({}, { __mode = "k" })

--- The keys of a parsed table in the order of the file (sorted for any other table).
---@param t table
---@return string[]
function M.keys(t)
  local order = orders[t]
  if order then return order end
  order = {}
  for key in pairs(t) do order[#order + 1] = key end
  table.sort(order, function(a, b) return tostring(a) < tostring(b) end)
  return order
end

--- Where the value of `key` stands in the text: first and last byte offset, or nil for a table without a place.
---@return integer?, integer?
function M.span(t, key)
  local span = spans[t] and spans[t][key]
  if span then return span[1], span[2] end
end

--- How a table or array of a document came to be: "header" ([x]), "implicit" (above a header), "dotted" (a.b = 1), "list" ([[x]]),
--- "closed" (written as a value); nil for other values.
function M.made(value) return kinds[value] end

--- Is this value an array of a document (and not a table)?
function M.is_array(value)
  return type(value) == "table" and getmetatable(value) == M.array
end

---@class nx.toml.Error
---@field message string
---@field line integer    from 1
---@field column integer  in characters, from 1
---@field first integer   byte offset of the span
---@field last integer

local function new_table()
  local t = {}
  orders[t], spans[t] = {}, {}
  return t
end

---@class nx.toml.Parser
local Parser = {}
Parser.__index = Parser

function Parser:fail(message, first, last)
  error({ toml = true, message = message, first = first or self.at, last = last or first or self.at }, 0)
end

-- A mistake inside a value, or a key that is there already: told when the structure of the whole document is right.
function Parser:late(message, first, last)
  if not self.mistake then self.mistake = { toml = true, message = message, first = first, last = last or first } end
end

function Parser:set(t, key, value, first, last)
  orders[t][#orders[t] + 1] = key
  spans[t][key] = { first, last }
  t[key] = value
end

-- How a table came to be decides what may still be added to it:
--   implicit   a header's parent: a later header may define it
--   header     [x]: no second header
--   dotted     a.b = 1: more dotted keys of the same table, no header
--   closed     inline tables and arrays of values: nothing
--   list       [[x]]: more [[x]]
function Parser:kind(t, kind)
  if kind then kinds[t] = kind end
  return kinds[t]
end

function Parser:skip_blank()
  self.at = self.text:match("^[ \t]*()", self.at)
end

local RETURN <const> = "carriage return must be followed by newline, expected newline"

-- Blanks, line ends and comments, as between the elements of an array.
function Parser:skip_lines()
  while true do
    self:skip_blank()
    local c = self.text:sub(self.at, self.at)
    if c == "#" then self:skip_comment()
    elseif c == "\n" then self.at = self.at + 1
    elseif self.text:find("^\r\n", self.at) then self.at = self.at + 2
    elseif c == "\r" then self:fail(RETURN, self.at + 1)
    else return end
  end
end

function Parser:skip_comment()
  local stop = self.text:find("[\r\n]", self.at) or #self.text + 1
  local bad = self.text:find("[%z\1-\8\11\12\14-\31\127]", self.at)
  if bad and bad < stop then self:fail("invalid comment character, expected printable characters", bad) end
  self.at = stop
end

local REST <const> = "unexpected key or value, expected newline, `#`"

-- The rest of a line after a value or a header must be blank.
function Parser:end_of_line()
  self:skip_blank()
  local c = self.text:sub(self.at, self.at)
  if c == "#" then
    self:skip_comment()
    c = self.text:sub(self.at, self.at)
  end
  if c == "" then return end
  if c == "\n" then self.at = self.at + 1
  elseif self.text:find("^\r\n", self.at) then self.at = self.at + 2
  elseif c == "\r" then self:fail(RETURN, self.at + 1)
  else self:fail(REST) end
end

function Parser:key(where)
  local first = self.at
  local c = self.text:sub(first, first)
  if c == '"' or c == "'" then
    local value
    value, self.at = scalar.string(self, first)
    if self.text:sub(first, first + 2) == c:rep(3) then
      self:late(("keys cannot be multi-line %s strings, expected basic string, literal string"):format(c == '"' and "basic" or "literal"),
        first, self.at - 1)
    end
    return value
  end
  local word = self.text:match("^[^%s=.%[%]{},#]+", first)
  if not word then
    if where == "inline" and c:find "[],{[]" then
      self:fail(c == "," and "extra comma in inline table, expected key" or "invalid inline table element, expected key")
    elseif where == "line" and c:find "[{},]" then self:fail "invalid key-value pair, expected key" end
    if where == "line" and c == "]" then self:fail "missing table open, expected `[`" end
    local words = "unquoted keys cannot be empty, expected letters, numbers, `-`, `_`"
    if where == "header" then self:fail(words) end
    self:late(words, first)
    return ""
  end
  self.at = first + #word
  local bad, last = word:find "[^%w_-]+"
  if bad then self:late("invalid unquoted key, expected letters, numbers, `-`, `_`", first + bad - 1, first + last - 1) end
  return word
end

-- a.b."c" → { { "a", first, last }, … }; `where`: on a "line", in a "header", "inline".
function Parser:dotted_key(where)
  local path = {}
  repeat
    self:skip_blank()
    local first = self.at
    path[#path + 1] = { self:key(where), first, self.at - 1 }
    self:skip_blank()
    local dot = self.text:sub(self.at, self.at) == "."
    if dot then self.at = self.at + 1 end
  until not dot
  return path
end

-- The table that a dotted key leads to, made on the way; one that nobody sees where it leads nowhere.
function Parser:descend(t, path)
  for i = 1, #path - 1 do
    local key, first, last = path[i][1], path[i][2], path[i][3]
    local inner = t[key]
    if inner == nil then
      inner = new_table()
      self:set(t, key, inner, first, last)
      self:kind(inner, "dotted")
    elseif type(inner) ~= "table" or self:kind(inner) == "closed" or self:kind(inner) == nil then
      self:late(("cannot extend value of type %s with a dotted key"):format(scalar.type_of(inner)), first, last)
      return new_table(), path[#path]
    elseif self:kind(inner) ~= "dotted" and self:kind(inner) ~= "implicit" then
      if self:kind(inner) == "list" then first, last = path[#path][2], path[#path][3] end
      self:late("duplicate key", first, last)
      return new_table(), path[#path]
    else self:kind(inner, "dotted") end
    t = inner
  end
  return t, path[#path]
end

-- `inline`: within braces, where lines do not end anything.
function Parser:pair(t, inline)
  local path = self:dotted_key(inline and "inline" or "line")
  local behind = self.at
  if inline then self:skip_lines() end
  local c = self.text:sub(self.at, self.at)
  if c ~= "=" then
    if not inline then self:fail "key with no value, expected `=`" end
    if c == "" then self:fail("unclosed inline table, expected `}`", behind) end
    if c == "}" then self:fail "invalid literal string, expected `'`" end
    self:fail(c == "," and "extra comma in inline table, expected `=`" or "missing assignment between key-value pairs, expected `=`")
  end
  self.at = self.at + 1
  if inline then self:skip_lines() else self:skip_blank() end
  local target, leaf = self:descend(t, path)
  local first = self.at
  local value = self:value(inline and "inline table" or nil)
  if target[leaf[1]] ~= nil then return self:late("duplicate key", leaf[2], leaf[3]) end
  self:set(target, leaf[1], value, first, self.at - 1)
end

function Parser:inline_table()
  local t = new_table()
  self.at = self.at + 1
  local behind = self.at
  self:skip_lines()
  while self.text:sub(self.at, self.at) ~= "}" do
    if self.at > #self.text then self:fail("unclosed inline table, expected `}`", behind) end
    self:pair(t, true)
    behind = self.at
    self:skip_lines()
    local c = self.text:sub(self.at, self.at)
    if c == "," then
      self.at = self.at + 1
      behind = self.at
      self:skip_lines()
    elseif c == "=" then self:fail "extra assignment between key-value pairs, expected `,`"
    elseif c == "]" then self:fail "invalid inline table element, expected `,`"
    elseif c ~= "}" and c ~= "" then self:fail "missing comma between key-value pairs, expected `,`" end
  end
  self.at = self.at + 1
  self:close(t)
  return t
end

-- After its `}` an inline table is closed, with all that dotted keys made in it.
function Parser:close(t)
  self:kind(t, "closed")
  for _, value in pairs(t) do
    if type(value) == "table" and self:kind(value) == "dotted" then self:close(value) end
  end
end

function Parser:array()
  local list = setmetatable({}, M.array)
  spans[list] = {}
  self.at = self.at + 1
  local behind = self.at
  self:skip_lines()
  while self.text:sub(self.at, self.at) ~= "]" do
    if self.at > #self.text then self:fail("unclosed array, expected `]`", behind) end
    local first = self.at
    list[#list + 1] = self:value "array"
    spans[list][#list] = { first, self.at - 1 }
    behind = self.at
    self:skip_lines()
    local c = self.text:sub(self.at, self.at)
    if c == "," then
      self.at = self.at + 1
      behind = self.at
      self:skip_lines()
    elseif c ~= "]" and c ~= "" then self:fail "missing comma between array elements, expected `,`" end
  end
  self.at = self.at + 1
  self:kind(list, "closed")
  return list
end

-- What stands in a value's place and cannot begin one.
local strangers = { ["="] = "extra `=`, expected nothing", ["]"] = "missing array opening, expected `[`",
  ["}"] = "missing inline table opening, expected `{`", [","] = REST }

-- `inside`: "array", "inline table" or nothing.
function Parser:value(inside)
  local first = self.at
  local c = self.text:sub(first, first)
  if c == "[" or c == "{" then
    self.depth = self.depth + 1
    if self.depth > 80 then self:fail("cannot recurse further; max recursion depth met") end
    local value = c == "[" and self:array() or c == "{" and self:inline_table()
    self.depth = self.depth - 1
    return value
  end
  local value
  if c == '"' or c == "'" then
    value, self.at = scalar.string(self, first)
    return value
  end
  if strangers[c] then
    if c == "," and inside then self:fail(("extra comma in %s, expected value"):format(inside)) end
    if c == "}" and inside == "inline table" then self:fail "invalid literal string, expected `'`" end
    self:fail(strangers[c])
  end
  value, self.at = scalar.plain(self, first)
  return value
end

-- [a.b] and [[a.b]]: the table that the lines below belong to.
function Parser:header()
  local opened = self.at
  local is_list = self.text:find("^%[%[", self.at) ~= nil
  self.at = self.at + (is_list and 2 or 1)
  local path = self:dotted_key "header"
  if self.text:sub(self.at, self.at) ~= "]" then
    self:fail(is_list and "unclosed array table, expected `]]`" or "unclosed table, expected `]`", path[#path][3] + 1)
  end
  if is_list and not self.text:find("^%]%]", self.at) then self:fail("unclosed array table, expected `]`", self.at + 1) end
  self.at = self.at + (is_list and 2 or 1)
  self.table = self:table_of(path, is_list, opened, self.at - 1) or new_table()
  self:kind(self.table, "header")
end

-- The table of a header; nothing where there can be none.
function Parser:table_of(path, is_list, opened, closed)
  local t = self.root
  for i = 1, #path - 1 do
    local key, first, last = path[i][1], path[i][2], path[i][3]
    local inner = t[key]
    if inner == nil then
      inner = new_table()
      self:set(t, key, inner, first, last)
      self:kind(inner, "implicit")
    elseif type(inner) ~= "table" or self:kind(inner) == "closed" or self:kind(inner) == nil then
      return self:late(("cannot extend value of type %s with a dotted key"):format(scalar.type_of(inner)), first, last)
    elseif self:kind(inner) == "list" then
      inner = inner[#inner]
    end
    t = inner
  end
  local key, first, last = table.unpack(path[#path])
  local existing = t[key]
  if is_list then
    if existing == nil then
      existing = setmetatable({}, M.array)
      spans[existing] = {}
      self:set(t, key, existing, opened, closed)
      self:kind(existing, "list")
    elseif type(existing) ~= "table" or self:kind(existing) ~= "list" then
      return self:late("duplicate key", first, last)
    end
    local fresh = new_table()
    existing[#existing + 1] = fresh
    spans[existing][#existing] = { opened, closed }
    return fresh
  end
  if existing == nil then
    existing = new_table()
    self:set(t, key, existing, opened, closed)
    return existing
  end
  if type(existing) == "table" and self:kind(existing) == "implicit" then return existing end
  return self:late("duplicate key", first, last)
end

function Parser:document()
  if self.text:sub(1, 3) == "\239\187\191" then self.at = 4 end -- a byte order mark
  while true do
    self:skip_lines()
    local c = self.text:sub(self.at, self.at)
    if c == "" then break end
    if c == "[" then self:header() else self:pair(self.table) end
    self:end_of_line()
  end
  if self.mistake then error(self.mistake, 0) end
  return self.root
end

-- Line and column (in characters) of a byte offset; the end of the text is behind its last byte, be it a line end.
local place
function place(text, offset)
  if offset > #text and #text > 0 then
    local line, column, start = place(text, utf8.offset(text, -1))
    return line, column + 1, start
  end
  local before = text:sub(1, offset - 1)
  local _, breaks = before:gsub("\n", "")
  local start = #before - #before:match "[^\n]*$" + 1
  local column = utf8.len(text, start, math.max(offset - 1, start - 1), true) or offset - start
  return breaks + 1, column + 1, start
end

--- Reads a document.
---@param text string
---@return table? document
---@return nx.toml.Error? problem
function M.parse(text)
  local parser = setmetatable({ text = text, at = 1, depth = 0, root = new_table() }, Parser)
  parser.table = parser.root
  parser:kind(parser.root, "header")
  local valid, bad = utf8.len(text)
  local ok, result = false, { toml = true, message = "invalid UTF-8", first = bad, last = bad }
  if valid then ok, result = pcall(parser.document, parser) end
  if ok then return result end
  if type(result) ~= "table" or not result.toml then error(result, 0) end
  local line, column = place(text, result.first)
  return nil, { message = result.message, line = line, column = column, first = result.first, last = result.last }
end

--- The error as the peer prints it: the place, the line with carets below the span, the message.
---@param text string
---@param problem nx.toml.Error
---@return string  lines without a final line end
function M.render(text, problem)
  local line, column, start = place(text, problem.first)
  local source = text:match("^[^\r\n]*", start)
  local number = tostring(line)
  local gutter = (" "):rep(#number)
  local width = 1
  if problem.last > problem.first then
    width = math.max(1, math.min(problem.last, start + #source - 1) - problem.first + 1) -- in bytes, as the peer counts
  end
  return table.concat({
    ("TOML parse error at line %d, column %d"):format(line, column),
    gutter .. " |", number .. " | " .. source,
    gutter .. " | " .. (" "):rep(column - 1) .. ("^"):rep(width),
    problem.message,
  }, "\n")
end

return M
