-- What a failed attempt says of itself: a message, and a place in the source where its output names one.

local M = {}

-- "thread 'x' panicked at FILE:LINE:COLUMN:\nMESSAGE", the form of Rust since 1.73, and the one before it.
local function panic(text)
  local file, line, rest = text:match "panicked at ([^\n]-):(%d+):%d+:\n([^\n]*)"
  if file then return { message = rest, file = file, line = math.tointeger(tonumber(line)) } end
  local message
  message, file, line = text:match "panicked at '(.-)', ([^\n]-):(%d+):%d+"
  if message then return { message = message, file = file, line = math.tointeger(tonumber(line)) } end
end

--- { message, file?, line? } of an attempt that failed.
---@param attempt nx.Attempt
function M.describe(attempt)
  local found = panic(attempt.stderr) or attempt.merged and panic(attempt.stdout)
  if found then return found end
  local text = attempt.stderr:match "^Error: ([^\n]*)" or attempt.stderr:match "\nError: ([^\n]*)"
  if text then return { message = "Error: " .. text } end
  local file, line = attempt.stdout:match "note: test did not panic as expected at ([^\n]-):(%d+):%d+"
  if file then return { message = "test did not panic as expected", file = file, line = math.tointeger(tonumber(line)) } end
  if attempt.signal then return { message = "ended by " .. attempt.signal } end
  if attempt.leaked and attempt.exit_code == 0 then return { message = "exited with code 0, but leaked handles" } end
  return { message = ("exit code %d"):format(attempt.exit_code) }
end

return M
