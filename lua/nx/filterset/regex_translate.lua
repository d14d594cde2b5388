-- From the tree of a regular expression to a pattern that PCRE2 reads the same way. Twice: for subjects of ASCII alone,
-- where every class is a plain set, and for the others, with PCRE2's Unicode tables.

local class = require "nx.filterset.regex_class"
local words = require "nx.filterset.regex_words"

local M = {}

---@class nx.filterset.regex.Flags
---@field insensitive? boolean
---@field multi_line? boolean
---@field dot_all? boolean
---@field crlf? boolean
---@field unicode boolean

local WORD = class.word
local AFTER, NOT_AFTER = "(?<=" .. WORD .. ")", "(?<!" .. WORD .. ")"
local BEFORE, NOT_BEFORE = "(?=" .. WORD .. ")", "(?!" .. WORD .. ")"

local ascii_asserts = {
  word = "\\b", not_word = "\\B", word_start = "(?:\\b(?=\\w))", word_end = "(?:\\b(?<=\\w))",
  word_start_half = "(?<!\\w)", word_end_half = "(?!\\w)",
}
local unicode_asserts = {
  word = "(?:" .. NOT_AFTER .. BEFORE .. "|" .. AFTER .. NOT_BEFORE .. ")",
  not_word = "(?:" .. NOT_AFTER .. NOT_BEFORE .. "|" .. AFTER .. BEFORE .. ")",
  word_start = "(?:" .. NOT_AFTER .. BEFORE .. ")", word_end = "(?:" .. AFTER .. NOT_BEFORE .. ")",
  word_start_half = NOT_AFTER, word_end_half = NOT_BEFORE,
}

--- What an assertion looks at, with its flags settled: "start", "end", "start_lf", "start_crlf", …
---@param kind string
---@param flags nx.filterset.regex.Flags
---@return string
function M.assertion(kind, flags)
  if kind == "start_text" then return "start" end
  if kind == "end_text" then return "end" end
  if kind == "start_line" or kind == "end_line" then
    local edge = kind == "start_line" and "start" or "end"
    if not flags.multi_line then return edge end
    return edge .. (flags.crlf and "_crlf" or "_lf")
  end
  return kind
end

local edges = {
  ["start"] = "\\A", ["end"] = "\\z", start_lf = "(?<![^\\n])", end_lf = "(?![^\\n])",
  start_crlf = "(?:\\A|(?<=\\n)|(?<=\\r)(?!\\n))", end_crlf = "(?:\\z|(?=\\r)|(?<!\\r)(?=\\n))",
}

local function fail(message, node)
  error({ message = words[message], first = node.first, last = node.last }, 0)
end

--- Checks a literal, and returns the set it stands for when its case does not count, else nil.
---@return table? set
function M.literal(node, flags)
  if node.byte and node.c > 127 and not flags.unicode then fail("invalid_utf8", node) end
  if not flags.insensitive or not flags.unicode and node.c > 127 then return nil end
  return { k = "ranges", fold = true, { node.c, node.c } }
end

--- The set of a dot.
---@return table
function M.dot(node, flags)
  if not flags.unicode then fail("invalid_utf8", node) end
  if flags.dot_all then return { k = "not", { k = "ranges" } } end
  return { k = "not", { k = "ranges", { 10, 10 }, flags.crlf and { 13, 13 } or nil } }
end

--- The flags that hold after a change.
---@return nx.filterset.regex.Flags
function M.with_flags(flags, changes)
  local new = {}
  for name, value in pairs(flags) do new[name] = value end
  for name, value in pairs(changes) do new[name] = value end
  return new
end

---@type nx.filterset.regex.Flags
M.default_flags = { unicode = true }

local function set_pattern(self, set, flags)
  if self.ascii then return class.ascii_pattern(set, flags.unicode) end
  if flags.unicode then return class.pattern(set) end
  return class.ascii_pattern(set, false)
end

local emit = {}

function emit.empty() return "" end

function emit.flags(self, node)
  self.flags = M.with_flags(self.flags, node.flags)
  return ""
end

function emit.lit(self, node)
  local set = M.literal(node, self.flags)
  if set then return set_pattern(self, set, self.flags) end
  if self.ascii and node.c > 127 then return "(?!)" end
  return ("\\x{%x}"):format(node.c)
end

function emit.dot(self, node)
  return set_pattern(self, M.dot(node, self.flags), self.flags)
end

function emit.assert(self, node)
  local kind = M.assertion(node.kind, self.flags)
  if edges[kind] then return edges[kind] end
  return (self.ascii or not self.flags.unicode) and ascii_asserts[kind] or unicode_asserts[kind]
end

function emit.class(self, node)
  return set_pattern(self, class.resolve(node, self.flags), self.flags)
end
emit.perl, emit.unicode = emit.class, emit.class

local function visit(self, node) return emit[node.t](self, node) end

function emit.rep(self, node)
  local inner = "(?:" .. visit(self, node[1]) .. ")"
  local min, max = node.min, node.max
  if min > 65535 or (max or 0) > 65535 then self.beyond = true end
  if max == 0 then return "" end
  if not max then
    if min == 0 then return inner .. "*" end
    if min == 1 then return inner .. "+" end
    return ("%s{%d,}"):format(inner, min)
  end
  if min == 0 and max == 1 then return inner .. "?" end
  if min == max then return min == 1 and inner or ("%s{%d}"):format(inner, min) end
  return ("%s{%d,%d}"):format(inner, min, max)
end

function emit.group(self, node)
  local outer = self.flags
  if node.flags then self.flags = M.with_flags(outer, node.flags) end
  local inner = visit(self, node[1])
  self.flags = outer
  return "(?:" .. inner .. ")"
end

function emit.cat(self, node)
  local parts = {}
  for i, child in ipairs(node) do parts[i] = visit(self, child) end
  return table.concat(parts)
end

function emit.alt(self, node)
  local parts = {}
  for i, child in ipairs(node) do parts[i] = visit(self, child) end
  return "(?:" .. table.concat(parts, "|") .. ")"
end

--- The pattern for PCRE2: for ASCII subjects (without UTF) or for any (with UTF).
---@param tree table
---@param ascii boolean
---@return string? pattern   nil when PCRE2 cannot hold it (a repetition beyond its limit)
---@return table? problem    a mistake that only the meaning shows
function M.translate(tree, ascii)
  local self = { ascii = ascii, flags = M.default_flags }
  local ok, result = pcall(visit, self, tree)
  if ok then
    if self.beyond then return nil end
    return result
  end
  if type(result) ~= "table" then error(result, 0) end
  return nil, result
end

return M
