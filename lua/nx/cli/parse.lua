-- Reads a command line by the rows of options.lua, by clap's rules: an option stands once unless it may be repeated, `--opt=v`
-- and `--opt v`, short ones in a cluster, `--` ends options, then variables, then conflicts, then what is required.
-- (lua-argparse knows neither conflicts nor requirements, and lets the last of several values win: hence our own.)

local usage = require "nx.cli.usage"
local value = require "nx.cli.value"

local M = {}

---@class nx.cli.Args
---@field command nx.cli.Command
---@field names string[]          words before "--"
---@field rest string[]           words after "--"
---@field given table<string, "line"|"variable">   where the value of a key is from; absent: nobody gave it
---@field order string[]          names of options in the order in which they were first given
---@field help? "short"|"long"
---@field [string] any            values by the option's name with "_"; values of repeatable ones are lists

---@param name string
local function key_of(name)
  return (name:gsub("-", "_"))
end
M.key_of = key_of

-- by long name and alias, by letter
local function index(rows)
  local long, short = {}, {}
  for _, row in ipairs(rows) do
    if not row.no_long then long[row[1]] = row end
    for _, alias in ipairs(row.alias or {}) do long[alias] = row end
    if row.short then short[row.short] = row end
  end
  return long, short
end

local function values_of(row)
  if not row.values then return nil end
  local words = {}
  for i, item in ipairs(row.values) do words[i] = type(item) == "table" and item[1] or item end
  return words
end
M.values_of = values_of

-- The value of one word for one row, or a usage error.
local function convert(self, row, text)
  local words = values_of(row)
  if words then
    local word = row.value_alias and row.value_alias[text] or text
    for _, known in ipairs(words) do if known == word then return word end end
    usage.invalid_value(self, row, text, nil, words)
  end
  if not row.parse then return text end
  local converted, why = row.parse(text)
  if converted == nil then usage.invalid_value(self, row, text, why) end
  return converted
end

local function drop(self, name)
  local key = key_of(name)
  self.args[key], self.args.given[key] = nil, nil
  for i, seen in ipairs(self.args.order) do
    if seen == name then table.remove(self.args.order, i) break end
  end
end

-- A value that stands apart from its option is looked at only when the next option or word has been recognised.
local function settle(self)
  local held = self.held
  self.held, self.held_row = nil, nil
  if held then held() end
end

