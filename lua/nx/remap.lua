-- nx.remap: paths of one place as paths of another. Rules apply by component ("/a/b" is no front part of "/a/bc"), the
-- longest first; what no rule applies to stays as it was, byte for byte.

local core = require "nx.core.remap"
local options = require "nx.options"
local paths = require "nx.path"

local M = {}

---@class nx.Map
---@field pairs string[][]  { from, to } in the order given, clean and (canonical) absolute
local Map = {}
Map.__name = "nx.Map"

-- The rules of a map are kept apart from what the script sees: `pairs` and JSON show `pairs` alone.
local rules_of = setmetatable({}, { __mode = "k" })

local function canonical(path)
  local found = core.canonical(path)
  return found and paths.normal(found)
end

-- Longest front part first; of equal ones the first given stays first.
local function sorted(rules)
  for i, rule in ipairs(rules) do rule.index = i end
  table.sort(rules, function(a, b)
    if #a[1] ~= #b[1] then return #a[1] > #b[1] end
    return a.index < b.index
  end)
  return rules
end

-- `path` (clean) under the first rule whose front part it has, or nil.
local function apply(rules, path)
  for _, rule in ipairs(rules) do
    local rest = paths.below(path, rule[1])
    if rest then return paths.join(rule[2], rest) end
  end
end

-- One path. What it ends in (a slash or not) stays.
local function map_path(rules, resolve, path)
  if path == "" then return path end
  local clean = paths.normal(path)
  local mapped = apply(rules, clean)
  if not mapped and resolve and path:sub(1, 1) == "/" then
    local real = canonical(path)
    mapped = real and real ~= clean and apply(rules, real)
  end
  if not mapped then return path end
  if path:sub(-1) == "/" and mapped:sub(-1) ~= "/" then mapped = mapped .. "/" end
  return mapped
end

local function check_path(fn, path)
  if type(path) ~= "string" then options.usage(fn, "the path must be a string, not %s", type(path)) end
  if path:find("\0", 1, true) then options.usage(fn, "the path holds a NUL byte") end
  return path
end

--- map(path): the path at its new place.
---@param path string
---@return string
function Map:__call(path)
  local r = rules_of[self]
  return map_path(r.forth, r.canonical, check_path("map", path))
end

local methods = {}

--- The other way: from the new place to the old one.
---@param path string
---@return string
function methods:back(path)
  local r = rules_of[self]
  return map_path(r.back, r.canonical, check_path("map:back", path))
end

--- A new list with every path mapped.
---@param list string[]
---@return string[]
function methods:list(list)
  if type(list) ~= "table" then options.usage("map:list", "takes a list of paths, not %s", type(list)) end
  local result = {}
  for i, path in ipairs(list) do result[i] = self(path) end
  return result
end

-- In a variable paths stand alone, in lists with colons, behind "=", and behind -L and -I.
local function map_text(map, text)
  return (text:gsub("[^:;=,%s\"']+", function(word)
    local flag, path = word:match "^(%-[LIF])(/.*)$"
    if flag then return flag .. map(path) end
    if word:sub(1, 1) == "/" or rules_of[map].relative then return map(word) end
  end))
end

--- A new environment with the paths in its values mapped: whole values, lists with colons, `KEY=/path`, `-L/path`. What is
--- no string (false removes a variable) stays.
---@param env table<string, string|false>
---@return table<string, string|false>
function methods:env(env)
  if type(env) ~= "table" then options.usage("map:env", "takes a table of variables, not %s", type(env)) end
  local result = {}
  for name, value in pairs(env) do
    result[name] = type(value) == "string" and map_text(self, value) or value
  end
  return result
end

function methods.view()
  options.usage("map:view", "processes cannot be shown the old places yet; give them mapped paths instead")
end

Map.__index = methods

--- nx.remap { { "/from", "/to" }…, canonical = true }
---
--- `canonical`: places are made absolute with links resolved as far as they exist, and a path that no rule fits as it is
--- written is tried once more with its links resolved. `false`: text only, the file system is not asked.
---@param o table
---@return nx.Map
function M.remap(o)
  o = options.check("nx.remap", o, { "table", canonical = "boolean" })
  local resolve = o.canonical ~= false
  local map, forth, back, seen, relative = { pairs = {} }, {}, {}, {}, false
  for i, pair in ipairs(o) do
    local label = ("nx.remap: item %d"):format(i)
    pair = options.check(label, pair, { "string", ["#"] = 2 })
    if #pair > 2 then options.usage(label, "takes two paths, from and to, not %d", #pair) end
    local from, to = check_path(label, pair[1]), check_path(label, pair[2])
    if from == "" or to == "" then options.usage(label, "a path is empty") end
    local real = resolve and canonical(from)
    from = resolve and paths.normal(from:sub(1, 1) == "/" and from or paths.join(core.canonical ".", from)) or paths.normal(from)
    to = resolve and canonical(to) or paths.normal(to)
    if from:sub(1, 1) ~= "/" then relative = true end
    if seen[from] and seen[from] ~= to then
      options.usage(label, "%s is mapped twice, to %s and to %s", from, seen[from], to)
    end
    if not seen[from] then
      seen[from] = to
      map.pairs[#map.pairs + 1] = { from, to }
      forth[#forth + 1] = { from, to }
      back[#back + 1] = { to, from }
    end
    if real and real ~= from and not seen[real] then forth[#forth + 1] = { real, to } end
  end
  rules_of[map] = { forth = sorted(forth), back = sorted(back), canonical = resolve, relative = relative }
  return setmetatable(map, Map)
end

return M
