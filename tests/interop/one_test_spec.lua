-- What one test is started with, asked of nxlua and of the peer: arguments, directory, descriptors, variables, runners.
local handmade = require "handmade"
local workspace = require "workspace"

local UUID <const> = "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"

for _, tool in handmade.tools() do
  describe("one test under " .. tool.name .. ":", function()
    local here
    setup(function()
      here = handmade.new({
        { "alpha", "environ_lib" }, { "alpha::t", "args environ environ_more fds flaky2 environ_ignored!" },
        { "alpha::bin/x", "environ_bin" }, { "beta::t", "environ_beta" }, { "mac", "environ_host", platform = "host" },
      }, { edit = function(meta, _, files, ids)
        local build = meta["rust-build-meta"]
        build["non-test-binaries"] = { [ids.alpha] = {
          { name = "alpha-tool", kind = "bin-exe", path = "debug/alpha-tool" }, { name = "x", kind = "bin-exe", path = "debug/x" } } }
        build["build-script-out-dirs"] = { [ids.alpha] = "debug/build/alpha-1/out" }
        build["build-script-info"] = { [ids.alpha] = { envs = { STAMP = "7 seven" } }, [ids.beta] = { envs = { STAMP = "no" } } }
        build["linked-paths"] = { "debug/build/alpha-1/out/native", "debug/build/alpha-1/out/gone" }
        build["base-output-directories"] = { "debug", "release" }
        files[#files + 1] = { "target/debug/alpha-tool", "", mode = 493 }
        files[#files + 1] = { "target/debug/build/alpha-1/out/native/lib.a", "" }
      end, packages = { alpha = { authors = { "Ann <a@example.org>", "Bob" }, license = "MIT", rust_version = "1.70" } } })
    end)
    teardown(function() here:remove() end)

    -- One run of one test into a directory of our own: what it saw.
    local function seen(name, options, variables, o)
      os.remove(here.base .. "/" .. name)
      local r = here:run(tool, ("run %s -E 'test(=%s)'"):format(options or "", name), variables, o)
      assert.equal(0, r.code, r.err)
      return here:seen(name), r
    end
    local function extracted()
      here:must "rm -rf ../to && mkdir ../to"
      return "--extract-to ../to"
    end

    it("its arguments are exactly --exact NAME --nocapture, then --ignored for an ignored one, then run-extra-args (point 24)", function()
      local path = here:write("extra.toml", "[profile.extra]\nrun-extra-args = ['--one', 'two words']\n")
      local r = here:run(tool, "run -j1 --run-ignored all -E 'test(/^(args|environ_ignored)$/)'")
      assert.matches("call run t%-2 %-%-exact args %-%-nocapture\n", r.log)
      assert.matches("call run t%-2 %-%-exact environ_ignored %-%-nocapture %-%-ignored\n", r.log)
      r = here:run(tool, "run -j1 -P extra --config-file " .. path .. " --run-ignored all -E 'test(/^(args|environ_ignored)$/)'")
      assert.matches("call run t%-2 %-%-exact args %-%-nocapture %-%-one two words\n", r.log)
      assert.matches("call run t%-2 %-%-exact environ_ignored %-%-nocapture %-%-ignored %-%-one two words\n", r.log)
    end)
    it("it stands in its package's directory, reads nothing and leads a group of its own (point 25)", function()
      local r = here:run(tool, "run -j1 -E 'test(=args)' --success-output immediate")
      assert.matches("cwd=" .. here.dir .. "/alpha\n", r.err, 1, true)
      assert.matches("stdin=0\n", r.err)
      assert.equal(r.err:match "pgid=(%d+)", r.err:match " pid=(%d+)")
    end)
    it("its standard output and standard error are two pipes (point 26)", function()
      seen "fds"
      local input, out, problems = workspace.read(here.base .. "/fds"):match "^(.-)\n(.-)\n(.-)\n"
      assert.equal("/dev/null", input)
      assert.matches("^pipe:", out)
      assert.matches("^pipe:", problems)
      assert.not_equal(out, problems)
    end)
    it("it is told the run, the binary, its name, the attempt, the profile, the threads and the root (point 27)", function()
      here:config "[profile.ci]\nretries = 2\n"
      local env = seen("environ", "-P ci -j3")
      for name, value in pairs { NEXTEST = "1", NEXTEST_EXECUTION_MODE = "process-per-test", NEXTEST_TEST_PHASE = "run",
        NEXTEST_BINARY_ID = "alpha::t", NEXTEST_TEST_NAME = "environ", NEXTEST_ATTEMPT = "1", NEXTEST_TOTAL_ATTEMPTS = "3",
        NEXTEST_PROFILE = "ci", NEXTEST_TEST_THREADS = "3", NEXTEST_WORKSPACE_ROOT = here.dir } do
        assert.equal(value, env[name], name)
      end
      assert.matches(UUID, env.NEXTEST_RUN_ID)
    end)
    it("all tests of a run are told one run id, while listing too; another run has another (point 27)", function()
      local runner = here:write("runner.sh", '#!/bin/sh\necho "id $NEXTEST_RUN_ID $NEXTEST_TEST_PHASE" >>"$FAKE_LOG"; exec "$@"\n')
      here:must("chmod +x " .. runner)
      local ids = {}
      for i = 1, 2 do
        local r = here:run(tool, "run -j1 -E 'test(/^environ(_more)?$/)'", { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER = runner })
        ids[i] = here:seen("environ").NEXTEST_RUN_ID
        assert.equal(ids[i], here:seen("environ_more").NEXTEST_RUN_ID)
        local phases = { list = 0, run = 0 }
        for id, phase in r.log:gmatch "id (%S+) (%S+)\n" do
          assert.equal(ids[i], id)
          phases[phase] = phases[phase] + 1
        end
        assert.same({ list = 10, run = 2 }, phases)
      end
      assert.not_equal(ids[1], ids[2])
    end)
    it("the id of an attempt is RUN:BINARY$TEST, with #2 for the second and @stress-N under stress (point 28)", function()
      local env = seen "environ"
      assert.equal(env.NEXTEST_RUN_ID .. ":alpha::t$environ", env.NEXTEST_ATTEMPT_ID)
      env = seen("environ", "--stress-count 2")
      assert.equal(env.NEXTEST_RUN_ID .. ":alpha::t@stress-1$environ", env.NEXTEST_ATTEMPT_ID)
      local script = here:write("runner.sh", '#!/bin/sh\ncase "$*" in *--list*) exec "$@" ;; esac\n'
        .. 'echo "$NEXTEST_ATTEMPT_ID" >>"$FAKE_LOG"; exec "$@"\n')
      here:must("chmod +x " .. script)
      local r = here:run(tool, "run -j1 --retries 1 -E 'test(=flaky2)'", { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER = script })
      assert.equal(0, r.code, r.err)
      assert.matches(":alpha::t$flaky2\n.*:alpha::t$flaky2#2\n", r.log)
    end)
    it("stress and group slot are the word none where there is none, the group is @global (point 29)", function()
      local env = seen "environ"
      for name, value in pairs { NEXTEST_STRESS_CURRENT = "none", NEXTEST_STRESS_TOTAL = "none", NEXTEST_TEST_GROUP = "@global",
        NEXTEST_TEST_GROUP_SLOT = "none" } do
        assert.equal(value, env[name], name)
      end
      here:config "[test-groups]\ndb = { max-threads = 1 }\n[[profile.default.overrides]]\nfilter = 'all()'\ntest-group = 'db'\n"
      env = seen("environ", "--stress-count 3")
      for name, value in pairs { NEXTEST_STRESS_CURRENT = "2", NEXTEST_STRESS_TOTAL = "3", NEXTEST_TEST_GROUP = "db",
        NEXTEST_TEST_GROUP_SLOT = "0" } do
        assert.equal(value, env[name], name)
      end
      here:config ""
    end)
    it("tests that run at once have different slots below the number of threads (point 29)", function()
      local many = handmade.new { { "alpha", "environ_1 environ_2 environ_3 environ_4 environ_5 environ_6" } }
      local runner = many:write("runner.sh", '#!/bin/sh\ncase "$*" in *--list*) exec "$@" ;; esac\n'
        .. 'echo "slot + $NEXTEST_TEST_GLOBAL_SLOT" >>"$FAKE_LOG"; sleep 0.1; echo "slot - $NEXTEST_TEST_GLOBAL_SLOT" >>"$FAKE_LOG"; exec "$@"\n')
      many:must("chmod +x " .. runner)
      local r = many:run(tool, "run -j2", { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER = runner })
      many:remove()
      assert.equal(0, r.code, r.err)
      local running, n = {}, 0
      for sign, slot in r.log:gmatch "slot ([+-]) (%d+)" do
        assert.is_true(tonumber(slot) < 2)
        assert.equal(sign == "-" or nil, running[slot])
        running[slot] = sign == "+" or nil
        n = n + 1
      end
      assert.equal(12, n)
    end)
    it("the 13 variables of its package are set, empty where the manifest says nothing; CARGO_MANIFEST_DIR is its directory (point 30)", function()
      local env, n = seen "environ", 0
      for name in pairs(env) do if name:find "^CARGO_PKG_" then n = n + 1 end end
      assert.equal(13, n)
      for name, value in pairs { VERSION = "1.2.3", VERSION_MAJOR = "1", VERSION_MINOR = "2", VERSION_PATCH = "3", VERSION_PRE = "",
        AUTHORS = "Ann <a@example.org>:Bob", NAME = "alpha", DESCRIPTION = "", HOMEPAGE = "", LICENSE = "MIT", LICENSE_FILE = "",
        REPOSITORY = "", RUST_VERSION = "1.70.0" } do
        assert.equal(value, env["CARGO_PKG_" .. name], name)
      end
      assert.equal(here.dir .. "/alpha", env.CARGO_MANIFEST_DIR)
    end)
    it("only integration tests and benchmarks are told the binaries of their own package, a hyphen also as _ (point 31)", function()
      local to = extracted()
      local path = here.base .. "/to/target/debug/"
      local function binaries(name)
        local found = {}
        for variable, value in pairs(seen(name, to .. " --extract-overwrite")) do
          if variable:find "_BIN_EXE_" then found[variable] = value end
        end
        return found
      end
      assert.same({ CARGO_BIN_EXE_x = path .. "x", NEXTEST_BIN_EXE_x = path .. "x", ["CARGO_BIN_EXE_alpha-tool"] = path .. "alpha-tool",
        ["NEXTEST_BIN_EXE_alpha-tool"] = path .. "alpha-tool", NEXTEST_BIN_EXE_alpha_tool = path .. "alpha-tool" }, binaries "environ")
      for _, name in ipairs { "environ_lib", "environ_bin", "environ_beta", "environ_host" } do assert.same({}, binaries(name)) end
    end)
    it("the library path is linked paths that exist, each base directory and its deps, then what was inherited (point 32)", function()
      local to = extracted()
      local target = here.base .. "/to/target/"
      local env = seen("environ", to, { LD_LIBRARY_PATH = "/was/here:/and/there" })
      assert.equal(table.concat({ target .. "debug/build/alpha-1/out/native", target .. "debug", target .. "debug/deps", target .. "release",
        target .. "release/deps", "/was/here", "/and/there" }, ":"), env.LD_LIBRARY_PATH)
      assert.equal(env.LD_LIBRARY_PATH, env.NEXTEST_LD_LIBRARY_PATH)
    end)
    it("OUT_DIR and the build script's variables are there where the package has an OUT_DIR, which has moved (point 33)", function()
      local env = seen("environ_lib", extracted())
      assert.equal(here.base .. "/to/target/debug/build/alpha-1/out", env.OUT_DIR)
      assert.equal("7 seven", env.STAMP)
      env = seen "environ_beta" -- has variables and no OUT_DIR
      assert.is_nil(env.OUT_DIR)
      assert.is_nil(env.STAMP)
    end)
    describe("[env] of Cargo's configuration", function()
      before_each(function()
        here:write(".cargo/config.toml", [=[
[env]
PLAIN = "configured"
TABLE = { value = "configured" }
NOT_FORCED = { value = "configured", force = false }
FORCED = { value = "configured", force = true }
RELATIVE = { value = "some/dir", relative = true }
]=])
      end)
      after_each(function() here:must "rm -r .cargo" end)
      it("does not override a variable that is there, unless it has force = true (point 34)", function()
        local given = { PLAIN = "inherited", TABLE = "inherited", NOT_FORCED = "inherited", FORCED = "inherited", RELATIVE = "" }
        local env = seen("environ", nil, given)
        assert.equal("inherited", env.PLAIN)
        assert.equal("inherited", env.TABLE)
        assert.equal("inherited", env.NOT_FORCED)
        assert.equal("configured", env.FORCED)
        assert.equal("", env.RELATIVE) -- empty is there, too
      end)
      it("sets a variable that is not there, a relative one beside the directory .cargo (point 34)", function()
        local env = seen "environ"
        for _, name in ipairs { "PLAIN", "TABLE", "NOT_FORCED", "FORCED" } do assert.equal("configured", env[name], name) end
        assert.equal(here.dir .. "/some/dir", env.RELATIVE)
      end)
      it("takes force of a farther file with the value of a nearer one, and --config above both (point 34)", function()
        here:write("sub/.cargo/config.toml", "[env]\nPLAIN = 'nearer'\nFORCED = 'nearer'\n")
        local given, o = { PLAIN = "inherited", FORCED = "inherited" }, { cwd = here.dir .. "/sub" }
        local env = seen("environ", nil, given, o)
        assert.equal("inherited", env.PLAIN)
        assert.equal("nearer", env.FORCED)
        env = seen("environ", [[--config "env.FORCED='typed'" --config "env.PLAIN='typed'"]], given, o)
        assert.equal("inherited", env.PLAIN)
        assert.equal("typed", env.FORCED)
      end)
      it("reaches the listing too (point 34)", function()
        here:write(".cargo/config.toml", "[env]\nFAKE_LIST = 'exit'\n")
        assert.equal(104, here:run(tool, "list").code)
        assert.equal(0, here:run(tool, "list", { FAKE_LIST = "none" }).code)
      end)
    end)
    it("a target runner comes from --config, else its variable, else a file, and starts listings as well as tests (point 35)", function()
      for _, name in ipairs { "typed", "variable", "file" } do
        here:must("chmod +x " .. here:write(name .. ".sh", ('#!/bin/sh\necho "via %s: $*" >>"$FAKE_LOG"\nexec "$@"\n'):format(name)))
      end
      here:write(".cargo/config.toml", ("[target.x86_64-unknown-linux-gnu]\nrunner = '%s/file.sh'\n"):format(here.dir))
      local variable = { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER = here.dir .. "/variable.sh" }
      local function via(options, variables)
        local _, r = seen("environ", options, variables)
        local lists, runs, others = 0, 0, 0
        local name = r.log:match "via (%w+)"
        for by, arguments in r.log:gmatch "via (%w+): ([^\n]*)" do
          if by ~= name then others = others + 1 elseif arguments:find " %-%-list " then lists = lists + 1 else runs = runs + 1 end
        end
        assert.same({ 10, 1, 0 }, { lists, runs, others })
        return name
      end
      assert.equal("typed", via(("--config \"target.x86_64-unknown-linux-gnu.runner='%s/typed.sh'\""):format(here.dir), variable))
      assert.equal("variable", via(nil, variable))
      assert.equal("file", via())
      here:must "rm -r .cargo"
    end)
  end)
end
