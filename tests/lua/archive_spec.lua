-- nx.archive: what goes in, under which name, in which form; what is refused. Other programs' readers: tests/interop.
local nx = require "nx"
local need = require "require"
local hash = require "nx.core.hash"

local dir

local function path(name) return dir.path .. "/" .. name end

local function write(name, bytes, mode)
  local parent = name:match "^(.*)/"
  if parent then assert(os.execute(("mkdir -p '%s'"):format(path(parent)))) end
  local file = assert(io.open(path(name), "wb"))
  file:write(bytes or name)
  file:close()
  if mode then assert(os.execute(("chmod %s '%s'"):format(mode, path(name)))) end
end

local function read(name)
  local file = assert(io.open(path(name), "rb"))
  local bytes = file:read "a"
  file:close()
  return bytes
end

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

-- The members of an uncompressed tar: { { name, type, mode, size, mtime, link, data }… }, read by the letter of the format.
local function members(bytes)
  local list, at, long = {}, 1, nil
  while bytes:byte(at) ~= 0 do
    local function field(from, size) return (bytes:sub(at + from, at + from + size - 1):gsub("%z.*$", "")) end
    local size_field = bytes:sub(at + 124, at + 135)
    local size
    if size_field:byte(1) == 0x80 then size = string.unpack(">I8", size_field, 5)
    else size = tonumber(size_field:match "[0-7]+", 8) end
    local sum = 8 * 32
    for i = 0, 511 do if i < 148 or i > 155 then sum = sum + bytes:byte(at + i) end end
    assert.equal(tonumber(field(148, 8):match "[0-7]+", 8), sum)
    local data = bytes:sub(at + 512, at + 511 + size)
    local kind = field(156, 1)
    if kind == "L" then
      long = data:gsub("%z$", "")
    else
      list[#list + 1] = { name = long or field(0, 100), type = kind, mode = field(100, 8), uid = field(108, 8),
        mtime = tonumber(field(136, 12):match "[0-7]+", 8), link = field(157, 100), data = data, size = size,
        magic = bytes:sub(at + 257, at + 264), owner = field(265, 32) }
      long = nil
    end
    at = at + 512 + (size + 511) // 512 * 512
  end
  assert.equal(("\0"):rep(1024), bytes:sub(at))
  return list
end

local function names(list)
  local result = {}
  for i, e in ipairs(list) do result[i] = e.path or e.name end
  return result
end

before_each(function() dir = nx.temp_dir {} end)
after_each(function() dir:close() end)

