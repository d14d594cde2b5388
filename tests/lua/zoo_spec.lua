-- Every archive of the zoo: into a new directory, and into one that is there (from a function, in odd pieces, without
-- openat2, under a UTF-8 locale); and each is listed. Nothing may land outside the destination. NXLUA_LONG=1: more ways.
local nx = require "nx"
local core = require "nx.core.extract"

package.path = os.getenv "NXLUA_SOURCE" .. "/tests/zoo/?.lua;" .. package.path
local cases = require "make"

local function shell(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local text = pipe:read "a"
  return pipe:close(), text
end

local base = select(2, shell "mktemp -d"):gsub("\n", "")

local function write(name, bytes)
  local f <close> = assert(io.open(name, "wb"))
  f:write(bytes)
end

-- What lies below a directory: path → { type, mode, mtime, link, inode }.
local function tree(dir)
  local found = {}
  local _, text = shell(("cd '%s' && find . -mindepth 1 -printf '%%P\\0%%y\\0%%m\\0%%T@\\0%%l\\0%%i\\0'"):format(dir))
  for path, type, mode, mtime, link, inode in text:gmatch "([^\0]*)\0([^\0]*)\0([^\0]*)\0([^\0]*)\0([^\0]*)\0([^\0]*)\0" do
    found[path] = { type = type, mode = ("%04o"):format(tonumber(mode, 8)), mtime = math.floor(tonumber(mtime)), link = link, inode = inode }
  end
  return found
end

local function content(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

local function compare(want, all, dir)
  local found = {}
  for path, entry in pairs(all) do
    local below = path:match "^dest/(.*)"
    if below then found[below] = entry end
  end
  for path, w in pairs(want) do
    local got = found[path]
    assert(got, ("%q is missing"):format(path))
    if type(w) == "string" then w = { data = w } end
    if w.link then
      assert.equal("l", got.type)
      assert.equal(w.link, got.link)
    elseif w.dir then
      assert.equal("d", got.type)
    else
      assert.equal("f", got.type)
      assert.equal(w.data, content(dir .. "/" .. path))
    end
    if w.mode then assert.equal(w.mode, got.mode) end
    if w.mtime then assert.equal(w.mtime, got.mtime) end
    if w.same then assert.equal(found[w.same].inode, got.inode) end
  end
  for path, got in pairs(found) do
    if got.type ~= "d" then assert(want[path] ~= nil, ("%q is there and should not be"):format(path)) end
  end
end

local function pieces(bytes, size)
  local at = 1
  return function()
    if at > #bytes then return nil end
    at = at + size
    return bytes:sub(at - size, at - 1)
  end
end

local function run(c, how)
  local dir = base .. "/" .. how.name
  local dest = dir .. "/dest"
  local exists = how.exists or c.before
  assert(os.execute(([[
    cd '%s' && rm -rf '%s' 2>/dev/null || { chmod -R u+rwx '%s'; rm -rf '%s'; } ; mkdir -p '%s/outside' && cd '%s' &&
    echo canary > outside/canary && %s { %s ; }]]):format(base, how.name, how.name, how.name, how.name, how.name,
    exists and "mkdir dest && cd dest &&" or "", c.before or ":")))
  write(dir .. "/archive", c.bytes)
  local o = { how.pieces and pieces(c.bytes, how.pieces) or dir .. "/archive", to = dest }
  for k, v in pairs(c.options or {}) do o[k] = v end
  local ok, r = pcall(nx.extract, o)
  local all = tree(dir)

  if c.kind then
    assert(not ok, "it was accepted")
    assert.equal(c.kind, r.kind, tostring(r))
    if c.step then assert.equal(c.step, r.step, tostring(r)) end
    if c.text then assert(tostring(r):find(c.text, 1, not c.pattern), tostring(r)) end
    assert(not tostring(r):find "[%c\xff]", "the message holds raw bytes")
    if not exists then assert(not all.dest, "the destination was left behind") end
    if c.left then compare(c.left, all, dest) end
  else
    assert(ok, tostring(r))
    if c.files then assert.equal(c.files, r.files) end
    if c.bytes_out then assert.equal(c.bytes_out, r.bytes) end
    if c.tree and not c.deep then compare(c.tree, all, dest) end
  end
  assert.equal("canary\n", content(dir .. "/outside/canary"))
  for path in pairs(all) do
    assert(path:find "^dest" or path == "outside" or path == "outside/canary" or path == "archive", path .. " is outside")
    assert(not path:find "%.nxlua%-" or path:find "/%.nxlua%-1%-1%-1%.part$", path .. " was left")
  end

  -- the listing tells what would be refused, and refuses nothing
  local listing = { o[1] }
  if how.pieces then listing[1] = pieces(c.bytes, how.pieces) end
  for k, v in pairs(c.options or {}) do if k ~= "overwrite" then listing[k] = v end end
  local listed, l = pcall(nx.extract, listing)
  assert.equal(not c.kind or c.kind == "unsafe_entry" or c.kind == "exists", listed, tostring(l))
  if ok then assert.same(#r.entries, #l.entries) end
end

local function without_openat2(off)
  return function() core.without_openat2(off) end
end
local function locale(name)
  return function() assert(os.setlocale(name)) end
end

local ways = {
  { name = "new" },
  { name = "existing", exists = true, pieces = 997, before = { without_openat2(true), locale "C.UTF-8" },
    after = { without_openat2(false), locale "C" } },
}
if require "long".on then -- each by itself, too
  table.move({
    { name = "without-openat2", before = { without_openat2(true) }, after = { without_openat2(false) } },
    { name = "utf8", before = { locale "C.UTF-8" }, after = { locale "C" } },
    { name = "byte-by-byte", pieces = 1 },
    { name = "plainly-existing", exists = true },
  }, 1, 4, #ways + 1, ways)
end

describe("the zoo", function()
  teardown(function() os.execute(("chmod -R u+rwx '%s'; rm -rf '%s'"):format(base, base)) end)
  it("is large enough", function() assert(#cases >= 150) end)
  for _, how in ipairs(ways) do
    describe(how.name .. ":", function()
      setup(function() for _, f in ipairs(how.before or {}) do f() end end)
      teardown(function() for _, f in ipairs(how.after or {}) do f() end end)
      for _, c in ipairs(cases) do
        it(c.name, function() run(c, how) end)
      end
    end)
  end
  it("left nothing in /tmp", function()
    assert.is_nil(io.open "/tmp/evil")
    assert.is_nil(io.open "/tmp/nx-evil")
  end)
end)
