-- What an archive has to hold so that either tool runs it, and what `archive` puts into it: asked of nxlua and of the peer.
local handmade = require "handmade"
local json = require "nx.json"
local need = require "require"
local nx = require "nx"
local tarball = require "tarball"
local workspace = require "workspace"

for _, tool in handmade.tools() do
  describe("what a writer must keep to, read by " .. tool.name .. ":", function()
    local here
    local suites <const> = { { "alpha", "ok" }, { "alpha::t", "ok" }, { "alpha::bin/x", "ok" }, { "beta", "ok" } }
    setup(function() here = handmade.new(suites) end)
    teardown(function() here:remove() end)
    local function list(edit, options)
      here:archive(suites, { edit = edit })
      return here:run(tool, "list " .. (options or ""))
    end

    it("ustar, GNU and pax names are all read, in UTF-8 (point 14)", function()
      local deep = ("d"):rep(70) .. "/" .. ("é"):rep(40)
      here:archive(suites, { behind = tarball.member { name = ("é"):rep(40), prefix = "target/ustar/" .. ("d"):rep(70), data = "ustar" }
        .. tarball.long("target/gnu/" .. deep) .. tarball.file("target/gnu/", "gnu", { magic = "gnu" })
        .. tarball.pax { { "path", "target/pax/" .. deep } } .. tarball.file("target/x", "pax") })
      here:must "rm -rf ../to && mkdir ../to"
      local r = here:run(tool, "list --extract-to ../to")
      assert.equal(0, r.code, r.err)
      for _, dialect in ipairs { "ustar", "gnu", "pax" } do
        assert.equal(dialect, workspace.read(("%s/to/target/%s/%s"):format(here.base, dialect, deep)))
      end
    end)
    it("binaries-metadata.json without one of its four parts, or a binary without one of its six fields, is refused (point 15)", function()
      local function refused(key, edit)
        local r = list(edit)
        assert.equal(96, r.code, key .. r.err)
        assert.truthy(r.err:find(("missing field `%s`"):format(key), 1, true), r.err)
      end
      for _, key in ipairs { "target-directory", "base-output-directories", "non-test-binaries", "linked-paths" } do
        refused(key, function(meta) meta["rust-build-meta"][key] = nil end)
      end
      for _, key in ipairs { "binary-id", "binary-name", "package-id", "kind", "binary-path", "build-platform" } do
        refused(key, function(meta) meta["rust-binaries"]["alpha::t"][key] = nil end)
      end
    end)
    it("a binary-path below target-directory is moved with it, any other is run as it stands (point 16)", function()
      local aside = here.base .. "/aside.sh"
      workspace.write(aside, "#!/bin/sh\n[ \"$1\" != --list ] || { [ \"$4\" = --ignored ] || echo 'aside: test'; }\n")
      here:must("chmod +x " .. aside)
      here:archive { { "alpha", "ok" }, { "alpha::t", "ok", path = aside } }
      local r = here:run(tool, "list")
      assert.equal("alpha ok\nalpha::t aside\n", r.out, r.err)
      assert.equal(0, here:run(tool, "run").code)
      -- only whole components of the way count
      here:archive({ { "alpha", "ok" } }, { edit = function(meta) meta["rust-binaries"].alpha["binary-path"] = here.dir .. "/target-x/a" end })
      r = here:run(tool, "list")
      assert.equal(104, r.code)
      assert.truthy(r.err:find(here.dir .. "/target-x/a", 1, true), r.err)
    end)
    it("a package-id that cargo-metadata.json does not know is 104 (point 17)", function()
      local r = list(function(meta) meta["rust-binaries"]["alpha::t"]["package-id"] = "path+file:///nope#x@0.1.0" end)
      assert.equal(104, r.code)
      assert.truthy(r.err:find("unknown package ID: path+file:///nope#x@0.1.0", 1, true), r.err)
    end)
    it("without resolve in cargo-metadata.json, deps() and rdeps() find no edges (point 17)", function()
      local function graph(_, cargo, _, ids)
        cargo.packages[1].dependencies = json.array { { name = "beta", source = json.null, req = "*", kind = json.null, rename = json.null,
          optional = false, uses_default_features = true, features = json.array {}, target = json.null, registry = json.null,
          path = here.dir .. "/beta" } }
        cargo.resolve = { root = json.null, nodes = json.array {
          { id = ids.alpha, dependencies = json.array { ids.beta }, features = json.array {}, deps = json.array {
            { name = "beta", pkg = ids.beta, dep_kinds = json.array { { kind = json.null, target = json.null } } } } },
          { id = ids.beta, dependencies = json.array {}, features = json.array {}, deps = json.array {} } } }
      end
      local all = "alpha ok\nalpha::t ok\nalpha::bin/x ok\nbeta ok\n"
      assert.equal(all, list(graph, "-E 'deps(alpha)'").out)
      assert.equal(all, list(graph, "-E 'rdeps(beta)'").out)
      assert.equal("alpha ok\nalpha::t ok\nalpha::bin/x ok\n", list(nil, "-E 'deps(alpha)'").out)
      assert.equal("beta ok\n", list(nil, "-E 'rdeps(beta)'").out)
    end)
    it("a binary's id is its field, whatever the key of the map says (point 18)", function()
      local r = list(function(meta)
        local binaries = meta["rust-binaries"]
        binaries.zzz, binaries["alpha::t"] = binaries["alpha::t"], nil
      end)
      assert.equal("alpha ok\nalpha::t ok\nalpha::bin/x ok\nbeta ok\n", r.out, r.err)
    end)
  end)
