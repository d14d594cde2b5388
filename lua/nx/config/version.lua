-- What a configuration asks of the program that reads it: versions and experimental features. They are read from all
-- files before anything else, so that a newer configuration is answered with "needs version …" and not with a type error.

local T = require "nx.config.schema"
local toml = require "nx.config.toml"

local M = {}

M.features = { "setup-scripts", "wrapper-scripts", "benchmarks" }
local known = {}
for _, feature in ipairs(M.features) do known[feature] = true end

-- "0.9.50" → { 0, 9, 50 }; nil and what is wrong. "0.9" means 0.9.0; build metadata is ignored.
local function parse(text)
  local core, tail = text:match "^([^-+]*)(.*)$"
  if tail:find "^%-" then return nil, "pre-release identifiers are not supported in nextest-version" end
  local names = { "major", "minor", "patch" }
  local numbers = {}
  local rest = core
  for i, name in ipairs(names) do
    local digits, after = rest:match "^(%d+)(.*)$"
    if not digits then
      if rest == "" then return nil, ("unexpected end of input while parsing %s version number"):format(names[i - 1] or name) end
      return nil, ("unexpected character '%s' while parsing %s version number"):format(rest:match("^" .. utf8.charpattern), name)
    end
    if #digits > 1 and digits:find "^0" then return nil, ("invalid leading zero in %s version number"):format(name) end
    numbers[i] = math.tointeger(tonumber(digits))
    if after == "" then
      if i == 1 then return nil, "unexpected end of input while parsing major version number" end
      numbers[3] = numbers[3] or 0
      return numbers
    end
    if i == 3 then return nil, ("unexpected character '%s' after patch version number"):format(after:sub(1, 1)) end
    if after:sub(1, 1) ~= "." then
      return nil, ("unexpected character '%s' after %s version number"):format(after:sub(1, 1), name)
    end
    rest = after:sub(2)
  end
end
M.parse = parse

local function text_of(version)
  return table.concat(version, ".")
end
M.text = text_of

--- Is version `a` below version `b`?
function M.less(a, b)
  for i = 1, 3 do
    if a[i] ~= b[i] then return a[i] < b[i] end
  end
  return false
end

---@class nx.config.Demands
---@field required? integer[]
---@field recommended? integer[]
---@field experimental string[]   features that are switched on
---@field unknown string[]        names that are no features

--- Reads `nextest-version` and `experimental` of a document. `fail(path, message, table, key)` ends it.
---@return nx.config.Demands
function M.read(document, fail, unknown_key)
  local demands = { experimental = {}, unknown = {} }
  local function version(owner, key, path, shown_owner, shown_key)
    local text = owner[key]
    if type(text) ~= "string" then
      fail(path, ("invalid type: %s, expected a string"):format(T.shown(text)), shown_owner, shown_key)
    end
    local parsed, problem = parse(text)
    return parsed or fail(path, problem, shown_owner, shown_key)
  end
  local value = document["nextest-version"]
  if type(value) == "string" then
    demands.required = version(document, "nextest-version", "nextest-version", document, "nextest-version")
  elseif T.is_map(value) then
    for _, key in ipairs(toml.keys(value)) do
      if key == "required" or key == "recommended" then
        demands[key] = version(value, key, "nextest-version." .. key, value, key)
      else
        unknown_key("nextest-version.?." .. key)
      end
    end
    if demands.required and demands.recommended and M.less(demands.recommended, demands.required) then
      fail("nextest-version", ("required version (%s) must not be greater than recommended version (%s)")
        :format(text_of(demands.required), text_of(demands.recommended)), document, "nextest-version")
    end
  elseif value ~= nil then
    fail("nextest-version", ("invalid type: %s, expected a table ({{ required = \"0.9.20\", "
      .. "recommended = \"0.9.30\" }}) or a string (\"0.9.50\")")
      :format(T.shown(value)), document, "nextest-version")
  end

  value = document.experimental
  local function feature(name)
    local list = known[name] and demands.experimental or demands.unknown
    list[#list + 1] = name
  end
  if toml.is_array(value) then
    for i, name in ipairs(value) do
      if type(name) ~= "string" then
        fail(("experimental[%d]"):format(i - 1), ("invalid type: %s, expected a string"):format(T.shown(name)), value, i)
      end
      feature(name)
    end
  elseif T.is_map(value) then
    for _, name in ipairs(toml.keys(value)) do
      if known[name] and type(value[name]) ~= "boolean" then
        fail("experimental." .. name, ("invalid type: %s, expected a boolean\nin `%s`"):format(T.shown(value[name]), name),
          document, "experimental")
      end
      if not known[name] or value[name] then feature(name) end
    end
  elseif value ~= nil then
    fail("experimental", ("invalid type: %s, expected a table ({ setup-scripts = true, benchmarks = true }) "
      .. "or an array ([\"setup-scripts\", \"benchmarks\"])")
      :format(T.shown(value)), document, "experimental")
  end
  return demands
end

return M
