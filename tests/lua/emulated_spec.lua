-- Under qemu-user a vfork is a fork that shares nothing, and a clone cannot give a pidfd: the same things work.
local nx = require "nx"
local need = require "require"
local script = require "script"

local machine = nx.run({ "uname", "-m" }).stdout:match "%S+"
local emulator = "qemu-" .. machine

describe("in an emulator", function()
  if not os.getenv "NXLUA" then return end -- the program is emulated, not the stock interpreter
  if require "flat".sanitized then return end -- a sanitizer's shadow memory does not fit into an emulator
  local ok = need("qemu-user of this machine", function()
    return os.execute("command -v " .. emulator .. " >/dev/null 2>&1") == true, emulator .. " is not installed"
  end)
  if not ok then return end

  it("children start, fail by step, end and time out", function()
    local dir <close> = nx.temp_dir {}
    local command = script.command(dir, [[
local nx = require "nx"
local out = nx.run { "sh", "-c", "echo hi; exit 3" }
print(out.exit_code, out.stdout:sub(1, 2))
print(select(2, pcall(nx.run, "/no/such/program")).step)
print(select(2, pcall(nx.run, { "true", cwd = "/nowhere" })).step)
print(nx.run({ "sleep", 5, timeout = 0.1 }).reason)
print(#nx.run({ "cat", stdin = { data = ("x"):rep(100000) } }).stdout)
print(#nx.map { { 1, 2, 3, 4 }, function(x) return nx.run({ "echo", x }).stdout end })]])
    table.insert(command, 1, emulator)
    command.timeout = "60s"
    local out = nx.run(command)
    assert.equal("3\thi\nexec\nchdir\ntimeout\n100000\n4\n", out.stdout, out.stderr)
  end)
end)
