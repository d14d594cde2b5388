-- What a parsed filterset may not say in its place, and what it names that does not exist.

local diagnostics = require "nx.filterset.diagnostics"
local matcher = require "nx.filterset.matcher"

local M = {}

--- kind of filterset → predicate → why it cannot stand there.
---@type table<string, table<string, string>>
M.banned = {
  ["test"] = {},
  ["override-filter"] = { group = "group() creates a circular dependency with overrides" },
  ["archive-filter"] = {
    test = "test() predicates are not supported while archiving",
    group = "group() predicates are not supported while archiving",
  },
  ["default-filter"] = {
    default = "default() causes infinite recursion",
    group = "group() is not available in default-filter expressions",
  },
}

-- Calls visit(node) for every predicate, left to right.
local function walk(node, visit)
  if node.op == "set" then return visit(node) end
  for _, child in ipairs(node) do walk(child, visit) end
end
M.walk = walk

local function any(list, match)
  for _, name in ipairs(list) do
    if match(name) then return true end
  end
  return false
end

-- predicate → the diagnostic when nothing matches, and the names it could have matched
local validated = {
  package = { "no_package_match", function(universe) return universe.package_names end },
  deps = { "no_package_match", function(universe) return universe.package_names end },
  rdeps = { "no_package_match", function(universe) return universe.package_names end },
  binary = { "no_binary_name_match", function(universe) return universe.binary_names end },
  binary_id = { "no_binary_id_match", function(universe) return universe.binary_ids end },
}

--- Checks a tree. With `universe`, package and binary names must exist in it; with `groups`, test groups must.
---@param tree nx.filterset.Node
---@param kind string
---@param universe? nx.cargo.Graph
---@param groups? string[]
---@return nx.filterset.Diagnostic[] found   empty when all is well
function M.check(tree, kind, universe, groups)
  local found = {}
  local banned = M.banned[kind] or {}
  walk(tree, function(node)
    local reason = banned[node.name]
    if node.defined and banned.test then reason = banned.test:gsub("^test", node.name) end
    if reason then
      found[#found + 1] = diagnostics.new("banned_predicate", node.first, node.length, {
        title = diagnostics.kinds.banned_predicate.title:format(kind), label = reason,
      })
    end
  end)
  if #found > 0 then return found end
  walk(tree, function(node)
    local row, names = validated[node.name], nil
    local problem
    if row and universe then
      problem, names = row[1], row[2](universe)
    elseif node.name == "group" and groups then
      problem, names = "no_group_match", groups
    end
    if not names or any(names, matcher.compile(node.matcher)) then return end
    if problem == "no_group_match" and matcher.compile(node.matcher)("@global") then return end
    local near = node.matcher.kind ~= "regex" and #names > 0 and diagnostics.nearest(node.matcher.text, names)
    found[#found + 1] = diagnostics.new(problem, node.first, node.length, {
      help = near and ("did you mean `%s`?"):format(near) or nil,
    })
  end)
  return found
end

return M
