-- Evaluation in two steps. A suite alone decides what it can (three-valued: true, false, or open): a tree becomes `true`,
-- `false`, or a function of the test that holds only what is still open. So a hundred thousand tests ask little.

local matcher = require "nx.filterset.matcher"

local M = {}

---@alias nx.filterset.Decided boolean|fun(name: string, test: nx.Test?): boolean

---@class nx.filterset.Context
---@field universe? nx.cargo.Graph
---@field default? any                                   a Filter, or a function that returns one
---@field group_of? fun(suite: nx.Suite, test: nx.Test): string

-- Which packages a predicate means, as a set of ids; nil when only names can tell.
local function packages(node, universe)
  local match = matcher.compile(node.matcher)
  local set = {}
  for _, package in ipairs(universe.packages) do
    if match(package.name) then
      if node.name == "package" then
        set[package.id] = true
      else
        for id in pairs(universe[node.name == "deps" and "dependencies" or "dependents"](universe, package.id)) do
          set[id] = true
        end
      end
    end
  end
  return set
end

---@type table<string, fun(node: table, suite: table, context: nx.filterset.Context): nx.filterset.Decided, integer?>
local predicates = {}

function predicates.all() return true end
function predicates.none() return false end

function predicates.test(node)
  local m = node.matcher
  local cost, text = matcher.cost(m), m.text
  if m.kind == "contains" then
    local find = string.find
    return function(name) return find(name, text, 1, true) ~= nil end, cost
  end
  return matcher.compile(m), cost
end

local function by_package(node, suite, context)
  local universe = context.universe
  if not universe or not suite.package_id then
    return suite.package ~= nil and matcher.compile(node.matcher)(suite.package)
  end
  local sets = context.sets
  local set = sets[node]
  if not set then
    set = packages(node, universe)
    sets[node] = set
  end
  return set[suite.package_id] == true
end
predicates.package, predicates.deps, predicates.rdeps = by_package, by_package, by_package

function predicates.kind(node, suite)
  return matcher.compile(node.matcher)(suite.kind or "")
end

function predicates.binary(node, suite)
  return matcher.compile(node.matcher)(suite.name or suite.id)
end

function predicates.binary_id(node, suite)
  return matcher.compile(node.matcher)(suite.id)
end

function predicates.platform(node, suite)
  return node.argument == (suite.platform or "target")
end

function predicates.default(_, suite, context)
  local default = context.default
  if type(default) == "function" then default = default() end
  if default == nil then return true end
  return default:decide(suite), 5
end

-- The record of a test when only its name was given.
local function record(suite, name, test)
  return test or { id = suite.id .. " " .. name, suite = suite.id, name = name, ignored = false, labels = {}, meta = {} }
end

function predicates.group(node, suite, context)
  local match, group_of = matcher.compile(node.matcher), context.group_of
  if not group_of then return match "@global" end
  return function(name, test) return match(group_of(suite, record(suite, name, test)) or "@global") end, 6
end

local function defined(node, suite)
  local fn, argument = node.defined, node.argument
  return function(name, test) return not not fn(record(suite, name, test), argument) end, 7
end

local decide

-- `and` and `or` are the same up to which value decides: an operand equal to `deciding` ends it, the other one drops out.
local function combine(node, suite, context, deciding)
  local open = {}
  for i, child in ipairs(node) do
    local value, cost = decide(child, suite, context)
    if value == deciding then return deciding end
    if value ~= not deciding then open[#open + 1] = { value, cost or 0, i } end
  end
  if #open == 0 then return not deciding end
  table.sort(open, function(a, b)
    if a[2] ~= b[2] then return a[2] < b[2] end
    return a[3] < b[3]
  end)
  local cost = open[#open][2]
  local a, b = open[1][1], open[2] and open[2][1]
  if #open == 1 then return a, cost end
  if #open == 2 then
    if deciding then
      return function(name, test) return a(name, test) or b(name, test) end, cost
    end
    return function(name, test) return a(name, test) and b(name, test) end, cost
  end
  local list = {}
  for i, item in ipairs(open) do list[i] = item[1] end
  local count = #list
  return function(name, test)
    for i = 1, count do
      if list[i](name, test) == deciding then return deciding end
    end
    return not deciding
  end, cost
end

---@param node nx.filterset.Node
---@param suite nx.Suite
---@param context nx.filterset.Context
---@return nx.filterset.Decided
---@return integer? cost
function decide(node, suite, context)
  if node.op == "and" then return combine(node, suite, context, false) end
  if node.op == "or" then return combine(node, suite, context, true) end
  if node.op == "not" then
    local value, cost = decide(node[1], suite, context)
    if type(value) == "boolean" then return not value end
    return function(name, test) return not value(name, test) end, cost
  end
  if node.defined then return defined(node, suite) end
  return predicates[node.name](node, suite, context)
end

M.decide = decide

return M
