-- The working directory. One that has been removed under us is an error, in the peer's words.

local failure = require "nx.failure"
local place = require "nx.core.place"

---@return string
return function()
  local dir, problem, errno = place.cwd()
  if dir then return dir end
  failure.raise { kind = "not_found", exit_code = 96,
    chain = { "failed to retrieve current directory", failure.os_error(problem, errno) } }
end
