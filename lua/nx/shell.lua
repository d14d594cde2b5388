-- Words as a POSIX shell would read them back.

local M = {}

--- A word, quoted if it needs to be: only for what a shell takes as special, so letters of any alphabet stand as they are.
---@param word string
---@return string
function M.quote(word)
  if word ~= "" and not word:find "[|&;<>()$`\\\"' \t\n*?%[#~=%%]" then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- A whole command line.
---@param argv string[]
---@return string
function M.join(argv)
  local out = {}
  for i, word in ipairs(argv) do out[i] = M.quote(word) end
  return table.concat(out, " ")
end

return M
