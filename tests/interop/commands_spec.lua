-- The commands beside the real peer on the fixture workspace: what each prints, says and exits with.
local need = require "require"
local workspace = require "workspace"

describe("the commands and the peer:", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local compare = require "cli_compare"
  local ws, archive

  -- Words of a line, quotes of the shell left to it: given as typed.
  local function run(program, line, variables)
    return ws:sh(("%s timeout 120 %s %s"):format(variables or "", program, line))
  end
  local ours_program = workspace.quote(os.getenv "NXLUA" or "nxlua")
  local function both(line, variables)
    local peer, ours = {}, {}
    peer.code, peer.out, peer.err = run("cargo nextest", line, variables)
    ours.code, ours.out, ours.err = run(ours_program, line, variables)
    return peer, ours
  end
  -- Everything that a run prints, without what differs from run to run.
  local function report(text)
    text = compare.said(text)
    return (text:gsub("%[ *>?[%d.]+s%]", "[T]"):gsub("finished in [%d.]+s", "finished in T"):gsub("' %(%d+%) panicked", "' panicked")
      :gsub("pid=?%s*%d+", "pid"):gsub("Archived %d+ files", "Archived N files")
      :gsub("warning: profile `[^`]*` asks for a JUnit report[^\n]*\n", "")) -- ours alone, while there is none
  end
  local function same(line, variables)
    local peer, ours = both(line, variables)
    assert.equal(peer.code, ours.code, line .. "\n" .. ours.err .. "--- peer:\n" .. peer.err)
    assert.equal(workspace.normal(peer.out), workspace.normal(ours.out), line)
    assert.equal(report(peer.err), report(ours.err), line)
  end

  setup(function()
    ws = workspace.copy "ws"
    ws:must "cargo nextest list"
    ws:must "mkdir -p target/extra/sub target/shallow && echo hi >target/extra/a.txt && echo hi >target/extra/sub/b.txt"
    ws:must "echo loose >target/loose.txt && ln -sf a.txt target/extra/link.txt && ln -sfn sub target/extra/linkdir"
    archive = ws.base .. "/peer.tar.zst"
    ws:must("cargo nextest archive --archive-file " .. archive)
  end)
  teardown(function() if ws then ws:remove() end end)

  it("list in every form (checklist 38, 39, 40)", function()
    for _, line in ipairs { "list", "list -T human", "list -v", "list -T human -v -P ci", "list --message-format json",
      "list --message-format json-pretty -P ci -E 'package(alpha-ext) + package(mac)'", "list --color always -T human -v",
      "list --list-type binaries-only", "list --list-type binaries-only -T json-pretty", "list --list-type binaries-only -T human -v" } do
      same(line)
    end
  end)
  it("list of what names, expressions and partitions choose (checklist 46, 47, 48)", function()
    for _, line in ipairs { "list -E 'package(alpha-ext)' a -- --exact d e", "list -E 'package(alpha-ext)' -- --skip a --skip b",
      "list -E 'package(alpha-ext)' -- --include-ignored", "list -- -- --skip", "list --run-ignored all --partition count:1/2",
      "list --partition slice:2/2 -T json", "list --partition hash:1/3", "list --platform-filter host -T json",
      "list -E 'kind(bin)' -E 'test(=d)' -T json", "list -P ci --ignore-default-filter" } do
      same(line)
    end
  end)
  it("archive: messages and codes (checklist 21, 22, 23, 72)", function()
    local file = "--archive-file " .. ws.base .. "/out.tar.zst"
    for _, line in ipairs { "archive -P arch " .. file, "archive -E 'binary_id(alpha::integ) + package(mac)' " .. file,
      "archive -E 'none()' " .. file, "archive -E 'test(x)' " .. file, "archive -E 'group(x)' " .. file,
      "archive --archive-file x.tar.gz", "archive -P nope " .. file } do
      same(line)
    end
  end)
  it("our archive holds what theirs holds, and one member more", function()
    local function members(program)
      local file = ws.base .. "/m.tar.zst"
      assert.equal(0, (run(program, "archive -P arch --archive-file " .. file)))
      local list = {}
      for name in ws:must("zstd -dcq " .. file .. " | tar -t"):gmatch "[^\n]+" do list[#list + 1] = name:gsub("/$", "") end
      table.sort(list)
      return list
    end
    local peer, ours = members "cargo nextest", members(ours_program)
    for i, name in ipairs(ours) do
      if name == "target/nxlua/archive.json" then table.remove(ours, i) break end
    end
    assert.same(peer, ours)
  end)
  it("list and run from one archive, ours and theirs (checklist 10, 11)", function()
    local ours_file = ws.base .. "/ours.tar.zst"
    assert.equal(0, (run(ours_program, "archive --archive-file " .. ours_file)))
    for _, file in ipairs { archive, ours_file } do
      same("list -T json --archive-file " .. file)
      same("run -j1 --no-fail-fast --status-level all -E 'package(alpha-ext) + package(mac) + test(=fail_exit3)' --archive-file " .. file)
    end
    same("list --archive-file " .. archive .. " --extract-to " .. ws.base .. "/none")
    same("list --archive-file " .. archive .. " --workspace-remap " .. ws.base)
    same "list --archive-file x.tar.gz"
    for _, program in ipairs { "cargo nextest", ours_program } do
      local dir = ws.base .. "/to"
      ws:must("rm -rf " .. dir .. " && mkdir " .. dir)
      assert.equal(0, (run(program, "list --archive-file " .. archive .. " --extract-to " .. dir)))
      local code, _, problems = run(program, "list --archive-file " .. archive .. " --extract-to " .. dir)
      assert.equal(96, code)
      assert.matches("destination `" .. dir .. "/target` already exists", problems, 1, true)
      assert.equal(0, (run(program, "list --extract-overwrite --archive-file " .. archive .. " --extract-to " .. dir)))
    end
  end)
  it("run: reports and codes (checklist 53, 58, 66, 67, 68)", function()
    for _, line in ipairs { "run -E 'package(alpha-ext)'", "run -E 'none()'", "run -E 'none()' --no-tests warn", "run --no-tests pass -E 'none()'",
      "run -j1 --no-fail-fast --status-level all -E 'test(/^(ok_plain|fail_exit3|flaky_second|fail_panic|fail_segv)$/)'",
      "run -j1 -E 'test(/^fail_/)' --failure-output never", "run -j1 -P ci -E 'test(/^(flaky_|ok_plain)/)' --failure-output final",
      "run --no-run --retries 2 --status-level all", "run --no-capture -j3 -E 'test(=one)'", "run --max-fail 2 -j1 -E 'test(/^fail_/)'",
      "run -j1 -v -E 'test(=ok_plain)' --success-output immediate", "run -- --nocapture --exact one" } do
      same(line)
    end
    same("run -E 'none()'", "NEXTEST_NO_TESTS=warn")
  end)
  it("the same environment seen by a test that dumps it (checklist 27 to 33)", function()
    local function dump(program, line)
      local dir = ws.base .. "/dump"
      ws:must("rm -rf " .. dir .. " && mkdir " .. dir)
      local code, _, problems = run(program, line, "FX_DUMP=" .. dir)
      assert.equal(0, code, problems)
      return ws:must("cat " .. dir .. "/env-integ-* | grep -avE '^(_|pid)=' | "
        .. "sed -E 's/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{20,}/RUN/g; s/pipe:.*/pipe/; s#/tmp/[a-z]+-archive-[A-Za-z0-9]+#<X>#g' | sort")
    end
    for _, line in ipairs { "run -E 'test(=env_dump)'", "run -E 'test(=env_dump)' --archive-file " .. archive } do
      -- the peer without Cargo in front, which adds variables of its own
      local peer, ours = dump("cargo-nextest nextest", line), dump(ours_program, line)
      assert.equal(peer, ours)
    end
  end)
  it("mistakes: codes and the line that says it (checklist 59)", function()
    for line, code in pairs { ["list -P nope"] = 96, ["list -E 'test('"] = 94, ["list -- --frob"] = 96, ["run --no-run --fail-fast"] = 2,
      ["run --message-format libtest-json"] = 95, ["run -p nopkg"] = 101, ["run --manifest-path /nonexistent/Cargo.toml"] = 102,
      ["list --user-config-file /nope"] = 96, ["list --cargo-message-format human,json"] = 96, ["frob"] = 2,
      ["archive --archive-file " .. ws.base .. "/none/x.tar.zst"] = 103, ["list --binaries-metadata nope"] = 96,
      ["run --partition count:3/2"] = 2, ["show-config test-groups --groups nope"] = 96 } do
      local peer, ours = both(line == "frob" and "list frob --frob" or line)
      assert.equal(code, peer.code, line)
      assert.equal(code, ours.code, line .. "\n" .. ours.err)
      local function first(text) return compare.said(text):match "error: [^\n]*" or "" end
      if code ~= 101 and code ~= 102 then assert.equal(first(peer.err), first(ours.err), line) end
    end
  end)
  it("binaries that do not list, or list nonsense: 104 and the same complaint (checklist 36)", function()
    for _, mode in ipairs { "junk", "empty", "exit1", "bytes" } do same("list -E 'package(harn)'", "HARN_MODE=" .. mode) end
  end)
  it("INT ends a run with 100 (checklist 54)", function()
    for _, program in ipairs { "cargo-nextest nextest", ours_program } do
      local code, _, said = ws:sh(("timeout --foreground --preserve-status -s INT 1.3 %s run -E 'test(=hang)'"):format(program))
      assert.equal(100, code, said)
      assert.matches("SIGINT %[[^%]]*%] %(1/1%) alpha::bad hang", said)
    end
  end)
  it("a partition and a reporter written in Lua", function()
    workspace.write(ws.base .. "/part.lua", "return function(test, index) return index % 2 == 0 and test.suite == 'alpha-ext' end")
    local code, out = run(ours_program, "list -E 'package(alpha-ext)' --partition " .. ws.base .. "/part.lua")
    assert.equal(0, code)
    assert.equal("alpha-ext b\nalpha-ext e\n", out)
    workspace.write(ws.base .. "/report.lua", "return function() return { test_finished = function(e) print(e.test.id, e.status) end } end")
    code, out = run(ours_program, "run -j1 -E 'package(alpha-ext) & test(=a)' --reporter " .. ws.base .. "/report.lua")
    assert.equal(0, code)
    assert.equal("alpha-ext a\tpass\n", out)
  end)
  it("show-config", function()
    same "show-config version"
    same "show-config test-groups --show-default"
    same "show-config test-groups -P ci -E 'package(alpha-ext)'"
  end)
  it("a slice of random command lines", function()
    local counts, differences = compare.run(ws, 3, 40, archive)
    assert.is_true(counts.usage >= 5 and counts.listed >= 8)
    for _, difference in ipairs(differences) do print(difference.line .. "\n" .. difference.how) end
    assert.equal(0, #differences)
  end)
end)
