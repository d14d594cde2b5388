-- Errors that have a chain of causes, as the peer prints them: `error: A`, then `Caused by:` B, `Caused by:` C. The message of
-- the error object is one line (the first line of each link); `chain` has the links whole, for a command to print.

local err = require "nx.error"

local M = {}

--- Raises an error with a chain: `failure.raise { kind =, exit_code =, chain = { "A", "B", … }, path = … }`.
---@param e table
function M.raise(e)
  local parts = {}
  for i, link in ipairs(e.chain) do parts[i] = link:match "^[^\n]*" end
  e.message = table.concat(parts, ": ")
  err.raise(e)
end

--- The text of an error in the peer's form, without a final newline.
---@param e nx.Error
---@return string
function M.render(e)
  local chain = e.chain or { tostring(e.message) }
  local out = { "error: " .. chain[1] }
  for i = 2, #chain do
    out[#out + 1] = "\nCaused by:\n  " .. chain[i]:gsub("\n(.)", function(c) return c == "\n" and "\n\n" or "\n  " .. c end)
  end
  return table.concat(out, "\n")
end

return M
