-- Standard output of the commands. What cannot be written is an error with the peer's code for it.

local err = require "nx.error"

local M = {}

--- Writes; raises when it cannot.
---@param text string
function M.write(text)
  local ok, why = io.stdout:write(text)
  if not ok then M.failed(why) end
end

--- Everything written so far is out, or that is an error.
function M.flush()
  local ok, why = io.stdout:flush()
  if not ok then M.failed(why) end
end

function M.failed(why)
  err.raise { kind = "io", exit_code = 110, where = false, message = "error writing to output", cause = { message = why } }
end

return M
