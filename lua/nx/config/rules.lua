-- What files may define and name: test groups and scripts, by whom, and whether what is named exists.

local identifier = require "nx.config.identifier"
local check = require "nx.filterset.check"
local parser = require "nx.filterset.parser"

local M = {}

local function sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

-- A tool's names begin with "@tool:TOOL:", all others do not.
local function foreign(names, tool)
  local bad = {}
  for _, name in ipairs(names) do
    if identifier.tool(name) ~= tool then bad[#bad + 1] = name end
  end
  return bad
end

local function check_names(names, source, what, fail)
  local bad = foreign(names, source.tool)
  if #bad == 0 then return end
  if source.tool then
    fail(source, ("invalid %s defined by tool: %s\n(%s must start with '@tool:<tool-name>:')"):format(what, table.concat(bad, ", "), what))
  end
  fail(source, ("invalid %s defined: %s\n(%s cannot start with '@tool:' unless specified by a tool)")
    :format(what, table.concat(bad, ", "), what))
end

--- Checks the groups and scripts that a file defines; `known` grows by them.
function M.check_definitions(settings, source, config, known, fail)
  local groups = sorted(settings.test_groups or {})
  check_names(groups, source, "test groups", fail)
  for _, name in ipairs(groups) do known.groups[name] = true end

  local defined = settings.scripts or {}
  local from = source.tool and (" provided by tool `%s`"):format(source.tool) or ""
  if settings.script and #settings.script.order > 0 then
    if defined.setup and #defined.setup.order > 0 or defined.wrapper and #defined.wrapper.order > 0 then
      fail(source, "both `[script.*]` and `[scripts.*]` defined\n"
        .. "(hint: [script.*] will be removed in the future: switch to [scripts.setup.*])")
    end
    config:note(("warning: in config file %s%s, [script.*] is deprecated and will be removed in a future version of nextest; "
      .. "use the `scripts.setup` table instead"):format(source.shown, from))
    defined.setup = settings.script
    settings.scripts = defined
  end
  local kinds = { { "setup", "setup-scripts" }, { "wrapper", "wrapper-scripts" } }
  local missing, names, duplicates = {}, {}, {}
  for _, row in ipairs(kinds) do
    local scripts = defined[row[1]]
    if scripts and #scripts.order > 0 then
      if not config.demands.by_feature[row[2]] then missing[#missing + 1] = row[2] end
      for _, name in ipairs(scripts.order) do
        if names[name] then duplicates[#duplicates + 1] = name end
        names[name] = row[1]
      end
    end
  end
  if #missing > 0 then fail(source, "experimental features used but not enabled: " .. table.concat(missing, ", "), 95) end
  if #duplicates > 0 then
    table.sort(duplicates)
    fail(source, ("config script names used more than once: %s\n(config script names must be unique across all script types)")
      :format(table.concat(duplicates, ", ")))
  end
  check_names(sorted(names), source, "config scripts", fail)
  for name, kind in pairs(names) do known.scripts[name] = kind end
end

local function unknown_groups(compiled, known)
  local lines = {}
  for _, profile in ipairs(sorted(compiled)) do
    for _, override in ipairs(compiled[profile].overrides) do
      local group = override.settings.test_group
      if group and group ~= "@global" and not known.groups[group] then
        lines[#lines + 1] = (" - group `%s` in overrides for profile `%s`"):format(group, profile)
      end
    end
  end
  return lines
end

-- Predicates of a filterset that only a running test has, as they stand in the text.
local function runtime_predicates(text)
  local found = {}
  local tree = text and parser.parse(text)
  if tree then
    check.walk(tree, function(node)
      if node.name == "test" or node.name == "group" then
        found[#found + 1] = ("%s(%s"):format(node.name, text:sub(node.first, (text:find(")", node.first, true))))
      end
    end)
  end
  return found
end

--- Checks what a file's overrides and script rules name.
function M.check_uses(compiled, source, config, known, fail)
  local lines = unknown_groups(compiled, known)
  if #lines > 0 then
    local names = sorted(known.groups)
    table.insert(names, 1, "@global")
    table.sort(names)
    fail(source, "unknown test groups: " .. table.concat(lines, ","), 96,
      ("error: for config file %s, unknown test groups defined (known groups: %s):\n%s\n\n")
        :format(source.named, table.concat(names, ", "), table.concat(lines, "\n")))
  end

  local unknown, wrong, runtime = {}, {}, {}
  local function named(profile, rule, name, as, kind)
    local actual = known.scripts[name]
    if not actual then
      unknown[#unknown + 1] = ("  - script `%s` specified within profile `%s`"):format(name, profile)
    else
      if actual ~= kind then
        wrong[#wrong + 1] = ("  - script `%s` specified within profile `%s` as %s, but is actually %s"):format(name, profile, as, actual)
      end
      local predicates = as == "list-wrapper" and runtime_predicates(rule.filter) or {}
      if #predicates > 0 then
        runtime[#runtime + 1] = ("  - script `%s` specified within profile `%s` uses runtime filter: %s")
          :format(name, profile, table.concat(predicates, ", "))
      end
    end
  end
  for _, profile in ipairs(sorted(compiled)) do
    local empty = 0
    for _, rule in ipairs(compiled[profile].scripts) do
      if #(rule.setup or {}) == 0 and not rule.list_wrapper and not rule.run_wrapper then empty = empty + 1 end
      for _, name in ipairs(rule.setup or {}) do named(profile, rule, name, "setup", "setup") end
      if rule.list_wrapper then named(profile, rule, rule.list_wrapper, "list-wrapper", "wrapper") end
      if rule.run_wrapper then named(profile, rule, rule.run_wrapper, "run-wrapper", "wrapper") end
    end
    if empty > 0 then
      config:note(("warning: in config file %s%s, [[profile.%s.scripts]] has %d %s with neither setup nor wrapper scripts")
        :format(source.shown, source.tool and (" provided by tool `%s`"):format(source.tool) or "", profile, empty,
          empty == 1 and "section" or "sections"))
    end
  end
  local out = {}
  local function part(title, list)
    if #list > 0 then out[#out + 1] = title .. "\n" .. table.concat(list, "\n") .. "\n" end
  end
  part(("- unknown scripts specified (known scripts: %s):"):format(table.concat(sorted(known.scripts), ", ")), unknown)
  part("- scripts specified with incorrect type:", wrong)
  part("- list-wrapper scripts specified using filters only available at runtime:", runtime)
  if #out > 0 then
    fail(source, "errors in script rules", 96,
      ("error: for config file %s, errors encountered parsing [[profile.*.scripts]]\n%s\n"):format(source.named, table.concat(out)))
  end
end

return M
