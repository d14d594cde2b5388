-- The tables of setup and wrapper scripts, and the rules that name them.

local T = require "nx.config.schema"
local toml = require "nx.config.toml"
local identifier = require "nx.config.identifier"

local M = {}

--- Splits a command line as a POSIX shell splits words: blanks, quotes, backslashes. nil when a quote stays open.
---@param text string
---@return string[]?
function M.split(text)
  local words, word, at = {}, nil, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c:find "[ \t\n]" then
      if word then words[#words + 1], word = word, nil end
      at = at + 1
    elseif c == "#" and not word then
      at = (text:find("\n", at, true) or #text) + 1
    elseif c == "'" then
      local stop = text:find("'", at + 1, true)
      if not stop then return nil end
      word, at = (word or "") .. text:sub(at + 1, stop - 1), stop + 1
    elseif c == '"' then
      word, at = word or "", at + 1
      while true do
        local d = text:sub(at, at)
        if d == "" then return nil end
        if d == '"' then break end
        if d == "\\" then
          local e = text:sub(at + 1, at + 1)
          if e == "" then return nil end
          if e:find '[$`"\\]' then word = word .. e
          elseif e ~= "\n" then word = word .. d .. e end
          at = at + 2
        else
          word, at = word .. d, at + 1
        end
      end
      at = at + 1
    elseif c == "\\" then
      local d = text:sub(at + 1, at + 1)
      if d == "" then return nil end
      if d ~= "\n" then word = (word or "") .. d end
      at = at + 2
    else
      word, at = (word or "") .. c, at + 1
    end
  end
  if word then words[#words + 1] = word end
  return words
end

local expected_command = "a Unix shell command, a list of arguments, or a table with command-line, env, and relative-to"

local function words_of(reader, value, path)
  if type(value) == "string" then
    local words = M.split(value)
    if not words then reader:fail(path, "missing closing quote") end
    if #words == 0 then T.invalid(reader, path, "value", value, expected_command) end
    return words
  end
  local words = T.list(T.string)(reader, value, path)
  if #words == 0 then reader:fail(path, "invalid length 0, expected " .. expected_command) end
  return words
end

local command_keys = { ["command-line"] = true, env = true, ["relative-to"] = true }

local function env_of(reader, value, path)
  local env = T.map(T.string)(reader, value, path)
  for _, key in ipairs(toml.keys(value)) do
    if not key:find "^[%a_][%w_]*$" then
      T.invalid(reader, path, "value", key, key:find "^%d"
        and "a key that starts with a letter or underscore" or "a key that consists solely of letters, digits, and underscores")
    end
    if key:find "^NEXTEST" then
      T.invalid(reader, path, "value", key, "a key that does not begin with `NEXTEST`, which is reserved for internal use")
    end
  end
  return env
end

-- A command as { ARG…, env = {}, relative_to = "none"|"target"|"workspace-root" }.
local function command(reader, value, path)
  if not T.is_map(value) then
    if type(value) ~= "string" and not toml.is_array(value) then T.invalid(reader, path, "type", value, expected_command) end
    local words = words_of(reader, value, path)
    words.env, words.relative_to = {}, "none"
    return words
  end
  for _, key in ipairs(toml.keys(value)) do
    if not command_keys[key] then
      reader:fail(path, ("unknown field `%s`, expected one of `command-line`, `env`, `relative-to`"):format(key))
    end
  end
  if value["command-line"] == nil then
    reader:fail(path, ('missing configuration field "%s.command-line"'):format(path))
  end
  local words = words_of(reader, value["command-line"], path .. ".command-line")
  words.env = value.env and env_of(reader, value.env, path .. ".env") or {}
  local relative = value["relative-to"] or "none"
  if relative ~= "none" and relative ~= "target" and relative ~= "workspace-root" then
    reader:fail(path .. ".relative-to", ("unknown variant `%s`, expected `none` or `target`"):format(tostring(relative)))
  end
  words.relative_to = relative
  return words
end

local function script_name(name)
  local problem = identifier.problem(name)
  return problem and "invalid configuration script name: " .. problem
end

local junit = T.struct("SetupScriptJunitConfig", {
  { "store-success-output", T.boolean, false, true }, { "store-failure-output", T.boolean, false, true },
})

local setup = T.struct("SetupScriptConfig", {
  { "command", command, true }, { "slow-timeout", T.slow_timeout }, { "leak-timeout", T.leak_timeout },
  { "capture-stdout", T.boolean, false, false }, { "capture-stderr", T.boolean, false, false }, { "junit", junit },
})

local runner_words = { ignore = true, ["overrides-wrapper"] = true, ["within-wrapper"] = true, ["around-wrapper"] = true }

local function target_runner(reader, value, path)
  local word = T.string(reader, value, path)
  if runner_words[word] then return word end
  reader:fail(path, ("unknown variant `%s`, expected one of `ignore`, `overrides-wrapper`, `within-wrapper`, `around-wrapper`")
    :format(word))
end

local wrapper = T.struct("WrapperScriptConfig", {
  { "command", command, true }, { "target-runner", target_runner, false, "ignore" },
})

-- A map that keeps its order: scripts run in the order in which they are defined.
local function ordered(element)
  local map = T.map(element, script_name)
  return function(reader, value, path)
    local by_name, order = map(reader, value, path)
    return { by_name = by_name, order = order }
  end
end
M.setup, M.wrapper = ordered(setup), ordered(wrapper)

local function script_id(reader, value, path)
  local name = T.string(reader, value, path)
  local problem = script_name(name)
  if problem then reader:fail(path, problem) end
  return name
end

local function script_ids(reader, value, path)
  if toml.is_array(value) then return T.list(script_id)(reader, value, path) end
  if type(value) ~= "string" then T.invalid(reader, path, "type", value, "a script ID (string) or a list of script IDs") end
  return { script_id(reader, value, path) }
end

--- A rule of [[profile.NAME.scripts]].
M.rule = T.struct("DeserializedProfileScriptConfig", {
  { "platform", T.platform }, { "filter", T.string }, { "setup", script_ids }, { "list-wrapper", script_id },
  { "run-wrapper", script_id },
})

return M
