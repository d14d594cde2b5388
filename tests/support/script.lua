-- Scripts in a process of their own, under the interpreter that runs the specs.
local nx = require "nx"
local M = {}

M.interpreter = os.getenv "NXLUA" or "lua5.4"

--- Options for nx.run or nx.start that run `text` as a script; o: more options, o.args: its arguments. `dir`: a temp_dir.
function M.command(dir, text, o)
  local path = dir.path .. "/script.lua"
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  local command = { M.interpreter, path, table.unpack(o and o.args or {}) }
  for key, value in pairs(o or {}) do
    if key ~= "args" then command[key] = value end
  end
  return command
end

--- Runs it: Outcome.
function M.run(text, o)
  local dir <close> = nx.temp_dir {}
  return nx.run(M.command(dir, text, o))
end

--- Does the process exist, other than as a zombie?
function M.alive(pid)
  local file = io.open("/proc/" .. pid .. "/stat")
  if not file then return false end
  local state = file:read "a":match "%) (%a)"
  file:close()
  return state ~= "Z" and state ~= "X"
end

--- Waits until none of the processes exists.
function M.gone(pids, timeout)
  return pcall(nx.wait_for, { function()
    for _, pid in ipairs(pids) do
      if M.alive(pid) then return false end
    end
    return true
  end, timeout = timeout or "5s", every = "10ms" })
end

return M
