-- nx.filterset: the language that chooses tests, and the one Filter type that texts, functions and lists become.
--
-- A Filter answers three questions: f:suite(suite) → true, false or nil (ask its tests); f:test(suite, name, test?) →
-- boolean; f:decide(suite) → true, false or a function(name, test) with all that the suite settles folded away.

local err = require "nx.error"
local parser = require "nx.filterset.parser"
local check = require "nx.filterset.check"
local eval = require "nx.filterset.eval"
local caret = require "nx.filterset.caret"

---@class nx.Filter
---@field text? string
---@field tree? nx.filterset.Node
---@field context table
local Filter = {}
Filter.__index = Filter
Filter.__name = "nx.Filter"

local M = { Filter = Filter }

local function new(fields)
  fields.decided = setmetatable({}, { __mode = "k" })
  fields.context = fields.context or {}
  fields.context.sets = {}
  return setmetatable(fields, Filter)
end

--- What the suite alone decides: true, false, or a function(name, test) for the rest.
---@param suite nx.Suite
---@return boolean|fun(name: string, test: nx.Test?): boolean
function Filter:decide(suite)
  local value = self.decided[suite]
  if value == nil then
    value = self.decider(self, suite)
    self.decided[suite] = value
  end
  return value
end

--- Does this test of this suite belong to the filter?
---@param suite nx.Suite
---@param name string
---@param test? nx.Test
---@return boolean
function Filter:test(suite, name, test)
  local value = self:decide(suite)
  if type(value) == "boolean" then return value end
  return value(name, test)
end

--- Does the whole suite, none of it, or (nil) does only a look at its tests tell?
---@param suite nx.Suite
---@return boolean?
function Filter:suite(suite)
  local value = self:decide(suite)
  if type(value) == "boolean" then return value end
  return nil
end

-- A suite as far as its id tells, for tests whose suite is not at hand.
local function suite_of_id(id)
  local package, tail = id:match "^(.-)::(.*)$"
  if not package then return { id = id, name = id, package = id, kind = "lib" } end
  local kind, name = tail:match "^(.-)/(.*)$"
  return { id = id, name = name or tail, package = package, kind = kind or "test" }
end

--- A Filter can be called with a Test wherever a function(test) is taken.
---@param test nx.Test
---@return boolean
function Filter:__call(test)
  local suites = self.context.suites
  local suite = suites and suites[test.suite]
  if not suite then
    self.derived = self.derived or {}
    suite = self.derived[test.suite] or suite_of_id(test.suite)
    self.derived[test.suite] = suite
  end
  return self:test(suite, test.name, test)
end

local function decide_tree(self, suite)
  return (eval.decide(self.tree, suite, self.context))
end

-- Context keys: universe, groups, default, group_of, suites; kind beside them.
local function of_tree(text, tree, kind, options)
  local found = check.check(tree, kind, options.universe, options.groups)
  if #found > 0 then return nil, found end
  return new {
    text = text, tree = tree, kind = kind, decider = decide_tree,
    context = {
      universe = options.universe, default = options.default, group_of = options.group_of, suites = options.suites,
    },
  }
end

---@class nx.filterset.Options
---@field kind? "test"|"archive-filter"|"override-filter"|"default-filter"   where it stands; "test" by default
---@field universe? nx.cargo.Graph   names must exist there
---@field groups? string[]           the test groups that are defined
---@field default? nx.Filter|fun(): nx.Filter   what default() means
---@field group_of? fun(suite: nx.Suite, test: nx.Test): string   the name of the test's group
---@field suites? table<string, nx.Suite>   by id, for calls with a test alone

--- Parses and checks a filterset: a Filter, or nil and everything that is wrong with it.
---@param text string
---@param options? nx.filterset.Options
---@return nx.Filter?
---@return nx.filterset.Diagnostic[]?
function M.parse(text, options)
  options = options or {}
  local tree, found = parser.parse(text)
  if not tree then return nil, found end
  return of_tree(text, tree, options.kind or "test", options)
end

M.render = caret.render
M.render_all = caret.render_all

