-- The set-up of a child: each step that fails names itself and leaves nothing behind; what a child inherits.
local nx = require "nx"
local process = require "nx.process"
local script = require "script"
local task = require "nx.task"

local function descriptors()
  local n = 0
  for _ in nx.run({ "ls", "/proc/self/fd" }).stdout:gmatch "%d+" do n = n + 1 end
  return n
end

-- of this process
local function ours()
  local n = 0
  for fd = 0, 300 do
    local info = io.open("/proc/self/fdinfo/" .. fd)
    if info then
      n = n + 1
      info:close()
    end
  end
  return n
end

local function spawn(o)
  local p <close> = process.spawn(o)
  local event = p:next()
  while event ~= "done" do
    task.wait(p)
    event = p:next()
  end
  return p:outcome()
end

describe("a set-up step that fails", function()
  local cases = {
    join = { { "true", join = { 0 } } }, -- no namespace
    group = { { "true", group = 1 } },   -- not of our session
    terminal = { { "true", terminal = 1000 } },
    death_signal = { { "true", death_signal = 1000, group = -1 } },
    limits = { { "true", limits = { { 1000, 1, 1 } } }, { "true", limits = { { 7, 20, 10 } } } },
    chdir = { { "true", cwd = "/nowhere" }, { "true", cwd = "/etc/passwd" } },
    descriptors = { { "true", descriptors = { 1000 } }, { "true", stdout = 1000 } },
    exec = { { "no-such-program" }, { "/nowhere/program" }, { "/etc" }, { "" }, { ("x"):rep(300) }, { "/etc/passwd" },
      { "true", env = { BIG = ("x"):rep(300000) } } },
  }
  for step, list in pairs(cases) do
    it("is named: " .. step, function()
      spawn { "true" } -- the guard and /dev/null are there from here on
      local before = ours()
      for i, o in ipairs(list) do
        for _ = 1, 3 do
          local ok, e = pcall(process.spawn, o)
          assert.is_false(ok, step .. " " .. i)
          assert.equal("spawn", e.kind)
          assert.equal(step, e.step)
          assert.is_true(e.errno > 0)
        end
      end
      assert.equal(before, ours())
    end)
  end
  it("tells a missing interpreter from a missing program", function()
    local dir <close> = nx.temp_dir {}
    local path = dir.path .. "/s"
    local f = assert(io.open(path, "w"))
    f:write "#!/no/such/interpreter\n"
    f:close()
    os.execute("chmod +x " .. path)
    local ok, e = pcall(nx.run, path)
    assert.is_false(ok)
    assert.matches("its interpreter is missing", e.message)
  end)
  it("tells what cannot be executed", function()
    local ok, e = pcall(nx.run, "/etc/passwd")
    assert.is_false(ok)
    assert.matches("Permission denied", e.message)
  end)
end)

describe("a child", function()
  it("gets only the descriptors that are named", function()
    assert.equal(4, descriptors()) -- 0, 1, 2 and the listing's own
    local f = io.popen "sleep 0.1" -- Lua's popen leaves one open in us
    assert.equal(4, descriptors())
    f:close()
    local dir <close> = nx.temp_dir {}
    local file = assert(io.open(dir.path .. "/f", "w"))
    file:write "seen"
    file:flush()
    -- by number, which only the library knows of
    local n = tonumber((io.popen("ls -l /proc/$PPID/fd | grep -o '[0-9]* -> " .. dir.path .. "'"):read "a"):match "%d+")
    assert.equal("seen", spawn({ "sh", "-c", "cat /proc/self/fd/3; exec 4<&0 2>/dev/null", descriptors = { n } }).stdout)
    file:close()
  end)
  it("gets default signals and an empty mask, also from a parent that ignores", function()
    local dir <close> = nx.temp_dir {}
    local command = script.command(dir, [[
      local nx = require "nx"
      io.write(nx.run({ "cat", "/proc/self/status" }).stdout)]])
    local out = nx.run { "sh", "-c", "trap '' INT QUIT USR1; exec \"$@\"", "-", table.unpack(command) }
    assert.matches("SigBlk:\t0+\n", out.stdout)
    assert.matches("SigIgn:\t0+\n", out.stdout)
    assert.matches("SigCgt:\t0+\n", out.stdout)
  end)
  it("leads a group of its own and dies with us", function()
    local out = nx.run { "sh", "-c", "ps -o pid= -o pgid= -p $$" }
    local pid, group = out.stdout:match "(%d+)%s+(%d+)"
    assert.equal(pid, group)
    local p <close> = process.spawn { "sh", "-c", "ps -o pid= -o pgid= -p $$", group = -1 }
    while p:next() ~= "done" do task.wait(p) end
    pid, group = p:outcome().stdout:match "(%d+)%s+(%d+)"
    assert.is_true(pid ~= group)
  end)
  it("takes limits and a file mask", function()
    local out = spawn { "sh", "-c", "ulimit -n; umask", limits = { { 7, 64, 64 } }, umask = 63 }
    assert.equal("64\n0077\n", out.stdout)
  end)
  it("finds its program in its own PATH, below its own directory", function()
    local dir <close> = nx.temp_dir {}
    os.execute(("mkdir %s/bin && printf '#!/bin/sh\necho mine' > %s/bin/prog && chmod +x %s/bin/prog"):format(dir.path, dir.path, dir.path))
    assert.equal("mine\n", nx.run({ "prog", env = { PATH = dir.path .. "/bin" } }).stdout)
    assert.equal("mine\n", nx.run({ "./prog", cwd = dir.path .. "/bin" }).stdout)
    assert.equal("mine\n", nx.run({ "prog", cwd = dir.path, env = { PATH = "/nowhere:bin" } }).stdout)
  end)
end)

describe("an environment block", function()
  it("is made once and extended for each child", function()
    local block = process.env({ A = "1", B = "2", HOME = false })
    assert.equal("1-2--", spawn({ "sh", "-c", "printf %s $A-$B-$C-$HOME", environment = block }).stdout)
    assert.equal("1-x-y-", spawn({ "sh", "-c", "printf %s $A-$B-$C-$HOME", environment = block, env = { B = "x", C = "y" } }).stdout)
    assert.equal("-2--", spawn({ "sh", "-c", "printf %s $A-$B-$C-$HOME", environment = block, env = { A = false } }).stdout)
    assert.equal("ONLY=1\n", spawn({ "/usr/bin/env", environment = process.env({ ONLY = "1" }, true) }).stdout)
  end)
end)

describe("where SIGCHLD is ignored", function()
  it("the end of a child is known all the same, or that it is not", function()
    if not require "require" "bash" then return end
    local dir <close> = nx.temp_dir {}
    local command = script.command(dir, [[
      local nx = require "nx"
      local ok, out = pcall(nx.run, { "sh", "-c", "exit 3" })
      print(ok and out.exit_code or out.message:match "SIGCHLD is ignored")]])
    local out = nx.run { "bash", "-c", "trap '' CHLD; exec \"$@\"", "-", table.unpack(command) }
    if os.getenv "NXLUA" then
      assert.equal("3\n", out.stdout) -- the program puts it right
    else
      assert.is_true(out.stdout == "3\n" or out.stdout == "SIGCHLD is ignored\n", out.stdout)
    end
  end)
end)
