-- Archives that someone else has written, read by nxlua and by the peer: containers, headers, places, what may be missing.
local handmade = require "handmade"
local json = require "nx.json"
local need = require "require"
local tarball = require "tarball"
local workspace = require "workspace"

for _, tool in handmade.tools() do
  describe("reading an archive with " .. tool.name .. ":", function()
    local here
    local suites <const> = { { "alpha", "ok" }, { "alpha::t", "environ ok" } }
    setup(function() here = handmade.new(suites) end)
    teardown(function() here:remove() end)

    local function lists(o, expected)
      here:archive(suites, o)
      local r = here:run(tool, "list")
      assert.equal(0, r.code, r.err)
      assert.equal(expected or "alpha ok\nalpha::t environ\nalpha::t ok\n", r.out)
    end
    local function refuses(o, words, options)
      here:archive(suites, o)
      local r = here:run(tool, "list " .. (options or ""))
      assert.equal(96, r.code, r.err)
      assert.truthy(r.err:find(words, 1, true), r.err)
    end
    local function extract(o, options)
      if o then here:archive(suites, o) end
      here:must "rm -rf ../to && mkdir ../to"
      local r = here:run(tool, "list -T json --extract-to ../to " .. (options or ""))
      assert.equal(0, r.code, r.err)
      return json.decode(r.out), here.base .. "/to/target/"
    end
    local function seen(options)
      os.remove(here.base .. "/environ")
      local r = here:run(tool, "run -E 'test(=environ)' " .. (options or ""))
      assert.equal(0, r.code, r.err)
      return here:seen "environ", r
    end

    it("takes zstd in several frames, with skippable ones between, and a window of 128 MiB (point 1)", function()
      lists { raw = function(bytes)
        return tarball.zstd_skippable "abc" .. tarball.zstd(bytes:sub(1, 3000)) .. tarball.zstd_skippable("", 7) .. tarball.zstd(bytes:sub(3001))
      end }
      lists { raw = function(bytes) return tarball.zstd(bytes, { window = 27 }) end }
    end)
    it("takes zstd of any level with a check sum and without a content size (point 1)", function()
      if not need "zstd" then return end
      for _, level in ipairs { "--fast=5", "-1", "-19", "--ultra -22 --long=27" } do
        lists { raw = function(bytes)
          workspace.write(here.base .. "/bytes", bytes)
          return here:must("zstd -qc --check " .. level .. " <../bytes")
        end }
      end
    end)
    it("takes the two documents at any place, and fails without either (point 2)", function()
      lists { last = true }
      refuses({ without = "binaries" }, "metadata file `target/nextest/binaries-metadata.json` not found in archive")
      refuses({ without = "cargo" }, "metadata file `target/nextest/cargo-metadata.json` not found in archive")
    end)
    it("takes a type flag and numbers that are NUL (point 3)", function()
      local _, target = extract { behind = tarball.member { name = "target/nul", data = "as it is", type = "\0", uid = "", gid = "",
        magic = "gnu" } }
      assert.equal("as it is", workspace.read(target .. "nul"))
      -- the documents themselves, as the peer writes them
      local meta, cargo = handmade.contents(here.dir, suites)
      lists { without = "binaries", behind = tarball.member { name = "target/nextest/binaries-metadata.json", data = json.encode(meta),
        type = "\0", uid = "", gid = "", magic = "gnu" } }
      lists { without = "cargo", before = tarball.member { name = "target/nextest/cargo-metadata.json", data = json.encode(cargo),
        type = "\0", uid = "", gid = "", magic = "gnu" } }
    end)
    it("takes GNU long names, and sparse files with more pairs than a header holds (point 4)", function()
      local name, list, data, real = "target/" .. ("d"):rep(60) .. "/" .. ("n"):rep(80), {}, {}, {}
      for i = 1, 30 do -- 4 in the header, 21 in the first block behind it, 6 in the second
        list[i] = { (i - 1) * 1024, 512 }
        data[i] = ("%c"):format(64 + i):rep(512)
        real[i] = data[i] .. ("\0"):rep(512)
      end
      list[31] = { 30 * 1024, 0 } -- the end, as GNU tar has it
      local _, target = extract { behind = tarball.long(name) .. tarball.file(name:sub(1, 100), "long", { magic = "gnu" })
        .. tarball.sparse("target/sparse", list, table.concat(data), 30 * 1024) .. tarball.file("target/next", "next", { magic = "gnu" }) }
      assert.equal("long", workspace.read(target .. name:sub(8)))
      assert.equal(table.concat(real), workspace.read(target .. "sparse"))
      assert.equal("next", workspace.read(target .. "next"))
    end)
    it("gives a file the permissions of its header and no type bits, whatever the umask: binaries can be executed (point 5)", function()
      here:archive(suites, { behind = tarball.file("target/run", "x", { mode = 33261, magic = "gnu" }) -- 0100755
        .. tarball.file("target/setuid", "x", { mode = 2541, magic = "gnu" }) .. tarball.file("target/all", "x", { mode = 511, magic = "gnu" }) })
      here:must "rm -rf ../to && mkdir ../to"
      local r = here:run(tool, "run --extract-to ../to", nil, { umask = "077" })
      assert.equal(0, r.code, r.err)
      assert.equal("755 run\n755 setuid\n777 all\n", here:must "cd ../to/target && stat -c '%a %n' run setuid all")
    end)
    it("runs the binary at DEST/target and the rest of its path, with no build-directory as with the target directory (point 6)", function()
      local list, target = extract {}
      assert.equal(target .. "debug/deps/t-2", list["rust-suites"]["alpha::t"]["binary-path"])
      local plain, at = list["rust-build-meta"], target:sub(1, -2)
      assert.same({ at, at }, { plain["target-directory"], plain["build-directory"] or at })
      list, target = extract { edit = function(meta) meta["rust-build-meta"]["build-directory"] = meta["rust-build-meta"]["target-directory"] end }
      assert.equal(target .. "debug/deps/t-2", list["rust-suites"]["alpha::t"]["binary-path"])
    end)
    it("finds other binaries below the target directory; OUT_DIRs, linked paths and base directories in the same place (point 7)", function()
      extract { edit = function(meta, _, files, ids)
        local build = meta["rust-build-meta"]
        build["non-test-binaries"] = { [ids.alpha] = { { name = "tool", kind = "bin-exe", path = "debug/tool" } } }
        build["build-script-out-dirs"] = { [ids.alpha] = "debug/build/a/out" }
        build["linked-paths"] = { "debug/build/a/out/lib" }
        build["base-output-directories"] = { "debug", "other" }
        files[#files + 1] = { "target/debug/build/a/out/lib/f", "" }
        files[#files + 1] = { "target/debug/tool", "", mode = 493 }
      end }
      local target = here.base .. "/to/target/"
      local env = seen "--extract-to ../to --extract-overwrite"
      assert.equal(target .. "debug/tool", env.CARGO_BIN_EXE_tool)
      assert.equal(target .. "debug/build/a/out", env.OUT_DIR)
      assert.equal((("@debug/build/a/out/lib:@debug:@debug/deps:@other:@other/deps"):gsub("@", target)), env.LD_LIBRARY_PATH)
    end)
    it("puts the archive's own libstd behind the library path, and no other (point 8)", function()
      local function path(...)
        local names = { ... }
        here:archive(suites, { edit = function(meta, _, files)
          local platforms = meta["rust-build-meta"].platforms
          local libdir = { status = "available", path = "/rust/lib/rustlib/x86_64-unknown-linux-gnu/lib" }
          platforms.host.libdir = libdir
          platforms.targets = json.array { { platform = platforms.host.platform, libdir = libdir } }
          for _, name in ipairs(names) do files[#files + 1] = { "target/nextest/libdirs/" .. name .. "/libstd.so", "" } end
        end })
        here:must "rm -rf ../to && mkdir ../to"
        return (seen("--extract-to ../to").LD_LIBRARY_PATH:gsub("^.*/debug/deps", ""):gsub(":$", ""))
      end
      local libdirs = (":%s/to/target/nextest/libdirs/"):format(here.base)
      assert.equal("", path())
      assert.equal(libdirs .. "host", path "host")
      assert.equal(libdirs .. "target/0", path "target/0")
      assert.equal(libdirs .. "host" .. libdirs .. "target/0", path("host", "target/0"))
    end)
    it("refuses names that do not begin with target, hold .. or no UTF-8, and wrong check sums (point 9)", function()
      local function file(name, more) return tarball.file(name, "x", more or { magic = "gnu" }) end
      refuses({ behind = file "other/x" }, "doesn't start with `target/`")
      refuses({ behind = file "./target/x" }, "doesn't start with `target/`")
      refuses({ behind = file "target/../../evil" }, "contains an invalid component `..`")
      refuses({ behind = file "target/\xff" }, "wasn't valid UTF-8")
      refuses({ behind = file("target/x", { sum = "000001\0 " }) }, "checksum mismatch")
      assert.is_nil(io.open(here.base .. "/evil"))
    end)
    it("extracts into a directory that is there and holds no target, unless it may overwrite (point 10)", function()
      refuses({}, "destination directory", "--extract-to ../nowhere")
      extract()
      refuses({}, ("destination `%s/to/target` already exists"):format(here.base), "--extract-to ../to")
      workspace.write(here.base .. "/to/target/mine", "stays")
      assert.equal(0, here:run(tool, "list --extract-to ../to --extract-overwrite").code)
      assert.equal("stays", workspace.read(here.base .. "/to/target/mine"))
    end)
    it("extracts into a temporary directory, which it removes unless it is to persist (point 10)", function()
      here:archive(suites)
      for option, left in pairs { [""] = 0, ["--persist-extract-tempdir"] = 1 } do
        here:must "rm -rf ../tmp && mkdir ../tmp"
        local r = here:run(tool, "run " .. option, { TMPDIR = here.base .. "/tmp" })
        assert.equal(0, r.code, r.err)
        local name = tool.ours and "nxlua-archive-" or "nextest-archive-"
        assert.matches(here.base .. "/tmp/" .. name, r.err, 1, true)
        assert.equal(left .. "\n", here:must(("ls ../tmp | grep -c ^%s || true"):format(name)))
        if left == 1 then here:must("test -x ../tmp/" .. name .. "*/target/debug/deps/t-2") end
      end
    end)
    it("maps the recorded workspace root to another: directory and CARGO_MANIFEST_DIR of tests (point 11)", function()
      here:archive(suites)
      here:must "rm -rf ../moved && cp -r . ../moved"
      local r = here:run(tool, "run --workspace-remap ../moved -E 'test(=environ)'")
      assert.equal(0, r.code, r.err)
      local env = here:seen "environ"
      assert.equal(here.base .. "/moved/alpha", env.CARGO_MANIFEST_DIR)
      assert.equal(here.base .. "/moved", env.NEXTEST_WORKSPACE_ROOT)
    end)
    it("wants a Cargo.toml in the workspace root, recorded or mapped (point 11)", function()
      here:archive(suites)
      here:must "mkdir -p ../bare"
      refuses(nil, ("workspace root manifest at %s/bare/Cargo.toml does not exist"):format(here.base), "--workspace-remap " .. here.base .. "/bare")
      refuses({ edit = function(_, cargo) cargo.workspace_root = "/nonexistent/root" end },
        "workspace root manifest at /nonexistent/root/Cargo.toml does not exist")
    end)
    it("reads the configuration of the mapped root, and the profile chosen now (point 12)", function()
      here:archive(suites)
      here:must "rm -rf ../moved && cp -r . ../moved"
      here:config "[profile.ci]\nretries = 1\ndefault-filter = 'none()'\n"
      workspace.write(here.base .. "/moved/.config/nextest.toml", "[profile.ci]\nretries = 4\ndefault-filter = 'test(environ)'\n")
      local r = here:run(tool, "run -P ci --workspace-remap ../moved")
      assert.equal(0, r.code, r.err)
      assert.matches("1 test run: 1 passed, 2 skipped", r.err, 1, true)
      local env = here:seen "environ"
      assert.same({ "ci", "5" }, { env.NEXTEST_PROFILE, env.NEXTEST_TOTAL_ATTEMPTS })
      r = here:run(tool, "run --workspace-remap ../moved")
      assert.matches("3 tests run: 3 passed", r.err, 1, true)
      assert.equal("1", here:seen("environ").NEXTEST_TOTAL_ATTEMPTS)
      here:config ""
    end)
    it("passes over JSON fields that it does not know (point 13)", function()
      lists { edit = function(meta, cargo)
        meta.zzz, meta["rust-build-meta"].new, meta["rust-binaries"].alpha.new = 1, { 1 }, { x = 2 }
        cargo.later, cargo.packages[1].later = "x", { 1 }
      end }
    end)
    it("needs no platforms, build-script-info, build-script-out-dirs, build-directory, nor build-platform of other binaries (point 13)", function()
      for _, name in ipairs { "build-script-info", "build-script-out-dirs", "build-directory" } do
        lists { edit = function(meta) meta["rust-build-meta"][name] = nil end }
      end
      lists { edit = function(meta)
        local build = meta["rust-build-meta"]
        build["target-platforms"] = json.array { build.platforms.host.platform }
        build.platforms = nil
      end }
      lists { edit = function(meta, _, _, ids)
        meta["rust-build-meta"]["non-test-binaries"] = { [ids.alpha] = { { name = "x", kind = "bin-exe", path = "debug/x" } } }
      end }
    end)
  end)
end
