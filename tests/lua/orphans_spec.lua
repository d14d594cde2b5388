-- Nothing that we started survives us, however we end.
local nx = require "nx"
local script = require "script"

-- A script that has two groups with two processes each and one leak running, says so, and then does `ending`.
local function with_groups(ending)
  return [[
local nx = require "nx"
local function script(...)
  local pids, ready = {}, 0
  local function collect(line) pids[#pids + 1] = line end
  local a = nx.start { "sh", "-c", "sleep 1000 & echo $!; echo $$; wait", stdout = nx.lines(collect) }
  nx.run { "sh", "-c", "trap '' TERM; sleep 1000 & echo $!", stdout = nx.lines(collect), leak_timeout = 0.02 }
  local b = nx.task(function()
    nx.run { "sh", "-c", "sleep 1000 & echo $!; echo $$; exec sleep 1000", stdout = nx.lines(collect) }
  end)
  nx.wait_for { function() return #pids == 5 end }
  local dir = nx.temp_dir {}
  print(table.concat(pids, " "), dir.path)
  io.stdout:flush()
  ]] .. ending .. [[

end
local task = require "nx.task"
if not task.current().root then return script(...) end
local ok, e = task.main(script, ...)
if not ok then io.stderr:write(tostring(e), "\n") os.exit(1, true) end
]]
end

local function pids_of(text)
  local pids = {}
  for pid in text:gsub("/.*", ""):gmatch "%d+" do pids[#pids + 1] = tonumber(pid) end
  return pids, text:match "/%S+"
end

local function check(out)
  local pids, dir = pids_of(out.stdout)
  assert.equal(5, #pids, out.stderr)
  assert.is_true(script.gone(pids, 3))
  return dir
end

describe("no group of ours is left", function()
  it("after an error", function()
    local out = script.run(with_groups 'error "on purpose"')
    assert.is_false(out.ok)
    assert.matches("on purpose", out.stderr)
    assert.is_nil(io.open(check(out)))
  end)
  it("after an error in a task", function()
    local out = script.run(with_groups 'nx.all { function() nx.fail "on purpose" end, function() nx.sleep(100) end }')
    assert.matches("on purpose", out.stderr)
    assert.is_nil(io.open(check(out)))
  end)
  it("after the end of the script", function()
    local out = script.run(with_groups "b:cancel() pcall(b.wait, b)")
    assert.is_true(out.ok, out.stderr)
    assert.is_nil(io.open(check(out)))
  end)
  -- Starts the script, sends the signal when its groups are there: its outcome, and its temporary directory.
  local function killed_by(signal)
    local dir <close> = nx.temp_dir {}
    local said = ""
    local p <close> = nx.start(script.command(dir, with_groups "nx.sleep(1000)",
      { stdout = function(chunk) said = said .. (chunk or "") end }))
    nx.wait_for { function() return said:find "\n" end, timeout = "10s" }
    local pids, path = pids_of(said)
    assert.equal(5, #pids)
    assert.is_true(os.execute(("kill -%s %d"):format(signal, p.pid)))
    assert.is_true(script.gone(pids, 3))
    return p:wait(), path
  end

  it("when we are killed", function()
    local out, path = killed_by "KILL"
    assert.equal("SIGKILL", out.signal)
    os.execute("rm -rf " .. path)
  end)
  it("when the guard was killed before us: the program itself", function()
    local dir <close> = nx.temp_dir {}
    local said = ""
    local p <close> = nx.start(script.command(dir, [[
      local nx = require "nx"
      print(nx.start({ "sleep", 1000 }).pid)
      io.stdout:flush()
      nx.sleep(1000)]], { stdout = function(chunk) said = said .. (chunk or "") end }))
    nx.wait_for { function() return said:find "\n" end, timeout = "10s" }
    local guard
    for pid in nx.run({ "ls", "/proc" }).stdout:gmatch "%d+" do
      local file = io.open("/proc/" .. pid .. "/stat")
      local text = file and file:read "a" or ""
      if file then file:close() end
      if text:match "%((.-)%) %a %d+" == "nxlua-guard" and text:match "%) %a (%d+)" == tostring(p.pid) then guard = pid end
    end
    assert.is_true(os.execute("kill -9 " .. assert(guard)))
    assert.is_true(os.execute("kill -9 " .. p.pid))
    assert.is_true(script.gone({ tonumber(said) }, 3))
  end)
  if not os.getenv "NXLUA" then return end -- the signals of a host are its own business
  if not require "nx.script".begin then return end
  for name, number in pairs { INT = 2, TERM = 15, HUP = 1, QUIT = 3 } do
    it("when we get SIG" .. name, function()
      local out, path = killed_by(name)
      assert.equal(128 + number, out.exit_code)
      assert.is_nil(io.open(path))
    end)
  end
  it("after os.exit", function()
    for _, call in ipairs { "os.exit(7)", "os.exit(7, true)", "nx.task(function() os.exit(7) end):wait()",
      "coroutine.wrap(function() os.exit(7) end)()" } do
      local out = script.run(with_groups(call))
      assert.equal(7, out.exit_code, call)
      assert.is_nil(io.open(check(out)))
    end
  end)
end)
