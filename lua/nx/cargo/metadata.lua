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

local words = { string = "a string", table = "a map", number = "a number", boolean = "a boolean" }

-- A complaint travels as { complaint = text } through the reader.
local function complain(text)
  error({ complaint = text }, 0)
end

local function missing(name, text, at)
  complain(("missing field `%s`%s"):format(name, require "nx.json_exact".end_of(text, at, json)))
end

local function want(value, kind, name)
  local ok = type(value) == (kind == "list" and "table" or kind)
  if ok and kind == "list" then ok = json.is_array(value) end
  if ok and kind == "table" then ok = not json.is_array(value) end
  if not ok then
    complain(("invalid type for `%s`: expected %s"):format(name, kind == "list" and "a sequence" or words[kind]))
  end
  return value
end

local function optional(value, kind, name)
  if value == nil or value == json.null then return nil end
  return want(value, kind, name)
end

local function read_platform(value)
  if type(value) == "string" then return { triple = value, ["target-features"] = "unknown" } end
  want(value, "table", "platform")
  if value["custom-json"] and value["custom-cfg"] then complain "platform: `custom-json` and `custom-cfg` exclude each other" end
  return value
end

local function read_pair(value)
  local libdir = optional(value.libdir, "table", "libdir") or { status = "unavailable", reason = "old-summary" }
  libdir = { status = libdir.status, path = libdir.path, reason = libdir.reason }
  return { platform = read_platform(value.platform), libdir = libdir }
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
  local platforms = optional(raw.platforms, "table", "platforms")
  if platforms then
    want(platforms.host, "table", "host")
    local targets = want(platforms.targets or json.array {}, "list", "targets")
    if #targets > 1 then
      failure.raise { kind = "format", exit_code = 96, chain = { "error deserializing Rust build metadata",
        "unsupported features in the build metadata: multiple build targets is not supported" } }
    end
    local read = { host = read_pair(platforms.host), targets = {} }
    for i, one in ipairs(targets) do read.targets[i] = read_pair(one) end
    return read
  end
  local list = optional(raw["target-platforms"], "list", "target-platforms")
  if list and #list > 1 then
    failure.raise { kind = "format", exit_code = 96, chain = { "error deserializing Rust build metadata",
      "unsupported features in the build metadata: multiple build targets is not supported" } }
  end
  if list and list[1] then return old(list[1]) end
  return old(optional(raw["target-platform"], "string", "target-platform"))
end

local META_REQUIRED = { "target-directory", "base-output-directories", "non-test-binaries", "linked-paths" }
local BINARY_REQUIRED = { "binary-id", "binary-name", "package-id", "kind", "binary-path", "build-platform" }
local OTHER_REQUIRED = { "name", "kind", "path" }

local function read(text, compiled_for)
  local document, problem = json.try(text)
  if problem then complain(problem) end
  if type(document) ~= "table" then complain "invalid type: expected struct BinaryListSummary at line 1 column 0" end
  local raw = document["rust-build-meta"] or missing("rust-build-meta", text, {})
  for _, key in ipairs(META_REQUIRED) do
    if raw[key] == nil then missing(key, text, { "rust-build-meta" }) end
  end
  local others = {}
  for id, list in pairs(want(raw["non-test-binaries"], "table", "non-test-binaries")) do
    others[id] = {}
    for i, one in ipairs(want(list, "list", "non-test-binaries")) do
      for _, key in ipairs(OTHER_REQUIRED) do
        if one[key] == nil then missing(key, text, { "rust-build-meta", "non-test-binaries", id, i }) end
      end
      others[id][i] = { name = one.name, kind = one.kind, path = one.path,
        build_platform = optional(one["build-platform"], "string", "build-platform") }
    end
  end
  local info = optional(raw["build-script-info"], "table", "build-script-info")
  local meta = {
    target_directory = want(raw["target-directory"], "string", "target-directory"),
    build_directory = optional(raw["build-directory"], "string", "build-directory") or raw["target-directory"],
    base_output_directories = want(raw["base-output-directories"], "list", "base-output-directories"),
    non_test_binaries = others,
    build_script_out_dirs = optional(raw["build-script-out-dirs"], "table", "build-script-out-dirs") or {},
    build_script_info = info, linked_paths = want(raw["linked-paths"], "list", "linked-paths"), requesters = {},
    platforms = read_platforms(raw, compiled_for),
  }
  local binaries = {}
  for key, one in pairs(want(document["rust-binaries"] or missing("rust-binaries", text, {}), "table", "rust-binaries")) do
    for _, field in ipairs(BINARY_REQUIRED) do
      if one[field] == nil then missing(field, text, { "rust-binaries", key }) end
      want(one[field], "string", field)
    end
    binaries[#binaries + 1] = { id = one["binary-id"], name = one["binary-name"], package_id = one["package-id"], kind = one.kind,
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
