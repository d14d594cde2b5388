-- The user's own configuration ($XDG_CONFIG_HOME/nextest/config.toml): how things look on this person's terminal. It
-- never changes which tests run or what they say.

local err = require "nx.error"
local toml = require "nx.config.toml"
local T = require "nx.config.schema"
local platform = require "nx.config.platform"
local humantime = require "nx.config.humantime"
local options = require "nx.options"

local M = {}

local function one_of(...)
  local words, known = { ... }, {}
  for i, word in ipairs(words) do
    known[word], words[i] = true, ("`%s`"):format(word)
  end
  local expected = #words == 2 and table.concat(words, " or ") or "one of " .. table.concat(words, ", ")
  return function(value)
    if type(value) ~= "string" then return nil, ("invalid type: %s, expected a string"):format(T.shown(value)) end
    if known[value] then return value end
    return nil, ("unknown variant `%s`, expected %s"):format(value, expected)
  end
end

local function boolean(value)
  if type(value) == "boolean" then return value end
  return nil, ("invalid type: %s, expected a boolean"):format(T.shown(value))
end

local function count(value)
  local expected = 'a non-negative integer or "infinite"'
  if value == "infinite" or math.type(value) == "integer" and value >= 0 then return value end
  return nil, ("invalid %s: %s, expected %s")
    :format((type(value) == "string" or math.type(value) == "integer") and "value" or "type", T.shown(value), expected)
end

local function whole(value)
  if math.type(value) == "integer" and value >= 0 then return value end
  return nil, ("invalid %s: %s, expected usize"):format(math.type(value) == "integer" and "value" or "type", T.shown(value))
end

local function duration(value)
  if type(value) ~= "string" then return nil, ("invalid type: %s, expected a duration"):format(T.shown(value)) end
  local seconds = humantime.parse(value)
  if seconds then return seconds end
  return nil, ("invalid value: %s, expected a duration"):format(T.shown(value))
end

local function size(value)
  if math.type(value) == "integer" and value >= 0 then return value end
  local bytes = type(value) == "string" and options.bytes(value)
  if bytes then return bytes end
  return nil, ("invalid %s: %s, expected parsable string"):format(type(value) == "string" and "value" or "type", T.shown(value))
end

