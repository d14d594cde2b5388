-- The commands' common ground: from words to a command and its arguments, from an error to an exit status.
--
-- A command script reads so:
--     return cli.main("list", function(args) … return status end, ...)
-- Help, mistakes and errors are printed here, in the peer's form, and become the status.

local commands = require "nx.cli.commands"
local err = require "nx.error"
local help = require "nx.cli.help"
local message = require "nx.cli.message"
local parse = require "nx.cli.parse"
local usage = require "nx.cli.usage"

local M = {}

--- The name by which the user called the program, as messages give it: "nxlua", "cargo nxlua".
M.program = "nxlua"

-- Ends the script, by an error that carries text for the user and a status (0: not a failure at all).
local function finish(text, status)
  err.raise { kind = "usage", message = text, exit_code = status, where = false, shown = true }
end

-- Everything that stands in front of a command, and the command itself.
local top = { name = "", about = "Archives tests, ships them, runs them", rows = commands.find("help").rows, usage = "<COMMAND>",
  commands = {} }
for _, command in ipairs(commands) do
  if not command.name:find " " then top.commands[#top.commands + 1] = command.name end
end
M.top = top

local function names_below(prefix)
  local names = {}
  for _, command in ipairs(commands) do
    local name = command.name:match("^" .. prefix .. "(%S+)$")
    if name then
      names[#names + 1] = name
      if command.alias then names[#names + 1] = command.alias end
    end
  end
  return names
end

local function read(command, words, options)
  local args = parse.command(command, words, options)
  if args.help then finish(help.command(command, args.help, M.program), 0) end
  if args.version then finish(help.version(), 0) end
  return args
end

-- Finds the command of a list of words: options may stand before it, "nextest" may be its first word.
local function resolve(words)
  local before = { names = {}, rest = {}, given = {}, order = {} }
  local first = 1
  if words[1] == "nextest" or words[1] == "ntr" then
    first = 2
    if words[1] == "ntr" then return commands.find "run", { table.unpack(words, 2) }, before end
  end
  words = { table.unpack(words, first) }
  local args = read(top, words, { program = M.program, before = before, stop_at_word = true, version = true })
  local at = args.stopped
  if not at then return nil end
  args.stopped = nil
  if words[at] == "nextest" and first == 1 then table.remove(words, at) end
  if not words[at] then return nil end
  local command = commands.find(words[at])
  if not command or command.name:find " " then
    usage.unknown_command({ command = top, program = M.program }, words[at], names_below "")
  end
  while command.commands do
    local below = words[at + 1]
    if below == nil or below == "-h" or below == "--help" then
      finish(help.command(command, below == "-h" and "short" or "long", M.program), below and 0 or 2)
    end
    at = at + 1
    local found = commands.find(command.name .. " " .. below)
    if not found then
      usage.unknown_command({ command = command, program = M.program }, below, names_below(command.name .. " "))
    end
    command = found
  end
  before.given, before.order = args.given, args.order
  return command, { table.unpack(words, at + 1) }, before
end

-- What stood in front of the command on a whole line; picked up by the command's own script.
local in_front

-- The arguments of a command, checked.
local function arguments(name, words)
  local command, before = commands.find(name), in_front
  in_front = nil
  if command.commands then
    local inner
    command, words, inner = resolve { name, table.unpack(words) }
    before = before or inner
  end
  return read(command, words, { program = M.program, before = before })
end

--- Runs a command: reads its arguments, does the work, prints what goes wrong. Returns the status.
---@param name string          of the command, as in commands.lua
---@param work fun(args: nx.cli.Args): integer?
---@param ... string            the words of the command line behind the command
---@return integer
function M.main(name, work, ...)
  local words = { ... }
  local ok, result = xpcall(function()
    return work(arguments(name, words))
  end, err.traced or err.wrap)
  if ok then return result or 0 end
  return message.failure(result)
end

--- The script of a command, as the program carries it.
---@param name string
---@return function
function M.script(name)
  return assert(require "nx.core.open".load_carried("scripts/" .. name .. ".lua"))
end

--- A whole command line ("nextest" or options may stand first): finds the command and hands over to its script.
---@param start fun(name: string, ...: string): any     runs the script of a command with these words
---@param ... string
---@return any
function M.line(start, ...)
  local words = { ... }
  local ok, name, rest = xpcall(function()
    local command, below, before = resolve(words)
    if not command then finish(help.command(M.top, "long", M.program), 0) end
    if command.loose then require "nx.cli.later".command(command.name) end
    in_front = before
    local script, sub = command.name:match "^(%S+) (.+)$"
    if sub then table.insert(below, 1, sub) end
    return script or command.name, below
  end, err.wrap)
  if not ok then return message.failure(name) end
  return start(name, table.unpack(rest))
end

return M
