-- How long it takes to settle 100,000 tests with 50 overrides: plan.lua [TESTS [OVERRIDES]]. Prints microseconds a test.
require "nx"
local config = require "nx.config"

local tests, overrides = tonumber((...)) or 100000, tonumber((select(2, ...))) or 50
local path = os.tmpname()
local file = assert(io.open(path, "w"))
for i = 1, overrides do
  local filter = i % 3 == 0 and ("binary(b%d)"):format(i % 20) or i % 3 == 1 and ("test(case_%d)"):format(i)
    or ("package(p) & test(/_%d.$/)"):format(i)
  file:write(("[[profile.default.overrides]]\nfilter = '%s'\nretries = %d\n"):format(filter, i))
end
file:close()
local profile = config.load { root = "/nowhere", config_file = path, version = "0.9.143" }
  :profile("default", { host = config.platform.new "x86_64-unknown-linux-gnu" })
os.remove(path)

local suites = {}
for i = 1, 20 do suites[i] = { id = "p::b" .. i, name = "b" .. i, package = "p", kind = "test", platform = "target" } end
local list = {}
for i = 1, tests do list[i] = { suite = suites[i % 20 + 1].id, name = "module::case_" .. i } end

local started = os.clock()
local sum = 0
for i = 1, tests do sum = sum + profile:for_test(suites[i % 20 + 1], list[i]).retries.count end
local seconds = os.clock() - started
print(("%d tests, %d overrides: %.2f us a test (checksum %d)"):format(tests, overrides, seconds / tests * 1e6, sum))
