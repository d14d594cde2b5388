-- What is wrong with a command line, said as the peer says it: which option, which conflict, what is near, the usage line.
-- Everything here raises a "usage" error with exit code 2.

local err = require "nx.error"

local M = {}

local function fail(message)
  err.raise { kind = "usage", message = message, exit_code = 2, where = false, shown = true }
end

--- An option as it is shown: "--archive-file <PATH>", "-Z <FLAG>", "--timings[=<FMTS>]", "--cargo-quiet...".
---@return string
function M.show(row)
  local name = row.no_long and "-" .. row.short or "--" .. row[1]
  if row.optional then return ("%s[=<%s>]"):format(name, row.value) end
  if row.value then return ("%s <%s>"):format(name, row.value) end
  return row.count and name .. "..." or name
end

local tail = "\n\nFor more information, try '--help'."

-- What stands behind the options in a usage line; words that were given count as needed.
local function operands(self, plain)
  local command, args = self.command, plain and { names = {}, rest = {} } or self.args
  if command.names then
    return (args.names[1] and " <FILTERS>..." or " [FILTERS]...")
      .. (args.rest[1] and " -- <FILTERS_AND_ARGS>..." or " [-- <FILTERS_AND_ARGS>...]")
  end
  if command.positional then return (command.positional_many and " <%s>..." or " <%s>"):format(command.positional) end
  if command.commands then return " <COMMAND>" end
  return ""
end

local function head(self)
  return self.command.name == "" and self.program or self.program .. " " .. self.command.name
end

--- The usage line in general: "nxlua list [OPTIONS] [FILTERS]...".
function M.line(self)
  local command = self.command
  return ("Usage: %s [OPTIONS]%s"):format(head(self), command.usage and " " .. command.usage or "")
end