--- The error object for a text that is no filterset: `boxes` holds the drawings, `spans` the diagnostics.
---@param text string
---@param found nx.filterset.Diagnostic[]
---@return nx.Error
function M.error(text, found)
  local first = found[1]
  local more = #found > 1 and (" (and %d more)"):format(#found - 1) or ""
  return err.new {
    kind = "filterset",
    message = ("filterset `%s`: %s: %s, at column %d%s"):format(text, first.title, first.label, first.first, more),
    exit_code = 94, spans = found, text = text, boxes = caret.render_all(text, found),
  }
end

--- A text as a Filter. Mistakes raise an error that shows where; names of packages and binaries are checked once the
--- Filter is used on a build.
---@param text string
---@return nx.Filter
function M.compile(text)
  if type(text) ~= "string" then
    err.raise { kind = "usage", message = "nx.filterset.compile: the filterset must be a string, not " .. type(text) }
  end
  local filter, found = M.parse(text)
  if not filter then error(M.error(text, found), 0) end
  return filter
end

--- Adds a predicate to the language: `name()` or `name(text)` is true for the tests that fn(test, text) is true for.
---@param name string   letters, digits and `_`
---@param fn fun(test: nx.Test, text: string?): boolean
function M.define(name, fn)
  local function bad(message) err.raise { kind = "usage", message = "nx.filterset.define: " .. message } end
  if type(name) ~= "string" or not name:find "^[%a_][%w_]*$" then bad "the name must be a word of letters, digits and _" end
  if type(fn) ~= "function" then bad("the predicate `" .. name .. "` needs a function") end
  if parser.builtin[name] or name == "and" or name == "or" or name == "not" then
    bad("`" .. name .. "` is a word of the language itself")
  end
  parser.defined[name] = fn
end

local function decide_function(self, suite)
  local fn = self.fn
  return function(name, test)
    test = test or { id = suite.id .. " " .. name, suite = suite.id, name = name, ignored = false, labels = {}, meta = {} }
    return not not fn(test)
  end
end

local function decide_list(self, suite)
  local names = self.names[suite.id]
  if not names then return false end
  return function(name) return names[name] == true end
end

--- Whatever may stand where a Filter is taken, as a Filter bound to `options` (those of `parse`): a text, a Filter, a
--- function(test), a list of tests, or nil for everything.
---@param value any
---@param options? table
---@return nx.Filter
function M.from(value, options)
  options = options or {}
  if value == nil then value = "all()" end
  if type(value) == "string" then
    local filter, found = M.parse(value, options)
    if not filter then error(M.error(value, found), 0) end
    return filter
  elseif type(value) == "function" then
    return new { fn = value, decider = decide_function }
  elseif getmetatable(value) == Filter then
    if not value.tree then return value end
    local filter, found = of_tree(value.text, value.tree, options.kind or value.kind, options)
    if not filter then error(M.error(value.text, found), 0) end
    return filter
  elseif type(value) == "table" then
    local names = {}
    for _, test in ipairs(value) do
      if type(test) ~= "table" or not test.suite or not test.name then
        err.raise { kind = "usage", message = "a filter that is a list must be a list of tests" }
      end
      local set = names[test.suite] or {}
      names[test.suite] = set
      set[test.name] = true
    end
    return new { names = names, decider = decide_list }
  end
  err.raise { kind = "usage", message = "a filter is a filterset, a function or a list of tests, not " .. type(value) }
end

local function decide_any(self, suite)
  local open = {}
  for _, filter in ipairs(self.filters) do
    local value = filter:decide(suite)
    if value == true then return true end
    if value then open[#open + 1] = value end
  end
  if #open == 0 then return false end
  if #open == 1 then return open[1] end
  return function(name, test)
    for i = 1, #open do
      if open[i](name, test) then return true end
    end
    return false
  end
end

--- The Filter that any of several satisfies (several `-E`); none given means everything.
---@param filters nx.Filter[]
---@return nx.Filter
function M.any(filters)
  if #filters == 0 then return M.from(nil) end
  if #filters == 1 then return filters[1] end
  return new { filters = filters, decider = decide_any }
end

return M
