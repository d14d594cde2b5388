-- Runs of the scripted test binary tests/fixtures/faketest, for specs of the runner.
local nx = require "nx"

local M = {}
M.path = os.getenv "NXLUA_SOURCE" .. "/tests/fixtures/faketest"

--- A Build with one suite for each pair id, names (a text of words).
function M.build(suites)
  local spec = { root = "/tmp" }
  for _, suite in ipairs(suites) do
    spec[#spec + 1] = { id = suite[1], path = M.path, harness = "libtest",
      env = { FAKE_TESTS = suite[2], FAKE_LOG = suite.log }, meta = suite.meta }
  end
  return nx.build(spec)
end

--- Runs `names` of one suite "s"; the human report goes nowhere. Returns the Result and the events.
function M.run(names, o, list)
  o = o or {}
  local events = {}
  o.report = o.report or {}
  table.insert(o.report, function(event) events[#events + 1] = event end)
  local build = M.build(type(names) == "string" and { { "s", names } } or names)
  return build:tests(list or { ignored = "all" }):run(o), events
end

--- The row of a test in a Result.
function M.row(result, name)
  for _, row in ipairs(result.tests) do
    if row.test.name == name then return row end
  end
end

function M.temp()
  local name = os.tmpname()
  return name
end

function M.lines(path)
  local out = {}
  for line in io.lines(path) do out[#out + 1] = line end
  return out
end

--- Types of events, with the names of their tests.
function M.trace(events)
  local out = {}
  for _, event in ipairs(events) do out[#out + 1] = event.type .. (event.test and " " .. event.test.name or "") end
  return out
end

return M
