-- Cargo's configuration as tests see it: variables, runners, the target.
local config = require "nx.cargo.config"
local environment = require "nx.environment"

local base
local function sh(text) assert(os.execute(text)) end
local function write(name, text)
  local file = assert(io.open(base .. "/" .. name, "w"))
  file:write(text)
  file:close()
end

describe("Cargo's configuration", function()
  setup(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
    sh(("mkdir -p %s/outer/inner/deep %s/outer/.cargo %s/outer/inner/.cargo %s/home"):format(base, base, base, base))
  end)
  teardown(function() sh("rm -rf " .. base) end)

  local function load(arguments)
    return config.load { cwd = base .. "/outer/inner/deep", config = arguments, cargo_home = base .. "/home" }
  end
  local function never() return nil end

  it("merges [env], nearest first, and leaves inherited variables alone unless forced", function()
    write("outer/inner/.cargo/config.toml", '[env]\nA = "near"\nR = { value = "sub/dir", relative = true }\nM = { value = "m" }\n')
    write("outer/.cargo/config.toml", '[env]\nA = "far"\nB = { value = "b", force = true }\nM = { value = "x", force = true }\nI = "i"\n')
    write("home/config.toml", '[env]\nH = "home"\n')
    local env = load():env(function(name) return (name == "B" or name == "I" or name == "M") and "inherited" or nil end)
    assert.same({ A = "near", R = base .. "/outer/inner/sub/dir", B = "b", H = "home", M = "m" }, env)
    assert.equal("given", load({ 'env.A = "given"' }):env(never).A)
  end)
  it("keeps the slash that an empty relative value leaves, and survives names that no variable can have", function()
    write("outer/inner/.cargo/config.toml", '[env]\nR = { value = "", relative = true }\n"" = "x"\n"a=b" = "y"\n')
    write("outer/.cargo/config.toml", "")
    write("home/config.toml", "")
    assert.same({ R = base .. "/outer/inner/", a = "b=y" }, load():env(never))
  end)
  it("takes the old file name before the new one", function()
    write("outer/inner/.cargo/config", '[env]\nA = "old name"\n')
    assert.equal("old name", load():env(never).A)
    os.remove(base .. "/outer/inner/.cargo/config")
  end)
  it("finds runners: exact before cfg in one file, nearer files first, the command line above all", function()
    local triple = "x86_64-unknown-linux-gnu"
    local function matches(text) return text == "cfg(unix)" end
    write("outer/.cargo/config.toml", ('[target.%s]\nrunner = "exact -x"\n'):format(triple))
    write("outer/inner/.cargo/config.toml", "[target.'cfg(windows)']\nrunner = 'no'\n[target.'cfg(unix)']\nrunner = ['bin/near', '--flag']\n")
    local argv = load():runner(triple, matches)
    assert.same({ base .. "/outer/inner/bin/near", "--flag" }, { argv[1], argv[2] })
    assert.equal(("`target.cfg(unix).runner` within `%s/outer/inner/.cargo/config.toml`"):format(base), argv.source)
    argv = load({ ("target.%s.runner = 'given'"):format(triple) }):runner(triple, matches)
    assert.same({ "given", ("`target.%s.runner` specified by `--config`"):format(triple) }, { argv[1], argv.source })
    argv = load():runner(triple, function() return nil end) -- unknown is no match
    assert.same({ "exact", "-x" }, { argv[1], argv[2] })
    assert.is_nil((load():runner("other", function() return false end)))
    write("outer/inner/.cargo/config.toml", ('[target.%s]\nrunner = ""\n'):format(triple))
    local none, problem = load():runner(triple, matches)
    assert.is_nil(none)
    assert.truthy(problem:find "empty")
  end)
  it("refuses a list of targets, as the peer does", function()
    write("outer/inner/.cargo/config.toml", '[build]\ntarget = ["a", "b"]\n')
    local ok, e = pcall(function() return load():build_target() end)
    assert.is_false(ok)
    assert.equal(96, e.exit_code)
    write("outer/inner/.cargo/config.toml", '[build]\ntarget = "a"\n')
    assert.equal("a", (load():build_target()))
    assert.equal("b", (load({ "build.target = 'b'" }):build_target()))
  end)
  it("takes for --config one dotted key with a value, or a file", function()
    for text, words in pairs {
      ["[env]\nA = '1'"] = "was not a TOML dotted key expression (such as `build.jobs = 2`)",
      ["env.A = '1'\nenv.B = '2'"] = "was not a TOML dotted key expression (such as `build.jobs = 2`)",
      ["# nothing"] = "was not a TOML dotted key expression (such as `build.jobs = 2`)",
      ["env.A = { value = '1' }"] = "sets a value to an inline table, which is not accepted",
      ["[[env]]\nA = '1'"] = "sets a value to an array of tables, which is not accepted",
      ["env.A = '1' # why"] = "includes non-whitespace decoration",
      ["# why\nenv.A = '1'"] = "includes non-whitespace decoration",
    } do
      local ok, e = pcall(load, { text })
      assert.is_false(ok, text)
      assert.equal(96, e.exit_code)
      assert.same({ ("invalid format for --config argument `%s` (should be a dotted key expression)"):format(text), words },
        require "nx.failure".chain(e))
    end
    for _, text in ipairs { "env.A = '#'", "'env' . A = '#'\n# why", " env.A.value = '#' " } do
      assert.equal("#", load({ text }):env(never).A, text)
    end
  end)
  it("refuses values of other types than the peer takes, and says where they stand", function()
    for text, words in pairs {
      ["env.A=1"] = "data did not match any variant of untagged enum CargoConfigEnv\nin `env.A`",
      ["env.A.force=true"] = "data did not match any variant of untagged enum CargoConfigEnv\nin `env.A`",
      ["env='x'"] = 'invalid type: string "x", expected a map\nin `env`',
      ["build=3"] = "invalid type: integer `3`, expected struct CargoConfigBuild\nin `build`",
      ["build.target=['a']"] = "invalid type: sequence, expected a string\nin `build.target`",
      ["target.x=1.5"] = "invalid type: floating point `1.5`, expected struct CargoConfigRunner\nin `target.x`",
      ["target.x.runner=['a', 3]"] = "data did not match any variant of untagged enum Runner\nin `target.x.runner`",
    } do
      local ok, e = pcall(load, { text })
      assert.is_false(ok, text)
      assert.equal(96, e.exit_code)
      assert.same({ ("failed to deserialize --config argument `%s` as TOML"):format(text), words .. "\n" }, require "nx.failure".chain(e))
    end
    load { "build.rustflags=3", "other.x=3", "target.x.linker=3" } -- are not ours
    write("outer/inner/.cargo/config.toml", "[target.x]\nlinker = 3\nrunner = 3\n")
    local ok, e = pcall(load)
    assert.is_false(ok)
    assert.same({ ("failed to parse config at `%s/outer/inner/.cargo/config.toml`"):format(base),
      "TOML parse error at line 3, column 10\n  |\n3 | runner = 3\n  |          ^\ndata did not match any variant of untagged enum Runner\n" },
      require "nx.failure".chain(e))
  end)
  it("refuses what is there and cannot be read: a directory, bytes that are no UTF-8", function()
    local function refused(where, reason, arguments)
      local ok, e = pcall(load, arguments)
      assert.is_false(ok)
      assert.equal(96, e.exit_code)
      assert.same({ ("failed to read config at `%s`"):format(where), reason }, require "nx.failure".chain(e))
    end
    write("outer/inner/.cargo/config.toml", "")
    refused(base .. "/outer", "Is a directory (os error 21)", { base .. "/outer" })
    refused(base .. "/outer/inner/deep", "Is a directory (os error 21)", { "" })
    write("outer/inner/.cargo/config.toml", "a = '\xff'")
    refused(base .. "/outer/inner/.cargo/config.toml", "stream did not contain valid UTF-8")
  end)
  it("names the file that cannot be read as TOML", function()
    write("outer/inner/.cargo/config.toml", "[env\n")
    local ok, e = pcall(load)
    assert.is_false(ok)
    assert.equal(96, e.exit_code)
    assert.truthy(tostring(e):find(base .. "/outer/inner/.cargo/config.toml", 1, true))
  end)
end)

