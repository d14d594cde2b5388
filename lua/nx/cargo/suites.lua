-- From a build's metadata to its suites: where each binary lies now, in which directory and with which variables it runs.

local path = require "nx.path"
local place = require "nx.core.place"

local M = {}

-- A path below `old` as the same path below `new`.
local function moved(file, old, new)
  local rest = path.below(file, old)
  return rest and path.join(new, rest) or file
end
M.moved = moved

local function exists(file)
  return place.real(file) ~= nil
end

--- The directories that go to the front of the library path, the same for every suite of the build.
---@param cargo table
---@return string[]
function M.library_path(cargo)
  local meta, dirs, seen = cargo.meta, {}, {}
  local function add(dir)
    if not seen[dir] then
      seen[dir] = true
      dirs[#dirs + 1] = dir
    end
  end
  for _, linked in ipairs(meta.linked_paths) do
    local dir = path.join(cargo.build_dir, linked)
    if exists(dir) then add(dir) end
  end
  for _, base in ipairs(meta.base_output_directories) do
    add(path.join(cargo.target_dir, base))
    add(path.join(path.join(cargo.build_dir, base), "deps"))
  end
  for _, pair in ipairs { meta.platforms.host, meta.platforms.targets[1] } do
    if pair.libdir.status == "available" then add(pair.libdir.path) end
  end
  return dirs
end

-- The variables of a package's build script. Builds of older versions have them only in the script's recorded output.
local function script_variables(cargo, id, notices)
  local info = cargo.meta.build_script_info
  if info then return info[id] and info[id].envs or {} end
  cargo.recorded = cargo.recorded or {}
  local envs = cargo.recorded[id]
  if envs then return envs end
  envs = {}
  cargo.recorded[id] = envs
  local file = path.join(path.parent(path.join(cargo.build_dir, cargo.meta.build_script_out_dirs[id])), "output")
  local handle = io.open(file, "rb")
  if not handle then
    notices[#notices + 1] = { level = "warning", text = "could not find build script output file at " .. file }
    return envs
  end
  for line in handle:lines() do
    local name, value = line:match "^cargo::?rustc%-env=([^=]*)=(.*)$"
    if name then envs[name] = value end
  end
  handle:close()
  return envs
end

-- The variables that only this suite's package and kind decide.
local function environment(cargo, binary, cwd, notices)
  local env, id = {}, binary.package_id
  local out_dir = cargo.meta.build_script_out_dirs[id]
  if out_dir then
    env.OUT_DIR = path.join(cargo.build_dir, out_dir)
    for name, value in pairs(script_variables(cargo, id, notices)) do env[name] = value end
  end
  env.CARGO_MANIFEST_DIR = cwd
  for name, value in pairs(cargo.packages:variables(id)) do env[name] = value end
  if binary.kind == "test" or binary.kind == "bench" then
    for _, other in ipairs(cargo.meta.non_test_binaries[id] or {}) do
      if other.kind == "bin-exe" then
        local file = path.join(cargo.target_dir, other.path)
        env["CARGO_BIN_EXE_" .. other.name] = file
        env["NEXTEST_BIN_EXE_" .. other.name] = file
        env["NEXTEST_BIN_EXE_" .. other.name:gsub("-", "_")] = file
      end
    end
  end
  return env
end

--- Makes the suites. `cargo` has: packages, meta, binaries, workspace_root (now), target_dir, build_dir (now), runners.
---@param cargo table
---@param notices table
---@return nx.Suite[]
function M.make(cargo, notices)
  local suites, library_path = {}, M.library_path(cargo)
  for i, binary in ipairs(cargo.binaries) do
    local file = path.below(binary.path, cargo.meta.build_directory)
    file = file and path.join(cargo.build_dir, file) or moved(binary.path, cargo.meta.target_directory, cargo.target_dir)
    local package = cargo.packages:get(binary.package_id)
    local cwd = moved(cargo.packages:directory(binary.package_id), cargo.packages.workspace_root, cargo.workspace_root)
    suites[i] = {
      id = binary.id, name = binary.name, path = file, package = package.name, package_id = binary.package_id, harness = "libtest",
      kind = binary.kind, platform = binary.platform, runner = cargo.runners[binary.platform] or {}, cwd = cwd,
      env = environment(cargo, binary, cwd, notices), library_path = library_path, meta = {},
    }
  end
  return suites
end

return M
