-- The face of the library: what `require "nx"` returns. Every public name is a field of this table, loaded on first use,
-- so that a script pays only for what it touches and a test may replace any field.

local core = require "nx.core.open"

---@class nx
local nx = { version = core.version, api = 1 }

-- field = { module, field of that module | nil for the module itself }
local lazy = {
  build = { "nx.build", "build" },
  cargo = { "nx.cargo" },
  open = { "nx.open", "open" },
  all = { "nx.flow", "all" },
  archive = { "nx.archive", "archive" },
  defer = { "nx.flow", "defer" },
  extract = { "nx.extract", "extract" },
  lines = { "nx.process", "lines" },
  here = { "nx.host", "here" },
  map = { "nx.flow", "map" },
  merge = { "nx.runner.result", "merge" },
  outcome = { "nx.process", "outcome" },
  run = { "nx.process", "run" },
  sleep = { "nx.flow", "sleep" },
  start = { "nx.process", "start" },
  task = { "nx.flow", "task" },
  temp_dir = { "nx.flow", "temp_dir" },
  wait_for = { "nx.flow", "wait_for" },
  fail = { "nx.error", "fail" },
  filterset = { "nx.filterset" },
  fs = { "nx.fs" },
  json = { "nx.json" },
  report = { "nx.report" },
  tests = { "nx.tests", "tests" },
  remap = { "nx.remap", "remap" },
}

return setmetatable(nx, {
  __index = function(self, name)
    local row = lazy[name]
    if not row then return nil end
    local value = require(row[1])
    if row[2] then value = value[row[2]] end
    rawset(self, name, value)
    return value
  end,
  -- every public name, loaded or not
  __pairs = function(self)
    local names = {}
    for name in next, self do names[name] = true end
    for name in next, lazy do names[name] = true end
    return function(_, name)
      name = next(names, name)
      if name ~= nil then return name, self[name] end
    end, self, nil
  end,
})
