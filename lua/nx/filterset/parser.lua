-- From the text of a filterset to a tree. Recursive descent; a mistake is noted and parsing goes on, so that one look at
-- the answer shows all of them.
--
--   or         = and { ("|" | "+" | "or") and }
--   and        = operand { ("&" | "and" | "-") operand }
--   operand    = ("!" | "not") operand | "(" or ")" | predicate
--   predicate  = NAME "(" [ matcher ] ")"

local lexer = require "nx.filterset.lexer"
local glob = require "nx.filterset.glob"
local regex = require "nx.filterset.regex"
local diagnostics = require "nx.filterset.diagnostics"

---@class nx.filterset.Matcher
---@field kind "equal"|"contains"|"glob"|"regex"
---@field text string
---@field compiled? any   of globs and regexes

---@class nx.filterset.Node
---@field op "or"|"and"|"not"|"set"
---@field [integer] nx.filterset.Node        the operands
---@field name? string                        of a set: the predicate
---@field matcher? nx.filterset.Matcher
---@field argument? string                    of platform() and of predicates defined in Lua
---@field first? integer
---@field length? integer

local M = {}

-- The order matters: the first name that the text starts with wins, without a look at what follows it.
local predicates = {
  { name = "package", default = "glob" },
  { name = "deps", default = "glob" },
  { name = "rdeps", default = "glob" },
  { name = "kind", default = "equal" },
  { name = "binary_id", default = "glob" },
  { name = "binary", default = "glob" },
  { name = "test", default = "contains" },
  { name = "group", default = "glob" },
  { name = "platform", default = "platform" },
  { name = "default", default = "none" },
  { name = "all", default = "none" },
  { name = "none", default = "none" },
}

--- The names of the language itself.
---@type table<string, true>
M.builtin = {}
for _, predicate in ipairs(predicates) do M.builtin[predicate.name] = true end

--- Predicates added from Lua: name → function(test, text?) -> boolean.
---@type table<string, function>
M.defined = {}

local MAX_DEPTH = 5000
local parse_or

