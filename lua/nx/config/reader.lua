-- Reads a merged document into settings: which tables there are, which keys are unknown, and errors with their path.

local T = require "nx.config.schema"
local keys = require "nx.config.keys"
local scripts = require "nx.config.script_schema"
local identifier = require "nx.config.identifier"
local toml = require "nx.config.toml"

local M = {}

local profile_fields = keys.fields "profile"
table.insert(profile_fields, { "overrides", T.list(T.struct("DeserializedOverride", keys.fields "override")) })
table.insert(profile_fields, { "scripts", T.list(scripts.rule) })
local profile = T.struct("CustomProfileImpl", profile_fields)

local function group_name(name)
  local problem = identifier.problem(name)
  return problem and "invalid custom test group name: " .. problem
end

local root = T.struct("NextestConfigDeserialize", {
  { "store", T.struct("StoreConfigImpl", { { "dir", T.string, true } }) },
  { "test-groups", T.map(T.struct("TestGroupConfig", { { "max-threads", keys.max_threads, true } }), group_name) },
  { "script", scripts.setup },
  { "scripts", T.struct("ScriptConfig", { { "setup", scripts.setup }, { "wrapper", scripts.wrapper } }) },
  { "profile", T.map(profile) },
  { "nextest-version", function() return true end },
  { "experimental", function() return true end },
})

--- Settings of a document: { store, test_groups, scripts = { setup?, wrapper? }, script?, profile = { name → settings } },
--- the sorted paths of unknown keys; or nil, nil and { path, message }.
---@param document table
---@return table?
---@return string[]?
---@return { path: string, message: string }?
function M.read(document)
  local unknown = {}
  local reader = {}
  function reader.fail(_, path, message) error({ config = true, path = path, message = message }, 0) end
  function reader.unknown(_, path) unknown[#unknown + 1] = path:gsub("%[(%d+)%]", ".%1") end
  local ok, result = pcall(root, reader, document, "")
  if not ok then
    if type(result) ~= "table" or not result.config then error(result, 0) end
    return nil, nil, { path = result.path, message = result.message }
  end
  table.sort(unknown)
  return result, unknown
end

--- `upper` over `lower`: tables key by key, everything else as a whole. Neither is changed.
---@param lower any
---@param upper any
function M.merge(lower, upper)
  if not (T.is_map(lower) and T.is_map(upper)) then return upper end
  local merged = {}
  for _, key in ipairs(toml.keys(lower)) do merged[key] = lower[key] end
  for _, key in ipairs(toml.keys(upper)) do
    merged[key] = lower[key] == nil and upper[key] or M.merge(lower[key], upper[key])
    if upper[key] == false then merged[key] = false end
  end
  return merged
end

return M
