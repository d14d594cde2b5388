-- The Build: suites and where they lie, whatever they were built with. Sources (nx.cargo.build, nx.open, nx.build) make one.

local err = require "nx.error"
local json = require "nx.json"
local options = require "nx.options"
local path = require "nx.path"
local place = require "nx.core.place"

---@class nx.Build
---@field source string
---@field suites nx.Suite[]
---@field root string
---@field target_dir string
---@field target? string
---@field host string
---@field map? nx.Map
---@field hash? string
---@field meta table
---@field notices table[]       { level = "info"|"warning", text } met while it was made
---@field cargo? nx.cargo.Source
local Build = {}

local M = {}

local mt = { __index = Build, __name = "nx.Build" }
function mt.__close(build) build:close() end
function mt.__gc(build) if build.on_close then pcall(build.close, build) end end

--- Gives a record its methods.
---@param record table
---@return nx.Build
function M.new(record)
  record.by_id = {}
  for _, suite in ipairs(record.suites) do record.by_id[suite.id] = suite end
  return setmetatable(record, mt)
end

--- Is this value a Build?
function M.is(value)
  return getmetatable(value) == mt
end

--- The suite of an id, or nil.
---@param id string
---@return nx.Suite?
function Build:suite(id)
  return self.by_id[id]
end

--- Gives up what the build holds: an archive's temporary directory. Any number of times.
function Build:close()
  local on_close = self.on_close
  self.on_close = nil
  if on_close then on_close() end
end

--- What filtersets may name: the packages and binaries of the workspace, or of the suites where there is no Cargo.
function Build:universe()
  if self.graph == nil and self.cargo then
    self.graph = require "nx.cargo.graph".new(self.cargo.packages.document)
  end
  return self.graph
end

--- Any value that chooses tests, bound to this build.
---@param filter nx.Filter|string|function|table|nil
---@param kind? string
function Build:filter(filter, kind)
  if getmetatable(filter) == require "nx.filterset".Filter and (filter.context.universe or not filter.tree) then return filter end
  return require "nx.filterset".from(filter, { kind = kind or "test", universe = self:universe(), suites = self.by_id })
end

local tests_spec = { filter = "any", ignored = '"skip"|"only"|"all"', recorded = "boolean", on = "any" }

--- The tests of a build, in the order of suites and names.
---@param given? { filter?: any, ignored?: "skip"|"only"|"all", recorded?: boolean, on?: nx.Host }
---@return nx.Tests
function Build:tests(given)
  local o = options.check("build:tests", given, tests_spec)
  local ignored = o.ignored or "skip"
  local filter = o.filter ~= nil and self:filter(o.filter) or nil
  local recorded = o.recorded ~= false and self.recorded_tests or nil
  local function decide(suite)
    return not filter or filter:suite(suite) ~= false
  end
  local listed = recorded and require "nx.recorded".listing(self, decide)
    or require "nx.listing".list(self, { decide = decide, on = o.on })
  local chosen, skipped, suites, skipped_suites = {}, {}, 0, 0
  local function skip(test, reason) skipped[#skipped + 1] = { test = test, reason = reason, at = #chosen } end
  for _, one in ipairs(listed) do
    local suite = one.suite
    if one.status == "listed" then suites = suites + 1 else skipped_suites = skipped_suites + 1 end
    for _, test in ipairs(one.tests) do
      if ignored ~= "all" and test.ignored ~= (ignored == "only") then
        skip(test, "ignored")
      elseif filter and not filter:test(suite, test.name, test) then
        skip(test, "expression")
      else
        chosen[#chosen + 1] = test
      end
    end
  end
  return require "nx.tests".new(chosen, { build = self, suites = suites, skipped = skipped, skipped_suites = skipped_suites })
end

--- `rust-build-meta` as `list` shows it: the paths that hold now.
function Build:metadata()
  if self.cargo then return require "nx.cargo.source".moved_meta(self.cargo) end
  return { ["target-directory"] = self.target_dir }
end

--- `binaries-metadata.json` with the paths of the build machine.
---@param build_directory? boolean
function Build:document(build_directory)
  if self.cargo then
    local cargo = self.cargo
    return require "nx.cargo.metadata".document(cargo.recorded or cargo.meta, cargo.binaries, { build_directory = build_directory })
  end
  err.raise { kind = "usage", message = "this build was not made by Cargo: it has no binaries-metadata" }
end

--- Packs the build: see nx.build_archive.
---@param given table
---@return nx.ArchiveReport
function Build:archive(given)
  return require "nx.build_archive".archive(self, given)
end

--- What an archive of this build (or of a part of it) would hold: `{ path, as, bytes, suites }`, in order.
---@param given? { filter?: any }
function Build:files(given)
  local o = options.check("build:files", given, { filter = "any" })
  return require "nx.build_archive".files(self, o.filter)
end

-- nx.build { SUITE…, … } ---------------------------------------------------------------------------------------------------

local spec = { "table", root = "string", files = "list", harnesses = "table", target = "string", meta = "table" }
local suite_spec = { ["id!"] = "string", ["path!"] = "string", name = "string", package = "string", harness = "string",
  kind = "string", platform = '"target"|"host"', runner = "list", cwd = "string", env = "table", library_path = "list",
  meta = "table" }

--- A Build out of any programs: `nx.build { { id =, path =, harness = "gtest" }…, root = "." }`.
---@param given table
---@return nx.Build
function M.build(given)
  local o = options.check("nx.build", given, spec)
  local root = place.real(o.root or ".")
  if not root then
    err.raise { kind = "not_found", path = o.root, message = ("nx.build: the directory %q is not there"):format(o.root) }
  end
  local function under_root(file) return path.normal(path.join(root, file)) end
  local suites, seen = json.array {}, {}
  for i = 1, #o do
    local s = options.check(("nx.build: suite %d"):format(i), o[i], suite_spec)
    if seen[s.id] then err.raise { kind = "usage", message = ("nx.build: two suites have the id %q"):format(s.id) } end
    seen[s.id] = true
    local dirs = {}
    for k, dir in ipairs(s.library_path or {}) do dirs[k] = under_root(dir) end
    suites[i] = {
      id = s.id, name = s.name or s.id, path = under_root(s.path), package = s.package, harness = s.harness or "exec",
      kind = s.kind or "exe", platform = s.platform or "target", runner = s.runner or {}, cwd = s.cwd and under_root(s.cwd) or root,
      env = s.env or {}, library_path = dirs, meta = s.meta or {},
    }
    if not place.real(suites[i].path) then
      err.raise { kind = "not_found", path = suites[i].path,
        message = ("nx.build: suite %q: %s is not there"):format(s.id, suites[i].path) }
    end
  end
  local harnesses = {}
  for name, file in pairs(o.harnesses or {}) do harnesses[name] = place.real(file) or file end
  return M.new {
    source = "build", suites = suites, root = root, target_dir = root, host = place.triple, target = o.target, meta = o.meta or {},
    notices = json.array {}, extra_files = o.files or {}, harnesses = harnesses,
  }
end

return M
