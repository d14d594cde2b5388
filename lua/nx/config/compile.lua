-- Compiles what a file's profiles say about tests: default filters, overrides, script rules. Mistakes are collected, so
-- that one look at the output shows them all.

local platform = require "nx.config.platform"
local filterset = require "nx.filterset"
local caret = require "nx.filterset.caret"

local M = {}

---@class nx.config.Override
---@field profile string
---@field index integer       from 0, in its file
---@field host? table         compiled platform specs
---@field target? table
---@field filter? string      the filterset's text
---@field default_filter? string
---@field settings table      the settings that it has

-- One text through the filterset parser; the drawings of its mistakes are added to `boxes`.
local function check_filter(text, kind, options, boxes)
  if text == nil then return true end
  local filter, found = filterset.parse(text, { kind = kind, universe = options.universe })
  if filter then return true end
  for _, diagnostic in ipairs(found) do boxes[#boxes + 1] = caret.render(text, diagnostic) end
  return false
end

local function check_platform(text, boxes)
  if text == nil then return nil, true end
  local spec, problem = platform.compile(text)
  if not spec then boxes[#boxes + 1] = caret.render(text, problem) end
  return spec, spec ~= nil
end

local own_keys = { platform = true, filter = true, default_filter = true, setup = true, list_wrapper = true, run_wrapper = true }

-- The settings of an override with `junit` and `bench` kept as tables.
local function settings_of(source)
  local settings = {}
  for key, value in pairs(source) do
    if not own_keys[key] then settings[key] = value end
  end
  return settings
end

local function compile_rule(profile, index, source, section, options, problems, filter_kind)
  local where = ("profile.%s.%s at index %d"):format(profile, section, index)
  local p = source.platform or {}
  if p.host == nil and p.target == nil and source.filter == nil then
    problems[#problems + 1] = { where = where, boxes = { source.default_filter
      and "  error: for override with `default-filter`, `platform` must also be specified\n"
      or "  error: at least one of `platform` and `filter` must be specified\n" } }
    return nil
  end
  local boxes = {}
  local host, host_ok = check_platform(p.host, boxes)
  local target, target_ok = check_platform(p.target, boxes)
  local filter_ok = check_filter(source.filter, filter_kind, options, boxes)
  local default_ok = check_filter(source.default_filter, "default-filter", options, boxes)
  if not (host_ok and target_ok and filter_ok and default_ok) then
    problems[#problems + 1] = { where = where, boxes = boxes }
    return nil
  end
  if source.filter and source.default_filter then
    problems[#problems + 1] = { where = where,
      boxes = { "  error: at most one of `filter` and `default-filter` must be specified\n" } }
    return nil
  end
  return {
    profile = profile, index = index, host = host, target = target, platform = p.target, filter = source.filter,
    default_filter = source.default_filter, settings = settings_of(source),
    setup = source.setup, list_wrapper = source.list_wrapper, run_wrapper = source.run_wrapper,
  }
end

--- Compiles one profile of one file.
---@param name string
---@param source table      settings of nx.config.reader
---@param options { universe: table? }
---@param problems table[]  grows by { where, boxes }
---@return { default_filter: string?, overrides: nx.config.Override[], scripts: table[] }
function M.profile(name, source, options, problems)
  local compiled = { overrides = {}, scripts = {} }
  local boxes = {}
  if check_filter(source.default_filter, "default-filter", options, boxes) then
    compiled.default_filter = source.default_filter
  else
    problems[#problems + 1] = { where = ("profile.%s.default-filter"):format(name), boxes = boxes }
  end
  for i, override in ipairs(source.overrides or {}) do
    table.insert(compiled.overrides, compile_rule(name, i - 1, override, "overrides", options, problems, "override-filter"))
  end
  for i, rule in ipairs(source.scripts or {}) do
    table.insert(compiled.scripts, compile_rule(name, i - 1, rule, "scripts", options, problems, "default-filter"))
  end
  return compiled
end

--- Everything that was wrong, as the peer prints it.
---@param file string   the file's name in messages
---@param problems table[]
---@return string
function M.report(file, problems)
  local out = {}
  for _, problem in ipairs(problems) do
    out[#out + 1] = ("error: for config file %s, failed to parse %s\n"):format(file, problem.where)
    for _, box in ipairs(problem.boxes) do out[#out + 1] = box .. "\n" end
  end
  return table.concat(out)
end

return M
