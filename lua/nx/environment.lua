-- The variables that a test binary is started with, beside those it inherits. What is the same for all children of a phase is
-- made once; only what a test adds (its name, attempt, slots) is the runner's.

local failure = require "nx.failure"
local model = require "nx.model"
local place = require "nx.core.place"

local M = {}

-- Which variable carries the library path on this system.
local LIBRARY_PATH <const> = "LD_LIBRARY_PATH"

---@class nx.environment.Options
---@field phase "list"|"run"
---@field profile? string              name of the profile
---@field run_id? string
---@field wrapper_env? table           variables of the wrapper in effect
---@field required_version? string
---@field recommended_version? string

--- What this process itself inherits; read once for a phase by callers that start many children.
---@return table<string, string>
function M.inherited()
  return place.environ()
end

-- The library path: the suite's directories, each once, then what we inherit as it is.
local function library_path(suite, inherited)
  local dirs, seen = {}, {}
  local function add(dir)
    if seen[dir] then return end
    seen[dir] = true
    if dir:find(":", 1, true) then
      failure.raise { kind = "list_failed", exit_code = 104, path = dir, chain = {
        "error joining dynamic library paths", ("path segment contains separator `:`: %s"):format(dir) } }
    end
    dirs[#dirs + 1] = dir
  end
  for _, dir in ipairs(suite.library_path or {}) do add(dir) end
  dirs[#dirs + 1] = inherited[LIBRARY_PATH]
  return #dirs > 0 and table.concat(dirs, ":") or nil
end

-- What every child of a build gets: before and after the suite's own variables. Kept on the phase.
local function shared(build, options)
  local inherited = options.inherited or M.inherited()
  local before, after = {}, {}
  if build.cargo and build.cargo.config then
    before = build.cargo.config:env(function(name) return inherited[name] end)
  end
  after.NEXTEST = "1"
  after.NEXTEST_EXECUTION_MODE = "process-per-test"
  after.NEXTEST_PROFILE = options.profile or "default"
  after.NEXTEST_TEST_PHASE = options.phase
  after.NEXTEST_RUN_ID = options.run_id
  after.NEXTEST_WORKSPACE_ROOT = build.root
  after.NEXTEST_VERSION = model.NEXTEST_VERSION
  after.NEXTEST_REQUIRED_VERSION = options.required_version or build.required_version or "none"
  after.NEXTEST_RECOMMENDED_VERSION = options.recommended_version or build.recommended_version or "none"
  for name, value in pairs(inherited) do
    if name:find "^LD_" or name:find "^DYLD_" then after["NEXTEST_" .. name] = value end
  end
  return { before = before, after = after, inherited = inherited, paths = {} }
end

--- All variables of a suite in a phase, to be laid over the inherited ones. `options` may be one table for a whole phase:
--- what is common is then made once.
---@param build nx.Build
---@param suite nx.Suite
---@param options nx.environment.Options
---@return table<string, string>
function M.suite(build, suite, options)
  local common = options.common
  if not common or common.build ~= build then
    common = shared(build, options)
    common.build = build
    options.common = common
  end
  local env = {}
  for name, value in pairs(common.before) do env[name] = value end
  for name, value in pairs(options.wrapper_env or {}) do env[name] = value end
  for name, value in pairs(suite.env or {}) do env[name] = value end
  for name, value in pairs(common.after) do env[name] = value end
  env.NEXTEST_BINARY_ID = suite.id
  local key = suite.library_path or common
  local joined = common.paths[key]
  if joined == nil then
    joined = library_path(suite, common.inherited) or false
    common.paths[key] = joined
  end
  if joined then
    env[LIBRARY_PATH] = joined
    env["NEXTEST_" .. LIBRARY_PATH] = joined
  end
  return env
end

--- A random UUID (version 4), as run ids are.
---@return string
function M.uuid()
  local file = io.open("/dev/urandom", "rb")
  local bytes = file and file:read(16)
  if file then file:close() end
  if not bytes or #bytes < 16 then
    bytes = ("I8I8"):pack(math.random(0), math.random(0))
  end
  local hex = bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
  local variant = ("%x"):format(tonumber(hex:sub(17, 17), 16) & 3 | 8)
  return ("%s-%s-4%s-%s%s-%s"):format(hex:sub(1, 8), hex:sub(9, 12), hex:sub(14, 16), variant, hex:sub(18, 20), hex:sub(21, 32))
end

return M
