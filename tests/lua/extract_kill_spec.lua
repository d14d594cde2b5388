-- Killed (SIGKILL) at random points while extracting: nothing under a final name that is not whole, and the next run removes
-- what is left. 15 points; NXLUA_LONG=1: 300. NXLUA_SEED repeats a run.
local nx = require "nx"
local T = require "tarball"

local program = os.getenv "NXLUA"
local points = require "long".on and 300 or 16
local seed = math.tointeger(tonumber(os.getenv "NXLUA_SEED" or os.time() & 0xFFFFFF))

local base

local function write(name, bytes)
  local f <close> = assert(io.open(base .. "/" .. name, "wb"))
  f:write(bytes)
end

local function content(path)
  local f <close> = io.open(path, "rb")
  return f and f:read "a"
end

local files, count, size = {}, 24, 1 << 20
local function data(i, version)
  return ("%s of file %06d, "):format(version, i):rep(size // 22)
end

local function archive(version)
  local members = {}
  for i = 1, count do
    local name = ("target/d%d/f%d"):format(i % 3, i)
    files[i] = name
    members[#members + 1] = T.file(name, data(i, version))
  end
  members[#members + 1] = T.member { name = "target/link", type = "2", link = "d0/f3" }
  write(version .. ".tar.zst", T.zstd(T.tar(table.unpack(members))))
end

local function listing(what)
  local pipe <close> = io.popen(("cd '%s' && find . -mindepth 1 -name '%s' | LC_ALL=C sort"):format(base, what))
  return pipe:read "a"
end

local function extract(version)
  return nx.start { program, base .. "/x.lua", base .. "/" .. version .. ".tar.zst", base .. "/out", stderr = "capture" }
end

local function whole(version)
  for i, name in ipairs(files) do
    assert(content(base .. "/out/" .. name) == data(i, version), name .. " is not whole")
  end
end

describe("killed while extracting", function()
  if not program then return end
  local span
  setup(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
    write("x.lua", [[require "nx".extract { arg[1], to = arg[2], overwrite = true }]])
    archive "old"
    archive "new"
    math.randomseed(seed)
    span = 0
    for _ = 1, 3 do
      span = math.max(span, extract("new"):wait().seconds)
      whole "new"
      os.execute(("rm -rf '%s/out'"):format(base))
    end
  end)
  teardown(function() os.execute(("rm -rf '%s'"):format(base)) end)

  local function kill_at_random(version)
    local process <close> = extract(version)
    nx.sleep(math.random() * span * 1.05)
    process:signal "SIGKILL"
    return process:wait()
  end

  it(("a new destination appears whole or not at all (seed %d)"):format(seed), function()
    local killed, left = 0, 0
    for _ = 1, points // 2 do
      local o = kill_at_random "new"
      if o.signal == "SIGKILL" then killed = killed + 1 end
      if content(base .. "/out/" .. files[1]) then
        whole "new"
        os.execute(("rm -rf '%s/out'"):format(base))
      else
        assert.equal("", listing "out")
      end
      if listing ".out.nxlua-*" ~= "" then left = left + 1 end
    end
    assert(killed > 0, "none was killed in time")
    assert.is_true(extract("new"):wait().ok)
    whole "new"
    assert.equal("", listing ".*nxlua-*")
    os.execute(("rm -rf '%s/out'"):format(base))
  end)

  it("ended by TERM it leaves nothing", function()
    local ended = 0
    for _ = 1, 20 do
      if ended == 2 then break end
      local process <close> = extract "new"
      nx.sleep(span * (0.2 + 0.4 * math.random()))
      process:signal "SIGTERM"
      local o = process:wait()
      if not o.ok then
        assert.equal(143, o.exit_code)
        if not o.signal then ended = ended + 1 end -- else it came before the program had its handlers
        assert.equal("", listing ".out*")
        if listing "out" ~= "" then whole "new" end -- it came a moment too late
      end
      os.execute(("rm -rf '%s/out'"):format(base))
    end
    assert(ended > 0, "none was ended in time")
  end)

  it(("in a directory that was there every file is the old one or the new one (seed %d)"):format(seed), function()
    assert.is_true(extract("old"):wait().ok)
    local killed, version = 0, "new"
    for _ = 1, points // 2 do
      local o = kill_at_random(version)
      if o.signal == "SIGKILL" then killed = killed + 1 end
      for i, name in ipairs(files) do
        local bytes = content(base .. "/out/" .. name)
        assert(bytes == data(i, "old") or bytes == data(i, "new"), name .. " is not whole")
      end
      version = version == "new" and "old" or "new"
    end
    assert(killed > 0, "none was killed in time")
    assert.is_true(extract("new"):wait().ok)
    whole "new"
    assert.equal("", listing "*.part")
  end)
end)
