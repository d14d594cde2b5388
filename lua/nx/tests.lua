-- The Tests type: an array of Test records in the order in which they will run, with methods that choose, order and split.
-- Every method returns a new list. What a list knows beside its tests (the build, what was left out) lies in its metatable,
-- where neither pairs nor JSON see it.

local err = require "nx.error"
local options = require "nx.options"

---@class nx.Test
---@field id string        "SUITE NAME"
---@field suite string
---@field name string
---@field ignored boolean
---@field labels table
---@field meta table

---@class nx.Skipped
---@field test nx.Test
---@field reason string    "ignored"|"string"|"expression"|"partition"|"default-filter"|"select"
---@field at integer       how many chosen tests stand before it

---@class nx.TestsInfo
---@field build? nx.Build
---@field suites? integer           suites that were listed
---@field skipped? nx.Skipped[]     what was listed and not chosen
---@field skipped_suites? integer   suites that were not listed
---@field default_filter? table     { tests, suites, name }: how much of it the default filter left out

---@class nx.Tests: nx.Test[]
local Tests = {}

local M = {}

local infos = setmetatable({}, { __mode = "k" }) -- metatable -> info, so that a copy of a metatable is not mistaken

--- A Tests of a list (which it keeps) with what is known about it.
---@param list nx.Test[]
---@param info? nx.TestsInfo
---@return nx.Tests
function M.new(list, info)
  local mt = { __index = Tests, __name = "nx.Tests" }
  infos[mt] = info or {}
  return setmetatable(list, mt)
end

--- Is this value a Tests?
function M.is(value)
  local mt = type(value) == "table" and getmetatable(value)
  return mt and infos[mt] ~= nil or false
end

--- What is known of a Tests beside its records.
---@return nx.TestsInfo
function M.info(tests)
  local mt = getmetatable(tests)
  return infos[mt] or {}
end

local function check_self(fn, self)
  if not M.is(self) then
    err.raise { kind = "usage", message = ("tests:%s: not a Tests list (use a colon: tests:%s …)"):format(fn, fn) }
  end
end

-- The index by id, made on first use.
local function index_of(self)
  local info = M.info(self)
  if not info.index then
    local index = {}
    for _, test in ipairs(self) do index[test.id] = test end
    info.index = index
  end
  return info.index
end

--- A Filter ("filterset" | function(test) | Tests | compiled filter) as a function(test) -> boolean.
---@param filter any
---@param build? nx.Build   gives the universe that a text is read in
---@return fun(test: nx.Test): boolean
function M.predicate(filter, build)
  if type(filter) == "function" then
    return function(test) return filter(test) and true or false end
  end
  if M.is(filter) then
    local index = index_of(filter)
    return function(test) return index[test.id] ~= nil end
  end
  if type(filter) == "string" then
    filter = build and build.filter and build:filter(filter) or require "nx".filterset.compile(filter)
  end
  if type(filter) == "function" then return filter end
  if type(filter) == "table" and type(filter.test) == "function" then
    return function(test)
      return filter:test(build and build:suite(test.suite) or { id = test.suite }, test.name, test) and true or false
    end
  end
  err.raise { kind = "usage", message = ("a filter is a filterset, a function(test) or a Tests, not a %s"):format(type(filter)) }
end

-- The tests for which keep(test, index) holds; the others are noted as skipped for `reason`.
local function narrow(self, keep, reason)
  local old = M.info(self)
  local list, skipped, earlier = {}, {}, old.skipped or {}
  local e = 1
  for i, test in ipairs(self) do
    while earlier[e] and earlier[e].at < i do
      skipped[#skipped + 1] = { test = earlier[e].test, reason = earlier[e].reason, at = #list }
      e = e + 1
    end
    if keep(test, i) then
      list[#list + 1] = test
    else
      skipped[#skipped + 1] = { test = test, reason = reason, at = #list }
    end
  end
  for rest = e, #earlier do
    skipped[#skipped + 1] = { test = earlier[rest].test, reason = earlier[rest].reason, at = #list }
  end
  local info = {}
  for key, value in pairs(old) do info[key] = value end
  info.index, info.skipped = nil, skipped
  return M.new(list, info)
end

--- The tests that a filter chooses.
---@param filter string|fun(test: nx.Test): boolean|nx.Tests
---@return nx.Tests
function Tests:select(filter)
  check_self("select", self)
  return narrow(self, M.predicate(filter, M.info(self).build), "select")
end

--- The tests of one part: "hash:1/3", "count:…", "slice:…", or function(test, index) -> boolean, called once a test in order.
---@return nx.Tests
function Tests:partition(part)
  check_self("partition", self)
  return narrow(self, require "nx.partition".new(part), "partition")
end

--- The tests in another order: ascending by key(test), equal keys stay as they are.
---@param key fun(test: nx.Test): number|string
---@return nx.Tests
function Tests:order(key)
  check_self("order", self)
  local keys, rows, kind = {}, {}, nil
  for i, test in ipairs(self) do
    local k = key(test)
    local t = type(k)
    if t ~= "number" and t ~= "string" or kind and t ~= kind then
      err.raise { kind = "usage", message = ("tests:order: the key of %s is a %s%s"):format(test.id, t,
        kind and t ~= kind and ", that of others a " .. kind or "; it must be a number or a string") }
    end
    kind, keys[i], rows[i] = t, k, i
  end
  table.sort(rows, function(a, b)
    if keys[a] == keys[b] then return a < b end
    return keys[a] < keys[b]
  end)
  local list = {}
  for i, row in ipairs(rows) do list[i] = self[row] end
  local info = {}
  for name, value in pairs(M.info(self)) do info[name] = value end
  info.index = nil
  return M.new(list, info)
end

--- The test of an id ("SUITE NAME"), or nil.
---@return nx.Test?
function Tests:get(id)
  check_self("get", self)
  return index_of(self)[id]
end

--- Parts of about equal cost, together all tests: tests:split { n, cost = function(test) -> number, max_bytes = "200MB" }.
---@return nx.Tests[]
function Tests:split(o)
  check_self("split", self)
  o = options.check("tests:split", type(o) == "number" and { o } or o,
    { "integer", ["#"] = 1, cost = "function", max_bytes = "size" })
  local info = M.info(self)
  local parts = require "nx.split"(self, o, info.build)
  for i, part in ipairs(parts) do parts[i] = M.new(part, { build = info.build }) end
  return parts
end

--- What runs where and in which order, as plain data (rules are asked now, once).
---@return nx.Plan
function Tests:plan(o)
  check_self("plan", self)
  return require "nx.plan".make(self, o)
end

--- Plans and runs.
---@return nx.Result
function Tests:run(o)
  check_self("run", self)
  return require "nx.plan".run_tests(self, o)
end

--- nx.tests { TEST…, build = b }: a Tests of any list of Test records; id, ignored, labels and meta are filled in.
---@return nx.Tests
function M.tests(o)
  o = options.check("nx.tests", o, { "table", build = "table" })
  local list, seen = {}, {}
  for i, given in ipairs(o) do
    local test = {}
    for key, value in pairs(given) do test[key] = value end
    if type(test.suite) ~= "string" or type(test.name) ~= "string" then
      options.usage("nx.tests", "item %d has no suite and name", i)
    end
    test.id = test.id or test.suite .. " " .. test.name
    if seen[test.id] then options.usage("nx.tests", "the test %s is there twice", test.id) end
    seen[test.id] = true
    test.ignored, test.labels, test.meta = test.ignored or false, test.labels or {}, test.meta or {}
    list[i] = test
  end
  return M.new(list, { build = o.build })
end

return M
