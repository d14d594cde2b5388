-- A reader for TOML 1.1 (https://toml.io/en/v1.1.0), by recursive descent. It stops at the first mistake, with its place.
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

-- Blanks, line ends and comments, as between the elements of an array.
function Parser:skip_lines()
  while true do
    self:skip_blank()
    local c = self.text:sub(self.at, self.at)
    if c == "#" then self:skip_comment()
    elseif c == "\n" then self.at = self.at + 1
    elseif self.text:find("^\r\n", self.at) then self.at = self.at + 2
    else return end
  end
end

function Parser:skip_comment()
  local stop = self.text:find("[\r\n]", self.at) or #self.text + 1
  local bad = self.text:find("[%z\1-\8\11\12\14-\31\127]", self.at)
  if bad and bad < stop then self:fail("invalid comment character, expected printable characters", bad) end
  self.at = stop
end

-- The rest of a line after a value or a header must be blank.
function Parser:end_of_line(what)
  self:skip_blank()
  local c = self.text:sub(self.at, self.at)
  if c == "#" then
    self:skip_comment()
    c = self.text:sub(self.at, self.at)
  end
  if c == "" then return end
  if c == "\n" then self.at = self.at + 1
  elseif self.text:find("^\r\n", self.at) then self.at = self.at + 2
  else self:fail(("unexpected key or value after %s, expected newline, `#`"):format(what)) end
end

function Parser:key()
  local c = self.text:sub(self.at, self.at)
  if c == '"' or c == "'" then
    if self.text:find('^"""', self.at) or self.text:find("^'''", self.at) then
      self:fail("multi-line strings are not allowed as keys", self.at, self.at + 2)
    end
    local value
    value, self.at = scalar.string(self, self.at)
    return value
  end
  local bare, stop = self.text:match("^([%w_-]+)()", self.at)
  if not bare then
    self:fail(c == "" and "unexpected end of file, expected a key" or "invalid key, expected letters, numbers, `-`, `_`")
  end
  self.at = stop
  return bare
end

-- a.b."c" → { { "a", first, last }, … }
function Parser:dotted_key()
  local path = {}
  repeat
    self:skip_blank()
    local first = self.at
    path[#path + 1] = { self:key(), first, self.at - 1 }
    self:skip_blank()
    local dot = self.text:sub(self.at, self.at) == "."
    if dot then self.at = self.at + 1 end
  until not dot
  return path
end

local function dotted(path, n)
  local words = {}
  for i = 1, n or #path do words[i] = path[i][1] end
  return table.concat(words, ".")
end

-- The table that a dotted key leads to, made on the way.
function Parser:descend(t, path)
  for i = 1, #path - 1 do
    local key, first, last = path[i][1], path[i][2], path[i][3]
    local inner = t[key]
    if inner == nil then
      inner = new_table()
      self:set(t, key, inner, first, last)
      self:kind(inner, "dotted")
    elseif type(inner) ~= "table" or self:kind(inner) ~= "dotted" then
      if type(inner) == "table" and self:kind(inner) == "implicit" then
        self:fail(("cannot add keys to `%s`, it was defined by a header"):format(dotted(path, i)), first, last)
      end
      self:fail("duplicate key", first, last)
    end
    t = inner
  end
  return t, path[#path]
end

-- `inline`: within braces, where lines do not end anything.
function Parser:pair(t, inline)
  local path = self:dotted_key()
  if inline then self:skip_lines() end
  if self.text:sub(self.at, self.at) ~= "=" then
    self:fail("key with no value, expected `=`", path[#path][2], path[#path][3])
  end
  self.at = self.at + 1
  if inline then self:skip_lines() else self:skip_blank() end
  local target, leaf = self:descend(t, path)
  if target[leaf[1]] ~= nil then self:fail("duplicate key", leaf[2], leaf[3]) end
  local first = self.at
  local value = self:value()
  self:set(target, leaf[1], value, first, self.at - 1)
end

function Parser:inline_table()
  local opened = self.at
  local t = new_table()
  self.at = self.at + 1
  self:skip_lines()
  while self.text:sub(self.at, self.at) ~= "}" do
    if self.at > #self.text then self:fail "unclosed inline table, expected `}`" end
    self:pair(t, true)
    self:skip_lines()
    local c = self.text:sub(self.at, self.at)
    if c == "," then
      self.at = self.at + 1
      self:skip_lines()
    elseif c ~= "}" then
      self:fail(c == "" and "unclosed inline table, expected `}`" or "missing comma between key-value pairs, expected `,`")
    end
  end
  self.at = self.at + 1
  self:close(t)
  return t, opened
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
  while true do
    self:skip_lines()
    local c = self.text:sub(self.at, self.at)
    if c == "]" then break end
    if c == "" then self:fail("unclosed array, expected `]`") end
    local first = self.at
    list[#list + 1] = self:value()
    spans[list][#list] = { first, self.at - 1 }
    self:skip_lines()
    c = self.text:sub(self.at, self.at)
    if c == "," then self.at = self.at + 1
    elseif c ~= "]" then
      self:fail(c == "" and "unclosed array, expected `]`" or "missing comma between array elements, expected `,`")
    end
  end
  self.at = self.at + 1
  self:kind(list, "closed")
  return list
end

function Parser:value()
  local c = self.text:sub(self.at, self.at)
  if c == "[" or c == "{" then
    self.depth = self.depth + 1
    if self.depth > 80 then self:fail("cannot recurse further; max recursion depth met") end
    local value = c == "[" and self:array() or (self:inline_table())
    self.depth = self.depth - 1
    return value
  end
  local value
  if c == '"' or c == "'" then value, self.at = scalar.string(self, self.at)
  else value, self.at = scalar.plain(self, self.at) end
  return value
end

-- [a.b] and [[a.b]]: the table that the lines below belong to.
function Parser:header()
  local opened = self.at
  local is_list = self.text:find("^%[%[", self.at) ~= nil
  self.at = self.at + (is_list and 2 or 1)
  local path = self:dotted_key()
  if self.text:sub(self.at, self.at) ~= "]" then
    self:fail(is_list and "unclosed array table, expected `]]`" or "unclosed table, expected `]`")
  end
  if is_list and not self.text:find("^%]%]", self.at) then self:fail "unclosed array table, expected `]]`" end
  self.at = self.at + (is_list and 2 or 1)
  local closed = self.at - 1

  local t = self.root
  for i = 1, #path - 1 do
    local key, first, last = path[i][1], path[i][2], path[i][3]
    local inner = t[key]
    if inner == nil then
      inner = new_table()
      self:set(t, key, inner, first, last)
      self:kind(inner, "implicit")
    elseif type(inner) ~= "table" or self:kind(inner) == "closed" then
      self:fail(("cannot extend value of type %s with a dotted key"):format(scalar.type_of(inner)), first, last)
    elseif self:kind(inner) == "list" then
      inner = inner[#inner]
    end
    t = inner
  end
  local key, first, last = table.unpack(path[#path])
  local existing = t[key]
  local fresh
  if is_list then
    if existing == nil then
      existing = setmetatable({}, M.array)
      spans[existing] = {}
      self:set(t, key, existing, opened, closed)
      self:kind(existing, "list")
    elseif type(existing) ~= "table" or self:kind(existing) ~= "list" then
      self:fail("duplicate key", first, last)
    end
    fresh = new_table()
    existing[#existing + 1] = fresh
    spans[existing][#existing] = { opened, closed }
  elseif existing == nil then
    fresh = new_table()
    self:set(t, key, fresh, opened, closed)
  elseif type(existing) == "table" and self:kind(existing) == "implicit" then
    fresh = existing
  else
    self:fail("duplicate key", first, last)
  end
  self:kind(fresh, "header")
  self.table = fresh
end

function Parser:document()
  if self.text:sub(1, 3) == "\239\187\191" then self.at = 4 end -- a byte order mark
  while true do
    self:skip_lines()
    local c = self.text:sub(self.at, self.at)
    if c == "" then return self.root end
    if c == "[" then
      self:header()
      self:end_of_line "table header"
    else
      self:pair(self.table)
      self:end_of_line "value"
    end
  end
end

-- Line and column (in characters) of a byte offset.
local function place(text, offset)
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
    local last = math.min(problem.last, start + #source - 1)
    width = math.max(1, utf8.len(text, problem.first, math.max(last, problem.first), true) or 1)
  end
  return table.concat({
    ("TOML parse error at line %d, column %d"):format(line, column),
    gutter .. " |", number .. " | " .. source,
    gutter .. " | " .. (" "):rep(column - 1) .. ("^"):rep(width),
    problem.message,
  }, "\n")
end

return M
