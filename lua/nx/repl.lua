-- The prompt: reads a line, or several while it is not complete, runs it, shows what it gave. All lines are one script:
-- what one opens stays open for the next.

local err = require "nx.core.err"
local loop = require "nx.core.loop"
local script = require "nx.script"
local task = require "nx.task"

local M = {}

-- An expression or a statement; nil, message and whether more lines would make it one.
local function compile(text)
  local chunk = load("return " .. text, "=stdin", "t")
  if chunk then return chunk end
  local statement, message = load(text, "=stdin", "t")
  return statement, message, not statement and message:sub(-5) == "<eof>"
end

local function show_error(raised)
  local _, message, where, trace = script.report(raised, "")
  io.stderr:write("error: ", where and where .. ": " or "", message, "\n")
  for line in trace:gmatch "[^\n]+" do io.stderr:write("  ", line, "\n") end
  -- an interrupt that was shown is over
  local me = task.current()
  me.interrupted, me.cancelled, me.cleanup_until = nil, nil, nil
end

-- A line, "" after Ctrl-C, nil at the end.
local function read(prompt, text)
  local line = prompt.line(text)
  if line then return line end
  if not loop.signals() then return nil end
  print()
  return ""
end

local function run(chunk)
  local results = table.pack(xpcall(chunk, err.handler))
  if not results[1] then return show_error(results[2]) end
  if results.n > 1 then
    local ok, raised = xpcall(print, err.handler, table.unpack(results, 2, results.n))
    if not ok then show_error(raised) end
  end
end

--- Reads and runs until the end of input.
function M.run(greeting)
  local prompt = require "nx.core.prompt"
  print(greeting)
  local text
  while true do
    local line = read(prompt, text and ">> " or "> ")
    if not line then break end
    text = text and line ~= "" and text .. "\n" .. line or line
    local chunk, message, more = compile(text)
    if more and line ~= "" then goto continue end
    if text:find "%S" then prompt.remember(text) end
    if chunk then run(chunk) else show_error(message) end
    text = nil
    ::continue::
  end
  print()
  return 0
end

return M
