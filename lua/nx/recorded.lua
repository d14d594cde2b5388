-- The list of tests that travels in an archive, so that a reader need not start the binaries (a coordinator cannot: they are for
-- another machine). Kept small: names of a suite in order, positions of the ignored ones, kinds that are not the usual.

local json = require "nx.json"
local model = require "nx.model"

local M = {}

--- Lists the suites of a build for its archive: `{ SUITE = { names, ignored, kinds? } }`.
---@param build nx.Build
---@param wanted { id: string }[]
function M.record(build, wanted)
  local suites = {}
  for i, one in ipairs(wanted) do suites[i] = build:suite(one.id) end
  local recorded = {}
  for _, listed in ipairs(require "nx.listing".list(build, { suites = suites })) do
    local names, ignored, kinds = json.array {}, json.array {}, nil
    for i, test in ipairs(listed.tests) do
      names[i] = test.name
      if test.ignored then ignored[#ignored + 1] = i end
      local meta = rawget(test, "meta")
      if meta and meta.kind then
        kinds = kinds or {}
        kinds[test.name] = meta.kind
      end
    end
    recorded[listed.suite.id] = { names = names, ignored = ignored, kinds = kinds }
  end
  return recorded
end

--- The same shape as nx.listing.list gives, out of what was recorded. A suite that was not recorded is not listed.
---@param build nx.Build
---@param decide fun(suite: nx.Suite): boolean, string?
---@return nx.Listed[]
function M.listing(build, decide)
  local results = {}
  for i, suite in ipairs(build.suites) do
    local yes, status = decide(suite)
    local tests, known = {}, build.recorded_tests[suite.id]
    if yes ~= false and known then
      for k, name in ipairs(known.names) do tests[k] = model.test(suite.id, name) end
      for _, k in ipairs(known.ignored) do tests[k].ignored = true end
      for _, test in ipairs(known.kinds and tests or {}) do
        if known.kinds[test.name] then test.meta = { kind = known.kinds[test.name] } end
      end
    end
    results[i] = { suite = suite, status = yes ~= false and "listed" or status or "skipped", tests = tests }
  end
  return results
end

return M
