-- Standard output of the commands. What cannot be written is an error with the peer's code for it.

local M = {}

--- Writes; raises when it cannot.
---@param text string
function M.write(text)
  local ok, why, errnum = io.stdout:write(text)
  if not ok then M.failed(why, errnum) end
end

--- Everything written so far is out, or that is an error.
function M.flush()
  local ok, why, errnum = io.stdout:flush()
  if not ok then M.failed(why, errnum) end
end

--- What is being written, where the peer names it.
M.what = nil

function M.failed(why, errnum)
  local failure = require "nx.failure"
  local chain = { "error writing to output", failure.os_error(why, errnum) }
  if M.what then table.insert(chain, 1, ("failed to write %s to output"):format(M.what)) end
  failure.raise { kind = "io", exit_code = 110, where = false, chain = chain }
end

return M
