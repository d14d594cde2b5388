-- A program on a terminal of its own (a pty that script(1) makes), to be typed at.
local nx = require "nx"
local M = {}

local Terminal = {}
Terminal.__index = Terminal

--- Starts a command line on a terminal.
function M.open(line, env)
  local self = setmetatable({ text = "", from = 1 }, Terminal)
  self.process = nx.start { "script", "-q", "-e", "-c", line, "/dev/null", stdin = "pipe", env = env, stderr = "stdout",
    stdout = function(chunk) self.text = self.text .. (chunk or "\n[end]\n") end }
  return self
end

function Terminal:send(text) self.process:write(text) end

--- Waits until `text` has come out, after what was expected last.
function Terminal:expect(text, timeout)
  local ok = pcall(nx.wait_for, { function()
    local _, stop = self.text:find(text, self.from, true)
    if stop then self.from = stop + 1 end
    return stop
  end, timeout = timeout or "10s", every = "5ms" })
  if not ok then error(("no %q in:\n%s"):format(text, self.text:sub(self.from)), 2) end
end

--- Hangs up, as a window that is closed does.
function Terminal:close()
  self.process:signal "SIGKILL"
  self.process:close()
end
Terminal.__close = Terminal.close

return M
