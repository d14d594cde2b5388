-- What stands around a script: the main task, its status, and its error as a report. Called from src/nxlua.c, with
-- every script, command, line of the prompt.

local err = require "nx.error"
local task = require "nx.task"

local M = {}

-- Under which the function of every task runs: what is raised leaves its trace behind, before the frames are gone.
function task.traceback(e)
  if e == nil then e = err.wrap(e) end
  if type(e) ~= "userdata" then err.keep_trace(e) end
  return e
end

local worst -- of the test runs that the script has made

--- A test run tells its exit code: the status of a script that returns nothing is the worst of them.
---@param exit_code integer
function M.made_run(exit_code)
  worst = math.max(worst or 0, exit_code)
end

-- The exit status that a number asks for: what does not fit a byte may not become 0.
local function byte(code)
  if code >= 0 and code <= 255 then return code end
  return code & 255 ~= 0 and code & 255 or 255
end

--- The status of what a script returned.
---@return integer
function M.status(...)
  local value = ...
  if select("#", ...) == 0 or value == nil then return byte(worst or 0) end
  if value == true then return 0 elseif value == false then return 1 end
  local code = value
  if type(value) == "table" then code = value.exit_code end
  code = type(code) == "number" and math.tointeger(code) or nil
  if not code then
    err.raise {
      kind = "usage", where = false,
      message = ("the script returned a %s: its status is an integer, true, false or a table with exit_code"):format(
        type(value) == "table" and "table without exit_code" or type(value)),
    }
  end
  return byte(code)
end

--- Closes every handle that is open, newest first, and removes temporary files.
M.close_all = task.close_all

local in_order = true -- the scheduler: no error of its own (no memory) came out of it

local function finish(ok, ...)
  in_order = true
  if not ok then error((...), 0) end
  return M.status(...), ...
end

local begun

--- Gives up everything after such an error. Called with every error, and before a script.
function M.recover()
  if in_order or begun then return end
  task.abandon()
  in_order = true
end

--- Runs a chunk as a script, with its tasks: returns its status, then what it returned.
function M.main(chunk, ...)
  worst = nil
  M.recover()
  in_order = false
  return finish(task.main(chunk, ...))
end

--- The same for a host with a loop of its own: begins, …
function M.begin(chunk, ...)
  worst = nil
  M.recover()
  in_order = false
  begun = task.begin(chunk, ...)
  in_order = true
end

--- … and turns the loop once, for up to `seconds` (nil: without limit): false and whether tasks remain, or, once a script
--- that was begun has ended, true and what M.main returns.
function M.step(seconds)
  local remain = task.step(seconds)
  if not begun or not begun.done then return false, remain end
  local ended = begun
  begun = nil
  return true, finish(task.outcome(ended))
end

--- Raised for a word that is neither a file nor a command.
function M.unknown_command(name)
  local open, options = require "nx.core.open", require "nx.options"
  local commands = {}
  for _, carried in ipairs(open.carried_names()) do
    local command = carried:match "^scripts/(.*)%.lua$"
    if command then commands[command] = true end
  end
  local near, hint = options.nearest(name, commands), ""
  local file = io.open(name, "r")
  if file then
    file:close()
    hint = (" (to run the file: nxlua ./%s)"):format(name)
  elseif near then
    hint = (" (did you mean %q?)"):format(near)
  end
  err.raise { kind = "usage", exit_code = 2, where = false, message = ("unknown command %q%s"):format(name, hint) }
end

-- The first line of a text, and the rest.
local function first_line(text)
  local line, rest = text:match "^([^\n]*)\n(.*)$"
  if not line then return text, nil end
  return line:gsub(":$", ""), rest
end

local function add(lines, text, prefix)
  if not text or text == "" then return end
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = (prefix or "") .. line:gsub("^%s+", "") end
end

-- The chain of causes, a line each.
local function add_causes(lines, e)
  local seen = 0
  while err.is(e) and e.cause ~= nil and seen < 8 do
    e, seen = e.cause, seen + 1
    add(lines, first_line(tostring(e)), "caused by: ")
  end
end

--- What was raised (a record of the message handler, or bare) as kind, message, where, trace, exit_code.
function M.report(raised, memory_where)
  local value, trace, where = raised, nil, nil
  if type(raised) == "table" and not err.is(raised) then value, trace, where = raised.value, raised.trace, raised.where end
  local e = err.wrap(value)
  if value == "not enough memory" and memory_where ~= "" then where = memory_where end
  local message, rest = first_line(tostring(e.message))
  local lines = {}
  add(lines, rest)
  add_causes(lines, e)
  local kept, kept_where = err.trace_of(value)
  add(lines, kept)
  add(lines, trace)
  where = e.where or (e.where == nil and (kept_where or where)) or nil
  if #lines == 1 and where and lines[1]:sub(1, #where + 1) == where .. ":" then lines = {} end
  return tostring(e.kind), message, where, table.concat(lines, "\n"), math.tointeger(e.exit_code) or 1
end

return M
