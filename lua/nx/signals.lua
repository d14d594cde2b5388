-- Signal names as the human report and messages know them.

local M = {}

local known = {
  HUP = 1, INT = 2, QUIT = 3, ILL = 4, TRAP = 5, ABRT = 6, FPE = 8, KILL = 9, SEGV = 11, PIPE = 13, ALRM = 14, TERM = 15,
}
local others = { BUS = 7, USR1 = 10, USR2 = 12, STKFLT = 16, CHLD = 17, CONT = 18, STOP = 19, TSTP = 20, TTIN = 21, TTOU = 22,
  URG = 23, XCPU = 24, XFSZ = 25, VTALRM = 26, PROF = 27, WINCH = 28, IO = 29, PWR = 30, SYS = 31 }

--- The number of "SIGTERM" (or of "SIG40", or a number itself).
---@return integer
function M.number(signal)
  if math.type(signal) == "integer" then return signal end
  local name = signal:gsub("^SIG", "")
  local real_time = name:match "^RTMIN%+(%d+)$"
  if real_time then return 34 + math.tointeger(real_time) end
  return known[name] or others[name] or tonumber(name:match "%d+") or 0
end

--- "TERM" for a signal that has a name in the report, else nil.
---@return string?
function M.known(signal)
  local name = tostring(signal):gsub("^SIG", "")
  return known[name] and name or nil
end

return M
