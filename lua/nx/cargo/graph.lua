-- The packages, binaries and dependencies that a filterset may name: the universe of its predicates.

---@class nx.cargo.Graph
---@field packages { id: string, name: string }[]   of the workspace
---@field package_names string[]
---@field binary_names string[]
---@field binary_ids string[]
local Graph = {}
Graph.__index = Graph

local M = {}

local library = { lib = true, rlib = true, dylib = true, cdylib = true, staticlib = true, ["proc-macro"] = true }

--- The id of the test binary of a target: `package`, `package::name` of a test, else `package::kind/name`.
---@return string?  nil for a build script
function M.binary_id(package, kind, name)
  if library[kind] then return package end
  if kind == "custom-build" then return nil end
  if kind == "test" then return package .. "::" .. name end
  return package .. "::" .. kind .. "/" .. name
end

local function sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

-- All ids that can be reached over `edges`, the start included, as far as they belong to the workspace.
local function reach(self, edges, start)
  local seen, queue, set = { [start] = true }, { start }, {}
  while #queue > 0 do
    local id = table.remove(queue)
    if self.members[id] then set[id] = true end
    for _, next_id in ipairs(edges[id] or {}) do
      if not seen[next_id] then
        seen[next_id] = true
        queue[#queue + 1] = next_id
      end
    end
  end
  return set
end

--- The workspace packages that this one depends on, itself included: ids as keys.
---@param id string
---@return table<string, true>
function Graph:dependencies(id)
  self.forward[id] = self.forward[id] or reach(self, self.edges, id)
  return self.forward[id]
end

--- The workspace packages that depend on this one, itself included.
---@param id string
---@return table<string, true>
function Graph:dependents(id)
  self.backward[id] = self.backward[id] or reach(self, self.back_edges, id)
  return self.backward[id]
end

local function finish(self, names, binaries, ids)
  self.package_names, self.binary_names, self.binary_ids = sorted(names), sorted(binaries), sorted(ids)
  self.forward, self.backward = {}, {}
  return setmetatable(self, Graph)
end

--- From what `cargo metadata --format-version 1` says (decoded). Without `resolve` there are no dependencies.
---@param metadata table
---@return nx.cargo.Graph
function M.new(metadata)
  local self = { packages = {}, members = {}, edges = {}, back_edges = {} }
  for _, id in ipairs(metadata.workspace_members) do self.members[id] = true end
  local names, binaries, ids = {}, {}, {}
  for _, package in ipairs(metadata.packages) do
    if self.members[package.id] then
      self.packages[#self.packages + 1] = { id = package.id, name = package.name }
      names[package.name] = true
      for _, target in ipairs(package.targets) do
        local id = M.binary_id(package.name, target.kind[1], target.name)
        if id then ids[id], binaries[target.name] = true, true end
      end
    end
  end
  local resolve = metadata.resolve
  for _, node in ipairs(type(resolve) == "table" and resolve.nodes or {}) do
    local to = {}
    for _, dependency in ipairs(node.deps or {}) do to[#to + 1] = dependency.pkg end
    for _, id in ipairs(to) do
      local back = self.back_edges[id] or {}
      self.back_edges[id] = back
      back[#back + 1] = node.id
    end
    self.edges[node.id] = to
  end
  return finish(self, names, binaries, ids)
end

--- From suites alone, where no Cargo is behind them: what exists is what is there.
---@param suites nx.Suite[]
---@return nx.cargo.Graph
function M.from_suites(suites)
  local self = { packages = {}, members = {}, edges = {}, back_edges = {} }
  local names, binaries, ids = {}, {}, {}
  for _, suite in ipairs(suites) do
    local package = suite.package
    local id = suite.package_id or package
    if package and not self.members[id] then
      self.members[id] = true
      self.packages[#self.packages + 1] = { id = id, name = package }
      names[package] = true
    end
    ids[suite.id], binaries[suite.name or suite.id] = true, true
  end
  return finish(self, names, binaries, ids)
end

return M
