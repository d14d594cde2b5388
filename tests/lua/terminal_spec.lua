-- A child that reads the terminal gets it, and we take it back.
local nx = require "nx"
local script = require "script"
local terminal = require "terminal"

-- A program of ours on a terminal under a shell with job control, which is what a person has.
local function shell(text)
  local dir = nx.temp_dir {}
  local command = script.command(dir, [[
local nx = require "nx"
local process = require "nx.process"
process.is_program = true
]] .. text)
  local t = terminal.open("PS1='shell> ' bash --norc --noprofile --noediting -i")
  t:expect "shell> "
  t.command = table.concat({ command[1], command[2] }, " ")
  return t
end

describe("on a terminal", function()
  if not require "require" "bash" then return end

  it("a child with inherited input can ask for a password", function()
    local t <close> = shell [[
local nx = require "nx"
local out = nx.run { "bash", "-c", "read -rsp 'Password: ' p </dev/tty; echo; echo got:$p", stdin = "inherit",
  stdout = "inherit", stderr = "inherit", timeout = "5s" }
print("child", out.exit_code, out.reason)
io.write "now we ask: "
io.stdout:flush()
print("we read " .. io.read "l")
]]
    t:send(t.command .. "\n")
    t:expect "Password: "
    t:send "secret\n"
    t:expect "got:secret"
    t:expect "child\t0\texit"
    t:expect "now we ask: " -- the terminal is ours again, else reading it would stop us
    t:send "hello\n"
    t:expect "we read hello"
    t:expect "shell> "
  end)

  it("Ctrl-C goes to the child that has the terminal", function()
    local t <close> = shell [[
local nx = require "nx"
local out = nx.run { "sh", "-c", "echo on; exec sleep 100", stdin = "inherit", stdout = "inherit" }
print("child", out.signal)
]]
    t:send(t.command .. "\n")
    t:expect "on\r\n"
    t:send "\3"
    t:expect "child\tSIGINT"
    t:expect "shell> "
  end)

  it("Ctrl-Z stops the child and us, fg continues both", function()
    local t <close> = shell [[
local nx = require "nx"
local out = nx.run { "sh", "-c", "echo on; read line; echo got $line", stdin = "inherit", stdout = "inherit", timeout = "2s" }
print("child", out.exit_code, out.reason)
]]
    t:send(t.command .. "\n")
    t:expect "on\r\n"
    t:send "\26"
    t:expect "Stopped"
    t:expect "shell> "
    t:send "sleep 2.1; echo slept\n" -- longer than the timeout: the clock stands still meanwhile
    t:expect "\nslept"
    t:send "fg\n"
    t:expect "script.lua"
    t:send "words\n"
    t:expect "got words"
    t:expect "child\t0\texit"
    t:expect "shell> "
  end)

  it("a child in the background leaves the terminal alone", function()
    local t <close> = shell [[
local nx = require "nx"
local out = nx.run { "sh", "-c", "sleep 0.3; echo done", stdin = "inherit" }
print("child", out.stdout)
]]
    t:send(t.command .. " &\n")
    t:expect "shell> "
    t:send "echo still here\n"
    t:expect "\nstill here"
    t:expect "child\tdone"
  end)

  it("a child that reads it in the background stops both, until fg", function()
    local t <close> = shell [[
local nx = require "nx"
local out = nx.run { "sh", "-c", "read line; echo got $line", stdin = "inherit", stdout = "inherit" }
print("child", out.exit_code, out.reason)
]]
    t:send(t.command .. " &\n")
    t:expect "shell> "
    nx.sleep(0.6)
    t:send "\n"
    t:expect "Stopped"
    t:send "fg\n"
    t:expect "script.lua"
    t:send "words\n"
    t:expect "got words"
    t:expect "child\t0\texit"
  end)

  it("takes the terminal back from a child that could not be started", function()
    local t <close> = shell [[
local nx = require "nx"
print(pcall(nx.run, { "/no/such/program", stdin = "inherit" }))
print("we read " .. io.read "l")
]]
    t:send(t.command .. "\n")
    t:expect "cannot start"
    t:send "hello\n"
    t:expect "we read hello"
  end)
end)

describe("without a terminal", function()
  it("a stop is an event, and a continue", function()
    local process, task = require "nx.process", require "nx.task"
    local p <close> = process.spawn { "sleep", "100" }
    local pid = p:about()
    local function event()
      local what, signal = p:next()
      while not what do
        assert.is_true(task.wait(p, task.now() + 5))
        what, signal = p:next()
      end
      return what, signal
    end
    p:signal "SIGSTOP"
    assert.same({ "stopped", "SIGSTOP" }, { event() })
    p:signal "SIGCONT"
    assert.same({ "continued" }, { event() })
    assert.is_true(script.alive(pid))
  end)
  it("a stopped child is ended by its timeout", function()
    local out = nx.run { "sh", "-c", "kill -STOP $$", timeout = "200ms" }
    assert.equal("timeout", out.reason)
    assert.equal("SIGTERM", out.signal)
  end)
end)
