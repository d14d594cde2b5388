-- Are colours wanted where neither an option nor a setting says so?

local M = {}

--- FORCE_COLOR and CLICOLOR_FORCE ask for them, NO_COLOR and a dumb terminal refuse them, a terminal gets them.
---@param is_terminal boolean
---@return boolean
function M.wanted(is_terminal)
  local force = os.getenv "FORCE_COLOR"
  if force then
    if force ~= "false" and tonumber(force) ~= 0 then return true end
  else
    force = os.getenv "CLICOLOR_FORCE"
    if force and force ~= "0" then return true end
  end
  local no = os.getenv "NO_COLOR"
  if no and no ~= "0" then return false end
  return is_terminal and os.getenv "TERM" ~= "dumb"
end

return M
