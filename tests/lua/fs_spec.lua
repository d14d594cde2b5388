-- nx.fs: files for scripts; and the hashes.
local nx = require "nx"

local dir

local function path(name) return dir.path .. "/" .. name end

local function sh(script)
  local out = nx.run { "sh", "-c", script, cwd = dir.path }
  assert(out.ok, out.stderr)
  return out.stdout
end

local function failure(fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.matches("fs_spec.lua:%d+", e.where)
  return e
end

before_each(function() dir = nx.temp_dir {} end)
after_each(function() dir:close() end)

describe("nx.fs", function()
  it("writes whole files and reads them", function()
    local bytes = ("\0\1\xff\n"):rep(300000)
    nx.fs.write { path "f", data = bytes }
    assert.equal(bytes, nx.fs.read(path "f"))
    nx.fs.write { path "f", data = "", mode = "0600" }
    assert.equal("", nx.fs.read { path "f" })
    assert.equal("0600", nx.fs.stat(path "f").mode)
    nx.fs.write { path "f", data = "x" }
    assert.equal("0600", nx.fs.stat(path "f").mode) -- as it was
    assert.equal("f\n", sh "ls -A")
    assert.equal("limit", failure(nx.fs.read, { path "f", max = 0 }).kind)
    local e = failure(nx.fs.read, path "none")
    assert.equal("not_found", e.kind)
    assert.equal(path "none", e.path)
    assert.matches("reading .*/none: No such file or directory", e.message)
    assert.matches("Is a directory", failure(nx.fs.read, dir.path).message)
    assert.equal("not_found", failure(nx.fs.write, { path "no/f", data = "" }).kind)
    assert.equal("limit", failure(nx.fs.write, { "/dev/full", data = "x" }).kind)
    nx.fs.write { "/dev/null", data = "x" }
    assert.equal("device", nx.fs.stat("/dev/null").type)
  end)

  it("looks", function()
    sh "mkdir d; printf abc > d/f; chmod 4751 d/f; touch -d @99 d/f; ln -s f d/link; ln -s gone d/broken; mkfifo d/p"
    local st = nx.fs.stat(path "d/f")
    assert.equal("file", st.type)
    assert.equal(3, st.bytes)
    assert.equal("4751", st.mode)
    assert.equal(99, st.mtime)
    assert.equal("file", nx.fs.stat(path "d/link").type)
    st = nx.fs.stat { path "d/link", follow = false }
    assert.equal("symlink", st.type)
    assert.equal("f", st.link)
    assert.is_nil(nx.fs.stat(path "d/broken"))
    assert.is_nil(nx.fs.stat(path "d/f/x"))
    assert.equal("dir", nx.fs.stat(dir.path).type)
    assert.equal("fifo", nx.fs.stat(path "d/p").type)
  end)

  it("makes directories and removes things", function()
    assert.is_true(nx.fs.mkdir(path "a/b/c/"))
    assert.is_false(nx.fs.mkdir(path "a/b/c"))
    assert.is_true(nx.fs.mkdir { path "m", mode = "0700" })
    assert.equal("0700", nx.fs.stat(path "m").mode)
    sh "touch a/f; ln -s /etc a/link"
    assert.equal("exists", failure(nx.fs.mkdir, path "a/f").kind)
    assert.equal("not_found", failure(nx.fs.mkdir, path "a/f/g").kind)
    local e = failure(nx.fs.remove, path "a")
    assert.equal("exists", e.kind)
    assert.matches("recursive = true", e.message)
    assert.is_true(nx.fs.remove { path "a/f", path "none", path "m" })
    assert.is_true(nx.fs.remove { path "a", recursive = true })
    assert.is_false(nx.fs.remove { path "a", recursive = true })
    assert.equal("", sh "ls -A")
    assert.equal("dir", nx.fs.stat("/etc").type)
  end)

  it("finds paths", function()
    sh "mkdir -p src/a/b .hidden; touch src/x.lua src/a/y.lua src/a/b/z.lua src/a/b/z.c .hidden/h.lua 'od[d.lua'; ln -s src loop"
    local function glob(...)
      local patterns = { ... }
      for i, p in ipairs(patterns) do patterns[i] = path(p) end
      local found = nx.fs.glob(patterns)
      for i, p in ipairs(found) do found[i] = p:sub(#dir.path + 2) end
      return found
    end
    assert.same({ "src/x.lua" }, glob "src/*.lua")
    assert.same({ "src/x.lua", "src/a/y.lua", "src/a/b/z.lua" }, glob "src/**/*.lua")
    assert.same({ "od[d.lua", "src/x.lua", "src/a/y.lua", "src/a/b/z.lua" }, glob "**/*.lua")
    assert.same({ "src/a", "src/x.lua", "src/a/b", "src/a/y.lua", "src/a/b/z.c", "src/a/b/z.lua" }, glob "src/**")
    assert.same({ "src/a/b/z.c", "src/a/b/z.lua" }, glob "src/a/b/z.{c,lua}")
    assert.same({ "src/a/y.lua", "src/x.lua" }, glob("src/{a/y,x}.l?a", "src/[w-y].lua"))
    assert.same({ "src/a", "src/x.lua" }, glob "src/*")
    assert.same({ ".hidden/h.lua" }, glob ".h*/*")
    assert.same({ "od[d.lua" }, glob "od\\[*")
    assert.same({}, glob "none/*")
    assert.same({ "src" }, glob "src")
    assert.same({}, glob "srcs")
    assert.same({ "loop/x.lua" }, glob "loop/*.lua")
  end)

  it("waits like every other call", function()
    sh "mkfifo p"
    local read = nx.task(function() return nx.fs.read(path "p") end)
    local ticks = 0
    nx.sleep(0.02)
    sh "sleep 0.05; printf hello > p"
    assert.equal("hello", read:wait())
    local stuck = nx.task(function() nx.fs.write { path "p", data = ("x"):rep(1 << 20) } end)
    for _ = 1, 3 do
      nx.sleep(0.005)
      ticks = ticks + 1
    end
    stuck:close()
    assert.equal(3, ticks)
  end)

  it("hashes", function()
    local hash = require "nx.core.hash"
    nx.fs.write { path "f", data = ("abc"):rep(200000) }
    local digits, bytes = nx.fs.hash(path "f")
    assert.equal(600000, bytes)
    assert.equal(hash.content(("abc"):rep(200000)), digits)
    assert.equal(hash.content(("abc"):rep(100000), ("abc"):rep(100000)), digits)
    assert.equal("99aa06d3014798d86001c324468d497f", hash.content "")
    assert.equal(0xef46db3751d8e999, hash.xxh64 "")
    assert.equal(0x44bc2cf5ad770999, hash.xxh64 "abc")
    assert.equal(math.ult(0, hash.xxh64 "abc") and 0x44bc2cf5ad770999 % 7, hash.bucket("abc", 7))
    local unsigned = (0xef46db3751d8e999 >> 1) % 5 * 2 + 1 -- of a number whose top bit is set
    assert.equal(unsigned % 5, hash.bucket("", 5))
  end)

  it("refuses what cannot be meant", function()
    assert.equal("usage", failure(nx.fs.read, {}).kind)
    assert.equal("usage", failure(nx.fs.read, { "a", "b" }).kind)
    assert.equal("usage", failure(nx.fs.stat, "").kind)
    assert.equal("usage", failure(nx.fs.stat, "a\0b").kind)
    assert.equal("usage", failure(nx.fs.write, { "a" }).kind)
    assert.equal("usage", failure(nx.fs.write, { path "a", data = "", mode = "u+x" }).kind)
    assert.equal("usage", failure(nx.fs.glob, { "" }).kind)
    assert.equal("usage", failure(nx.fs.remove, { "a", force = true }).kind)
  end)
end)