describe("nx.archive", function()
  it("writes files, directories and memory, and reports them", function()
    write("d/b.txt", "b")
    write("d/sub/x", "xx", "755")
    write("d/a.txt", "aaa")
    assert(os.execute(("mkdir '%s'"):format(path "d/empty")))
    write("bin", "#!/bin/sh\n", "700")
    local r = nx.archive { path "d", { path "bin", as = "app/bin" }, { data = "1.0\n", as = "VERSION" },
      { data = "", as = "run", mode = "0755" }, to = path "o.tar" }
    assert.equal(path "o.tar", r.path)
    assert.equal(#read "o.tar", r.bytes)
    assert.equal(3 + 1 + 2 + 10 + 4, r.unpacked_bytes)
    assert.equal(6, r.files)
    assert.is_true(r.seconds >= 0)
    assert.same({ "a.txt", "b.txt", "empty", "sub", "sub/x", "app/bin", "VERSION", "run" }, names(r.entries))
    local e = r.entries[1]
    assert.same({ path = "a.txt", type = "file", bytes = 3, mode = "0644", mtime = 1, source = path "d/a.txt",
      hash = hash.content "aaa" }, e)
    assert.equal("dir", r.entries[3].type)
    assert.equal("0755", r.entries[6].mode)
    assert.is_nil(r.entries[7].source)
    local list = members(read "o.tar")
    assert.same({ "a.txt", "b.txt", "empty/", "sub/", "sub/x", "app/bin", "VERSION", "run" }, names(list))
    for _, m in ipairs(list) do
      assert.equal("ustar  \0", m.magic)
      assert.equal(1, m.mtime)
      assert.equal(0, tonumber(m.uid, 8))
      assert.equal("", m.owner)
    end
    assert.equal("0000755", list[5].mode)
    assert.equal("xx", list[5].data)
    assert.equal("0000644", list[7].mode)
    assert.equal("1.0\n", list[7].data)
  end)

  it("takes a directory with and without a slash, and a file by its path", function()
    write("d/x")
    write("f/y")
    local a = nx.archive { path "d/", to = path "a.tar" }
    local b = nx.archive { path "d", to = path "b.tar" }
    assert.equal(read "a.tar", read "b.tar")
    assert.equal(a.hash, b.hash)
    assert.same({ "p/q/x" }, names(nx.archive { { path "d/", as = "p//./q/" }, to = path "a.tar" }.entries))
    assert.same({ path("f/y"):sub(2) }, names(nx.archive { path "f/y", to = path "a.tar" }.entries))
    assert.same({}, nx.archive { to = path "a.tar" }.entries)
    assert.equal(1024, #read "a.tar")
  end)

  it("keeps the first of a name", function()
    write("d/x", "first")
    write("e/x", "second")
    write("e/z", "z")
    local r = nx.archive { { data = "zero", as = "d0" }, path "d", path "e", { data = "third", as = "x" }, to = path "o.tar" }
    assert.same({ "d0", "x", "z" }, names(r.entries))
    assert.equal("first", members(read "o.tar")[2].data)
  end)

  it("filters and renames", function()
    for _, name in ipairs { "d/a.so", "d/b.rs", "d/c.so" } do write(name) end
    local seen = {}
    local r = nx.archive { { path "d", filter = function(e) seen[#seen + 1] = e.path return e.path ~= "c.so" end },
      { path "d", as = "again" }, to = path "o.tar",
      filter = function(e) return e.path:match "%.so$" end,
      rename = function(e) if e.path:find "^a" then return e.path:gsub("so$", "lib") end end }
    assert.same({ "a.so", "b.rs", "c.so" }, seen)
    assert.same({ "a.lib", "again/a.lib", "again/c.lib" }, names(r.entries))
    local e = failure { path "d", to = path "p.tar", rename = function() return "../up" end }
    assert.matches('the new name of "a.so", "../up" holds a component "%.%."', e.message)
    e = failure { path "d", to = path "p.tar", rename = function() return 1 end }
    assert.equal("usage", e.kind)
    e = failure { path "d", to = path "p.tar", filter = function() error "mine" end }
    assert.matches("mine", tostring(e))
    e = failure { path "d", to = path "p.tar", filter = function() nx.sleep(0.01) end }
    assert.equal("usage", e.kind)
    assert.matches("archive_spec.lua:%d+", e.where)
    assert.equal("", sh "ls -A | grep -E 'p.tar|nxtmp' || true")
  end)

  it("keeps links, or follows them", function()
    write("d/real/f", "content")
    assert(os.execute(("cd '%s' && ln -s real/f link && ln -s real dirlink && ln -s nowhere broken"):format(path "d")))
    local r = nx.archive { path "d", to = path "o.tar" }
    assert.same({ "broken", "dirlink", "link", "real", "real/f" }, names(r.entries))
    assert.equal("symlink", r.entries[3].type)
    assert.equal("real/f", r.entries[3].link)
    local list = members(read "o.tar")
    assert.equal("2", list[3].type)
    assert.equal("real/f", list[3].link)
    local e = failure { path "d", to = path "p.tar", symlinks = "follow" }
    assert.equal("not_found", e.kind)
    assert.matches("broken", e.message)
    os.remove(path "d/broken")
    r = nx.archive { path "d", to = path "o.tar", symlinks = "follow" }
    assert.same({ "dirlink", "dirlink/f", "link", "real", "real/f" }, names(r.entries))
    assert.equal("content", members(read "o.tar")[3].data)
    assert(os.execute(("ln -s .. '%s'"):format(path "d/real/up")))
    e = failure { path "d", to = path "p.tar", symlinks = "follow" }
    assert.matches("d/dirlink/up is a link to a directory that it lies in", e.message)
  end)

  it("holds long names, odd names and large sizes", function()
    local long = ("long-directory-name/"):rep(30) .. "file"
    write("d/" .. long, "x")
    local odd = { "new\nline", "latin-\xe9", "uml\u{e4}ut", "-dash", "sp ace", "back\\slash", "\1" }
    for _, name in ipairs(odd) do write("o/" .. name, "y") end
    local r = nx.archive { { path "d", filter = function(e) return e.type == "file" end }, path "o", to = path "o.tar" }
    local list = members(read "o.tar")
    assert.equal(long, list[1].name)
    table.sort(odd)
    assert.same(odd, { table.unpack(names(list), 2) })
    assert.same(names(list), names(r.entries))
  end)

  it("is the same from run to run, whatever the times and permissions", function()
    write("d/a", "1")
    write("d/b", ("text "):rep(100000), "711")
    local one = nx.archive { path "d", to = path "1.tar.zst" }
    sh "touch -d 2001-01-01 d/a; chmod 600 d/a; chmod 775 d/b; mv d e; mkdir d; cp e/b e/a d; chmod 755 d/b"
    local two = nx.archive { path "d", to = path "2.tar.zst", threads = 3 }
    assert.equal(read "1.tar.zst", read "2.tar.zst")
    assert.equal(one.hash, two.hash)
    local three = nx.archive { path "d", to = path "3.tar", times = 0 }
    assert.equal(one.hash, three.hash)
    assert.not_equal(one.hash, nx.archive { path "d", to = path "3.tar", rename = function(e) return "x" .. e.path end }.hash)
  end)

  it("keeps times and owners when asked, and knows SOURCE_DATE_EPOCH", function()
    write("d/a", "1")
    sh "touch -d @1234567890 d/a"
    nx.archive { path "d", to = path "o.tar", times = "keep", owners = true }
    local m = members(read "o.tar")[1]
    assert.equal(1234567890, m.mtime)
    assert.equal(tonumber(sh "id -u"), tonumber(m.uid, 8))
    nx.archive { path "d", to = path "o.tar", times = 77 }
    assert.equal(77, members(read "o.tar")[1].mtime)
    local program = os.getenv "NXLUA"
    if program then
      local script = ("require 'nx'.archive { %q, to = %q }"):format(path "d", path "e.tar")
      write("e.lua", script)
      assert(nx.run { program, path "e.lua", env = { SOURCE_DATE_EPOCH = "99" }, check = true })
      assert.equal(99, members(read "e.tar")[1].mtime)
      assert.is_false(nx.run { program, path "e.lua", env = { SOURCE_DATE_EPOCH = "soon" } }.ok)
    end
  end)

  it("gives chunks to a function, which may not wait", function()
    write("d/a", ("0123456789"):rep(300000))
    local parts = {}
    local r = nx.archive { path "d", to = function(chunk) parts[#parts + 1] = chunk end, format = "tar" }
    assert.is_nil(r.path)
    local bytes = table.concat(parts)
    assert.equal(r.bytes, #bytes)
    assert.is_true(#parts > 2)
    assert.equal(("0123456789"):rep(300000), members(bytes)[1].data)
    local e = failure { path "d", to = function() nx.sleep(1) end, format = "tar" }
    assert.equal("usage", e.kind)
    e = failure { path "d", to = function() error("full", 0) end }
    assert.equal("full", e)
  end)

  it("asks a function for late data", function()
    write("d/a", "1")
    local r = nx.archive { path "d", { as = "list", data = function(entries)
      return ("%s %s"):format(entries[1].path, entries[1].hash)
    end }, to = path "o.tar" }
    assert.equal("a " .. hash.content "1", members(read "o.tar")[2].data)
    assert.equal(34, r.entries[2].bytes)
    assert.equal("usage", failure { { as = "x", data = function() end }, to = path "p.tar" }.kind)
  end)

  it("tells how far it is", function()
    write("d/a", ("0123456789"):rep(100000))
    write("d/b")
    local seen = {}
    nx.archive { path "d", to = path "o.tar", progress = function(p) seen[#seen + 1] = p end }
    local last = seen[#seen]
    assert.same({ bytes = 1000003, total_bytes = 1000003, files = 2, total_files = 2, written = #read "o.tar", path = "d/b" },
      { bytes = last.bytes, total_bytes = last.total_bytes, files = last.files, total_files = last.total_files,
        written = last.written, path = "d/b" })
  end)

  it("replaces a file whole, through links too, and leaves itself out", function()
    write("d/a", "1")
    write("d/o.tar", "old")
    assert(os.execute(("ln -s d/o.tar '%s'"):format(path "link.tar")))
    local r = nx.archive { path "d", to = path "link.tar" }
    assert.same({ "a" }, names(r.entries))
    assert.equal("1", members(read "d/o.tar")[1].data)
    assert.equal("d/o.tar\n", sh "readlink link.tar")
    assert.same({ "a" }, names(nx.archive { path "d", to = path "d/o.tar" }.entries))
    assert.equal("a\no.tar\n", sh "ls -A d")
  end)

  it("removes what killed runs have left, and only that", function()
    write("a", "1")
    write(".o.tar.0123456789abcdef.nxtmp", "left")
    write(".o.tar.0123456789abcdeg.nxtmp", "someone's")
    write(".p.tar.0123456789abcdef.nxtmp", "another's")
    nx.archive { { path "a", as = "a" }, to = path "o.tar" }
    assert.equal(".o.tar.0123456789abcdeg.nxtmp\n.p.tar.0123456789abcdef.nxtmp\na\no.tar\n", sh "LC_ALL=C ls -A")
    local e = failure { { path "gone", as = "a" }, to = path "o.tar" }
    assert.equal("not_found", e.kind)
    assert.equal("1", members(read "o.tar")[1].data)
    assert.equal(".o.tar.0123456789abcdeg.nxtmp\n.p.tar.0123456789abcdef.nxtmp\na\no.tar\n", sh "LC_ALL=C ls -A")
  end)

  it("can be cancelled at any moment", function()
    sh "truncate -s 3G big"
    write("old.tar.zst", "old")
    for _, after in ipairs { 0, 0.001, 0.02, 0.2 } do
      local t = nx.task(function() nx.archive { { path "big", as = "b" }, to = path "old.tar.zst" } end)
      nx.sleep(after)
      local started = os.clock()
      t:close()
      assert.is_true(os.clock() - started < 1)
      assert.equal("old", read "old.tar.zst")
    end
    assert.equal("big\nold.tar.zst\n", sh "ls -A")
    for _, format in ipairs { "tar", "tar.gz", "tar.xz", "zip" } do
      local t = nx.task(function() nx.archive { { path "big", as = "b" }, to = path "new", format = format } end)
      nx.sleep(0.02)
      local started = require("nx.task").now()
      t:close()
      assert.is_true(require("nx.task").now() - started < 5)
      local e = failure { { path "old.tar.zst", as = "b" }, to = "/dev/full", format = format }
      assert.equal("limit", e.kind)
    end
    assert.equal("big\nold.tar.zst\n", sh "ls -A")
  end)

  it("does not read the holes of a file", function()
    sh "truncate -s 60M big; printf x | dd of=big bs=1 seek=40M conv=notrunc 2>/dev/null"
    local r = nx.archive { { path "big", as = "b" }, { data = "y", as = "c" }, to = path "o.tar.zst", level = 1 }
    assert.equal(60 << 20, r.entries[1].bytes)
    assert.is_true(r.bytes < 100000)
    need "zstd"
    assert.equal(sh "sha256sum < big", sh "zstd -dc o.tar.zst | head -c 62915072 | tail -c +513 | sha256sum")
  end)

  it("refuses what cannot be meant", function()
    write("a", "1")
    local function message(o) return failure(o).message end
    local to = path "o.tar"
    assert.matches('unknown option "level_"', message { to = to, level_ = 1 })
    assert.matches('option "to" is missing', message { path "a" })
    assert.matches("does not say which format", message { to = path "o.bin" })
    assert.matches("unknown format", message { to = to, format = "rar" })
    assert.matches("level must be %-7 to 22 for tar.zst, not 23", message { to = path "o.tar.zst", level = 23 })
    assert.matches("has no level", message { to = to, level = 1 })
    assert.matches("long must be 20 to 27", message { to = path "o.tar.zst", long = 28 })
    assert.matches("item 1: data needs a name", message { { data = "x" }, to = to })
    assert.matches("item 1: neither a path nor data", message { { as = "x" }, to = to })
    assert.matches("item 1: both a path and data", message { { "a", as = "x", data = "" }, to = to })
    assert.matches('the name "/x" is absolute', message { { "a", as = "/x" }, to = to })
    assert.matches('the name "%.%./x" holds', message { { "a", as = "../x" }, to = to })
    assert.matches('the name "%." is empty', message { { data = "a", as = "." }, to = to })
    assert.matches("NUL", message { { data = "a", as = "a\0b" }, to = to })
    assert.matches("octal", message { { data = "a", as = "a", mode = "rwx" }, to = to })
    assert.matches('"base"', message { to = to, base = "x" })
    assert.matches("item 2 of 3 is nil", message { "a", nil, "b", to = to })
    assert.equal("usage", failure { path "../" .. dir.path:match "[^/]+$" .. "/a", to = to }.kind)
    local e = failure { path "gone", to = to }
    assert.equal("not_found", e.kind)
    assert.matches("gone: No such file or directory", e.message)
    assert.matches("archive_spec.lua:%d+", e.where)
    assert.matches("its directory does not exist", message { path "a", to = path "no/o.tar" })
    assert.matches("it is a directory", message { path "a", to = dir.path, format = "tar" })
    assert.equal("not_found", failure { path "a/b", to = to }.kind)
    sh "mkfifo pipe"
    assert.matches("pipe is no file, directory or link", message { { path "pipe", as = "p" }, to = to })
    assert.equal("a\npipe\n", sh "ls -A")
  end)

  it("says that the disk is full", function()
    write("a", ("0123456789"):rep(300000))
    local e = failure { { path "a", as = "a" }, to = "/dev/full", format = "tar" }
    assert.equal("limit", e.kind)
    assert.matches("writing /dev/full: No space left on device", e.message)
  end)
end)

describe("nx.archive { strip }", function()
  local elf = nx.fs.glob("/proc/self/exe")[1] -- a binary that is there

  it("drops debug sections, and keeps them beside on request", function()
    need("strip", function() return os.execute "command -v eu-strip readelf cc >/dev/null" == true, "no eu-strip, cc or readelf" end)
    assert.is_string(elf)
    sh "mkdir d && echo 'int main(void) { return 3; }' > m.c && cc -g -o d/prog m.c && cc -g -c -o d/m.o m.c && echo text > d/t"
    local full = nx.archive { path "d", to = path "full.tar" }
    local r = nx.archive { path "d", to = path "o.tar", strip = "debug", strip_to = path "debug.tar.zst" }
    assert.same({ "m.o", "prog", "t" }, names(r.entries))
    assert.equal(path "d/prog", r.entries[2].source)
    assert.is_true(r.entries[2].bytes < full.entries[2].bytes)
    assert.equal(full.entries[1].hash, r.entries[1].hash)
    assert.equal("0755", r.entries[2].mode)
    sh "mkdir x && tar -xf o.tar -C x"
    assert.matches("%.gnu_debuglink", sh "readelf -S x/prog")
    assert.is_nil(sh("readelf -S x/prog"):find(".debug_info", 1, true))
    assert.equal(3, nx.run { path "x/prog" }.exit_code)
    local kept = nx.extract { path "debug.tar.zst", to = path "x" }
    assert.same({ "prog.debug" }, names(kept.entries))
    assert.matches("%.debug_info", sh "readelf -S x/prog.debug")
    assert.equal(r.hash, nx.archive { path "d", to = path "p.tar", strip = "debug", strip_to = path "debug.tar.zst" }.hash)
    r = nx.archive { path "d", to = path "o.tar", strip = "debug" }
    assert.is_true(r.entries[2].bytes < full.entries[2].bytes)
  end)

  it("says what is missing", function()
    local run = nx.run
    nx.run = function(o)
      o.env = { PATH = "/nonexistent" }
      return run(o)
    end
    local ok, e = pcall(nx.archive, { { "/proc/self/exe", as = "x" }, to = path "o.tar", strip = "debug", symlinks = "follow" })
    nx.run = run
    assert.is_false(ok)
    assert.equal("not_found", e.kind)
    assert.matches("elfutils", e.message)
    assert.equal("", sh "ls -A")
  end)
end)
