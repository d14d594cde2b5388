-- nx.extract as scripts use it; what hostile archives do is the zoo's business.
local nx = require "nx"
local err = require "nx.error"
local T = require "tarball"

local base

local function write(name, bytes)
  local f <close> = assert(io.open(base .. "/" .. name, "wb"))
  f:write(bytes)
  return base .. "/" .. name
end
local function read(name)
  local f <close> = assert(io.open(base .. "/" .. name, "rb"))
  return f:read "a"
end
local function exists(name)
  return os.rename(base .. "/" .. name, base .. "/" .. name) ~= nil
end
local function failure(o)
  local ok, e = pcall(nx.extract, o)
  assert.is_false(ok)
  assert.is_true(err.is(e), tostring(e))
  return e
end
local function ls(dir)
  local pipe <close> = io.popen(("cd '%s/%s' && find . -mindepth 1 | LC_ALL=C sort"):format(base, dir or "."))
  return pipe:read "a"
end

local sample = T.tar(T.file("./app/bin/tool", "#!", { mode = 493 }), T.file("app/VERSION", "1.2\n"), T.member { name = "app/doc/", type = "5" },
  T.member { name = "app/current", type = "2", link = "bin/tool" }, T.file("README", ("r"):rep(2000)))

describe("a time before 1970", function()
  it("is read also where a writer stored eight bytes without their sign", function()
    local dir
    do
      local pipe <close> = io.popen "mktemp -d"
      dir = pipe:read "l"
    end
    local field = "\x80\0\0\0" .. (">i8"):pack(-315619200)
    local archive = dir .. "/a.tar"
    do
      local f <close> = assert(io.open(archive, "wb"))
      f:write(T.tar(T.file("old", "x", { mtime = field }), T.file("older", "x", { mtime = T.base256(-2, 12) })))
    end
    local entries = nx.extract { archive }.entries
    assert.same({ -315619200, -2 }, { entries[1].mtime, entries[2].mtime })
    os.execute("rm -rf " .. dir)
  end)
end)

