-- Harnesses by name: how the tests of a binary are listed, started and judged. A harness describes; others run.

local err = require "nx.error"
local options = require "nx.options"

local M = {}

local builtin = { libtest = true, gtest = true, gotest = true, exec = true }
local loaded = {}

---@class nx.Harness
---@field name string
---@field list fun(suite: nx.Suite): table                        one Command, or a list of them
---@field parse fun(suite: nx.Suite, outcomes: nx.Outcome[]): table[]
---@field command fun(suite: nx.Suite, test: nx.Test): table
---@field judge? fun(test: nx.Test, outcome: nx.Outcome): string, table?

-- A value that a harness file returned, checked.
local function checked(value, label)
  local function bad(text) err.raise { kind = "usage", message = ("harness %s: %s"):format(label, text) } end
  if type(value) ~= "table" then bad "the file must return a table { name, list, parse, command }" end
  for _, key in ipairs { "list", "parse", "command" } do
    if type(value[key]) ~= "function" then bad(("`%s` must be a function"):format(key)) end
  end
  value.name = value.name or label
  return value
end

--- The harness of a suite. Names are those built in, those that the build brings along, or a file's path.
---@param name string
---@param build? nx.Build
---@return nx.Harness
function M.get(name, build)
  local file = build and build.harnesses and build.harnesses[name]
  if not file and (name:find "/" or name:find "%.lua$") then file = name end
  if file then
    local known = loaded[file]
    if not known then
      local chunk, problem = loadfile(file, "t")
      if not chunk then err.raise { kind = "not_found", path = file, message = "harness " .. name .. ": " .. problem } end
      known = checked(chunk(), name)
      loaded[file] = known
    end
    return known
  end
  if not builtin[name] then
    local near = options.nearest(name, builtin)
    err.raise { kind = "usage", message = ("unknown harness %q%s"):format(name, near and (" (did you mean %q?)"):format(near) or "") }
  end
  return require("nx.harness." .. name)
end

return M