-- Notes one occurrence.
local function put(self, row, text)
  settle(self)
  local args, key = self.args, key_of(row[1])
  if self.level[key] and not row.many and not row.count then usage.repeated(self, row) end
  if not self.level[key] and args.given[key] then drop(self, row[1]) end -- a global option given again below its command
  for _, other in ipairs(row.overrides or {}) do drop(self, other) self.level[key_of(other)] = nil end
  for _, other in ipairs(self.rows) do
    for _, name in ipairs(other.overrides or {}) do
      if name == row[1] then drop(self, other[1]) self.level[key_of(other[1])] = nil end
    end
  end
  if not args.given[key] then args.order[#args.order + 1] = row[1] end
  self.level[key], args.given[key] = true, "line"
  if row.count then
    args[key] = (args[key] or 0) + 1
  elseif not row.value then
    args[key] = true
  elseif not row.many then
    args[key] = convert(self, row, text)
  else
    local list = args[key] or {}
    args[key] = list
    if text == nil then
      list.bare = true
    elseif row.split then
      for part in (text .. ","):gmatch "([^,]*)," do list[#list + 1] = convert(self, row, part) end
    else
      list[#list + 1] = convert(self, row, text)
    end
  end
end

local function hold(self, row, text)
  settle(self)
  self.held, self.held_row = function() put(self, row, text) end, row
end

-- May the next word be the value of this option? Not if it looks like an option itself.
local function takes(row, word)
  if word == nil or word == "--" then return false end
  if word:sub(1, 1) ~= "-" or word == "-" then return true end
  return row.numbers and word:find "^%-%d+%.?%d*$" ~= nil
end

-- An option without its value: what stands in its place may be the greater mistake.
local function without_value(self, row)
  settle(self)
  local word = self.words[self.at + 1]
  local command = self.command
  if word == "--" and self.words[self.at + 2] and not command.names and not command.positional then
    usage.unknown(self, self.words[self.at + 2], true)
  end
  if word and word ~= "--" and word:sub(1, 1) == "-" then
    local name = word:match "^%-%-([^=]+)"
    if name and not self.long[name] and name ~= "help" then usage.unknown(self, "--" .. name) end
    local letter = word:match "^%-([^-])"
    if letter and not self.short[letter] and letter ~= "h" then usage.unknown(self, "-" .. letter) end
  end
  usage.value_missing(self, row, values_of(row))
end

local function long_option(self, word)
  local name, text = word:match "^%-%-([^=]+)=(.*)$"
  name = name or word:sub(3)
  if name == "help" then self.args.help = "long" return end
  if name == "version" and self.version then self.args.version = true return end
  local row = self.long[name]
  if not row then usage.unknown(self, "--" .. name) end
  if not row.value then
    if text then usage.no_value(self, row, text) end
    put(self, row)
  elseif row.optional then
    put(self, row, text)
  elseif text then
    put(self, row, text)
  elseif takes(row, self.words[self.at + 1]) then
    self.at = self.at + 1
    hold(self, row, self.words[self.at])
  else
    without_value(self, row)
  end
end

local function short_options(self, word)
  local at = 2
  while at <= #word do
    local letter = word:sub(at, at)
    if letter == "h" then self.args.help = "short" return end
    if letter == "V" and self.version then self.args.version = true return end
    local row = self.short[letter]
    if not row then usage.unknown(self, "-" .. letter) end
    if not row.value then
      put(self, row)
      at = at + 1
    else
      local text = word:sub(at + 1):gsub("^=", "")
      if at < #word then
        put(self, row, text)
      elseif takes(row, self.words[self.at + 1]) then
        self.at = self.at + 1
        hold(self, row, self.words[self.at])
      else
        without_value(self, row)
      end
      return
    end
  end
end

-- Variables stand in for options that the line does not give; even an empty one counts as given.
local function variables(self, environment)
  for _, row in ipairs(self.rows) do
    local text = row.env and environment(row.env)
    local key = key_of(row[1])
    if text and not self.args.given[key] then
      local given = true
      if row.value then
        self.args[key] = convert(self, row, text)
      else
        if text == "" and not row.boolish then usage.value_missing(self, row, { "true", "false" }) end
        local yes, why = value.boolean(text, row.boolish)
        if yes == nil then usage.invalid_value(self, row, text, why, not why and { "true", "false" } or nil) end
        self.args[key] = yes or nil
        given = true
      end
      if given then
        self.args.given[key] = "variable"
        self.args.order[#self.args.order + 1] = row[1]
      end
    end
  end
end

-- Do two given options exclude one another? The name to blame: the option's, or that of its group.
local function excludes(row, other)
  for _, name in ipairs(row.conflicts or {}) do
    if name == other[1] then return name end
    if name == other.group then return name end
  end
end

local function conflicts(self)
  local by_name = {}
  for _, row in ipairs(self.rows) do by_name[row[1]] = row end
  for _, name in ipairs(self.args.order) do
    local row, found, seen = by_name[name], {}, {}
    local function here(option) return self.args.given[key_of(option)] ~= "front" end
    for _, other_name in ipairs(row and here(name) and self.args.order or {}) do
      local other = by_name[other_name]
      if other and other ~= row and here(other_name) then
        local blamed = excludes(row, other)
        if not blamed and excludes(other, row) == row[1] then blamed = other[1] end
        if blamed and not seen[blamed] then
          seen[blamed] = true
          found[#found + 1] = blamed
        end
      end
    end
    if found[1] then
      local listed = {}
      for _, blamed in ipairs(found) do
        if by_name[blamed] then
          listed[#listed + 1] = by_name[blamed]
        else
          for _, member in ipairs(self.rows) do if member.group == blamed then listed[#listed + 1] = member end end
        end
      end
      usage.conflict(self, row, listed)
    end
  end
end

local function requirements(self)
  local by_name, needed, missing, seen = {}, {}, {}, {}
  for _, row in ipairs(self.rows) do by_name[row[1]] = row end
  -- what cannot be given beside what is given is not missed
  local function excused(row)
    for _, name in ipairs(self.args.order) do
      local other = by_name[name]
      if other and excludes(row, other) then return true end
    end
    return false
  end
  local function want(what)
    local any = type(what) == "table" and what or { what }
    local id = table.concat(any, "|")
    if seen[id] then return end
    seen[id] = true
    local alternatives, given = {}, false
    for i, name in ipairs(any) do
      alternatives[i] = by_name[name]
      given = given or self.args.given[key_of(name)]
    end
    needed[#needed + 1] = alternatives
    if not given and (#any > 1 or not excused(alternatives[1])) then missing[#missing + 1] = alternatives end
  end
  for _, row in ipairs(self.rows) do if row.required then want(row[1]) end end
  for _, name in ipairs(self.args.order) do
    for _, what in ipairs(by_name[name] and by_name[name].requires or {}) do want(what) end
  end
  if missing[1] then usage.required(self, missing, needed) end
end

--- Reads the words of one command (those after its name).
---@param command nx.cli.Command
---@param words string[]
---@param options? { environment: (fun(name: string): string?), program: string, before: nx.cli.Args? }
---@return nx.cli.Args
function M.command(command, words, options)
  options = options or {}
  local args = options.before or { names = {}, rest = {}, given = {}, order = {} }
  args.command = command
  local self = { command = command, rows = command.rows, words = words, at = 1, args = args, level = {},
    program = options.program or "nxlua", version = options.version }
  self.long, self.short = index(command.rows)
  while self.at <= #words do
    local word = words[self.at]
    if word == "--" then
      for i = self.at + 1, #words do
        if not command.names then
          if not command.positional then usage.unknown(self, words[i], true) end
          args.names[#args.names + 1] = words[i]
        else
          args.rest[#args.rest + 1] = words[i]
        end
      end
      break
    elseif word:sub(1, 2) == "--" then
      long_option(self, word)
    elseif word:sub(1, 1) == "-" and word ~= "-" then
      short_options(self, word)
    elseif options.stop_at_word then
      args.stopped, args.held, self.held = self.at, self.held, nil
      for key in pairs(args.given) do args.given[key] = "front" end
      return args
    elseif command.names or command.positional then
      if command.positional and not command.positional_many and args.names[1] then usage.unknown(self, word) end
      settle(self)
      args.names[#args.names + 1] = word
    else
      usage.unknown(self, word)
    end
    if args.help or args.version then return args end
    self.at = self.at + 1
  end
  settle(self)
  if not options.stop_at_word then
    variables(self, options.environment or os.getenv)
    conflicts(self)
    requirements(self)
    if args.held then -- of an option in front of the command: its value is looked at last
      args.held()
      args.held = nil
    end
    for _, row in ipairs(command.rows) do
      local key = key_of(row[1])
      if row.default and args[key] == nil then args[key] = row.parse and row.parse(row.default) or row.default end
    end
  end
  if command.positional_values and not args.help then usage.positional(self) end
  return args
end

return M
