-- `binaries-metadata.json`: what a build is, in the peer's form, with the keys in its order. Older forms are read too.

local failure = require "nx.failure"
local json = require "nx.json"
local model = require "nx.model"

local M = {}

local DOCUMENT = json.shape { "rust-build-meta", "rust-binaries" }
local META = json.shape { "target-directory", "build-directory", "base-output-directories", "non-test-binaries",
  "build-script-out-dirs", "build-script-info", "linked-paths", "platforms", "target-platforms", "target-platform" }
local BINARY = json.shape { "binary-id", "binary-name", "package-id", "kind", "binary-path", "build-platform" }
local OTHER = json.shape { "name", "kind", "path", "build-platform" }
local PLATFORM = json.shape { "triple", "custom-json", "custom-cfg", "target-features", "flags" }
local LIBDIR = json.shape { "status", "path", "reason" }
local PAIR = json.shape { "platform", "libdir" }
local PLATFORMS = json.shape { "host", "targets" }

-- Writing ---------------------------------------------------------------------------------------------------------------

local function platform(summary)
  local copy = {}
  for key, value in pairs(summary) do copy[key] = value end
  copy["target-features"] = copy["target-features"] or "unknown"
  return setmetatable(copy, PLATFORM)
end

local function pair(one)
  local libdir = { status = one.libdir.status, path = one.libdir.path, reason = one.libdir.reason }
  return setmetatable({ platform = platform(one.platform), libdir = setmetatable(libdir, LIBDIR) }, PAIR)
end

--- The `rust-build-meta` object. With `build_directory` the key of that name is written too (archives leave it out).
---@param meta table
---@param options? { build_directory?: boolean }
function M.meta(meta, options)
  local others = {}
  for id, list in pairs(meta.non_test_binaries) do
    local rows = json.array {}
    for i, other in ipairs(list) do
      local row = { name = other.name, kind = other.kind, path = other.path, ["build-platform"] = other.build_platform }
      rows[i] = setmetatable(row, OTHER)
    end
    others[id] = rows
  end
  local targets = json.array {}
  for i, one in ipairs(meta.platforms.targets) do targets[i] = pair(one) end
  local target = meta.platforms.targets[1]
  return setmetatable({
    ["target-directory"] = meta.target_directory,
    ["build-directory"] = options and options.build_directory and meta.build_directory or nil,
    ["base-output-directories"] = json.array(meta.base_output_directories),
    ["non-test-binaries"] = others,
    ["build-script-out-dirs"] = meta.build_script_out_dirs,
    ["build-script-info"] = meta.build_script_info or json.null,
    ["linked-paths"] = json.array(meta.linked_paths),
    platforms = setmetatable({ host = pair(meta.platforms.host), targets = targets }, PLATFORMS),
    ["target-platforms"] = json.array { platform((target or meta.platforms.host).platform) },
    ["target-platform"] = target and target.platform.triple or json.null,
  }, META)
end

--- The whole document as a table ready for json.encode; `binaries` are in order.
function M.document(meta, binaries, options)
  local ids, rows = {}, {}
  for i, b in ipairs(binaries) do
    ids[i] = b.id
    rows[b.id] = setmetatable({ ["binary-id"] = b.id, ["binary-name"] = b.name, ["package-id"] = b.package_id, kind = b.kind,
      ["binary-path"] = b.path, ["build-platform"] = b.platform }, BINARY)
  end
  return setmetatable({ ["rust-build-meta"] = M.meta(meta, options), ["rust-binaries"] = json.object(ids, rows) }, DOCUMENT)
end

-- Reading ---------------------------------------------------------------------------------------------------------------

local s = require "nx.json_shape"

local PLATFORM_SHAPE = s.custom(function(value)
  if type(value) == "string" then return true end
  if type(value) ~= "table" or json.is_array(value) or type(value.triple) ~= "string" then return false end
  local features = value["target-features"]
  return features == nil or features == "unknown" or features == "all" or type(features) == "table" and json.is_array(features)
end, "data did not match any variant of untagged enum PlatformSummaryDeserialize")
local LIBDIR_SHAPE = s.struct("PlatformLibdirSummary", { { "status", s.required(s.enum("available", "unavailable")) },
  { "path", s.path }, { "reason", s.string } })
