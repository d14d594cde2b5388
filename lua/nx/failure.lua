-- Errors that have a chain of causes, as the peer prints them: `error: A`, then `Caused by:` B, `Caused by:` C. Each link is
-- the `cause` of the one before; tostring shows them in one line.

local err = require "nx.error"

local M = {}

--- Raises an error with a chain: `failure.raise { kind =, exit_code =, chain = { "A", "B", … }, path = … }`.
---@param e table
function M.raise(e)
  local chain, cause = e.chain, e.cause
  for i = #chain, 2, -1 do cause = { message = chain[i], cause = cause } end
  e.message, e.cause, e.chain = chain[1], cause, nil
  err.raise(e)
end

--- The messages of an error and of its causes, outermost first.
---@param e any
---@return string[]
function M.chain(e)
  local list, seen = {}, {}
  while e ~= nil and not seen[e] and #list < 32 do
    seen[e] = true
    list[#list + 1] = tostring(type(e) == "table" and e.message or e)
    e = type(e) == "table" and e.cause or nil
  end
  return list
end

--- The system's word for an error ("…: No such file or directory", 2) as Rust's programs show it.
---@param text string
---@param errnum integer?
function M.os_error(text, errnum)
  if not errnum then return text end
  return ("%s (os error %d)"):format((text:match "([^:]*)$":gsub("^ ", "")), errnum)
end

--- The text of an error in the peer's form, without a final newline.
---@param e any
---@return string
function M.render(e)
  local out = {}
  for i, text in ipairs(M.chain(e)) do
    out[i] = i == 1 and "error: " .. text or "\nCaused by:\n  " .. text:gsub("\n([^\n])", "\n  %1")
  end
  return table.concat(out, "\n")
end

return M