end

describe("archive", function()
  if not (need "cargo" and need "tar" and need "zstd") then return end
  local ws, file, libraries -- the last: shared standard libraries of the toolchain; Debian's has none where rustc says
  setup(function()
    ws = workspace.copy "ws"
    file = ws.base .. "/a.tar.zst"
    ws:must "cargo test --no-run -q 2>&1"
    libraries = tonumber(ws:must 'ls "$(rustc --print target-libdir)" | grep -c "^libstd-.*[.]so$" || true')
  end)
  teardown(function() ws:remove() end)

  for _, tool in handmade.tools() do describe("of " .. tool.name .. ":", function()
    local members, said
    local function archive(options)
      local code, _, problems = ws:sh(("%s archive --archive-file %s %s"):format(tool.command, file, options or ""))
      said = problems
      if code ~= 0 then return code end
      local names = {}
      for name in ws:must("zstd -dcq " .. file .. " | tar t"):gmatch "[^\n]+" do
        if name ~= "target/nxlua/archive.json" then names[#names + 1] = name end
      end
      members = names
      return code
    end
    -- How many members have a name that contains the pattern.
    local function count(pattern)
      local n = 0
      for _, name in ipairs(members) do if name:find(pattern) then n = n + 1 end end
      return n
    end
    local function document(name)
      return json.decode(ws:must(("zstd -dcq %s | tar xO target/nextest/%s-metadata.json"):format(file, name)))
    end

    it("every name is UTF-8 and begins with target/, none with ./ (point 14)", function()
      ws:must(("mkdir -p target/extra && echo x >target/extra/é%s"):format(("n"):rep(120)))
      assert.equal(0, archive "-P arch", said)
      for _, name in ipairs(members) do
        assert.matches("^target/[^/]", name)
        assert.is_nil(name:find "/%./")
      end
      local found = nx.extract { file, filter = function(e) return e.path:find "nnn" end }.entries
      assert.equal("target/extra/é" .. ("n"):rep(120), found[1].path)
      ws:must "rm -r target/extra"
    end)
    it("the two documents come first and hold all that a reader needs (points 2 and 15)", function()
      assert.equal(0, archive(), said)
      assert.same({ "target/nextest/binaries-metadata.json", "target/nextest/cargo-metadata.json" }, { members[1], members[2] })
      local meta = document "binaries"
      for _, key in ipairs { "target-directory", "base-output-directories", "non-test-binaries", "linked-paths" } do
        assert.is_truthy(meta["rust-build-meta"][key], key)
      end
      for id, binary in pairs(meta["rust-binaries"]) do
        for _, key in ipairs { "binary-id", "binary-name", "package-id", "kind", "binary-path", "build-platform" } do
          assert.is_string(binary[key], id .. " " .. key)
        end
      end
    end)
    it("each binary-path begins with target-directory and is a member; each package-id is in cargo-metadata.json (points 16 and 17)", function()
      assert.equal(0, archive(), said)
      local meta, known, is_member = document "binaries", {}, {}
      for _, package in ipairs(document("cargo").packages) do known[package.id] = true end
      for _, name in ipairs(members) do is_member[name] = true end
      local root = meta["rust-build-meta"]["target-directory"]
      for id, binary in pairs(meta["rust-binaries"]) do
        assert.equal(root .. "/", binary["binary-path"]:sub(1, #root + 1), id)
        assert.is_true(is_member["target" .. binary["binary-path"]:sub(#root + 1)], id)
        assert.is_true(known[binary["package-id"]], id)
      end
    end)
    it("keys are ids, of the forms pkg, pkg::name and pkg::kind/name (point 18)", function()
      assert.equal(0, archive "--workspace --all-targets", said)
      local ids = {}
      for key, binary in pairs(document("binaries")["rust-binaries"]) do
        assert.equal(key, binary["binary-id"])
        ids[key] = binary.kind
      end
      assert.same({ "lib", "test", "bin", "bin", "example", "bench", "proc-macro", "test" }, { ids.alpha, ids["alpha::integ"],
        ids["alpha::bin/alpha"], ids["alpha::bin/alpha-tool"], ids["alpha::example/demo"], ids["alpha::bench/speed"], ids.mac,
        ids["mac::usemac"] })
    end)
    it("OUT_DIRs and linked paths go in one level deep, archive.include 16 levels or as deep as it says (point 19)", function()
      local deep = {}
      for i = 1, 17 do deep[i] = "d" .. i end
      local way = "target/extra/" .. table.concat(deep, "/")
      ws:must(("mkdir -p %s target/shallow/a/b && touch %s/too %s/../fits target/shallow/one target/shallow/a/two target/shallow/a/b/three")
        :format(way, way, way))
      workspace.write(ws.base .. "/c.toml", [=[
[profile.default]
archive.include = [ { path = "extra", relative-to = "target" }, { path = "shallow", relative-to = "target", depth = 2 } ]
]=])
      assert.equal(0, archive("--config-file " .. ws.base .. "/c.toml"), said)
      assert.equal(1, count "/out/gen%.rs$")
      assert.equal(1, count "/out/native/libnothing%.txt$") -- itself a linked path
      assert.equal(0, count "/out/deep/")
      assert.same({ 0, 0 }, { count "/d16/fits$", count "/too$" }) -- extra and 15 below it are 16
      assert.same({ 1, 1, 0 }, { count "shallow/one$", count "shallow/a/two$", count "shallow/a/b/three$" })
      assert.matches("recursion depth exceeded at .*/d16 %(limit: 16%)", said)
      ws:must(("touch %s/../../fits"):format(way))
      assert.equal(0, archive("--config-file " .. ws.base .. "/c.toml"), said)
      assert.equal(1, count "/d15/fits$")
      ws:must "rm -r target/extra target/shallow"
    end)
    it("the first file of a name wins, and the count is of different names with both documents (point 20)", function()
      ws:must "mkdir -p target/nextest && echo mine >target/nextest/cargo-metadata.json && echo lone >target/lone"
      workspace.write(ws.base .. "/c.toml", [=[
[profile.default]
archive.include = [ { path = "nextest/cargo-metadata.json", relative-to = "target" }, { path = "lone", relative-to = "target" },
  { path = "lone", relative-to = "target" }, { path = "debug/deps", relative-to = "target", depth = 1 } ]
]=])
      assert.equal(0, archive("--config-file " .. ws.base .. "/c.toml"), said)
      local seen = {}
      for _, name in ipairs(members) do
        assert.is_nil(seen[name], name)
        seen[name] = true
      end
      assert.equal(1, document("cargo").version)
      local counted = tonumber(said:match "Archived (%d+) files")
      assert.equal(#members, tool.ours and counted - 1 or counted) -- ours is one more, deliberately
      ws:must "rm -r target/nextest target/lone"
    end)
    it("test() and group() in -E are refused with 94, none() makes an archive all the same (point 21)", function()
      for _, expression in ipairs { "test(x)", "group(x)" } do
        assert.equal(94, archive(("-E '%s'"):format(expression)))
        assert.truthy(said:find("predicate not allowed in `archive-filter` expressions", 1, true), said)
      end
      assert.equal(0, archive "-E 'none()'", said)
      assert.same({}, document("binaries")["rust-binaries"])
      local code, out, problems = ws:sh(("%s list --archive-file %s"):format(tool.command, file))
      assert.same({ 0, "" }, { code, out }, problems)
    end)
    it("a filter drops bin-exe entries and OUT_DIRs of packages that have no test binary left, and keeps libraries (point 22)", function()
      assert.equal(0, archive "-E 'package(mac)'", said)
      local build = document("binaries")["rust-build-meta"]
      local kinds = {}
      for _, list in pairs(build["non-test-binaries"]) do for _, binary in ipairs(list) do kinds[binary.kind] = true end end
      assert.same({ dylib = true }, kinds)
      assert.same({}, build["build-script-out-dirs"])
      assert.is_true(#build["linked-paths"] > 0)
      assert.same({ 0, 0, 1, 1, libraries }, { count "debug/alpha", count "/out/gen%.rs$", count "libdyn%.so$", count "/out/native/",
        count "/libstd%-" })
      -- one test binary left is enough
      assert.equal(0, archive "-E 'binary_id(alpha::integ)'", said)
      assert.same({ 2, 1 }, { count "debug/alpha", count "/out/gen%.rs$" })
    end)
    if tool.ours then it("the bytes do not depend on the umask that Cargo ran with", function()
      assert.equal(0, archive(), said)
      local before = ws:must("sha256sum < " .. file)
      ws:must "find target/debug/deps -type f -perm -1 -exec chmod 775 {} +"
      assert.equal(0, archive(), said)
      local after = ws:must("sha256sum < " .. file)
      ws:must "find target/debug/deps -type f -perm -1 -exec chmod 755 {} +"
      assert.equal(before, after)
    end) end
    it("it says what goes in, what is missing, and at the end `Archived N files to F in S` (point 72)", function()
      assert.equal(0, archive(), said)
      local shown = file:gsub("%p", "%%%0")
      assert.matches("   Archiving 14 binaries %(including 3 non%-test binaries%), 1 build script output directory"
        .. (libraries == 1 and ", 2 linked paths, and 1 standard library to " or ", and 2 linked paths to ") .. shown .. "\n", said)
      if libraries == 0 then assert.matches("\n     Warning could not find standard library for host %(proc macro tests may not work%)", said) end
      assert.matches("\n     Warning linked path `[^`]*/out/missing` not found, requested by: alpha v1%.2%.3%-pre%.4\n"
        .. "             %(this is a bug in this crate that should be fixed%)\n", said)
      assert.matches("\n    Archived %d+ files to " .. shown .. " in %d+%.%d%ds\n$", said)
    end)
    it("a format that the name does not tell is refused with 96 before anything is built (point 23)", function()
      ws:must "mv alpha/src/lib.rs ../lib.rs && echo 'no Rust' >alpha/src/lib.rs"
      local code, _, problems = ws:sh(tool.command .. " archive --archive-file x.tar.gz")
      assert.equal(96, code)
      assert.truthy(problems:find("could not detect archive format from file name `x.tar.gz`", 1, true), problems)
      assert.equal(101, (ws:sh(tool.command .. " archive --archive-file x.tar.zst"))) -- which is what building would say
      ws:must "mv ../lib.rs alpha/src/lib.rs"
    end)
  end) end
end)