LIBDIR_SHAPE.expected = "internally tagged enum PlatformLibdirSummary"
local PAIR_FIELDS = { { "platform", s.required(PLATFORM_SHAPE) }, { "libdir", s.required(LIBDIR_SHAPE) } }
local BUILD_PLATFORM = s.enum("target", "host")
local SHAPE = s.struct("BinaryListSummary", {
  { "rust-build-meta", s.required(s.struct("RustBuildMetaSummary", {
    { "target-directory", s.required(s.path) },
    { "build-directory", s.nullable(s.path) },
    { "base-output-directories", s.required(s.list(s.path)) },
    { "non-test-binaries", s.required(s.map(s.list(s.struct("RustNonTestBinarySummary", { { "name", s.required(s.string) },
      { "kind", s.required(s.string) }, { "path", s.required(s.path) }, { "build-platform", s.nullable(BUILD_PLATFORM) } })))) },
    { "build-script-out-dirs", s.map(s.path) },
    { "build-script-info", s.nullable(s.map(s.struct("BuildScriptInfoSummary", { { "envs", s.map(s.string) } }))) },
    { "linked-paths", s.required(s.list(s.path)) },
    { "platforms", s.nullable(s.struct("BuildPlatformsSummary", { { "host", s.required(s.struct("HostPlatformSummary", PAIR_FIELDS)) },
      { "targets", s.required(s.list(s.struct("TargetPlatformSummary", PAIR_FIELDS))) } })) },
    { "target-platforms", s.list(PLATFORM_SHAPE) },
    { "target-platform", s.nullable(s.string) },
  })) },
  { "rust-binaries", s.required(s.map(s.struct("RustTestBinarySummary", { { "binary-id", s.required(s.string) },
    { "binary-name", s.required(s.string) }, { "package-id", s.required(s.string) }, { "kind", s.required(s.string) },
    { "binary-path", s.required(s.path) }, { "build-platform", s.required(BUILD_PLATFORM) } }))) },
})

-- A complaint travels as { complaint = text } through the reader.
local function complain(text)
  error({ complaint = text }, 0)
end

local function given(value)
  if value ~= json.null then return value end
end

local function read_platform(value)
  if type(value) == "string" then return { triple = value, ["target-features"] = "unknown" } end
  if given(value["custom-json"]) and given(value["custom-cfg"]) then
    complain "platform: `custom-json` and `custom-cfg` exclude each other"
  end
  return value
end

local function read_pair(value)
  local libdir = value.libdir
  return { platform = read_platform(value.platform), libdir = { status = libdir.status, path = libdir.path, reason = libdir.reason } }
end

-- What every program compiled for these has: the peer says it of the platform that it was itself compiled for.
local compiled_features = { x86_64 = json.array { "fxsr", "sse", "sse2" }, aarch64 = json.array { "neon" } }

-- The platforms of a document: the newest form that is there decides.
local function read_platforms(raw, compiled_for)
  local function old(target)
    local unavailable = { status = "unavailable", reason = "old-summary" }
    local host = { triple = compiled_for, ["target-features"] = compiled_features[compiled_for:match "^[^-]*"] or "unknown" }
    return {
      host = { platform = host, libdir = unavailable },
      targets = target and { { platform = read_platform(target), libdir = unavailable } } or {},
    }
  end
  local function only_one(list)
    if list and #list > 1 then
      failure.raise { kind = "format", exit_code = 96, chain = { "error deserializing Rust build metadata",
        "unsupported features in the build metadata: multiple build targets is not supported" } }
    end
    return list
  end
  local platforms = given(raw.platforms)
  if platforms then
    local read = { host = read_pair(platforms.host), targets = {} }
    for i, one in ipairs(only_one(platforms.targets)) do read.targets[i] = read_pair(one) end
    return read
  end
  local list = only_one(raw["target-platforms"])
  if list and list[1] then return old(list[1]) end
  return old(given(raw["target-platform"]))
end

local function read(text, compiled_for)
  local document, problem = json.try(text)
  problem = problem or s.check(text, document, SHAPE)
  if problem then complain(problem) end
  local raw = document["rust-build-meta"]
  local others = {}
  for id, list in pairs(raw["non-test-binaries"]) do
    others[id] = {}
    for i, one in ipairs(list) do
      others[id][i] = { name = one.name, kind = one.kind, path = one.path, build_platform = given(one["build-platform"]) }
    end
  end
  local info = given(raw["build-script-info"])
  local meta = {
    target_directory = raw["target-directory"], build_directory = given(raw["build-directory"]) or raw["target-directory"],
    base_output_directories = raw["base-output-directories"], non_test_binaries = others,
    build_script_out_dirs = raw["build-script-out-dirs"] or {}, build_script_info = info, linked_paths = raw["linked-paths"],
    requesters = {}, platforms = read_platforms(raw, compiled_for),
  }
  local binaries, keys, at = {}, {}, {}
  for key in pairs(document["rust-binaries"]) do keys[#keys + 1] = key end
  table.sort(keys)
  for _, key in ipairs(keys) do -- of two with one id the last counts
    local one = document["rust-binaries"][key]
    local i = at[one["binary-id"]] or #binaries + 1
    at[one["binary-id"]] = i
    binaries[i] = { id = one["binary-id"], name = one["binary-name"], package_id = one["package-id"], kind = one.kind,
      path = one["binary-path"], platform = one["build-platform"] }
  end
  model.sort_ids(binaries)
  return meta, binaries
end

--- Reads a document. Returns the build's metadata and its binaries in order, or nil and a complaint.
---@param text string
---@param compiled_for string  the triple that stands for the host in documents that do not name one
---@return table?, table[]|string
function M.read(text, compiled_for)
  local ok, meta, binaries = pcall(read, text, compiled_for)
  if ok then return meta, binaries end
  if type(meta) == "table" and meta.complaint then return nil, meta.complaint end
  error(meta, 0)
end

return M
