-- What the parts of Cargo's configuration that tests need may look like, and what a `--config KEY=VALUE` may look like: what the
-- peer refuses we refuse, in its words.

local failure = require "nx.failure"
local toml = require "nx.config.toml"

local M = {}

local function is_map(value)
  return type(value) == "table" and not toml.is_array(value) -- a date is a map, too
end

local function shown(value)
  if type(value) == "table" then return toml.is_array(value) and "sequence" or "map" end
  if type(value) == "string" then return ("string %q"):format(value) end
  if type(value) == "boolean" then return ("boolean `%s`"):format(value) end
  return ("%s `%s`"):format(math.type(value) == "integer" and "integer" or "floating point", value)
end

local function expected(value, what) return ("invalid type: %s, expected %s"):format(shown(value), what) end

local function optional_boolean(value) return value == nil or type(value) == "boolean" end

local function env(value)
  local map = is_map(value) and getmetatable(value) ~= toml.datetime
  if type(value) == "string"
    or map and type(value.value) == "string" and optional_boolean(value.force) and optional_boolean(value.relative) then return end
  return "data did not match any variant of untagged enum CargoConfigEnv"
end

local function runner(value)
  local fits = type(value) == "string" or toml.is_array(value)
  for _, word in ipairs(fits and type(value) == "table" and value or {}) do fits = fits and type(word) == "string" end
  if not fits then return "data did not match any variant of untagged enum Runner" end
end

local function text(value)
  if type(value) ~= "string" then return expected(value, "a string") end
end

-- The first value that does not fit: its table, key, the words, and the dotted way there.
local function first_misfit(document)
  local function each(t, way, check)
    for _, key in ipairs(toml.keys(t)) do
      local words = check(t[key], key)
      if words then return t, key, words, way .. "." .. key end
    end
  end
  local function part(key, what, inside)
    local value = document[key]
    if not is_map(value) then
      if toml.is_array(value) and what:find "^struct" then return end
      return document, key, expected(value, what), key
    end
    if getmetatable(value) ~= toml.datetime then return inside(value) end
  end
  local parts = {
    build = function()
      return part("build", "struct CargoConfigBuild", function(build)
        return each(build, "build", function(value, key) return key == "target" and text(value) or nil end)
      end)
    end,
    target = function()
      return part("target", "a map", function(targets)
        for _, triple in ipairs(toml.keys(targets)) do
          local value = targets[triple]
          if is_map(value) then
            local t, key, words, way = each(value, "target." .. triple, function(v, k) return k == "runner" and runner(v) or nil end)
            if t then return t, key, words, way end
          elseif not toml.is_array(value) then
            return targets, triple, expected(value, "struct CargoConfigRunner"), "target." .. triple
          end
        end
      end)
    end,
    env = function() return part("env", "a map", function(variables) return each(variables, "env", env) end) end,
  }
  for _, key in ipairs(toml.keys(document)) do
    if parts[key] then
      local t, k, words, way = parts[key]()
      if t then return t, k, words, way end
    end
  end
end

local function refuse(title, cause)
  failure.raise { kind = "config", exit_code = 96, chain = { title, cause } }
end

--- The document of a file.
---@param source string   its text
---@param label string    its path, for complaints
---@return table
function M.file(source, label)
  local document, problem = toml.parse(source)
  local title = ("failed to parse config at `%s`"):format(label)
  if not document then refuse(title, toml.render(source, problem) .. "\n") end
  local t, key, words = first_misfit(document)
  if t then
    local first, last = toml.span(t, key)
    refuse(title, toml.render(source, { message = words, first = first, last = last }) .. "\n")
  end
  return document
end

-- Why an argument is not one dotted key with a value, or nil. Comments are allowed behind it, in lines of their own.
local function not_an_assignment(source, document)
  local t = document
  repeat
    local keys = toml.keys(t)
    if #keys ~= 1 then break end
    local key = keys[1]
    local value, made = t[key], toml.made(t[key])
    if made == "list" then return "sets a value to an array of tables, which is not accepted" end
    if made == nil or made == "closed" then
      if made and is_map(value) then return "sets a value to an inline table, which is not accepted" end
      local _, last = toml.span(t, key)
      if source:find "^%s*#" or source:find("^[ \t]*#", last + 1) then return "includes non-whitespace decoration" end
      return nil
    end
    t = value
  until made ~= "dotted"
  return "was not a TOML dotted key expression (such as `build.jobs = 2`)"
end

--- The document of a `--config KEY=VALUE`.
---@param source string
---@return table
function M.argument(source)
  local document, problem = toml.parse(source)
  if not document then
    refuse(("failed to parse --config argument `%s` as TOML"):format(source), toml.render(source, problem) .. "\n")
  end
  local reason = not_an_assignment(source, document)
  if reason then refuse(("invalid format for --config argument `%s` (should be a dotted key expression)"):format(source), reason) end
  local t, _, words, way = first_misfit(document)
  if t then
    refuse(("failed to deserialize --config argument `%s` as TOML"):format(source), ("%s\nin `%s`\n"):format(words, way))
  end
  return document
end

return M
