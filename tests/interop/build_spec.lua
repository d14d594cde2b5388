-- Beside the real peer, on the fixture workspace: discovery, both metadata documents, archives in both directions, listings,
-- complaints, environment.
local nx = require "nx"
local need = require "require"
local workspace = require "workspace"
local json = require "nx.json"
local failure = require "nx.failure"
local listing, list_json = require "nx.listing", require "nx.list_json"

describe("beside the peer:", function()
  if not need "peer" then return end
  local ws, peer_file, our_file

  local function reason(test) return test.ignored and "ignored" or nil end
  local function as_json(build) return list_json.encode(build, listing.list(build), { match = reason }) end
  local function build(options)
    options.cwd, options.output = ws.dir, "null"
    return nx.cargo.build(options)
  end
  -- Opens and lists as `list --archive-file … --message-format json` does: exit code, output, messages.
  local function our_list(file, options)
    local said = {}
    local o = { file, notify = function(label, text) said[#said + 1] = ("%12s %s\n"):format(label, text) end }
    for key, value in pairs(options or {}) do o[key] = value end
    local ok, result = pcall(function()
      local opened <close> = nx.open(o)
      for _, notice in ipairs(opened.notices) do said[#said + 1] = notice.level .. ": " .. notice.text .. "\n" end
      return as_json(opened)
    end)
    if ok then return 0, result, table.concat(said) end
    said[#said + 1] = failure.render(result) .. "\n"
    return result.exit_code, "", table.concat(said)
  end

  setup(function()
    ws = workspace.copy "ws"
    peer_file, our_file = ws.base .. "/peer.tar.zst", ws.base .. "/ours.tar.zst"
    ws:must("cargo nextest archive --archive-file " .. peer_file)
    build {}:archive { to = our_file }
  end)
  teardown(function() ws:remove() end)

  it("the same list of tests, byte for byte, right after building", function()
    assert.equal(ws:must "cargo nextest list --message-format json", as_json(build {}))
  end)
  it("the same list, pretty", function()
    local b = build {}
    assert.equal(ws:must "cargo nextest list --message-format json-pretty",
      list_json.encode(b, listing.list(b), { match = reason, pretty = true }))
  end)
  it("the same list of binaries", function()
    assert.equal(ws:must "cargo nextest list --list-type binaries-only --message-format json-pretty",
      list_json.binaries(build {}, { pretty = true }))
  end)
  it("the same with options of Cargo", function()
    for options, words in pairs {
      [{ package = "alpha", all_targets = true }] = "-p alpha --all-targets",
      [{ workspace = true, exclude = { "harn" }, lib = true, tests = true }] = "--workspace --exclude harn --lib --tests",
      [{ release = true, package = { "mac", "dyn" } }] = "--release -p mac -p dyn",
      [{ target = "x86_64-unknown-linux-gnu", package = { "alpha", "mac" } }] = "--target x86_64-unknown-linux-gnu -p alpha -p mac",
    } do
      assert.equal(ws:must("cargo nextest list --message-format json " .. words), as_json(build(options)), words)
    end
  end)
  it("both metadata documents, byte for byte", function()
    local texts = {}
    for _, file in ipairs { peer_file, our_file } do
      local report = nx.extract { file, data = true, filter = function(e) return e.path:find "^target/nextest/%a+%-metadata%.json$" end }
      for _, entry in ipairs(report.entries) do texts[#texts + 1] = entry.data end
    end
    assert.equal(4, #texts)
    assert.equal(texts[1], texts[3])
    assert.equal(texts[2], texts[4])
  end)
  it("the same members, but for ours", function()
    local function members(file)
      local names = {}
      for _, entry in ipairs(nx.extract { file }.entries) do
        if entry.path ~= "target/nxlua/archive.json" then names[#names + 1] = entry.path .. " " .. entry.bytes end
      end
      table.sort(names)
      return table.concat(names, "\n")
    end
    assert.equal(members(peer_file), members(our_file))
  end)
  it("either's archive is listed alike by both, in another place", function()
    local dest = ws.base .. "/dest"
    for _, file in ipairs { peer_file, our_file } do
      ws:must("mkdir " .. dest)
      local theirs = ws:must(("cargo nextest list --archive-file %s --extract-to %s --message-format json"):format(file, dest))
      ws:must("rm -r " .. dest .. " && mkdir " .. dest)
      local code, ours = our_list(file, { to = dest })
      ws:must("rm -r " .. dest)
      assert.equal(0, code)
      assert.equal(theirs, ours)
    end
  end)
  it("either's archive is listed alike beside moved sources", function()
    local moved = ws.base .. "/moved"
    ws:must("cp -r . " .. moved)
    for _, file in ipairs { peer_file, our_file } do
      local _, theirs, said = ws:sh(("cargo nextest list --archive-file %s --workspace-remap %s --message-format json"):format(file, moved))
      local code, ours, our_words = our_list(file, { workspace = moved })
      assert.equal(0, code)
      assert.equal(workspace.normal(theirs), workspace.normal(ours))
      assert.equal(workspace.normal(said), workspace.normal(our_words))
    end
    ws:must("rm -r " .. moved)
  end)
  it("runs the same verdicts from either's archive", function()
    for _, file in ipairs { peer_file, our_file } do
      local code, _, said = ws:sh("cargo nextest run -P calm --no-fail-fast -E 'package(alpha-ext) + package(mac) + test(/^fail_exit3$/)'"
        .. " --archive-file " .. file)
      assert.equal(100, code)
      assert.truthy(said:find "7 tests run: 6 passed, 1 failed", said)
    end
  end)
  it("the same from metadata in files, with remaps", function()
    local dest, moved = ws.base .. "/unpacked", ws.base .. "/elsewhere"
    ws:must(("mkdir %s && cp -r . %s && tar xf %s -C %s"):format(dest, moved, peer_file, dest))
    local meta = dest .. "/target/nextest/"
    local theirs = ws:must(([[cargo nextest list --message-format json --binaries-metadata %sbinaries-metadata.json
      --cargo-metadata %scargo-metadata.json --workspace-remap %s --target-dir-remap %s/target]]):format(meta, meta, moved, dest)
      :gsub("\n", " "))
    local ours <close> = nx.open { binaries_metadata = meta .. "binaries-metadata.json",
      cargo_metadata = meta .. "cargo-metadata.json", workspace = moved, target_dir_remap = dest .. "/target" }
    assert.equal(theirs, as_json(ours))
    ws:must(("rm -r %s %s"):format(dest, moved))
  end)
  it("the same words while archiving, with includes and with filters", function()
    ws:must [[mkdir -p target/extra/sub target/shallow target/deep/1/2 && echo hi >target/extra/a.txt && echo hi >target/extra/sub/b.txt
      echo loose >target/loose.txt; ln -sf a.txt target/extra/link.txt; mkfifo target/extra/pipe; echo x >target/deep/1/2/f]]
    local function words(options)
      local said = {}
      options.notify = function(label, text) said[#said + 1] = ("%12s %s\n"):format(label, text) end
      options.to = ws.base .. "/a.tar.zst"
      build {}:archive(options)
      return (table.concat(said):gsub("Archived (%d+)", function(n) return "Archived " .. n - 1 end)) -- our own member
    end
    local function theirs(arguments)
      local code, _, said = ws:sh("cargo nextest archive --archive-file " .. ws.base .. "/a.tar.zst " .. arguments)
      assert.equal(0, code, said)
      return (said:gsub("[^\n]*Finished[^\n]*\n", ""):gsub(" *Blocking[^\n]*\n", ""))
    end
    local normal = workspace.normal
    local include = { { path = "extra" }, { path = "nope.txt" }, { path = "shallow", depth = 0 }, { path = "loose.txt", depth = 0 } }
    assert.equal(normal(theirs "-P arch"), normal(words { include = include }))
    assert.equal(normal(theirs "-E 'none()'"), normal(words { filter = "none()" }))
    local some = "binary_id(alpha::integ) + package(mac)"
    assert.equal(normal(theirs("-E '" .. some .. "'")), normal(words { filter = some }))
    workspace.write(ws.base .. "/deep.toml", '[profile.default]\narchive.include = [ { path = "deep", relative-to = "target", depth = 1 } ]\n')
    assert.equal(normal(theirs("--config-file " .. ws.base .. "/deep.toml")), normal(words { include = { { path = "deep", depth = 1 } } }))
  end)
  it("the same complaints while archiving", function()
    ws:must "mkdir -p target/dangling && ln -s /nowhere target/dangling/link"
    local to = ws.base .. "/no.tar.zst"
    for text, include in pairs {
      ['path = "nope", relative-to = "target", on-missing = "error"'] = { path = "nope", on_missing = "error" },
      ['path = "dangling", relative-to = "target"'] = { path = "dangling" },
    } do
      workspace.write(ws.base .. "/c.toml", "[profile.default]\narchive.include = [ { " .. text .. " } ]\n")
      local code, _, theirs = ws:sh(("cargo nextest archive --config-file %s/c.toml --archive-file %s"):format(ws.base, to))
      local said = {}
      local ok, e = pcall(function()
        build {}:archive { to = to, include = { include },
          notify = function(label, words) said[#said + 1] = ("%12s %s\n"):format(label, words) end }
      end)
      assert.is_false(ok)
      assert.equal(code, e.exit_code)
      theirs = workspace.normal(theirs:gsub("[^\n]*Finished[^\n]*\n", ""):gsub(" *Blocking[^\n]*\n", ""))
      assert.equal(theirs, workspace.normal(table.concat(said) .. failure.render(e) .. "\n"))
      assert.is_nil(nx.fs.stat(to))
    end
  end)
  it("the same words about a target runner, which lists too", function()
    local program = require "program".program
    if not program then return end
    local runner = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER='env HARN_MODE=bench' "
    local _, theirs, said = ws:sh(runner .. "cargo nextest list -p harn --message-format json")
    local _, ours, our_words = ws:sh(runner .. workspace.quote(program) .. " list -p harn --message-format json")
    assert.equal(theirs, ours)
    assert.equal(said:match "info: using target runner[^\n]*", our_words:match "info: using target runner[^\n]*")
  end)
  it("the same lists and members with a build directory apart from the target directory", function()
    local program = require "program".program
    if not program then return end
    program = workspace.quote(program)
    local apart = ("export CARGO_BUILD_BUILD_DIR=%s/apart; "):format(ws.base)
    assert.equal(ws:must(apart .. "cargo nextest list --message-format json"), ws:must(apart .. program .. " list --message-format json"))
    local files = { ws.base .. "/pa.tar.zst", ws.base .. "/oa.tar.zst" }
    ws:must(apart .. "cargo nextest archive --archive-file " .. files[1])
    ws:must(apart .. program .. " archive --archive-file " .. files[2])
    local lists, documents = {}, {}
    for i, file in ipairs(files) do
      for _, with in ipairs { "cargo nextest", program } do
        lists[#lists + 1] = workspace.normal(ws:must(with .. " list --message-format json --archive-file " .. file))
      end
      documents[i] = nx.extract { file, data = true, filter = function(e) return e.path:find "binaries%-metadata%.json$" end }.entries[1].data
    end
    assert.same({ lists[1], lists[1], lists[1], lists[1] }, lists)
    assert.equal(documents[1], documents[2])
  end)
  it("the demonstration's archive is listed by the peer as it is by us", function()
    local program = require "program".program
    if not program then return end
    local source, file = os.getenv "NXLUA_SOURCE", ws.base .. "/demo.tar.zst"
    local said = ws:must(("%s %s/scripts/demo.lua %s/tests/fixtures/demo %s 2>&1"):format(workspace.quote(program), source, source, file))
    assert.truthy(said:find "6 tests run: 6 passed, 1 skipped", said)
    local words = (" list --message-format json --archive-file %s --workspace-remap %s/tests/fixtures/demo"):format(file, source)
    assert.equal(workspace.normal(ws:must("cargo nextest" .. words)), workspace.normal(ws:must(workspace.quote(program) .. words)))
  end)
  it("the same complaints about odd archives", function()
    if not (need "python" and need "zstd") then return end
    local some, crafted = ws.base .. "/some.tar.zst", ws.base .. "/crafted"
    ws:must("cargo nextest archive -E 'binary_id(alpha::integ) + package(mac)' --archive-file " .. some)
    ws:must(("mkdir %s && python3 %s/tests/interop/craft.py %s %s"):format(crafted, os.getenv "NXLUA_SOURCE", some, crafted))
    ws:must(("head -c 300000 %s > %s/truncated.tar.zst; : > %s/empty.tar.zst; echo hello > %s/text.tar.zst; echo > %s/x.tar.gz")
      :format(some, crafted, crafted, crafted, crafted))
    -- deliberate: our own words on what the decoder or the kernel says, and no double-spawn helper
    local own_words = { ["window-28"] = true, truncated = true, empty = true, text = true, ["path-outside-target"] = true,
      ["meta-without-build-script-info"] = true }
    local count = 0
    for file in ws:must("ls " .. crafted):gmatch "[^\n]+" do
      local name = file:gsub("%.tar.*$", "")
      local full = crafted .. "/" .. file
      local code, theirs, said = ws:sh("cargo nextest list --message-format json --archive-file " .. full)
      local our_code, ours, our_words = our_list(full)
      assert.equal(code, our_code, name)
      if not own_words[name] then
        assert.equal(workspace.normal(said), workspace.normal(our_words), name)
      elseif code ~= 0 then
        assert.equal(workspace.normal(said):match "error: [^\n]*", workspace.normal(our_words):match "error: [^\n]*", name)
      end
      assert.equal(workspace.normal(theirs), workspace.normal(ours), name)
      count = count + 1
    end
    assert.is_true(count > 35)
    for _, options in ipairs { { to = "nodir" }, { workspace = "/nowhere" } } do
      local words = options.to and "--extract-to " .. options.to or "--workspace-remap /nowhere"
      local code, _, said = ws:sh("cargo nextest list --archive-file " .. some .. " " .. words)
      local our_code, _, our_words = our_list(some, options)
      assert.equal(code, our_code)
      assert.equal(workspace.normal(said), workspace.normal(our_words))
    end
  end)
  it("the same complaints about harnesses that do not list", function()
    for _, mode in ipairs { "junk", "empty", "exit1", "bytes", "noise", "bench", "only-ignored", "crlf", "dup" } do
      local code, theirs, said = ws:sh("HARN_MODE=" .. mode .. " cargo nextest list --message-format json -E 'package(harn)' -p harn")
      local b = build { package = "harn", env = { HARN_MODE = mode } }
      local config = b.cargo.config
      b.cargo.config = { env = function(_, inherited) -- the variable as if it were inherited
        local env = config:env(inherited)
        env.HARN_MODE = mode
        return env
      end }
      local ok, ours = pcall(as_json, b)
      assert.equal(code, ok and 0 or ours.exit_code, mode)
      if ok then
        assert.equal(theirs, ours, mode)
      else
        assert.equal(said:match "error: creating.*", failure.render(ours) .. "\n", mode)
      end
    end
  end)
  it("the same environment for a test", function()
    local function dump(command)
      local text = ws:must("rm -rf ../dump && mkdir ../dump && FX_DUMP=../dump " .. command .. " >/dev/null 2>&1; cat ../dump/env-* | sort")
      return text
    end
    local theirs = dump(("mkdir -p ../x && FX_DUMP=%s/dump cargo nextest run --archive-file %s --extract-to %s/x"
      .. " --extract-overwrite -E 'test(=env_dump)'"):format(ws.base, peer_file, ws.base))
    workspace.write(ws.base .. "/env.lua", [[
      local nx = require "nx"
      local file, dest, dump = ...
      local build <close> = nx.open { file, to = dest, overwrite = true }
      local suite = build:suite "alpha::integ"
      local env = require "nx.environment".suite(build, suite, { phase = "run", run_id = "11111111-1111-4111-8111-111111111111" })
      env.FX_DUMP = dump
      nx.run { suite.path, "--exact", "env_dump", "--nocapture", env = env, cwd = suite.cwd, check = true }]])
    local program = require "program".program
    if not program then return end
    local ours = dump(("%s %s/env.lua %s %s/x %s/dump"):format(workspace.quote(program), ws.base, our_file, ws.base, ws.base))
    -- what the runner adds to each test, and what `cargo` (rustup's) leaves in the environment of its subcommands
    local function keep(text)
      local lines = {}
      for line in text:gmatch "[^\n]+" do
        local name = line:match "^([%w_-]+)="
        local runners = name and (name:find "^NEXTEST_TEST_" and name ~= "NEXTEST_TEST_PHASE" or name:find "^NEXTEST_STRESS_"
          or name:find "ATTEMPT" or name == "NEXTEST_RUN_MODE")
        local rustups = name and (name:find "^RUSTUP_" or name == "RUST_RECURSION_COUNT" or name == "CARGO" or name == "CARGO_HOME"
          or name == "_" or name == "pid" or name:find "^fd" or name:find "^NXLUA" or name:find "^LUA_")
        if not runners and not rustups and not line:find "^pid=" then
          lines[#lines + 1] = (line:gsub(":/[^:]*/toolchains/[^:]*/lib$", ""))
        end
      end
      return workspace.normal(table.concat(lines, "\n"))
    end
    assert.equal(keep(theirs), keep(ours))
  end)
  it("runs with an empty PATH", function()
    local program = require "program".program
    if not program then return end
    workspace.write(ws.base .. "/list.lua", [[
      local build <close> = require "nx".open { (...) }
      local n = 0
      for _, listed in ipairs(require "nx.listing".list(build)) do n = n + #listed.tests end
      print(n)]])
    local out = ws:must(("env -i PATH= TMPDIR=/tmp %s %s/list.lua %s"):format(workspace.quote(program), ws.base, our_file))
    assert.equal(json.decode(ws:must "cargo nextest list --message-format json")["test-count"], tonumber(out))
  end)
end)
