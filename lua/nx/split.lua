-- Divides tests into parts of about equal cost, each within a budget of bytes. A suite that goes to two parts costs its
-- bytes twice, so tests of one suite stay together where that costs no balance.

local err = require "nx.error"

local near = 0.02 -- a part this share of the ideal load above the least loaded is taken when it has the suite already

---@param tests nx.Tests
---@param o { [1]: integer, cost?: fun(test: nx.Test): number, max_bytes?: integer }
---@param build? nx.Build
---@return nx.Test[][]
return function(tests, o, build)
  local n, limit = o[1], o.max_bytes
  if n < 1 then err.raise { kind = "usage", message = "tests:split: the number of parts must be at least 1" } end

  local costs, total, by_suite, suites = {}, 0, {}, {}
  for i, test in ipairs(tests) do
    local cost = 1
    if o.cost then
      cost = o.cost(test)
      if type(cost) ~= "number" or cost ~= cost or cost < 0 then
        err.raise { kind = "usage", message = ("tests:split: the cost of %s is %s, not a number ≥ 0"):format(test.id, tostring(cost)) }
      end
    end
    costs[i], total = cost, total + cost
    local suite = by_suite[test.suite]
    if not suite then
      suite = { id = test.suite, cost = 0, bytes = 0 }
      if limit then
        local record = build and build:suite(test.suite)
        suite.bytes = record and record.bytes or 0
      end
      by_suite[test.suite], suites[#suites + 1] = suite, suite
    end
    suite.cost = suite.cost + cost
  end

  local load, bytes, holds = {}, {}, {}
  for p = 1, n do load[p], bytes[p], holds[p] = 0, 0, {} end

  -- Under a budget every suite first gets a home, the biggest first: then there is a place for each of its tests.
  if limit then
    table.sort(suites, function(a, b)
      if a.bytes ~= b.bytes then return a.bytes > b.bytes end
      return a.id < b.id
    end)
    local planned = {}
    for p = 1, n do planned[p] = 0 end
    for _, suite in ipairs(suites) do
      local best
      for p = 1, n do
        if bytes[p] + suite.bytes <= limit and (not best or planned[p] < planned[best]) then best = p end
      end
      if not best then
        err.raise { kind = "budget", message = ("tests:split: %s has %d bytes and fits into none of %d parts of %d bytes"):format(
          suite.id, suite.bytes, n, limit) }
      end
      bytes[best], holds[best][suite.id], planned[best] = bytes[best] + suite.bytes, true, planned[best] + suite.cost
    end
  end

  -- The dearest test first, to the least loaded part that may have it.
  local rows = {}
  for i = 1, #tests do rows[i] = i end
  table.sort(rows, function(a, b)
    if costs[a] ~= costs[b] then return costs[a] > costs[b] end
    return a < b
  end)
  local owner, slack = {}, total / n * near
  for _, i in ipairs(rows) do
    local suite = by_suite[tests[i].suite]
    local least, home
    for p = 1, n do
      if holds[p][suite.id] then
        if not home or load[p] < load[home] then home = p end
      end
      if holds[p][suite.id] or not limit or bytes[p] + suite.bytes <= limit then
        if not least or load[p] < load[least] then least = p end
      end
    end
    local p = home and load[home] <= load[least] + slack and home or least
    if not holds[p][suite.id] then holds[p][suite.id], bytes[p] = true, bytes[p] + suite.bytes end
    owner[i], load[p] = p, load[p] + costs[i]
  end

  local parts = {}
  for p = 1, n do parts[p] = {} end
  for i, test in ipairs(tests) do
    local part = parts[owner[i]]
    part[#part + 1] = test
  end
  return parts
end
