-- What must stay flat: descriptors and memory of this process, before and after a long piece of work.
local M = {}

--- Open descriptors of this process.
function M.descriptors()
  local n = 0
  for fd = 0, 1023 do
    local info = io.open("/proc/self/fdinfo/" .. fd)
    if info then
      n = n + 1
      info:close()
    end
  end
  return n
end

--- Resident bytes of this process, after a collection.
function M.resident()
  if M.sanitized then return 0 end
  collectgarbage()
  collectgarbage()
  local file = assert(io.open "/proc/self/status")
  local kilobytes = tonumber(file:read("a"):match "VmRSS:%s*(%d+)")
  file:close()
  return kilobytes * 1024
end

--- May memory be compared? A sanitizer keeps what was freed.
local maps = assert(io.open "/proc/self/maps")
M.sanitized = maps:read("a"):find("lib[at]san") ~= nil
maps:close()

return M