-- What was meant by a word that is no predicate?
local function suggestion(cursor)
  local word = cursor.text:match("^[%a_][%w_]*", cursor:after_space())
  if not word then return nil end
  local known, lower = {}, word:lower()
  for name in pairs(M.builtin) do known[#known + 1] = name end
  for name in pairs(M.defined) do known[#known + 1] = name end
  local near = M.builtin[lower] and lower or diagnostics.nearest(word, known)
  return near and ("did you mean `%s(…)`?"):format(near) or nil
end

-- The text of a glob; a bad one is noted.
local function parse_glob(cursor)
  local first = cursor.pos
  local text = cursor:matcher_text()
  if not text then return nil end
  local compiled, message = glob.compile(text)
  if not compiled then
    cursor:report("invalid_glob", first, cursor.pos - first, { label = message })
    return nil
  end
  return { kind = "glob", text = text, compiled = compiled }
end

-- The body of a regex whose opening slash has been taken; a bad one is noted at its place inside.
local function parse_regex(cursor)
  local first = cursor.pos
  local body = cursor:regex_body()
  local compiled
  if body then
    local problem
    compiled, problem = regex.compile(body)
    if problem then
      if problem.first then
        cursor:report("invalid_regex", first + problem.first - 1, problem.length, { label = problem.message })
      else
        cursor:report("invalid_regex", first, cursor.pos - first)
      end
    end
  end
  cursor:accept "/"
  return compiled and { kind = "regex", text = body, compiled = compiled } or nil
end

local function text_matcher(cursor, kind)
  local text = cursor:matcher_text()
  return text and { kind = kind, text = text } or nil
end

local function parse_matcher(cursor, default)
  if cursor:accept "/" then return parse_regex(cursor) end
  if cursor:accept "#" then return parse_glob(cursor) end
  if cursor:accept "=" then return text_matcher(cursor, "equal") end
  if cursor:accept "~" then return text_matcher(cursor, "contains") end
  cursor.pos = cursor:after_space()
  if default == "glob" then return parse_glob(cursor) end
  return text_matcher(cursor, default)
end

-- A second argument: noted and skipped.
local function skip_comma(cursor)
  if cursor.text:byte(cursor:after_space()) ~= 44 then return end
  cursor:report("unexpected_comma", cursor.pos, 0)
  cursor:till_close()
end

local function parse_unary(cursor, predicate)
  cursor:expect_parenthesis "("
  local first = cursor.pos
  local matcher = parse_matcher(cursor, predicate.default)
  local length = cursor.pos - first
  skip_comma(cursor)
  cursor:expect_parenthesis ")"
  return matcher and { op = "set", name = predicate.name, matcher = matcher, first = first, length = length } or nil
end

local function parse_nullary(cursor, predicate, start)
  cursor:expect_parenthesis "("
  local first = cursor.pos
  local argument = cursor:till_close()
  if lexer.trim(argument) ~= "" then cursor:report("unexpected_argument", first, #argument) end
  cursor:expect_parenthesis ")"
  return { op = "set", name = predicate.name, first = start, length = cursor.pos - start }
end

local function parse_platform(cursor)
  cursor:expect_parenthesis "("
  local first = cursor.pos
  cursor.pos = cursor:after_space()
  local argument = cursor:matcher_text()
  local length = cursor.pos - first
  skip_comma(cursor)
  cursor:expect_parenthesis ")"
  if not argument then return nil end
  argument = lexer.trim(argument)
  if argument ~= "host" and argument ~= "target" then
    cursor:report("invalid_platform", first, length)
    return nil
  end
  return { op = "set", name = "platform", argument = argument, first = first, length = length }
end

-- A predicate that a script has defined: its argument, if any, is one text without a matcher sign.
local function parse_defined(cursor, name, start)
  cursor.pos = start + #name
  cursor:expect_parenthesis "("
  local argument
  local after = cursor:after_space()
  if cursor.text:byte(after) == 41 then
    cursor.pos = after
  else
    cursor.pos = after
    argument = cursor:matcher_text()
  end
  skip_comma(cursor)
  cursor:expect_parenthesis ")"
  return { op = "set", name = name, defined = M.defined[name], argument = argument,
           first = start, length = cursor.pos - start }
end

-- Returns whether a predicate stands here, and its node (nil when it was bad).
local function parse_predicate(cursor)
  local start = cursor:after_space()
  local word = cursor.text:match("^[%a_][%w_]*", start)
  if word and M.defined[word] then return true, parse_defined(cursor, word, start) end
  for _, predicate in ipairs(predicates) do
    if cursor:accept(predicate.name) then
      if predicate.default == "none" then return true, parse_nullary(cursor, predicate, start) end
      if predicate.default == "platform" then return true, parse_platform(cursor) end
      return true, parse_unary(cursor, predicate)
    end
  end
  return false
end

-- An operator where an operand should stand: said in its own words, so that no row of other messages follows.
local misplaced = {
  { "and", "and", word = true }, { "or", "or", word = true }, { "AND", "and", word = true }, { "OR", "or", word = true },
  { "&&", "&" }, { "||", "|" },
}

local function parse_misplaced(cursor)
  local kinds = diagnostics.kinds
  for _, row in ipairs(misplaced) do
    local op, suggest = row[1], row[2]
    local first = row.word and cursor:accept_word(op) or not row.word and cursor:accept(op)
    if first then
      cursor:report("found_binary_operator", first, #op, {
        title = kinds.found_binary_operator.title:format(op),
        label = kinds.found_binary_operator.label:format(suggest),
        help = ("use `<expr> %s <expr>` instead"):format(suggest),
      })
      return true
    end
  end
  local first = cursor:accept_word "NOT"
  if first then
    cursor:report("found_unary_operator", first, 3, {
      title = kinds.found_unary_operator.title:format "NOT",
      label = kinds.found_unary_operator.label:format "NOT",
      help = "use `not <expr>` instead",
    })
    return true
  end
  return false
end

local function parse_operand(cursor, depth)
  if depth > MAX_DEPTH then
    if not cursor.too_deep then cursor:report("nested_too_deep", cursor.pos, 0) end
    cursor.too_deep, cursor.pos = true, #cursor.text + 1
    return nil
  end
  local here, node = parse_predicate(cursor)
  if here then return node end
  if cursor:accept_word "not" or cursor:accept "!" then
    node = parse_operand(cursor, depth + 1)
    return node and { op = "not", node } or nil
  end
  if cursor:accept "(" then
    node = parse_or(cursor, depth + 1)
    cursor:expect_parenthesis ")"
    return node
  end
  if not parse_misplaced(cursor) and not cursor.too_deep then
    cursor:report_rest("expected_expression", { help = suggestion(cursor) })
  end
  return nil
end

-- Reads operand { operator operand }; `operator` returns the kind of operator found here, or nil.
local function parse_chain(cursor, depth, op, operand, operator)
  local first = operand(cursor, depth)
  local good = first ~= nil
  local node = first
  while true do
    local found = operator(cursor)
    if not found then break end
    local next_node = operand(cursor, depth)
    if found == "bad" or not next_node then
      good = false
    elseif good then
      if node == first then node = { op = op, first } end
      node[#node + 1] = found == "difference" and { op = "not", next_node } or next_node
    end
  end
  return good and node or nil
end

local function and_operator(cursor)
  local first, length = cursor:accept "&&", 2
  if not first then first, length = cursor:accept_word "AND", 3 end
  if first then
    cursor:report("invalid_and_operator", first, length)
    return "bad"
  end
  if cursor:accept_word "and" or cursor:accept "&" then return "and" end
  if cursor:accept "-" then return "difference" end
  return nil
end

local function or_operator(cursor)
  local first = cursor:accept "||" or cursor:accept_word "OR"
  if first then
    cursor:report("invalid_or_operator", first, 2)
    return "bad"
  end
  if cursor:accept_word "or" or cursor:accept "|" or cursor:accept "+" then return "or" end
  return nil
end

local function parse_and(cursor, depth)
  return parse_chain(cursor, depth, "and", parse_operand, and_operator)
end

function parse_or(cursor, depth)
  return parse_chain(cursor, depth, "or", parse_and, or_operator)
end

--- Parses a filterset.
---@param text string
---@return nx.filterset.Node? tree
---@return nx.filterset.Diagnostic[]? diagnostics  at least one when there is no tree
function M.parse(text)
  local cursor = lexer.new(text)
  local tree = parse_or(cursor, 0)
  if cursor:after_space() <= #text then cursor:report_rest "expected_end" end
  if #cursor.found > 0 then return nil, cursor.found end
  return tree
end

return M
