-- Damaged archives: every truncation of small ones (every 13th of those of some kilobytes), and bytes flipped in a larger one.
-- Nothing is written, or all of it as it was. NXLUA_LONG=1: every truncation, every 997th byte of a large archive.
local nx = require "nx"
local need = require "require"
local T = require "tarball"

local base

local function write(name, bytes)
  local f <close> = assert(io.open(base .. "/" .. name, "wb"))
  f:write(bytes)
  return base .. "/" .. name
end

local function pack(bytes, program)
  write("plain", bytes)
  local pipe <close> = io.popen(("%s < '%s/plain'"):format(program, base), "r")
  return pipe:read "a"
end

local function nothing_left()
  local pipe <close> = io.popen(("ls -A '%s' | grep -v -x -e archive -e plain"):format(base))
  assert.equal("", pipe:read "a")
end

-- Bytes that look like nothing, the same each time.
local function noise(n)
  local t, x = {}, 12345
  for i = 1, n do
    x = (x * 1103515245 + 12345) & 0x7FFFFFFF
    t[i] = string.char(x >> 16 & 0xFF)
  end
  return table.concat(t)
end

local small = T.tar(T.file("target/a", "hello"), T.long("target/" .. ("n"):rep(120)), T.file("n", "x", { magic = "gnu" }),
  T.pax { { "path", "target/p" }, { "mtime", "1.5" } }, T.file("p", "pax"),
  T.sparse("target/s", { { 0, 5 }, { 4096, 5 }, { 8192, 0 } }, "firstthird", 8192), T.member { name = "target/l", type = "2", link = "a" })

local packings = {
  { "tar", function(bytes) return bytes end },
  { "zstd of stored blocks", T.zstd },
  { "gzip of stored blocks", T.gzip },
  { "zstd", function(bytes) return pack(bytes, "zstd -qc --check -3") end, "zstd" },
  { "zstd, long", function(bytes) return pack(bytes, "zstd -qc --check -9 --long=27") end, "zstd" },
  { "gzip", function(bytes) return pack(bytes, "gzip -nc") end },
  { "xz", function(bytes) return pack(bytes, "xz -c") end, "xz" },
  { "zip", function()
    return T.zip { { name = "a", data = "hello" }, { name = "d/", mode = 0x41ED }, { name = "b", data = ("y"):rep(100), method = 8 },
      { name = "l", data = "a", mode = 0xA1FF } }
  end },
}

describe("damage", function()
  setup(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
  end)
  teardown(function() os.execute(("rm -rf '%s'"):format(base)) end)

  for _, packing in ipairs(packings) do
    local name, make, program = table.unpack(packing)
    it("every truncation of " .. name .. " is an error that leaves nothing", function()
      if program then need(program, function() return os.execute("command -v " .. program .. " >/dev/null") == true end) end
      local whole = make(small)
      assert(#whole > 100)
      local last = #whole - 1
      if name == "tar" then last = #whole - 1024 end -- from here on the end mark is whole enough
      local every = require "long".on or #whole < 600
      for n = 0, last, every and 1 or 13 do
        local given = false
        local ok, e = pcall(nx.extract, { function()
          if given then return nil end
          given = true
          return whole:sub(1, n)
        end, to = base .. "/out" })
        assert(not ok, ("%d of %d bytes were accepted"):format(n, #whole))
        assert(type(e) == "table" and (e.kind == "format"), tostring(e))
      end
      nothing_left()
      assert.is_true(nx.extract({ write("archive", whole), to = base .. "/out" }).files > 0)
      os.execute(("rm -rf '%s/out'"):format(base))
    end)
  end

  for _, program in ipairs { "zstd -qc --check -3 --long=27", "gzip -nc", "xz -c" } do
    local tool = program:match "^%w+"
    it("a flipped byte in " .. tool .. " is an error, or changes nothing", function()
      need(tool, function() return os.execute("command -v " .. tool .. " >/dev/null") == true end)
      local long = require "long".on and tool == "zstd"
      local members, want = {}, {}
      for i = 1, long and 40 or 6 do
        want["f" .. i] = (i % 2 == 0 and noise(long and 30000 or 4000) or ("line %d of a text\n"):format(i):rep(400))
        members[i] = T.file("f" .. i, want["f" .. i])
      end
      local whole = pack(T.tar(table.unpack(members)), program)
      local step, accepted = long and 997 or math.max(1, #whole // 47), 0
      for at = 1, #whole, step do
        for _, mask in ipairs(long and { 1, 0x80, 0xFF } or { 1 << (at % 8) }) do
          local bad = whole:sub(1, at - 1) .. string.char(whole:byte(at) ~ mask) .. whole:sub(at + 1)
          local ok, r = pcall(nx.extract, { write("archive", bad), to = base .. "/out" })
          if ok then
            accepted = accepted + 1
            assert.equal(#members, #r.entries)
            for name, data in pairs(want) do
              local f <close> = assert(io.open(base .. "/out/" .. name, "rb"))
              assert(f:read "a" == data, ("byte %d flipped: other contents were accepted"):format(at))
            end
            os.execute(("rm -rf '%s/out'"):format(base))
          else
            assert(r.kind == "format" or r.kind == "limit", tostring(r))
          end
        end
      end
      nothing_left()
      assert(accepted < #whole / step / 4, accepted .. " flips went unnoticed")
    end)
  end
end)