-- The usage line of what is needed (`first`), then of those options that were given (`without` some), then of `also`.
local function line_with(self, shape)
  local shown, parts, by_name = {}, {}, {}
  for _, row in ipairs(self.command.rows) do by_name[row[1]] = row end
  for _, row in ipairs(shape.without or {}) do shown[row[1]] = true end
  for _, row in ipairs(shape.hidden or {}) do shown[row[1]] = true end
  local function add(row)
    if row and not shown[row[1]] then
      shown[row[1]] = true
      parts[#parts + 1] = M.show(row)
    end
  end
  for _, row in ipairs(self.command.rows) do if row.required then add(row) end end
  for _, row in ipairs(shape.first or {}) do add(row) end
  if shape.without then
    for _, name in ipairs(self.args.order) do
      for _, what in ipairs(by_name[name] and not shown[name] and by_name[name].requires or {}) do
        if type(what) == "string" then add(by_name[what]) end
      end
    end
  end
  for _, name in ipairs(self.args.order) do
    if self.args.given[(name:gsub("-", "_"))] ~= "front" then add(by_name[name]) end
  end
  for _, row in ipairs(shape.also or {}) do add(row) end
  for _, text in ipairs(shape.groups or {}) do parts[#parts + 1] = text end
  if not parts[1] then return M.line(self) end
  return ("Usage: %s %s%s"):format(head(self), table.concat(parts, " "), operands(self, shape.without and #shape.without > 3))
end

-- Jaro similarity: how alike two words are, 0 to 1.
local function jaro(a, b)
  if a == b then return 1 end
  local reach = math.max(0, math.max(#a, #b) // 2 - 1)
  local taken, first, matches = {}, {}, 0
  for i = 1, #a do
    for j = math.max(1, i - reach), math.min(#b, i + reach) do
      if not taken[j] and a:byte(i) == b:byte(j) then
        taken[j], matches = true, matches + 1
        first[matches] = a:byte(i)
        break
      end
    end
  end
  if matches == 0 then return 0 end
  local swapped, at = 0, 0
  for j = 1, #b do
    if taken[j] then
      at = at + 1
      if b:byte(j) ~= first[at] then swapped = swapped + 1 end
    end
  end
  return (matches / #a + matches / #b + (matches - swapped / 2) / matches) / 3
end

--- The word of a list most like `word`, if one is like it at all.
---@return string?
function M.similar(word, list)
  local best, most
  for _, candidate in ipairs(list) do
    local likeness = jaro(word, candidate)
    if likeness > 0.7 and (not most or likeness >= most) then best, most = candidate, likeness end
  end
  return best
end

function M.invalid_value(self, row, text, why, words)
  local message = ("error: invalid value '%s' for '%s'"):format(text, M.show(row))
  if text == "" and words then return M.value_missing(self, row, words) end
  if why then message = message .. ": " .. why end
  if words then
    message = ("%s\n  [possible values: %s]"):format(message, table.concat(words, ", "))
    local near = M.similar(text, words)
    if near then message = ("%s\n\n  tip: a similar value exists: '%s'"):format(message, near) end
  end
  fail(message .. tail)
end

function M.value_missing(_, row, words)
  local message = ("error: a value is required for '%s' but none was supplied"):format(M.show(row))
  if words then message = ("%s\n  [possible values: %s]"):format(message, table.concat(words, ", ")) end
  fail(message .. tail)
end

function M.no_value(self, row, text)
  fail(("error: unexpected value '%s' for '%s' found; no more were expected\n\n%s%s"):format(text, M.show(row),
    line_with(self, { also = { row } }), tail))
end

function M.repeated(self, row)
  fail(("error: the argument '%s' cannot be used multiple times\n\n%s%s"):format(M.show(row), M.line(self), tail))
end

-- In front of a command: does the command that follows have an option like this?
function M.below(self, word)
  local commands = require "nx.cli.commands"
  for i = self.at + 1, #self.words do
    local command = commands.find(self.words[i])
    if command then
      local names = {}
      for _, row in ipairs(command.rows) do names[#names + 1] = not row.no_long and row[1] or nil end
      local near = M.similar(word:sub(3), names)
      return near and command.name, near
    end
  end
end

function M.unknown(self, word, operand)
  local tips, line = {}, M.line(self)
  if word:sub(1, 1) == "-" and not operand then
    local names, by_name = {}, {}
    for _, row in ipairs(self.command.rows) do
      if not row.no_long then
        names[#names + 1] = row[1]
        by_name[row[1]] = row
      end
    end
    local near = word:sub(1, 2) == "--" and M.similar(word:sub(3), names)
    if not near and self.command.name == "" then
      local found, row = M.below(self, word)
      if found then tips[#tips + 1] = ("  tip: '%s --%s' exists"):format(found, row) end
    end
    if near then
      tips[#tips + 1] = ("  tip: a similar argument exists: '--%s'"):format(near)
    end
    if word:sub(1, 2) == "--" then
      line = line_with(self, { also = { self.held_row or by_name[near], self.held_row and by_name[near] } })
    end
    if self.command.names or self.command.positional then
      tips[#tips + 1] = ("  tip: to pass '%s' as a value, use '-- %s'"):format(word, word)
    end
  end
  local tip = tips[1] and table.concat(tips, "\n") .. "\n\n" or ""
  fail(("error: unexpected argument '%s' found\n\n%s%s%s"):format(word, tip, line, tail))
end

function M.unknown_command(self, word, names)
  local near = M.similar(word, names)
  local tip = near and ("  tip: a similar subcommand exists: '%s'\n\n"):format(near) or ""
  fail(("error: unrecognized subcommand '%s'\n\n%s%s%s"):format(word, tip, M.line(self), tail))
end

function M.conflict(self, row, others)
  local what
  if #others == 1 then
    what = (" '%s'"):format(M.show(others[1]))
  else
    local lines = {}
    for i, other in ipairs(others) do lines[i] = "\n  " .. M.show(other) end
    what = ":" .. table.concat(lines)
  end
  fail(("error: the argument '%s' cannot be used with%s\n\n%s%s"):format(M.show(row), what, line_with(self, { without = others }), tail))
end

function M.required(self, missing, needed)
  local lines, groups, member = {}, {}, {}
  for _, alternatives in ipairs(missing) do
    if #alternatives > 1 then
      for _, row in ipairs(alternatives) do member[row] = true end
    end
  end
  for _, alternatives in ipairs(missing) do
    if #alternatives > 1 then
      local shown = {}
      for j, row in ipairs(alternatives) do shown[j] = M.show(row) end
      lines[#lines + 1] = ("<%s>"):format(table.concat(shown, "|"))
    elseif not member[alternatives[1]] then
      lines[#lines + 1] = M.show(alternatives[1])
    end
  end
  local first = {}
  for _, alternatives in ipairs(needed) do
    if #alternatives > 1 then
      local shown = {}
      for j, row in ipairs(alternatives) do shown[j], member[row] = M.show(row), true end
      groups[#groups + 1] = ("<%s>"):format(table.concat(shown, "|"))
    end
  end
  local hidden = {}
  for row in pairs(member) do hidden[#hidden + 1] = row end
  for _, alternatives in ipairs(needed) do
    if #alternatives == 1 and not member[alternatives[1]] then first[#first + 1] = alternatives[1] end
  end
  fail(("error: the following required arguments were not provided:\n  %s\n\n%s%s"):format(table.concat(lines, "\n  "),
    line_with(self, { first = first, groups = groups, hidden = hidden }), tail))
end

--- A positional word that is missing or none of those that may be.
function M.positional(self)
  local command, word = self.command, self.args.names[1]
  if not word then
    fail(("error: the following required arguments were not provided:\n  <%s>\n\n%s%s"):format(command.positional,
      M.line(self), tail))
  end
  for _, known in ipairs(command.positional_values) do if known == word then return end end
  local near = M.similar(word, command.positional_values)
  fail(("error: invalid value '%s' for '<%s>'\n  [possible values: %s]%s%s"):format(word, command.positional,
    table.concat(command.positional_values, ", "), near and ("\n\n  tip: a similar value exists: '%s'"):format(near) or "", tail))
end

return M
