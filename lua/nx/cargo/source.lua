-- Cargo as a source of suites: its metadata, wherever it comes from (a build just made, an archive, files), as a Build.

local json = require "nx.json"
local metadata = require "nx.cargo.metadata"
local path = require "nx.path"
local suites = require "nx.cargo.suites"

local M = {}

---@class nx.cargo.Source
---@field packages nx.cargo.Packages
---@field meta table              paths of the build machine
---@field binaries table[]        in order, paths of the build machine
---@field workspace_root string   where it is now
---@field target_dir string
---@field build_dir string
---@field config nx.cargo.Config
---@field runners? table<string, string[]>

--- Makes the Build.
---@param cargo nx.cargo.Source
---@param extra? table   fields of the Build: archive_id, on_close, …
---@return nx.Build
function M.build(cargo, extra)
  local notices = extra and extra.notices or json.array {}
  local platforms = cargo.meta.platforms
  cargo.runners = cargo.runners or require "nx.cargo.runner".find(cargo.config, platforms, notices)
  local build = {
    source = "cargo", suites = suites.make(cargo, notices), root = cargo.workspace_root, target_dir = cargo.target_dir,
    host = platforms.host.platform.triple, target = platforms.targets[1] and platforms.targets[1].platform.triple,
    meta = {}, notices = notices, cargo = cargo,
  }
  for key, value in pairs(extra or {}) do build[key] = value end
  return require "nx.build".new(build)
end

--- The metadata with the paths that hold now, for `list`.
---@param cargo nx.cargo.Source
function M.moved_meta(cargo)
  local meta = setmetatable({
    target_directory = cargo.target_dir, build_directory = cargo.build_dir,
  }, { __index = cargo.meta })
  return metadata.meta(meta, { build_directory = true })
end

--- The metadata of an archive that holds these binaries: build directory merged into the target directory.
---@param cargo nx.cargo.Source
---@param binaries table[]
---@param meta table
function M.archived_document(cargo, binaries, meta)
  local rows = {}
  for i, binary in ipairs(binaries) do
    local rest = path.below(binary.path, cargo.meta.build_directory)
    rows[i] = setmetatable({ path = rest and path.join(cargo.meta.target_directory, rest) or binary.path }, { __index = binary })
  end
  return metadata.document(meta, rows)
end

--- Says on standard error what a build noticed, unless output was taken elsewhere.
function M.tell(build, notices, output)
  if output ~= nil and output ~= "inherit" then return end
  for _, notice in ipairs(notices) do io.stderr:write(notice.level, ": ", notice.text, "\n") end
  build.told = #notices
end

return M