describe("the environment of a suite", function()
  local build = { root = "/ws" }
  local suite = { id = "a::t", env = { OUT_DIR = "/out", NEXTEST = "no" }, library_path = { "/l1", "/l2" } }
  it("lays the suite's variables between those of Cargo and the library's own", function()
    local env = environment.suite(build, suite, { phase = "list", profile = "ci", run_id = "r",
      inherited = { LD_LIBRARY_PATH = "/l2:/l3:", LD_DEBUG = "x", OTHER = "y" }, wrapper_env = { W = "w", OUT_DIR = "wrapper's" } })
    assert.same({ OUT_DIR = "/out", W = "w", NEXTEST = "1", NEXTEST_EXECUTION_MODE = "process-per-test", NEXTEST_PROFILE = "ci",
      NEXTEST_TEST_PHASE = "list", NEXTEST_RUN_ID = "r", NEXTEST_WORKSPACE_ROOT = "/ws", NEXTEST_VERSION = "0.9.143",
      NEXTEST_REQUIRED_VERSION = "none", NEXTEST_RECOMMENDED_VERSION = "none", NEXTEST_BINARY_ID = "a::t", NEXTEST_LD_DEBUG = "x",
      LD_LIBRARY_PATH = "/l1:/l2:/l2:/l3:", NEXTEST_LD_LIBRARY_PATH = "/l1:/l2:/l2:/l3:" }, env)
  end)
  it("cannot join a directory with a colon in it", function()
    local ok, e = pcall(environment.suite, build, { id = "a", env = {}, library_path = { "/a:b" } }, { phase = "list", inherited = {} })
    assert.is_false(ok)
    assert.equal(104, e.exit_code)
  end)
  it("makes run ids that are UUIDs of version 4", function()
    assert.truthy(environment.uuid():find "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$")
    assert.not_equal(environment.uuid(), environment.uuid())
  end)
end)