describe("nx.extract", function()
  before_each(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
  end)
  after_each(function() os.execute(("rm -rf '%s'"):format(base)) end)

  it("reports what it did", function()
    local r = nx.extract { write("a.tar", sample), to = base .. "/out" }
    assert.equal(base .. "/a.tar", r.path)
    assert.equal(base .. "/out", r.to)
    assert.equal(4, r.files)
    assert.equal(2006, r.bytes)
    assert.equal(0, r.skipped)
    assert.is_number(r.seconds)
    assert.same({ path = "app/bin/tool", raw = "./app/bin/tool", type = "file", bytes = 2, mode = "0755", mtime = 1000000000 }, r.entries[1])
    assert.same({ path = "app/doc", raw = "app/doc/", type = "dir", bytes = 0, mode = "0644", mtime = 1000000000 }, r.entries[3])
    assert.equal("bin/tool", r.entries[4].link)
    assert.equal("1.2\n", read "out/app/VERSION")
    assert.equal("./README\n./app\n./app/VERSION\n./app/bin\n./app/bin/tool\n./app/current\n./app/doc\n", ls "out")
  end)
  it("takes a name alone and lists", function()
    local r = nx.extract(write("a.tar", sample))
    assert.equal(5, #r.entries)
    assert.is_nil(r.to)
    assert.equal("./a.tar\n", ls())
  end)
  it("filters, renames and keeps the old name", function()
    local seen = {}
    local r = nx.extract { write("a.tar", sample), to = base .. "/out",
      filter = function(e) seen[#seen + 1] = e.path; return e.path:match "^app/bin/" end,
      rename = function(e) return (e.path:gsub("^app/", "")) end }
    assert.same({ "app/bin/tool", "app/VERSION", "app/doc", "app/current", "README" }, seen)
    assert.equal(4, r.skipped)
    assert.equal("bin/tool", r.entries[1].path)
    assert.equal("./app/bin/tool", r.entries[1].raw)
    assert.equal("./bin\n./bin/tool\n", ls "out")
  end)
  it("shows the filter the bytes of a name, and why it would be refused", function()
    local e
    nx.extract { write("a.tar", T.tar(T.file("./a/../../b\xff"))), filter = function(entry) e = entry end }
    assert.equal("./a/../../b\xff", e.path)
    assert.is_nil(e.raw)
    assert.equal("a `..` component in its name", e.unsafe)
  end)
  it("passes on what a filter raises, and leaves nothing", function()
    local e = failure { write("a.tar", sample), to = base .. "/out",
      filter = function(entry) if entry.path == "README" then err.raise { kind = "user", message = "no", exit_code = 96 } end return true end }
    assert.equal(96, e.exit_code)
    assert.equal("./a.tar\n", ls())
    local ok, plain = pcall(nx.extract, { write("a.tar", sample), filter = function() error "oops" end })
    assert.is_false(ok)
    assert.matches("oops", plain)
  end)
  it("refuses a filter that waits", function()
    local e = failure { write("a.tar", sample), filter = function() nx.sleep(0.01) end }
    assert.equal("usage", e.kind)
    assert.matches("may not wait", e.message)
  end)
  it("reads into memory", function()
    local r = nx.extract { write("a.tar", sample), data = true, filter = function(e) return e.path == "app/VERSION" end }
    assert.equal("1.2\n", r.entries[1].data)
    local sparse = T.tar(T.sparse("s", { { 1000, 3 }, { 5000, 0 } }, "abc", 5000))
    r = nx.extract { write("s.tar", sparse), data = true }
    assert.equal(("\0"):rep(1000) .. "abc" .. ("\0"):rep(3997), r.entries[1].data)
    local e = failure { write("s.tar", T.tar(T.sparse("s", { { 1 << 30, 0 } }, "", 1 << 30))), data = true }
    assert.equal("limit", e.kind)
    assert.matches("in memory", e.message)
  end)
  it("reads from a function, in pieces of any size", function()
    for _, size in ipairs { 1, 511, 513, 4096, 1 << 20 } do
      local at = 1
      local r = nx.extract { function()
        local piece = sample:sub(at, at + size - 1)
        at = at + size
        return piece ~= "" and piece or nil
      end, data = true }
      assert.equal("function", r.path)
      assert.equal(("r"):rep(2000), r.entries[5].data)
    end
    local turn = 0
    local r = nx.extract { function()
      turn = turn + 1
      return ({ "", sample, "" })[turn]
    end }
    assert.equal(5, #r.entries)
    assert.matches("must return a string or nil", failure({ function() return {} end }).message)
  end)
  it("reads standard input", function()
    local program = os.getenv "NXLUA"
    if not program then return end
    write("a.tar", sample)
    local script = write("s.lua", 'print(#require "nx".extract("-").entries)')
    local pipe <close> = io.popen(("cat '%s/a.tar' | '%s' '%s'"):format(base, program, script))
    local text = pipe:read "a"
    assert.equal("5\n", text)
  end)
  it("leaves nothing when the disk is full", function()
    local program = os.getenv "NXLUA"
    if not program then return end
    write("a.tar", T.tar(T.file("a"), T.file("big", ("x"):rep(1 << 20))))
    local script = write("s.lua", 'require "nx".extract { arg[1], to = arg[2] }')
    -- a limit on file sizes fails at the same place as a full disk
    local pipe <close> = io.popen(("ulimit -f 100; '%s' '%s' '%s/a.tar' '%s/out' 2>&1; echo $?"):format(program, script, base, base))
    local text = pipe:read "a"
    assert.matches("member `big`: cannot write `big`: File too large", text)
    assert.matches("\n1\n$", text)
    assert.equal("./a.tar\n./s.lua\n", ls())
  end)
  it("makes missing parents of the destination, and takes them back", function()
    nx.extract { write("a.tar", sample), to = base .. "/x/y/out/" }
    assert.is_true(exists "x/y/out/README")
    failure { write("b.tar", T.tar(T.file("a"), T.file("../b"))), to = base .. "/p/q/out" }
    assert.is_false(exists "p")
  end)
  it("names the archive and the member", function()
    local e = failure { write("b.tar", T.tar(T.file("a"), T.file("../b"))), to = base .. "/out" }
    assert.equal("unsafe_entry", e.kind)
    assert.equal("../b", e.path)
    assert.equal(("nx.extract: %s/b.tar: member `../b`: refused: a `..` component in its name"):format(base), e.message)
    assert.matches("extract_spec.lua:%d+", e.where)
  end)
  it("says what is missing or in the way", function()
    local e = failure { base .. "/none.tar" }
    assert.equal("not_found", e.kind)
    assert.equal("not_found", failure({ write("f", sample) .. "/x" }).kind)
    assert.equal("io", failure({ base }).kind)
    e = failure { write("a.tar", sample), to = write("file", "") }
    assert.equal("exists", e.kind)
    assert.matches("is not a directory", e.message)
  end)
  it("writes nothing over what is there, unless told", function()
    nx.extract { write("a.tar", sample), to = base .. "/out" }
    local e = failure { base .. "/a.tar", to = base .. "/out" }
    assert.equal("exists", e.kind)
    assert.equal("nx.extract: " .. base .. "/a.tar: member `./app/bin/tool`: `app/bin/tool` exists already", e.message)
    nx.extract { write("b.tar", T.tar(T.file("README", "new"))), to = base .. "/out", overwrite = true }
    assert.equal("new", read "out/README")
    assert.equal("1.2\n", read "out/app/VERSION")
  end)
  it("keeps whole files when it fails in a directory that was there", function()
    os.execute(("mkdir '%s/out'"):format(base))
    local cut = T.tar(T.file("a", "1"), T.file("b", ("y"):rep(5000))):sub(1, 3000)
    assert.equal("truncated", failure({ write("b.tar", cut), to = base .. "/out" }).step)
    assert.equal("./a\n", ls "out")
  end)
  it("bounds what it takes", function()
    assert.equal("limit", failure({ write("a.tar", sample), max_bytes = "1KiB" }).kind)
    assert.equal("limit", failure({ base .. "/a.tar", max_files = 2 }).kind)
    assert.equal(1, nx.extract({ base .. "/a.tar", max_files = 1, filter = function(e) return e.path == "README" end }).files)
  end)
  it("answers mistakes at the caller's line", function()
    assert.matches("unknown option \"too\"", failure({ "a", too = "b" }).message)
    assert.matches("first item is missing", failure({ to = "b" }).message)
    assert.matches("takes one archive", failure({ "a", "b" }).message)
    assert.matches("not supported by this version", failure({ "a", base = "b" }).message)
    assert.matches("\"to\" is empty", failure({ "a", to = "" }).message)
    assert.matches("\"max_ratio\" must be positive", failure({ "a", max_ratio = 0 }).message)
    assert.matches("rename must return a name", failure({ write("a.tar", sample), rename = function() return 1 end }).message)
    assert.equal("usage", failure({ "a", threads = -1 }).kind)
  end)
  it("leaves nothing when it is cancelled", function()
    local big = T.header { name = "a", size = 1 << 30 }
    local task = nx.task(function()
      local first = true
      nx.extract { function()
        if first then first = false; return big end
        return ("z"):rep(65536)
      end, to = base .. "/out" }
    end)
    nx.sleep(0.05)
    task:cancel()
    pcall(task.wait, task)
    assert.equal("", ls())
  end)
  for _, way in ipairs { "with", "without" } do
    it("follows no link that someone puts in a directory's place meanwhile, " .. way .. " openat2", function()
      local core = require "nx.core.extract"
      core.without_openat2(way == "without")
      local members = {}
      for i = 1, 400 do members[i] = T.file(("%s/f%d"):format(i % 2 == 0 and "d/e" or "d", i)) end
      write("a.tar", T.tar(table.unpack(members)))
      local swapper = io.popen(([[cd '%s' && mkdir -p out/d/e outside && touch going && while test -e going; do
        mv out/d aside && ln -s ../outside out/d; rm out/d; mv aside out/d
        mv out/d/e aside && ln -s ../../outside out/d/e; rm out/d/e; mv aside out/d/e; done 2>/dev/null]]):format(base))
      while not exists "going" do nx.sleep(0.005) end
      local refused, done = 0, 0
      local stop = nx.task(function() nx.sleep(0.7) end)
      while not stop.done do
        local ok, e = pcall(nx.extract, { base .. "/a.tar", to = base .. "/out", overwrite = true })
        if ok then done = done + 1 else refused = refused + (e.kind == "unsafe_entry" and 1 or 0) end
        nx.sleep(0)
      end
      os.remove(base .. "/going")
      swapper:close()
      core.without_openat2(false)
      assert.equal("", ls "outside")
      assert(done + refused > 0)
    end)
  end
  it("works side by side", function()
    local fns = {}
    write("a.tar", sample)
    for i = 1, 8 do fns[i] = function() return nx.extract { base .. "/a.tar", to = base .. "/out" .. i }.files end end
    assert.same({ 4, 4, 4, 4, 4, 4, 4, 4 }, nx.all(fns))
  end)
  it("can be cancelled while nobody writes to its fifo", function()
    os.execute(("mkfifo '%s/p'"):format(base))
    local task = nx.task(function() nx.extract { base .. "/p" } end)
    nx.sleep(0.02)
    task:cancel()
    local ok, e = pcall(task.wait, task)
    assert.is_false(ok)
    assert.equal("cancelled", e.kind)
  end)
end)