local function words(value)
  if type(value) == "string" then return { value } end
  if not toml.is_array(value) then return nil, ("invalid type: %s, expected a sequence"):format(T.shown(value)) end
  if #value == 0 then return nil, "command array must not be empty" end
  for _, word in ipairs(value) do
    if type(word) ~= "string" then return nil, ("invalid type: %s, expected a string"):format(T.shown(word)) end
  end
  return table.move(value, 1, #value, 1, {})
end

local function env(value)
  if not T.is_map(value) then return nil, ("invalid type: %s, expected a map"):format(T.shown(value)) end
  return value
end

local pager_keys = { command = words, env = env }
local ui = {
  ["show-progress"] = one_of("auto", "none", "bar", "counter", "only"), ["max-progress-running"] = count,
  ["input-handler"] = boolean, ["output-indent"] = boolean, paginate = one_of("auto", "never"), pager = pager_keys,
  streampager = {
    interface = one_of("quit-if-one-page", "full-screen-clear-output", "quit-quickly-or-clear-output"),
    wrapping = one_of("none", "word", "anywhere"), ["show-ruler"] = boolean,
  },
}
local record = {
  enabled = boolean, ["max-records"] = whole, ["max-total-size"] = size, ["max-age"] = duration, ["max-output-size"] = size,
}
local root = { ui = ui, record = record, experimental = { record = boolean } }
local override = { ui = ui, record = record }

local function defaults()
  return {
    ui = {
      show_progress = "auto", max_progress_running = 8, input_handler = true, output_indent = true, paginate = "auto",
      pager = { command = { "less", "-FRX" }, env = { LESSCHARSET = "utf-8" } },
      streampager = { interface = "quit-if-one-page", wrapping = "word", show_ruler = true },
    },
    record = {
      enabled = false, max_records = 100, max_total_size = 1000000000, max_age = 30 * 86400, max_output_size = 10000000,
    },
    experimental = { record = false },
  }
end

-- Reads `value` (a table of the document) by `spec` into `into`; `fail(owner, key, message)` ends it.
local function read(spec, value, into, path, unknown, fail)
  for _, key in ipairs(toml.keys(value)) do
    local rule, name = spec[key], (key:gsub("-", "_"))
    local inner = path == "" and key or path .. "." .. key
    if rule == nil then
      unknown[#unknown + 1] = inner
    elseif rule == pager_keys and not T.is_map(value[key]) then
      local command, problem = words(value[key])
      if not command then fail(value, key, problem) end
      into.pager = { command = command, env = {} }
    elseif type(rule) == "table" then
      if not T.is_map(value[key]) then
        fail(value, key, ("invalid type: %s, expected a table"):format(T.shown(value[key])))
      end
      into[name] = into[name] or {}
      read(rule, value[key], into[name], inner, unknown, fail)
    else
      local converted, problem = rule(value[key])
      if problem then fail(value, key, problem) end
      into[name] = converted
    end
  end
end

-- Where the file is: what was named, else the usual place if there is one.
local function locate(given, environment)
  if given == "none" then return nil end
  if given then return given, true end
  local base = environment.XDG_CONFIG_HOME
  if not base or base == "" then base = environment.HOME and environment.HOME .. "/.config" end
  return base and base .. "/nextest/config.toml", false
end

---@class nx.config.User
---@field ui table
---@field record table
---@field experimental table
---@field notes string[]   warnings to print

--- Reads it. Raises kind "config" (exit code 96) when a file that was named is missing, or one is wrong.
---@param arguments { path: string?, env: table<string, string>, host: nx.Platform? }
---@return nx.config.User
function M.load(arguments)
  local user = defaults()
  user.notes = {}
  local path, required = locate(arguments.path, arguments.env)
  local function raise(message, report)
    err.raise { kind = "config", exit_code = 96, path = path, message = message, report = report }
  end
  local file = path and io.open(path, "rb")
  if not file then
    if required then raise("user config file not found at " .. path, "error: user config file not found at " .. path) end
    return user
  end
  local text = file:read "a"
  file:close()
  local document, problem = toml.parse(text)
  local function wrong(detail)
    raise(("user configuration %s: %s"):format(path, (detail:gsub("\n$", ""):gsub("\n", "; "))),
      ("error: failed to parse user config at %s\n\nCaused by:\n  %s\n"):format(path, (detail:gsub("\n([^\n])", "\n  %1"))))
  end
  if not document then wrong(toml.render(text, problem) .. "\n") end
  local function fail(owner, key, message)
    local first, last = toml.span(owner, key)
    wrong(first and toml.render(text, { message = message, first = first, last = last }) .. "\n" or message)
  end

  local unknown, overrides = {}, document.overrides
  local plain = setmetatable({}, { __index = document })
  for _, key in ipairs(toml.keys(document)) do
    if key ~= "overrides" then plain[key] = document[key] end
  end
  read(root, plain, user, "", unknown, function(owner, key, message)
    fail(owner == plain and document or owner, key, message)
  end)
  if overrides ~= nil and not toml.is_array(overrides) then
    fail(document, "overrides", ("invalid type: %s, expected a sequence"):format(T.shown(overrides)))
  end
  for i, entry in ipairs(overrides or {}) do
    if not T.is_map(entry) or type(entry.platform) ~= "string" then fail(overrides, i, "missing field `platform`") end
    local spec = platform.compile(entry.platform)
    if not spec then
      local line = ("for user config at %s, failed to compile platform spec in [[overrides]] at index %d"):format(path, i - 1)
      raise(line, "error: " .. line)
    end
    local rest, into = {}, {}
    for _, key in ipairs(toml.keys(entry)) do
      if key ~= "platform" then rest[key] = entry[key] end
    end
    read(override, rest, into, ("overrides.%d"):format(i - 1), unknown, fail)
    if not arguments.host or platform.matches(spec, arguments.host) ~= false then
      for section, values in pairs(into) do
        for key, value in pairs(values) do user[section][key] = value end
      end
    end
  end
  if #unknown > 0 then
    table.sort(unknown)
    user.notes[1] = ("warning: in user config file %s, ignoring unknown configuration %s"):format(path,
      #unknown == 1 and "key: " .. unknown[1] or "keys:\n\n  - " .. table.concat(unknown, "\n  - "))
  end
  return user
end

return M
