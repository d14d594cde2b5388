-- What a run says on standard error, line by line, and which platform decides: asked of nxlua and of the peer.
local handmade = require "handmade"
local json = require "nx.json"

for _, tool in handmade.tools() do
  describe("the report of " .. tool.name .. ":", function()
    local here
    setup(function() here = handmade.new { { "alpha", "ok" } } end)
    before_each(function() here:config "" end)
    teardown(function() here:remove() end)
    -- What a run prints from its first bar on, times put aside.
    local function report(names, line, config)
      here:archive { { "alpha", names } }
      here:config(config or "")
      local r = here:run(tool, "run -j1 " .. (line or ""))
      assert.equal("", r.out)
      local text = r.err:match "\n(────────────\n.*)$"
      return (text:gsub("%[ *(>? *)%d+%.%d%d%ds%]", "[T]"):gsub("run ID %x+%-[%x-]+", "run ID X")), r
    end
    local function lines(text, pattern)
      local out = {}
      for line in text:gmatch "[^\n]+" do if line:find(pattern) then out[#out + 1] = line end end
      return table.concat(out, "\n")
    end

    it("a status line is label, seconds, counter, binary and name, on standard error (point 66)", function()
      here:archive { { "alpha", "ok1 ok2" } }
      local r = here:run(tool, "run -j1")
      assert.matches("\n        PASS %[   %d%.%d%d%ds%] %(1/2%) alpha ok1\n        PASS %[   %d%.%d%d%ds%] %(2/2%) alpha ok2\n", r.err)
    end)
    it("the counter is as wide as the whole, and absent where no progress is to be shown (point 66)", function()
      local names = {}
      for i = 1, 10 do names[i] = "t" .. i end
      local text = report(table.concat(names, " "))
      assert.matches("\n        PASS [T] ( 1/10) alpha t1\n", text, 1, true)
      assert.matches("\n        PASS [T] (10/10) alpha t9\n", text, 1, true)
      assert.matches("\n        PASS [T] alpha t9\n", report(table.concat(names, " "), "--show-progress none"), 1, true)
    end)
    it("the first lines give the run, the profile and how many tests of how many binaries (point 67)", function()
      assert.matches("^────────────\n Nextest run ID X with nextest profile: default\n    Starting 2 tests across 1 binary %(1 test skipped%)\n",
        (report "a b c!"))
    end)
    it("the summary counts all that ran, F/I only when not all did, and says test of 1 (point 67)", function()
      assert.equal("     Summary [T] 1 test run: 1 passed, 0 skipped", lines(report "a", "Summary"))
      assert.equal("     Summary [T] 2 tests run: 2 passed, 1 skipped", lines(report "a b c!", "Summary"))
      assert.equal("     Summary [T] 1/3 tests run: 0 passed, 1 failed, 0 skipped", lines(report "fail x y", "Summary"))
      assert.equal("     Summary [T] 4 tests run: 2 passed (1 flaky, 1 leaky), 2 failed, 0 skipped",
        lines(report("exit3 fail flaky2 leak", "--no-fail-fast --retries 1"), "Summary"))
      assert.equal("     Summary [T] 1 test run: 0 passed, 1 timed out, 0 skipped",
        lines(report("hang", "", "[profile.default]\nslow-timeout = { period = '100ms', terminate-after = 1 }\n"), "Summary"))
      assert.equal("     Summary [T] 0 tests run: 0 passed, 1 skipped", lines(report("a", "nothing --no-tests pass"), "Summary"))
    end)
    it("output stands below headers, four columns in, an empty line behind it (point 68)", function()
      local text = report "bothfail"
      assert.matches("FAIL [T] (1/1) alpha bothfail\n  stdout ───\n    one\n  stderr ───\n    two\n\n", text, 1, true)
      text = report("both fail", "--no-fail-fast --success-output immediate --no-output-indent")
      assert.matches("PASS [T] (1/2) alpha both\n── stdout ──\none\nthree\n── stderr ──\ntwo\n\n", text, 1, true)
    end)
    it("an exit code is told unless it is 101, a signal always (point 68)", function()
      assert.matches("alpha exit3\n\n    (test failed with exit code 3)\n", (report "exit3"), 1, true)
      assert.is_nil(report("fail"):find "test failed with")
      assert.matches(" SIGABRT [T] (1/1) alpha sigABRT\n\n    (test aborted with signal 6: SIGABRT)\n", (report "sigABRT"), 1, true)
      assert.matches("ABORT SIG 10 [T] (1/1) alpha sigUSR1\n\n    (test aborted with signal 10)\n", (report "sigUSR1"), 1, true)
    end)
    it("the end repeats flaky and failing tests, the failing ones last, and no output that was shown at once (point 69)", function()
      local text = report("a fail flaky2 ok", "--no-fail-fast --retries 1 --failure-output immediate")
      local final = text:match "Summary[^\n]*\n(.*)$"
      assert.equal("   FLAKY 2/2 [T] (3/4) alpha flaky2\n  TRY 2 FAIL [T] (2/4) alpha fail\nerror: test run failed\n", final)
    end)
    it("the end has the output where it was asked for there (point 69)", function()
      local text = report("bothfail fail", "--no-fail-fast --failure-output final")
      local before, final = text:match "^(.*)     Summary[^\n]*\n(.*)$"
      assert.is_nil(before:find "stdout ───")
      assert.equal("        FAIL [T] (1/2) alpha bothfail\n  stdout ───\n    one\n  stderr ───\n    two\n\n"
        .. "        FAIL [T] (2/2) alpha fail\n  stdout ───\n    failing\n\nerror: test run failed\n", final)
      _, final = report("fail", "--failure-output immediate-final"):match "^(.*)     Summary[^\n]*\n(.*)$"
      assert.matches("stdout ───", final)
      _, final = report("fail", "--final-status-level none"):match "^(.*)     Summary[^\n]*\n(.*)$"
      assert.equal("error: test run failed\n", final)
    end)
    it("extracting says how many binaries and files, and where (point 72)", function()
      here:archive({ { "alpha", "ok" }, { "alpha::t", "ok" } }, { edit = function(meta, _, _, ids)
        meta["rust-build-meta"]["non-test-binaries"] = { [ids.alpha] = { { name = "x", kind = "bin-exe", path = "debug/x" } } }
        meta["rust-build-meta"]["linked-paths"] = { "debug/lib" }
      end })
      here:must "rm -rf ../to && mkdir ../to"
      local r = here:run(tool, "list --extract-to ../to")
      assert.equal(("  Extracting 3 binaries (including 1 non-test binary) and 1 linked path to %s/to\n   Extracted 4 files to %s/to in T\n")
        :format(here.base, here.base), (r.err:gsub("in %d+%.%d%ds", "in T"):match "^.-\n.-\n"))
    end)
  end)

  describe("platforms under " .. tool.name .. ":", function()
    local here
    setup(function() here = handmade.new { { "alpha", "ok" } } end)
    teardown(function() here:remove() end)
    -- An archive with a target test and a procedural macro's test.
    local function archive(host, target)
      here:archive({ { "alpha", "environ_target" }, { "mac", "environ_host", platform = "host" } }, { edit = function(meta)
        local function platform(triple)
          return { platform = { triple = triple, ["target-features"] = "unknown" }, libdir = { status = "unavailable", reason = "not-in-archive" } }
        end
        local platforms = meta["rust-build-meta"].platforms
        platforms.host = platform(host or "x86_64-unknown-linux-gnu")
        platforms.targets = json.array { target and platform(target) }
      end })
    end
    -- The attempts that an override for `spec` (2 retries) gives the two.
    local function attempts(spec, host, target)
      archive(host, target)
      here:config(("[[profile.default.overrides]]\nplatform = %s\nretries = 2\n"):format(spec))
      local r = here:run(tool, "run")
      assert.equal(0, r.code, r.err)
      return { here:seen("environ_target").NEXTEST_TOTAL_ATTEMPTS, here:seen("environ_host").NEXTEST_TOTAL_ATTEMPTS }
    end

    it("a platform means the target's for normal tests and the host's for procedural macros (point 73)", function()
      local linux, mac = "x86_64-unknown-linux-gnu", "aarch64-apple-darwin"
      assert.same({ "3", "3" }, attempts("'cfg(unix)'", linux, mac))
      assert.same({ "3", "1" }, attempts([['cfg(target_os = "macos")']], linux, mac))
      assert.same({ "1", "3" }, attempts([['cfg(target_os = "linux")']], linux, mac))
      assert.same({ "3", "1" }, attempts("'aarch64-apple-darwin'", linux, mac))
      assert.same({ "1", "1" }, attempts("'cfg(windows)'", linux, mac))
      assert.same({ "3", "3" }, attempts([['cfg(target_os = "linux")']], linux))
      assert.same({ "3", "3" }, attempts([[{ host = 'cfg(target_os = "linux")' }]], linux, mac))
      assert.same({ "1", "1" }, attempts([[{ host = 'cfg(target_os = "macos")' }]], linux, mac))
    end)
    it("a target_feature that is not known counts as a match (point 73)", function()
      assert.same({ "3", "3" }, attempts [['cfg(target_feature = "avx512f")']])
      assert.same({ "3", "3" }, attempts [['cfg(not(target_feature = "avx512f"))']])
      assert.same({ "1", "1" }, attempts [['cfg(all(windows, target_feature = "avx512f"))']])
    end)
    it("the target's runner starts normal tests, the host's those of procedural macros (point 35)", function()
      archive("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")
      here:config ""
      for _, name in ipairs { "host", "target" } do
        here:must("chmod +x " .. here:write(name .. ".sh", ('#!/bin/sh\necho "%s starts $(basename "$1") $2" >>"$FAKE_LOG"\nexec "$@"\n'):format(name)))
      end
      local r = here:run(tool, "run -j1", { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER = here.dir .. "/host.sh",
        CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER = here.dir .. "/target.sh" })
      assert.equal(0, r.code, r.err)
      local starts = {}
      for line in r.log:gmatch "[^\n]+" do
        if line:find " starts " then starts[line] = (starts[line] or 0) + 1 end
      end
      assert.same({ ["target starts alpha-1 --list"] = 2, ["target starts alpha-1 --exact"] = 1, ["host starts mac-2 --list"] = 2,
        ["host starts mac-2 --exact"] = 1 }, starts)
    end)
    it("host and target are those of the archive, not those of this machine (point 74)", function()
      local windows = "x86_64-pc-windows-msvc"
      assert.same({ "3", "3" }, attempts("'cfg(windows)'", windows))
      assert.same({ "1", "1" }, attempts("'cfg(unix)'", windows))
      assert.same({ "1", "3" }, attempts("'cfg(windows)'", windows, "aarch64-unknown-linux-gnu"))
      assert.same({ "3", "1" }, attempts([['cfg(target_arch = "aarch64")']], windows, "aarch64-unknown-linux-gnu"))
    end)
  end)
end
