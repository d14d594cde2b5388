-- nx.archive { threads }: the stream in segments, a frame each, the same bytes on any number of threads. Segments are made
-- small here, but for one test. NXLUA_SEED repeats a run.
local nx = require "nx"
local archive = require "nx.archive"
local now = require "nx.task".now

local seed = math.tointeger(tonumber(os.getenv "NXLUA_SEED" or os.time() & 0xFFFFFF))
local dir

local function path(name) return dir.path .. "/" .. name end

local function sh(script)
  local out = nx.run { "sh", "-c", script, cwd = dir.path }
  assert(out.ok, out.stderr)
  return out.stdout
end

local function failure(o)
  local ok, e = pcall(nx.archive, o)
  assert.is_false(ok)
  return e
end

-- Bytes that compress to about a half, the same for the same seed.
local function words(n)
  local parts, size = {}, 0
  while size < n do
    local part = ("%x "):format(math.random(0)):rep(math.random(1, 4))
    parts[#parts + 1], size = part, size + #part
  end
  return table.concat(parts):sub(1, n)
end

-- The frames of a zstd file by the letter of the format: { { window, checksum }… }.
local function frames(bytes)
  local list, at = {}, 1
  while at <= #bytes do
    assert.equal(0xFD2FB528, (string.unpack("<I4", bytes, at)))
    local descriptor, window = bytes:byte(at + 4, at + 5)
    assert.equal(0, descriptor & 0xE3) -- a window, no content size, no dictionary
    list[#list + 1] = { window = (1 << (window >> 3) + 10) // 8 * (8 + (window & 7)), checksum = descriptor & 4 ~= 0 }
    at = at + 6
    local last
    repeat
      local block = string.unpack("<I3", bytes, at)
      last = block & 1 == 1
      at = at + 3 + (block >> 1 & 3 == 1 and 1 or block >> 3)
    until last
    if descriptor & 4 ~= 0 then at = at + 4 end
  end
  return list
end

local function unpacked_hash(file)
  nx.fs.remove { path "back", recursive = true }
  nx.extract { file, to = path "back" }
  return nx.archive { path "back", format = "tar", to = "/dev/null" }.hash
end

describe("nx.archive { threads }", function()
  before_each(function()
    dir = nx.temp_dir {}
    math.randomseed(seed)
    archive.segment = 1 << 20
  end)
  after_each(function()
    archive.segment = nil
    dir:close()
  end)

  it(("gives the same bytes for any number but 1 (seed %d)"):format(seed), function()
    nx.fs.mkdir(path "d")
    for i = 1, 6 do nx.fs.write { path("d/f" .. i), data = words(900000) } end
    local one = nx.archive { path "d", to = path "one.tar.zst" }
    nx.archive { path "d", to = path "1.tar.zst", threads = 1 }
    assert.equal(nx.fs.read(path "one.tar.zst"), nx.fs.read(path "1.tar.zst"))
    assert.equal(1, #frames(nx.fs.read(path "one.tar.zst")))
    local first
    for _, threads in ipairs { 2, 0, 3, 8, 5000, 2 } do
      local r = nx.archive { path "d", to = path "o.tar.zst", threads = threads }
      local bytes = nx.fs.read(path "o.tar.zst")
      assert.equal(#bytes, r.bytes)
      assert.equal(one.hash, r.hash)
      first = first or bytes
      assert(first == bytes, threads .. " threads give other bytes")
    end
    local list = frames(first)
    assert.equal(6, #list) -- 5.4 MB and headers in segments of at most 1 MiB
    for _, frame in ipairs(list) do assert.same({ window = 1 << 20, checksum = true }, frame) end
    assert.equal(one.hash, unpacked_hash(path "o.tar.zst"))
    local program = os.getenv "NXLUA"
    if program and os.execute "command -v taskset >/dev/null" then -- on one processor
      nx.fs.write { path "a.lua", data = [[require "nx.archive".segment = 1 << 20
        require "nx".archive { arg[1], to = arg[2], threads = 0 }]] }
      nx.run { "taskset", "-c", sh "taskset -cp $$ | sed 's/.*: *//; s/[,-].*//'":match "%d+", program, path "a.lua", path "d",
        path "p.tar.zst", check = true }
      assert(first == nx.fs.read(path "p.tar.zst"), "one processor gives other bytes")
    end
  end)

  it("is one frame, the same as with one thread, when a segment holds the whole", function()
    nx.fs.write { path "f", data = words(900000) }
    nx.archive { { path "f", as = "f" }, to = path "1.tar.zst" }
    nx.archive { { path "f", as = "f" }, to = path "2.tar.zst", threads = 2 }
    assert.equal(nx.fs.read(path "1.tar.zst"), nx.fs.read(path "2.tar.zst"))
    nx.archive { to = path "1.tar.zst", threads = 2 }
    assert.same({}, nx.extract(path "1.tar.zst").entries)
  end)

  it("has no effect in other formats", function()
    nx.fs.write { path "f", data = words(1200000) }
    for _, format in ipairs { "tar", "tar.gz", "tar.xz", "zip" } do
      nx.archive { { path "f", as = "f" }, to = path "1", format = format }
      nx.archive { { path "f", as = "f" }, to = path "2", format = format, threads = 2 }
      assert(nx.fs.read(path "1") == nx.fs.read(path "2"), format)
    end
  end)

  it(("holds what was put in, whatever the sizes, levels and windows (seed %d)"):format(seed), function()
    for round = 1, 12 do
      archive.segment = math.random(1000, 300000)
      local items = { to = path "o.tar.zst", threads = math.random(2, 4), level = round % 4 == 0 and math.random(-7, 12) or nil }
      if round % 3 == 0 then items.long = false end
      for i = 1, math.random(0, 30) do
        items[i] = { data = words(math.random(0, 1 << math.random(17))), as = ("n"):rep(math.random(1, 150)) .. i }
      end
      local late = words(archive.segment * 3) -- more than anyone has announced
      if round % 2 == 0 then items[#items + 1] = { as = "late", data = function() return late end } end
      local r = nx.archive(items)
      assert.equal(r.hash, unpacked_hash(path "o.tar.zst"))
      local bytes = nx.fs.read(path "o.tar.zst")
      items.threads = 1
      assert.equal(r.hash, nx.archive(items).hash)
      items.threads = 7
      nx.archive(items)
      assert(bytes == nx.fs.read(path "o.tar.zst"), "other bytes in round " .. round)
    end
  end)

  it("cuts at 128 MiB", function()
    archive.segment = nil
    nx.fs.mkdir(path "d")
    nx.fs.write { path "d/a", data = words(3 << 20) }
    sh "truncate -s 310M d/big; for at in 99 104 206; do dd if=d/a of=d/big bs=1M seek=$at conv=notrunc status=none; done"
    local r = nx.archive { path "d", to = path "o.tar.zst", threads = 0 }
    local list = frames(nx.fs.read(path "o.tar.zst"))
    assert.equal(3, #list)
    for _, frame in ipairs(list) do assert.equal(1 << 27, frame.window) end
    assert.equal(r.hash, unpacked_hash(path "o.tar.zst"))
  end)

  it("gives chunks to a function, whose error is raised", function()
    nx.fs.write { path "f", data = words(9 << 20) }
    local parts = {}
    local r = nx.archive { { path "f", as = "f" }, to = function(chunk) parts[#parts + 1] = chunk end, threads = 2 }
    nx.archive { { path "f", as = "f" }, to = path "o.tar.zst", threads = 3 }
    assert(nx.fs.read(path "o.tar.zst") == table.concat(parts))
    assert.equal(r.bytes, #table.concat(parts))
    local n = 0
    assert.equal("full", failure { { path "f", as = "f" }, threads = 2, to = function()
      n = n + 1
      if n == 2 then error("full", 0) end
    end })
    assert.equal(2, n)
    local e = failure { { path "f", as = "f" }, threads = 2, to = function() nx.sleep(1) end }
    assert.equal("usage", e.kind)
  end)

  it("says what has failed, in the middle too", function()
    nx.fs.write { path "f", data = words(9 << 20) }
    local e = failure { { path "f", as = "f" }, to = "/dev/full", format = "tar.zst", threads = 2 }
    assert.equal("limit", e.kind)
    assert.matches("writing /dev/full: No space left on device", e.message)
    nx.fs.write { path "g", data = "" }
    e = failure { { path "f", as = "f" }, { as = "x", data = function() os.remove(path "g") return "" end },
      { path "g", as = "g" }, to = path "o.tar.zst", threads = 2 }
    assert.equal("not_found", e.kind)
    assert.equal("f\n", sh "ls -A")
  end)

  it("tells how far it is", function()
    nx.fs.write { path "f", data = words(5 << 20) }
    local seen = {}
    local r = nx.archive { { path "f", as = "f" }, to = path "o.tar.zst", threads = 2, progress = function(p) seen[#seen + 1] = p end }
    assert.equal(5 << 20, seen[#seen].bytes)
    assert.equal(r.bytes, seen[#seen].written)
  end)

  it("can be cancelled at any moment", function()
    sh "truncate -s 3G big"
    nx.fs.write { path "f", data = words(8 << 20) }
    nx.fs.write { path "o.tar.zst", data = "old" }
    local function threads() return #nx.fs.glob "/proc/self/task/*" end
    local before = threads()
    for _, o in ipairs { { "big" }, { "big", segment = 1 << 27 }, { "f", level = 12 } } do
      for i, after in ipairs { 0, 0.005, 0.1 } do
        archive.segment = o.segment or 1 << 20
        local t = nx.task(function()
          nx.archive { { path(o[1]), as = "b" }, to = path "o.tar.zst", threads = 1 + i, level = o.level }
        end)
        nx.sleep(after)
        local started = now()
        t:close()
        assert.is_true(now() - started < 5)
        assert.equal("old", nx.fs.read(path "o.tar.zst"))
      end
    end
    assert.equal("big\nf\no.tar.zst\n", sh "ls -A")
    -- a thread that was joined is still listed for a moment
    nx.wait_for { function() return threads() <= before end, timeout = "10s", every = "10ms" }
    archive.segment = 1 << 20 -- and the next one is as ever
    nx.archive { { path "f", as = "f" }, to = path "1.tar.zst", threads = 2 }
    nx.archive { { path "f", as = "f" }, to = path "2.tar.zst", threads = 3 }
    assert(nx.fs.read(path "1.tar.zst") == nx.fs.read(path "2.tar.zst"))
  end)

  it("refuses what is no number of threads, at the caller's line", function()
    for _, value in ipairs { -1, 1.5, "2", true } do
      local line = debug.getinfo(1, "l").currentline + 1
      local _, e = pcall(function() nx.archive { { data = "x", as = "x" }, to = path "o.tar.zst", threads = value } end)
      assert.equal("usage", e.kind)
      assert.matches("threads", e.message)
      assert.matches(("archive_threads_spec%%.lua:%d$"):format(line), e.where)
    end
    assert.matches("threads must not be negative", failure { to = path "o.tar.zst", threads = -1 }.message)
    assert.equal("", sh "ls -A")
  end)
end)
