-- nx.remap: by component, longest first, both ways, in lists and environments.
local nx = require "nx"

local function failure(o)
  local ok, e = pcall(nx.remap, o)
  assert.is_false(ok)
  assert.equal("usage", e.kind)
  assert.matches("remap_spec.lua:%d+", e.where)
  return e.message
end

describe("nx.remap as text", function()
  local map = nx.remap { { "/build/ws", "/srv/ws" }, { "/build/ws/target", "/dest/" }, { "/build/w", "/w" }, canonical = false }

  it("maps by component, the longest first", function()
    for from, to in pairs {
      ["/build/ws"] = "/srv/ws", ["/build/ws/"] = "/srv/ws/", ["/build/ws/sub/x"] = "/srv/ws/sub/x",
      ["/build/ws/target"] = "/dest", ["/build/ws/target/"] = "/dest/", ["/build/ws/target/debug"] = "/dest/debug",
      ["/build/ws/targets"] = "/srv/ws/targets", ["/build/wsx"] = "/build/wsx", ["/build/w/s"] = "/w/s",
      ["/build"] = "/build", ["/"] = "/", [""] = "", ["build/ws"] = "build/ws", ["/other//x/"] = "/other//x/",
      ["/build//ws/./a"] = "/srv/ws/a", ["/build/ws/../ws/a"] = "/srv/ws/a", ["/build/ws/../../etc"] = "/build/ws/../../etc",
    } do
      assert.equal(to, map(from))
    end
  end)

  it("maps back", function()
    for _, path in ipairs { "/build/ws", "/build/ws/a/b", "/build/ws/target/x", "/build/w/q", "/elsewhere" } do
      assert.equal(path, map:back(map(path)))
    end
    assert.equal("/build/ws/target/", map:back "/dest/")
  end)

  it("maps lists and environments, and changes neither", function()
    local list = { "/build/ws/a", "b" }
    assert.same({ "/srv/ws/a", "b" }, map:list(list))
    assert.same({ "/build/ws/a", "b" }, list)
    local env = {
      A = "/build/ws", LD_LIBRARY_PATH = "/build/ws/target/deps:/usr/lib::/build/ws/lib/", GONE = false,
      RUSTFLAGS = "-L native=/build/ws/x -L/build/ws/y --cfg=a '-I/build/ws z'", TEXT = "see /build/wsx or not/build/ws",
    }
    assert.same({
      A = "/srv/ws", LD_LIBRARY_PATH = "/dest/deps:/usr/lib::/srv/ws/lib/", GONE = false,
      RUSTFLAGS = "-L native=/srv/ws/x -L/srv/ws/y --cfg=a '-I/srv/ws z'", TEXT = "see /build/wsx or not/build/ws",
    }, map:env(env))
    assert.equal("/build/ws", env.A)
  end)

  it("shows its pairs, to JSON too", function()
    assert.same({ { "/build/ws", "/srv/ws" }, { "/build/ws/target", "/dest" }, { "/build/w", "/w" } }, map.pairs)
    assert.same({ pairs = map.pairs }, nx.json.decode(nx.json.encode(map)))
  end)

  it("takes roots and relative places", function()
    local root = nx.remap { { "/", "/sysroot" }, { "/keep", "/" }, canonical = false }
    assert.equal("/sysroot/usr/lib", root "/usr/lib")
    assert.equal("/sysroot/", root "/")
    assert.equal("/x", root "/keep/x")
    assert.equal("/", root "/keep")
    assert.equal("/usr", root:back "/sysroot/usr")
    local relative = nx.remap { { "target", "out/./t/" }, canonical = false }
    assert.equal("out/t/debug", relative "target/debug")
    assert.equal("out/t/debug", relative "./target//debug")
    assert.equal("/target/debug", relative "/target/debug")
    assert.equal("x", nx.remap {}("x"))
  end)

  it("refuses what cannot be meant", function()
    assert.matches("item 1: needs at least 2", failure { { "/a" } })
    assert.matches("item 1: takes two paths", failure { { "/a", "/b", "/c" } })
    assert.matches("item 2: /a is mapped twice, to /b and to /c", failure { { "/a", "/b" }, { "/a/", "/c" } })
    assert.matches("a path is empty", failure { { "", "/b" } })
    assert.matches("unknown option", failure { canon = true })
    assert.matches("the path must be a string", select(2, pcall(map, 1)).message)
    assert.matches("NUL", select(2, pcall(map, "a\0")).message)
    assert.equal("usage", select(2, pcall(map.view, map, {})).kind)
    assert.equal(1, #nx.remap { { "/a", "/b" }, { "/a", "/b" }, canonical = false }.pairs)
  end)
end)

describe("nx.remap with links resolved", function()
  local dir
  before_each(function()
    dir = nx.temp_dir {}
    local out = nx.run { "sh", "-c", "mkdir -p real/ws/src new && ln -s real link && ln -s ../new real/ws/out", cwd = dir.path }
    assert(out.ok, out.stderr)
  end)
  after_each(function() dir:close() end)

  it("knows a place under each of its names, and places that are not there yet", function()
    local at = nx.run { "realpath", dir.path }.stdout:gsub("\n$", "")
    local map = nx.remap { { at .. "/link/ws", at .. "/link/dest" }, { "/gone/ws", at .. "/link/later/./x" } }
    assert.same({ { at .. "/link/ws", at .. "/real/dest" }, { "/gone/ws", at .. "/real/later/x" } }, map.pairs)
    assert.equal(at .. "/real/dest/src", map(at .. "/link/ws/src"))
    assert.equal(at .. "/real/dest/src", map(at .. "/real/ws/src"))
    assert.equal(at .. "/real/dest/none/yet", map(at .. "/real/ws/none/yet"))
    assert.equal(at .. "/real/later/x/y", map "/gone/ws/y")
    assert.equal("/gone/wsx", map "/gone/wsx")
    assert.equal(at .. "/link/ws/src", map:back(at .. "/real/dest/src"))
    assert.equal(at .. "/link/ws/src", map:back(at .. "/link/dest/src"))
  end)
end)
