-- What `show-config` shows.

local message = require "nx.cli.message"
local model = require "nx.model"
local output = require "nx.cli.output"
local place = require "nx.core.place"

local M = {}

-- The workspace root as Cargo knows it: only the configuration is needed, no packages.
local function workspace_root(args)
  local cargo = require "nx.cargo.build"
  local checked = require "nx.cargo.options".check("nx.cargo.build", { manifest_path = args.manifest_path, color = args.color })
  local state = cargo.prepare(checked)
  return cargo.metadata(checked, state.triple).workspace_root
end

M["show-config version"] = function(args)
  message.colour = message.coloured(args.color, 2)
  local version = require "nx.config.version"
  local config = require "nx.config".load {
    root = workspace_root(args), config_file = args.config_file, tool_config_files = args.tool_config_file,
    version = model.NEXTEST_VERSION, demands_only = true, env = place.environ(), cwd = require "nx.cwd" (),
  }
  local demands = config.demands
  local here = assert(version.parse(model.NEXTEST_VERSION))
  local out = { "current nextest version: " .. model.NEXTEST_VERSION }
  local status = 0
  if not demands.required and not demands.recommended then
    out[2] = "version requirements: (none)"
  else
    out[2] = "version requirements:"
    local function line(what, wanted, tool)
      if wanted then
        out[#out + 1] = ("    - %s: %s%s"):format(what, version.text(wanted), tool and (" (by tool `%s`)"):format(tool) or "")
      end
    end
    line("required", demands.required, demands.required_by)
    line("recommended", demands.recommended, demands.recommended_by)
    local result = "ok"
    if demands.required and version.less(here, demands.required) then
      result, status = "does not meet required version", args.override_version_check and 0 or 92
    elseif demands.recommended and version.less(here, demands.recommended) then
      result, status = "does not meet recommended version", args.override_version_check and 0 or 10
    end
    out[#out + 1] = "evaluation result: " .. result
  end
  output.write(table.concat(out, "\n") .. "\n")
  output.flush()
  return status
end

local function global_last(names)
  for i, name in ipairs(names) do
    if name == "@global" then table.insert(names, table.remove(names, i)) break end
  end
  return names
end

--- The override that puts a test into its group.
function M.override(profile, suite, test)
  for _, override in ipairs(profile.overrides) do
    local here = suite.platform == "host" and override.on_host or suite.platform ~= "host" and override.on_target
    if here and override.settings.test_group ~= nil
      and (not override.compiled or override.compiled:test(suite, test.name, test)) then
      return override
    end
  end
end

--- One group's tests, by what put them there.
function M.group(group)
  if not group then return output.write "    (no matches)\n" end
  for _, part in ipairs(group.parts) do
    local override = part.override
    if not override then
      output.write "  * from default settings:\n"
    else
      local platform = override.platform and (override.platform:match "^%s*cfg%((.*)%)%s*$" or override.platform)
      output.write(("  * override for %s profile%s%s:\n"):format(override.profile,
        override.filter and (" with filter '%s'"):format(override.filter) or "",
        platform and (" on platform '%s'"):format(platform) or ""))
    end
    for _, id in ipairs(part.suites) do
      output.write(("      %s:\n"):format(id))
      for _, test in ipairs(part[id]) do output.write(("          %s\n"):format(test)) end
    end
  end
end

-- The tests of each group, as the peer draws them.
M["show-config test-groups"] = function(args)
  local wanted
  local here <close> = require "nx.cli.session".open(args, { choose = true, gate = function(session)
    if not args.groups then return end
    local known, unknown = {}, {}
    for _, name in ipairs(session.profile:group_names()) do known[name] = true end
    wanted = {}
    for _, name in ipairs(args.groups) do
      wanted[name] = true
      if not known[name] then unknown[#unknown + 1] = name end
    end
    if unknown[1] then
      message.raise(("unknown test groups specified: %s\n(known groups: %s)"):format(table.concat(unknown, ", "),
        table.concat(global_last(session.profile:group_names()), ", ")), 96)
    end
  end })
  local profile = here.profile
  local _, chosen = here:list()
  local groups, from_default = {}, {}
  for _, test in ipairs(chosen.tests) do
    local suite = here.build:suite(test.suite)
    local override = M.override(profile, suite, test)
    local name = override and override.settings.test_group or "@global"
    local group = groups[name] or { parts = {} }
    groups[name] = group
    local by = override or from_default
    local part = group[by]
    if not part then
      part = { suites = {}, override = override }
      group[by] = part
      group.parts[#group.parts + 1] = part
    end
    if not part[suite.id] then
      part[suite.id] = {}
      part.suites[#part.suites + 1] = suite.id
    end
    table.insert(part[suite.id], test.name)
  end
  for _, name in ipairs(global_last(profile:group_names())) do
    if wanted and wanted[name] or not wanted and (name ~= "@global" or args.show_default) then
      local limit = profile.groups[name] and profile.groups[name].max_threads
      output.write(("group: %s%s\n"):format(name, limit and (" (max threads = %s)"):format(limit) or ""))
      M.group(groups[name])
    end
  end
  output.flush()
  return 0
end

return M
