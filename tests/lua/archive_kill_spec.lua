-- Killed (SIGKILL) at random points while writing an archive, on one thread and on several: nothing under the final name
-- that is not whole, and the next run removes what is left. 15 points; NXLUA_LONG=1: 300. NXLUA_SEED repeats a run.
local nx = require "nx"

local program = os.getenv "NXLUA"
local points = require "long".on and 300 or 15
local seed = math.tointeger(tonumber(os.getenv "NXLUA_SEED" or os.time() & 0xFFFFFF))

for _, threads in ipairs { 1, 2 } do describe(("killed while archiving, threads = %d"):format(threads), function()
  if not program then return end
  local dir, span, versions
  local function path(name) return dir.path .. "/" .. name end

  local function start(version)
    return nx.start { program, path "a.lua", path(version), path "out/o.tar.zst" }
  end

  local function left()
    return nx.run { "sh", "-c", "ls -A out | grep -v '^o.tar.zst$'", cwd = dir.path }.stdout
  end

  setup(function()
    dir = nx.temp_dir {}
    versions = {}
    nx.fs.mkdir(path "out")
    nx.fs.write { path "a.lua", data = ([[require "nx.archive".segment = 250000
      require "nx".archive { arg[1], to = arg[2], threads = %d }]]):format(threads) }
    math.randomseed(seed)
    span = 0
    for _, version in ipairs { "old", "new" } do
      for i = 1, 10 do
        local words = {}
        for k = 1, 20000 do words[k] = math.random(1 << 30) end
        nx.fs.mkdir(path(version))
        nx.fs.write { ("%s/%s/f%d"):format(dir.path, version, i), data = table.concat(words, " ") }
      end
      local outcome = start(version):wait()
      assert(outcome.ok, outcome.stderr)
      span = math.max(span, outcome.seconds)
      versions[nx.fs.read(path "out/o.tar.zst")] = version
    end
    nx.fs.remove(path "out/o.tar.zst")
  end)
  teardown(function() dir:close() end)

  it(("the file is the old one, the new one or not there (seed %d)"):format(seed), function()
    local killed, leftovers, there = 0, 0, false
    for i = 1, points do
      local process <close> = start(i % 2 == 0 and "old" or "new")
      nx.sleep(math.random() * span * 1.05)
      process:signal "SIGKILL"
      if process:wait().signal == "SIGKILL" then killed = killed + 1 end
      if nx.fs.stat(path "out/o.tar.zst") then
        assert(versions[nx.fs.read(path "out/o.tar.zst")], "the archive is not whole")
        there = true
      else
        assert(not there, "the archive is gone")
      end
      local names = left()
      local _, count = names:gsub("\n", "")
      assert(count <= 1, "the next run did not remove what the last one left:\n" .. names)
      leftovers = leftovers + count
    end
    assert(killed > 0, "none was killed in time")
    assert(leftovers > 0, "none was killed while it wrote")
    assert.is_true(start("new"):wait().ok)
    assert.equal("", left())
    assert.equal("new", versions[nx.fs.read(path "out/o.tar.zst")])
  end)

  it("two that write to one name do not remove each other's file", function()
    for _ = 1, 2 do
      local outcomes = nx.map { { "old", "new", "old", "new" }, function(version) return start(version):wait() end }
      for _, outcome in ipairs(outcomes) do assert(outcome.ok, outcome.stderr) end
      assert.is_string(versions[nx.fs.read(path "out/o.tar.zst")])
      assert.equal("", left())
    end
  end)
end) end
