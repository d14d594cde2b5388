-- Builds that no Cargo made, and harnesses: shell scripts as test programs.
local nx = require "nx"
local harness = require "nx.harness"

local base
local function sh(text) assert(os.execute(("cd '%s' && { %s ; }"):format(base, text))) end
local function write(name, text, executable)
  local file = assert(io.open(base .. "/" .. name, "w"))
  file:write(text)
  file:close()
  if executable then sh("chmod +x '" .. name .. "'") end
end
local function ids(tests)
  local list = {}
  for i, test in ipairs(tests) do list[i] = test.id end
  return list
end
local function outcome(stdout, code) return nx.outcome { stdout = stdout, exit_code = code or 0 } end

local LIBTEST <const> = [[#!/bin/sh
case "$*" in
  *--ignored*) echo 'mod::slow: test' ;;
  *--list*) printf 'mod::slow: test\nb: test\na: test\nspeed: benchmark\n' ;;
  *) echo "ran $2"; [ "$2" != b ] ;;
esac
]]

describe("nx.build", function()
  before_each(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
    sh "mkdir -p bin lib data"
    write("bin/rusty", LIBTEST, true)
    write("bin/plain", "#!/bin/sh\n[ -f data/in.txt ] && [ \"$NX_LIB\" = yes ]\n", true)
    write("data/in.txt", "x")
    write("lib/libx.so.1", "no library")
  end)
  after_each(function() os.execute("rm -rf '" .. base .. "'") end)

  local function build()
    return nx.build { { id = "r", path = "bin/rusty", harness = "libtest" },
      { id = "p", path = "bin/plain", env = { NX_LIB = "yes" }, library_path = { "lib" } }, root = base, files = { "data" } }
  end

  it("lists what its harnesses tell", function()
    assert.same({ "r a", "r b", "r speed", "p p" }, ids(build():tests()))
    assert.same({ "r mod::slow" }, ids(build():tests { ignored = "only" }))
    assert.same({ "r a" }, ids(build():tests { filter = "test(=a)" }))
    assert.equal("bench", build():tests():get "r speed".meta.kind)
  end)
  it("starts no suite that the filter rules out", function()
    sh "rm bin/rusty && ln -s /nowhere bin/rusty"
    sh "rm bin/rusty"
    write("bin/rusty", "#!/bin/sh\nexit 3\n", true)
    assert.same({ "p p" }, ids(build():tests { filter = "binary_id(p)" }))
    local ok, e = pcall(function() return build():tests() end)
    assert.is_false(ok)
    assert.same({ "list_failed", 104 }, { e.kind, e.exit_code })
    assert.truthy(tostring(e):find "bin/rusty %-%-list %-%-format terse` exited with exit code 3")
  end)
  it("travels in an archive with its files and libraries", function()
    local file = base .. "/a.tar.zst"
    local report = build():archive { to = file, record_tests = true }
    assert.truthy(report.id:find "^%x+$")
    sh "mkdir there && mv bin gone-bin && mv data gone-data"
    local opened <close> = nx.open { file }
    assert.equal(report.id, opened.hash)
    assert.same({ "r a", "r b", "r speed", "p p" }, ids(opened:tests()))
    assert.same({ "r a", "r b", "r speed", "p p" }, ids(opened:tests { recorded = false }))
    assert.equal(opened.root .. "/lib", opened:suite "p".library_path[1])
    local result = opened:tests():run { report = {}, fail_fast = false }
    assert.same({ 100, 3, 1 }, { result.exit_code, result.counts.pass, result.counts.fail })
  end)
  it("says how big what goes in is", function()
    local files = build():files { filter = "binary_id(p)" }
    assert.same({ "target/lib/libx.so.1", "target/bin/plain" }, { files[1].as, files[2].as })
    assert.same({ { "p" }, 10 }, { files[1].suites, files[1].bytes })
  end)
  it("is looked at without unpacking", function()
    local file = base .. "/a.tar.zst"
    build():archive { to = file, record_tests = true }
    local opened <close> = nx.open { file, unpack = false }
    assert.same({ "r a", "r b", "r speed", "p p" }, ids(opened:tests()))
  end)
  it("takes a harness from a file, also out of an archive", function()
    write("own.lua", [[return { name = "own", list = function(s) return { s.path, "--list" } end,
      parse = function(_, o) local t = {} for n in o[1].stdout:gmatch "(%S+): test" do t[#t + 1] = { name = n } end return t end,
      command = function(s, t) return { s.path, "x", t.name } end }]])
    local spec = { { id = "r", path = "bin/rusty", harness = "own" }, root = base, harnesses = { own = base .. "/own.lua" } }
    nx.build(spec):archive { to = base .. "/a.tar.zst" }
    sh "rm own.lua"
    local opened <close> = nx.open(base .. "/a.tar.zst")
    assert.same({ "r mod::slow", "r b", "r a" }, ids(opened:tests()))
  end)
  it("is told what is wrong with it", function()
    for text, spec in pairs {
      ["is not there"] = { { id = "x", path = "bin/none" }, root = base }, ["two suites"] = {
        { id = "x", path = "bin/plain" }, { id = "x", path = "bin/plain" }, root = base },
      ["option \"id\" is missing"] = { { path = "bin/plain" }, root = base }, ["directory"] = { root = base .. "/none" },
    } do
      local ok, e = pcall(nx.build, spec)
      assert.is_false(ok)
      assert.truthy(tostring(e):find(text, 1, true), tostring(e))
    end
    local ok, e = pcall(harness.get, "gtes")
    assert.is_false(ok)
    assert.truthy(tostring(e):find 'did you mean "gtest"')
  end)
  it("leaves nothing behind", function()
    local file = base .. "/a.tar.zst"
    build():archive { to = file }
    local dir
    do
      local opened <close> = nx.open(file)
      dir = opened.unpacked
      assert.truthy(dir:find "/nxlua%-archive%-")
      assert.equal("dir", nx.fs.stat(dir).type)
    end
    assert.is_nil(nx.fs.stat(dir))
    local ok = pcall(nx.open, { file, workspace = base, filter = "nonsense(" })
    assert.is_boolean(ok)
  end)
end)

describe("harnesses read", function()
  it("GoogleTest's list", function()
    local tests = harness.get "gtest".parse({ id = "g", path = "g" }, { outcome("Running main() from gtest_main.cc\nB.\n  Two\n"
      .. "  DISABLED_One\nP/A.\n  X/0  # GetParam() = 1\nT/0.  # TypeParam = int\n  Y\n") })
    assert.same({ { "B.DISABLED_One", true }, { "B.Two", false }, { "P/A.X/0", false }, { "T/0.Y", false } },
      { { tests[1].name, tests[1].ignored }, { tests[2].name, tests[2].ignored }, { tests[3].name, tests[3].ignored },
        { tests[4].name, tests[4].ignored } })
    local status, failure = harness.get "gtest".judge({}, outcome("x\na/b.cc:12: Failure\nExpected: 1\n  got: 2\n\n[  FAILED  ] B.Two\n", 1))
    assert.same({ "fail", { message = "Expected: 1\n  got: 2", file = "a/b.cc", line = 12 } }, { status, failure })
  end)
  it("Go's list", function()
    local go = harness.get "gotest"
    local tests = go.parse({ id = "g", path = "g" }, { outcome "TestB\nTestA\nBenchmarkX\nExampleY\nok\n" })
    assert.same({ "ExampleY", "TestA", "TestB" }, { tests[1].name, tests[2].name, tests[3].name })
    assert.equal("skip", (go.judge({}, outcome "=== RUN TestA\n--- SKIP: TestA\n")))
  end)
  it("programs that are one test", function()
    local exec = harness.get "exec"
    assert.same({ "skip", "pass", "fail" }, { exec.judge({}, outcome("", 77)), exec.judge({}, outcome ""), exec.judge({}, outcome("", 2)) })
  end)
end)
