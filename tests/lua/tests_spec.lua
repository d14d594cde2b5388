-- The Tests type, splitting, and plans.
local err = require "nx.error"
local fake = require "fake"
local json = require "nx.json"
local nx = require "nx"

local function names(tests)
  local out = {}
  for i, test in ipairs(tests) do out[i] = test.name end
  return table.concat(out, " ")
end

local function failure(fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.is_true(err.is(e))
  return e
end

describe("a Tests list", function()
  local build, tests
  before_each(function()
    build = fake.build { { "one", "a b c" }, { "two", "d e!" } }
    tests = build:tests { ignored = "all" }
  end)

  it("is an array that JSON sees nothing else in", function()
    assert.equal(5, #tests)
    assert.equal("a b c d e", names(tests))
    assert.equal(5, #json.decode(json.encode(tests)))
    for key in pairs(tests) do assert.is_number(key) end
  end)
  it("selects by text, function, and another list; nothing changes the old one", function()
    assert.equal("a d", names(tests:select(function(test) return test.name == "a" or test.name == "d" end)))
    assert.equal("b", names(tests:select "test(=b)"))
    assert.equal("a", names(tests:select(tests:select "test(=a)")))
    assert.equal("a b c d e", names(tests))
    assert.equal("d e", names(tests:select "binary_id(two)"))
  end)
  it("orders stably", function()
    assert.equal("d e a b c", names(tests:order(function(test) return test.suite == "two" and 0 or 1 end)))
    assert.matches("must be a number or a string", failure(tests.order, tests, function() return {} end).message)
  end)
  it("gets a test by its id", function()
    assert.equal("b", tests:get("one b").name)
    assert.is_nil(tests:get "one zzz")
  end)
  it("partitions, and remembers what it left out", function()
    local part = tests:partition "count:1/2"
    assert.equal("a c d e", names(part))
    local plan = part:plan()
    assert.same({ "b", "partition", 1 }, { plan.skipped[1].test.name, plan.skipped[1].reason, plan.skipped[1].at })
  end)
  it("splits by cost, all tests in exactly one part", function()
    local cost = { a = 9, b = 5, c = 4, d = 1, e = 1 }
    local parts = tests:split { 2, cost = function(test) return cost[test.name] end }
    local seen, loads = {}, {}
    for i, part in ipairs(parts) do
      loads[i] = 0
      for _, test in ipairs(part) do
        assert.is_nil(seen[test.id])
        seen[test.id], loads[i] = true, loads[i] + cost[test.name]
      end
    end
    assert.same({ 10, 10 }, loads)
    assert.equal(3, #tests:split(3))
    assert.equal(0, #tests:split(9)[9])
  end)
  it("splits within a budget of bytes, or says what does not fit", function()
    for _, suite in ipairs(build.suites) do suite.bytes = 100 end
    local parts = tests:split { 2, max_bytes = 100 }
    assert.equal("a b c", names(parts[1]))
    assert.equal("d e", names(parts[2]))
    assert.equal("budget", failure(tests.split, tests, { 2, max_bytes = 99 }).kind)
    assert.equal("budget", failure(tests.split, tests, { 1, max_bytes = 100 }).kind)
  end)
  it("is made of any list", function()
    local made = nx.tests { { suite = "one", name = "b" }, { suite = "two", name = "d" }, build = build }
    assert.equal("one b", made[1].id)
    assert.equal(2, made:run { report = {} }.counts.pass)
    assert.matches("twice", failure(nx.tests, { { suite = "a", name = "b" }, { suite = "a", name = "b" } }).message)
    assert.matches("no suite and name", failure(nx.tests, { { suite = "a" } }).message)
  end)
  it("names a mistaken option, and a rule's wrong value", function()
    local e = failure(tests.run, tests, { thread = 1 })
    assert.matches('unknown option "thread" %(did you mean "threads"%?%)', e.message)
    assert.matches("tests_spec.lua:%d+", e.where)
    assert.matches('timeout of one a must be a duration, not "soon"', failure(tests.plan, tests, { timeout = function() return "soon" end }).message)
    assert.equal("config", failure(tests.plan, tests, { profile = "nope" }).kind)
  end)
end)

describe("a plan", function()
  it("is plain data, with what differs from the defaults", function()
    local plan = fake.build { { "s", "a b c" } }:tests():plan { retries = 1, timeout = function(t) return t.name == "b" and "5s" or nil end,
      priority = function(t) return t.name == "c" and 1 or 0 end, group = "db" }
    local plain = json.decode(json.encode(plan))
    assert.same({ 1, "default", "db", 1 }, { plain.version, plain.profile, plain.defaults.group, plain.defaults.retries.count })
    assert.equal("c", plain.items[1].test.name)
    assert.equal(5, plain.items[3].timeout)
    assert.is_nil(plain.items[2].timeout)
    assert.equal(60, plan.items[1].slow_after)
    assert.equal(3, plan:run { report = {} }.counts.pass)
  end)
  it("asks each rule once a test", function()
    local asked = 0
    local plan = fake.build { { "s", "a b c" } }:tests():plan { env = function() asked = asked + 1; return {} end }
    plan:run { report = {} }
    plan:run { report = {} }
    assert.equal(3, asked)
  end)
  it("takes a profile's keys from a table", function()
    local plan = fake.build { { "s", "a" } }:tests():plan { profile = { retries = 3, ["slow-timeout"] = "7s", overrides = {
      { filter = "test(=a)", priority = 5 } } } }
    assert.same({ 3, 7, 5 }, { plan.defaults.retries.count, plan.defaults.slow_after, plan.items[1].priority })
  end)
end)
