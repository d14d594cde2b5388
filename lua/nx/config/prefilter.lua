-- One regular expression for many filtersets: a name that it does not match is matched by none of them. With fifty
-- overrides most tests match none, and one look tells.

local rex = require "rex_pcre2"
local eval = require "nx.filterset.eval"
local parse = require "nx.filterset.regex_parse"
local translate = require "nx.filterset.regex_translate"

local M = {}

local function literal(text)
  return (text:gsub("[^%w_ ]", function(c) return ("\\x%02x"):format(c:byte()) end))
end

-- What a name must look like for a test() predicate to hold: a pattern for ASCII names, or true for "cannot say".
local function of_matcher(m)
  if m.kind == "contains" then return literal(m.text) end
  if m.kind == "equal" or m.kind == "glob" and m.compiled.literal then return "\\A" .. literal(m.text) .. "\\z" end
  if m.kind ~= "regex" then return true end
  local tree = parse.parse(m.text)
  return tree and translate.translate(tree, true) or true
end

-- A pattern that every name matches for which the node can be true; false when it never is, true when nothing is known.
local function needed(node, suite, context)
  if node.op == "and" then
    local pattern = true
    for _, child in ipairs(node) do
      local p = needed(child, suite, context)
      if p == false then return false end
      if pattern == true then pattern = p end
    end
    return pattern
  end
  if node.op == "or" then
    local parts = {}
    for _, child in ipairs(node) do
      local p = needed(child, suite, context)
      if p == true then return true end
      if p then parts[#parts + 1] = "(?:" .. p .. ")" end
    end
    return #parts > 0 and table.concat(parts, "|")
  end
  if node.op == "not" or node.defined then return true end
  local decided = eval.decide(node, suite, context)
  if type(decided) == "boolean" then return decided end
  return node.name == "test" and of_matcher(node.matcher) or true
end

--- A test for many filters at once: function(name) → false when none of them can match; nil when it would not pay.
---@param filters nx.Filter[]
---@param suite nx.Suite
---@return (fun(name: string): boolean)?
function M.new(filters, suite)
  if #filters < 4 then return nil end
  -- what is not ASCII goes to the filters themselves: the patterns count bytes
  local parts = { "[\\x80-\\xff]" }
  for _, filter in ipairs(filters) do
    local p = filter.tree and needed(filter.tree, suite, filter.context)
    if p == nil or p == true then return nil end
    if p then parts[#parts + 1] = "(?:" .. p .. ")" end
  end
  local ok, program = pcall(rex.new, "(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=20000)" .. table.concat(parts, "|"))
  if not ok then return nil end
  pcall(program.jit_compile, program)
  local find = program.find
  return function(name)
    local fine, at = pcall(find, program, name)
    return not fine or at ~= nil
  end
end

return M
