-- Configuration and the command line, asked of nxlua and of the peer: unknown keys, overrides, inheritance, which option goes with
-- which, and what beats what.
local handmade = require "handmade"
local workspace = require "workspace"

for _, tool in handmade.tools() do
  describe("settings of " .. tool.name .. ":", function()
    local here
    setup(function()
      here = handmade.new { { "alpha", "environ args ok" }, { "alpha::t", "environ_t both fail flaky2 ok" } }
    end)
    before_each(function() here:config "" end)
    teardown(function() here:remove() end)
    local function says(text, r) assert.truthy(r.err:find(text, 1, true), r.err) end
    -- What the test `name` was told, of a run of it alone with this configuration.
    local function told(name, line, config, variables)
      if config then here:config(config) end
      os.remove(here.base .. "/" .. name)
      local r = here:run(tool, ("run -E 'test(=%s)' %s"):format(name, line or ""), variables)
      assert.equal(0, r.code, r.err)
      return here:seen(name)
    end

    describe("unknown keys", function()
      local function known(config)
        here:config(config)
        return here:run(tool, "list -E 'test(=ok)'")
      end
      it("are warned about and passed over (point 60)", function()
        local r = known "[profile.default]\nfrob = 1\nretries = 1\n"
        assert.equal(0, r.code)
        says("warning: in config file .config/nextest.toml, ignoring unknown configuration key: profile.default.frob\n", r)
        assert.equal("2", told("environ").NEXTEST_TOTAL_ATTEMPTS)
      end)
      it("are named each, at the top, in profiles and in overrides (point 60)", function()
        local r = known "frob = 1\n[profile.ci]\nzip = 2\n[[profile.default.overrides]]\nfilter = 'all()'\nretrys = 3\n"
        assert.equal(0, r.code)
        says("warning: in config file .config/nextest.toml, ignoring unknown configuration keys:", r)
        for _, key in ipairs { "frob", "profile.ci.zip", "profile.default.overrides.0.retrys" } do says("  - " .. key .. "\n", r) end
      end)
      it("are errors (96) in archive.include and in tables of retries (point 60)", function()
        for _, config in ipairs { "[profile.default]\narchive.include = [{ path = 'x', relative-to = 'target', frob = 1 }]\n",
          "[profile.default]\nretries = { backoff = 'fixed', count = 1, frob = 1 }\n",
          "[[profile.default.overrides]]\nfilter = 'all()'\nretries = { backoff = 'exponential', count = 1, delay = '1s', frob = 1 }\n" } do
          local r = known(config)
          assert.equal(96, r.code, config)
          says(("error: failed to parse nextest config at `%s/.config/nextest.toml`"):format(here.dir), r)
          says("unknown field `frob`", r)
        end
      end)
    end)

    describe("the file of the configuration", function()
      it("is TOML 1.1: tables in braces over several lines, a comma behind the last, \\x and \\e (point 60)", function()
        local env = told("environ", "-P ci", [=[
[profile.ci]
retries = { # as often as the network fails
  backoff = "fixed",
  count = 2,
}
default-filter = "test(\x65nviron)"
]=])
        assert.equal("3", env.NEXTEST_TOTAL_ATTEMPTS)
        assert.equal("alpha environ\nalpha::t environ_t\n", here:run(tool, "list -P ci").out)
      end)
      it("is named in errors as it was given, in warnings below the root (point 60)", function()
        local wrong, unknown = "[profile.default]\nretries = 'x'\n", "[profile.default]\nfrob = 1\n"
        local given, tool_file = here:write("sub/c.toml", ""), here:write("sub/t.toml", "")
        for _, case in ipairs { { here.dir .. "/.config/nextest.toml", "`", "", ".config/nextest.toml", "" },
          { given, "`", "--config-file sub/c.toml", "sub/c.toml", "", "sub/c.toml" },
          { given, "`", "--config-file " .. given, "sub/c.toml", "" },
          { tool_file, "` provided by tool `t`", "--tool-config-file t:" .. tool_file, "sub/t.toml", " provided by tool `t`" } } do
          local path, behind, options, below, by, as_given = table.unpack(case)
          workspace.write(path, wrong)
          local r = here:run(tool, "list " .. options)
          assert.equal(96, r.code)
          says(("error: failed to parse nextest config at `%s%s\n"):format(as_given or path, behind), r)
          workspace.write(path, unknown)
          says(("warning: in config file %s%s, ignoring unknown configuration key: "):format(below, by), here:run(tool, "list " .. options))
          workspace.write(path, "")
        end
      end)
      it("has to be there when it was asked for, and is read as the system allows (point 59)", function()
        for options, reason in pairs { ["--config-file nope.toml"] = "No such file or directory (os error 2)",
          ["--config-file sub"] = "Is a directory (os error 21)" } do
          here:write("sub/x", "")
          local r = here:run(tool, "list " .. options)
          assert.equal(96, r.code)
          says(("error: failed to parse nextest config at `%s`\n\nCaused by:\n  %s\n"):format(options:match "%S+$", reason), r)
        end
      end)
    end)

    describe("overrides", function()
      local CONFIG <const> = [=[
[test-groups]
first = { max-threads = 1 }
second = { max-threads = 1 }
[profile.default]
retries = 7
[[profile.default.overrides]]
filter = "all()"
retries = 6
run-extra-args = ["--from-default"]
test-group = "second"
[[profile.ci.overrides]]
filter = "test(=none_of_them)"
retries = 5
[[profile.ci.overrides]]
filter = "test(environ)"
retries = 1
[[profile.ci.overrides]]
filter = "test(environ) + test(=args)"
retries = 2
test-group = "first"
]=]
      it("the first that matches wins, for each setting by itself (point 61)", function()
        local env = told("environ", "-P ci", CONFIG)
        assert.same({ "2", "first" }, { env.NEXTEST_TOTAL_ATTEMPTS, env.NEXTEST_TEST_GROUP })
      end)
      it("those of the chosen profile come before those of default, which come before the profile's own value (point 61)", function()
        here:config(CONFIG)
        local r = here:run(tool, "run -P ci -j1 -E 'test(=args) + test(=ok) + test(=environ)'")
        assert.equal(0, r.code, r.err)
        assert.matches("%-%-exact environ %-%-nocapture %-%-from%-default\n", r.log)
        local env = told "environ"
        assert.same({ "7", "second" }, { env.NEXTEST_TOTAL_ATTEMPTS, env.NEXTEST_TEST_GROUP })
        env = told("environ", "-P ci", (CONFIG:gsub("test%(environ%)", "test(other)")))
        assert.same({ "7", "second" }, { env.NEXTEST_TOTAL_ATTEMPTS, env.NEXTEST_TEST_GROUP })
      end)
      it("--retries and --flaky-result beat all of them (point 61)", function()
        assert.equal("4", told("environ", "-P ci --retries 3", CONFIG).NEXTEST_TOTAL_ATTEMPTS)
        here:config "[[profile.default.overrides]]\nfilter = 'all()'\nretries = 1\nflaky-result = 'fail'\n"
        assert.equal(100, here:run(tool, "run -E 'test(=flaky2)'").code)
        assert.equal(0, here:run(tool, "run -E 'test(=flaky2)' --flaky-result pass").code)
      end)
    end)

    describe("profiles", function()
      local CONFIG <const> = [=[
[profile.default]
retries = 1
test-threads = 3
default-filter = "not test(flaky)"
[profile.base]
inherits = "other"
retries = 2
run-extra-args = ["--base"]
default-filter = "test(=args)"
[[profile.base.overrides]]
filter = "all()"
retries = 8
[profile.other]
retries = 9
test-threads = 5
[profile.ci]
inherits = "base"
fail-fast = false
]=]
      it("take what they leave out from the profile that they inherit, and at last from default (point 62)", function()
        local env = told("environ", "-P ci", CONFIG)
        assert.same({ "ci", "5" }, { env.NEXTEST_PROFILE, env.NEXTEST_TEST_THREADS })
        assert.equal("3", env.NEXTEST_TOTAL_ATTEMPTS)
        assert.matches("%-%-base\n", here:run(tool, "run -P ci -E 'test(=args)'").log)
        env = told("environ", "-P plain", CONFIG .. "[profile.plain]\nfail-fast = false\n")
        assert.same({ "3", "2" }, { env.NEXTEST_TEST_THREADS, env.NEXTEST_TOTAL_ATTEMPTS })
      end)
      it("use no overrides and no default-filter of those in between, only their own and default's (point 62)", function()
        here:config(CONFIG)
        -- `environ` is not in the filter of base, and base's override would give it 9 attempts
        assert.equal("3", told("environ", "-P ci", CONFIG).NEXTEST_TOTAL_ATTEMPTS)
        local r = here:run(tool, "list -P ci")
        assert.equal("alpha args\nalpha environ\nalpha ok\nalpha::t both\nalpha::t environ_t\nalpha::t fail\nalpha::t ok\n", r.out)
        assert.equal("alpha args\n", here:run(tool, "list -P base").out)
        assert.equal("9", told("environ", "-P base --ignore-default-filter").NEXTEST_TOTAL_ATTEMPTS)
        assert.equal("6", told("environ", "-P ci", CONFIG .. "[[profile.default.overrides]]\nfilter = 'all()'\nretries = 5\n")
          .NEXTEST_TOTAL_ATTEMPTS)
      end)
    end)

    describe("options", function()
      local function usage(line, words, o)
        local r = here:run(tool, line, nil, o)
        assert.equal(2, r.code, line .. "\n" .. r.err)
        for _, word in ipairs(words) do says(word, r) end
      end
      it("of a build cannot stand beside --archive-file (point 63)", function()
        for option, shown in pairs {
          ["-p x"] = "--package <PACKAGES>", ["--workspace"] = "--workspace", ["--workspace --exclude x"] = "--exclude <EXCLUDE>",
          ["--all"] = "--all", ["--lib"] = "--lib", ["--bin x"] = "--bin <BIN>", ["--bins"] = "--bins", ["--example x"] = "--example <EXAMPLE>",
          ["--examples"] = "--examples", ["--test x"] = "--test <TEST>", ["--tests"] = "--tests", ["--bench x"] = "--bench <BENCH>",
          ["--benches"] = "--benches", ["--all-targets"] = "--all-targets", ["-F x"] = "--features <FEATURES>",
          ["--all-features"] = "--all-features", ["--no-default-features"] = "--no-default-features", ["--build-jobs 2"] = "--build-jobs <N>",
          ["--release"] = "--release", ["--cargo-profile x"] = "--cargo-profile <NAME>", ["--target x"] = "--target <TRIPLE>",
          ["--target-dir x"] = "--target-dir <DIR>", ["--unit-graph"] = "--unit-graph", ["--timings"] = "--timings",
          ["--frozen"] = "--frozen", ["--locked"] = "--locked", ["--offline"] = "--offline",
          ["--cargo-message-format short"] = "--cargo-message-format <FMT>", ["--cargo-quiet"] = "--cargo-quiet",
          ["--cargo-verbose"] = "--cargo-verbose", ["--ignore-rust-version"] = "--ignore-rust-version",
          ["--future-incompat-report"] = "--future-incompat-report", ["-Z x"] = "-Z <FLAG>",
        } do
          usage("list " .. option, { "the argument '--archive-file <PATH>' cannot be used with", shown })
        end
      end)
      it("--config and --manifest-path may stand beside --archive-file (point 63)", function()
        local r = here:run(tool, "list -E 'test(=ok)' --config build.jobs=1 --manifest-path Cargo.toml")
        assert.same({ 0, "alpha ok\nalpha::t ok\n" }, { r.code, r.out }, r.err)
      end)
      it("--target-dir-remap and --build-dir-remap need --binaries-metadata (point 64)", function()
        for _, option in ipairs { "--target-dir-remap", "--build-dir-remap" } do
          usage("list " .. option .. " .", { "the following required arguments were not provided", "--binaries-metadata <PATH>" }, { bare = true })
        end
      end)
      it("--workspace-remap needs the metadata of both Cargo and the binaries, or an archive (point 64)", function()
        for _, given in ipairs { "", "--cargo-metadata c.json", "--binaries-metadata b.json" } do
          usage("list --workspace-remap . " .. given, { "the following required arguments were not provided" }, { bare = true })
        end
        assert.equal(0, here:run(tool, "list --workspace-remap .").code)
      end)
      it("--extract-overwrite needs --extract-to, and that an archive (point 64)", function()
        usage("list --extract-overwrite", { "the following required arguments were not provided", "--extract-to <DIR>" })
        usage("list --extract-to .", { "the following required arguments were not provided", "--archive-file <PATH>" }, { bare = true })
        usage("list --persist-extract-tempdir", { "--archive-file <PATH>" }, { bare = true })
      end)
    end)

    describe("option, then variable, then configuration:", function()
      -- Runs with the configuration alone, with the variable too, with the option too: what is seen each time.
      local function thrice(name, config, variable, option, line, look)
        local values = {}
        for i, way in ipairs { { "", {} }, { "", { [name] = variable } }, { option, { [name] = variable } } } do
          here:config(config)
          local r = here:run(tool, ("run %s %s"):format(line, way[1]), way[2])
          assert.is_true(r.code == 0 or r.code == 100 or r.code == 4, r.err)
          values[i] = look(r)
        end
        return values
      end
      local function seen(name) return function() return here:seen("environ")[name] end end
      local ENVIRON <const> = "-E 'test(=environ)'"
      -- Where the output of a test stands: before the summary, behind it.
      local function output(r)
        local before, behind = r.err:match "^(.*)Summary(.*)$"
        return (before:find "\n *stdout ───" and "immediate" or "") .. (behind:find "\n *stdout ───" and "final" or "")
      end
      local function statuses(text) -- labels in the order of the text
        local out = {}
        for label in text:gmatch "\n +(%u[%u%d ]*%u) %[ " do out[#out + 1] = label end
        return table.concat(out, " ")
      end

      it("-j, NEXTEST_TEST_THREADS, test-threads (point 65)", function()
        assert.same({ "2", "3", "5" }, thrice("NEXTEST_TEST_THREADS", "[profile.default]\ntest-threads = 2\n", 3, "-j5", ENVIRON,
          seen "NEXTEST_TEST_THREADS"))
      end)
      it("--retries, NEXTEST_RETRIES, retries (point 65)", function()
        assert.same({ "2", "3", "4" }, thrice("NEXTEST_RETRIES", "[profile.default]\nretries = 1\n", 2, "--retries 3", ENVIRON,
          seen "NEXTEST_TOTAL_ATTEMPTS"))
      end)
      it("--profile, NEXTEST_PROFILE, the default one (point 65)", function()
        assert.same({ "default", "one", "two" }, thrice("NEXTEST_PROFILE", "[profile.one]\nretries = 1\n[profile.two]\nretries = 1\n", "one",
          "-P two", ENVIRON, seen "NEXTEST_PROFILE"))
      end)
      it("--flaky-result, NEXTEST_FLAKY_RESULT, flaky-result (point 65)", function()
        local function code(r) return r.code end
        assert.same({ 100, 0, 100 }, thrice("NEXTEST_FLAKY_RESULT", "[profile.default]\nretries = 1\nflaky-result = 'fail'\n", "pass",
          "--flaky-result fail", "-E 'test(=flaky2)'", code))
        assert.same({ 0, 100, 0 }, thrice("NEXTEST_FLAKY_RESULT", "[profile.default]\nretries = 1\nflaky-result = 'pass'\n", "fail",
          "--flaky-result pass", "-E 'test(=flaky2)'", code))
      end)
      it("--no-tests, NEXTEST_NO_TESTS, failing (point 65)", function()
        assert.same({ "4 true", "0 true", "0 false" }, thrice("NEXTEST_NO_TESTS", "", "warn", "--no-tests pass", "-E 'none()'", function(r)
          return ("%d %s"):format(r.code, r.err:find "no tests to run" ~= nil)
        end))
      end)
      it("--failure-output, NEXTEST_FAILURE_OUTPUT, failure-output (point 65)", function()
        assert.same({ "", "final", "immediate" }, thrice("NEXTEST_FAILURE_OUTPUT", "[profile.default]\nfailure-output = 'never'\n", "final",
          "--failure-output immediate", "-E 'test(=fail)'", output))
      end)
      it("--success-output, NEXTEST_SUCCESS_OUTPUT, success-output (point 65)", function()
        assert.same({ "immediate", "final", "" }, thrice("NEXTEST_SUCCESS_OUTPUT", "[profile.default]\nsuccess-output = 'immediate'\n", "final",
          "--success-output never", "-E 'test(=both)'", output))
      end)
      it("--status-level, NEXTEST_STATUS_LEVEL, status-level (point 65)", function()
        assert.same({ "", "FAIL", "PASS FAIL" }, thrice("NEXTEST_STATUS_LEVEL", "[profile.default]\nstatus-level = 'none'\n", "fail",
          "--status-level pass", "-j1 -E 'test(/^(both|fail)$/)' --final-status-level none", function(r) return statuses(r.err:match "^.*Summary") end))
      end)
      it("--final-status-level, NEXTEST_FINAL_STATUS_LEVEL, final-status-level (point 65)", function()
        assert.same({ "", "FAIL", "PASS FAIL" }, thrice("NEXTEST_FINAL_STATUS_LEVEL", "[profile.default]\nfinal-status-level = 'none'\n", "fail",
          "--final-status-level pass", "-j1 -E 'test(/^(both|fail)$/)'", function(r)
          return (statuses(r.err:match "Summary.*$"):gsub("SKIP ", ""))
        end))
      end)
      it("--show-progress, NEXTEST_SHOW_PROGRESS, ui.show-progress of the user's configuration (point 65)", function()
        local user = here.base .. "/user.toml"
        workspace.write(user, "[ui]\nshow-progress = 'none'\n")
        assert.same({ "none", "counter", "none" }, thrice("NEXTEST_SHOW_PROGRESS", "", "counter", "--show-progress none",
          "--user-config-file " .. user .. " -E 'test(=args)'", function(r) return r.err:find "%(1/1%)" and "counter" or "none" end))
      end)
      it("--user-config-file, NEXTEST_USER_CONFIG_FILE, the usual place (point 65)", function()
        local file = here:write("xdg/nextest/config.toml", "[ui]\nshow-progress = 'none'\n")
        local empty = here:write("xdg/empty.toml", "")
        local function counter(option, variables)
          variables.XDG_CONFIG_HOME = here.dir .. "/xdg"
          local r = here:run(tool, "run -E 'test(=args)' " .. option, variables)
          assert.equal(0, r.code, r.err)
          return r.err:find "%(1/1%)" ~= nil
        end
        assert.is_false(counter("", {}))
        assert.is_true(counter("", { NEXTEST_USER_CONFIG_FILE = empty }))
        assert.is_false(counter("--user-config-file " .. file, { NEXTEST_USER_CONFIG_FILE = empty }))
        assert.is_true(counter("--user-config-file none", { NEXTEST_USER_CONFIG_FILE = file }))
      end)
      it("--no-output-indent, NEXTEST_NO_OUTPUT_INDENT, ui.output-indent of the user's configuration (point 65)", function()
        local user = here.base .. "/user.toml"
        workspace.write(user, "[ui]\noutput-indent = true\n")
        local function indent(option, variables)
          local r = here:run(tool, ("run --user-config-file %s -E 'test(=fail)' %s"):format(user, option), variables)
          return #r.err:match "\n( *)failing\n"
        end
        assert.equal(4, indent("", {}))
        assert.equal(0, indent("", { NEXTEST_NO_OUTPUT_INDENT = "1" }))
        assert.equal(0, indent("--no-output-indent", { NEXTEST_NO_OUTPUT_INDENT = "0" }))
        workspace.write(user, "[ui]\noutput-indent = false\n")
        assert.equal(0, indent("", {}))
      end)
      it("--color, CARGO_TERM_COLOR, none into a pipe (point 65)", function()
        local function coloured(option, variables) return here:run(tool, "list -E 'test(=ok)' " .. option, variables).out:find "\27" ~= nil end
        assert.is_false(coloured("", {}))
        assert.is_true(coloured("", { CARGO_TERM_COLOR = "always" }))
        assert.is_false(coloured("--color never", { CARGO_TERM_COLOR = "always" }))
        assert.is_true(coloured("--color always", { CARGO_TERM_COLOR = "never" }))
      end)
      it("--verbose, NEXTEST_VERBOSE, which is true or false only (point 65)", function()
        local function verbose(option, variables)
          local r = here:run(tool, "list -E 'test(=ok)' " .. option, variables)
          return r.code == 0 and r.out:find("cwd:", 1, true) ~= nil or r.code
        end
        assert.same({ false, true, true, 2 }, { verbose("", { NEXTEST_VERBOSE = "false" }) ~= 0, verbose("", { NEXTEST_VERBOSE = "true" }),
          verbose("-v", { NEXTEST_VERBOSE = "false" }), verbose("", { NEXTEST_VERBOSE = "1" }) })
      end)
      it("a variable of each of the others is read where the option is not given, and only there (point 65)", function()
        for variable, option in pairs { NEXTEST_MAX_PROGRESS_RUNNING = "--max-progress-running 3", NEXTEST_HIDE_PROGRESS_BAR = "--hide-progress-bar",
          NEXTEST_NO_INPUT_HANDLER = "--no-input-handler", NEXTEST_MESSAGE_FORMAT = "--message-format human" } do
          local r = here:run(tool, "run -E 'test(=args)'", { [variable] = "nonsense" })
          assert.equal(2, r.code, variable)
          says("nonsense", r)
          assert.equal(0, here:run(tool, "run -E 'test(=args)' " .. option, { [variable] = "nonsense" }).code, variable)
        end
      end)
      it("what has no variable is not read from one: filters, partitions, archives (point 65)", function()
        local r = here:run(tool, "list -E 'test(=ok)'", { NEXTEST_FILTERSET = "none()", NEXTEST_PARTITION = "count:9/9", NEXTEST_RUN_IGNORED = "only",
          NEXTEST_MAX_FAIL = "x", NEXTEST_ARCHIVE_FILE = "nope", NEXTEST_CONFIG_FILE = "nope", NEXTEST_WORKSPACE_REMAP = "nope" })
        assert.same({ 0, "alpha ok\nalpha::t ok\n" }, { r.code, r.out }, r.err)
      end)
    end)
  end)
end
