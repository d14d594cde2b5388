-- Which profile stands behind which: checks of `inherits`, and the chain of a profile.

local M = {}

local builtin = { default = true, ["default-miri"] = true }

--- The names of profiles, sorted, so that messages come in a fixed order.
function M.order(profiles)
  local names = {}
  for name in pairs(profiles) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- Rings of profiles that inherit from one another, each sorted.
local function cycles(profiles, names)
  local rings, seen = {}, {}
  for _, start in ipairs(names) do
    local path, at, on_path = {}, start, {}
    while at and not seen[at] and not on_path[at] and profiles[at] do
      on_path[at] = #path + 1
      path[#path + 1] = at
      at = profiles[at].inherits
      if at == path[#path] then at = nil end -- of itself: told apart from rings
    end
    if at and on_path[at] then
      local ring = table.move(path, on_path[at], #path, 1, {})
      table.sort(ring)
      rings[#rings + 1] = ring
    end
    for _, name in ipairs(path) do seen[name] = true end
  end
  return rings
end

--- Checks one file's profiles; `known.profiles` are those of weaker files and grows.
function M.check(settings, source, config, known, fail)
  local profiles, problems, reserved = settings.profile, {}, {}
  local names = M.order(profiles)
  for _, name in ipairs(names) do
    local parent = profiles[name].inherits
    if name:find "^default%-" and not builtin[name] then reserved[#reserved + 1] = name end
    if parent then
      if name == "default" or name:find "^default%-" then
        problems[#problems + 1] = ("the %s profile should not inherit from other profiles"):format(name)
      elseif parent == name then
        problems[#problems + 1] = ("a self referential inheritance is detected from profile: %s"):format(name)
      elseif not profiles[parent] and not known.profiles[parent] and not builtin[parent] then
        problems[#problems + 1] = ("profile %s inherits from an unknown profile %s"):format(name, parent)
      end
    end
  end
  for _, ring in ipairs(cycles(profiles, names)) do
    problems[#problems + 1] = ("inheritance cycle detected in profile configuration from: [%s]"):format(table.concat(ring, ", "))
  end
  if #reserved > 0 then
    local from = source.tool and (" provided by tool `%s`"):format(source.tool) or ""
    config:note(("warning: in config file %s%s, ignoring unknown profiles in the reserved `default-` namespace:")
      :format(source.shown, from))
    for _, name in ipairs(reserved) do config:note("warning:   " .. name) end
  end
  if #problems > 0 then fail(source, "inheritance error(s) detected: " .. table.concat(problems, ", ")) end
  for _, name in ipairs(names) do known.profiles[name] = true end
end

--- The settings that a profile is looked up in, nearest first; `default` is the last.
---@param profiles table<string, table>
---@param name string
---@return table[]
function M.chain(profiles, name)
  local chain, seen = {}, {}
  while name and name ~= "default" and not seen[name] do
    seen[name] = true
    chain[#chain + 1] = profiles[name]
    name = profiles[name] and profiles[name].inherits
  end
  chain[#chain + 1] = profiles.default
  return chain
end

return M
