-- How long choosing takes: 100,000 tests, a filterset of four predicates, one of them a regular expression.
--
--     nxlua tests/bench/filterset.lua [TESTS]

local filterset = require "nx.filterset"

local count = tonumber((...) or 100000)
local suites, tests = {}, {}
local modules = { "net::tcp", "net::udp", "db::query", "db::pool", "parser::lexer", "parser::tree", "cli", "util::hash" }
for i = 1, 200 do
  local package = "crate-" .. (i % 50)
  suites[i] = { id = package .. "::t" .. i, name = "t" .. i, package = package, kind = i % 4 == 0 and "lib" or "test",
    platform = "target" }
end
for i = 1, count do
  tests[i] = { suite = suites[i % #suites + 1], name = ("%s::case_%d_%s"):format(modules[i % #modules + 1], i,
    i % 3 == 0 and "slow" or "fast") }
end

local texts = {
  "package(crate-1*) & kind(test) & not test(slow) & test(/::case_\\d+[02468]_/)",
  "test(/^net::(tcp|udp)::case_\\d+_fast$/) | (test(db::) - test(#*slow)) | binary_id(crate-7::*)",
  "test(/(?i)CASE_\\d*7\\d*_S/) & (test(pool) + test(#*lexer*) + test(=x))",
  "test(a)", "all()",
}
for _, text in ipairs(texts) do
  local best, chosen = math.huge, 0
  local compiling = os.clock()
  assert(filterset.parse(text))
  compiling = os.clock() - compiling
  for _ = 1, 5 do
    local start = os.clock()
    local filter = assert(filterset.parse(text))
    chosen = 0
    for i = 1, count do
      local test = tests[i]
      if filter:test(test.suite, test.name) then chosen = chosen + 1 end
    end
    best = math.min(best, os.clock() - start)
  end
  print(("%7.1f ms  %5.0f ns a test  %6d of %d chosen  (parsed in %.2f ms)  %s"):format(best * 1e3, best / count * 1e9, chosen,
    count, compiling * 1e3, text))
end
