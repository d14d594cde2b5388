-- Configuration: what the peer says of each of these files (captured from it), we say.
local config = require "nx.config"
local err = require "nx.error"

local source = os.getenv "NXLUA_SOURCE"

-- Only where the peer's own text varies or points into its library.
local function normal(text)
  text = text:gsub(" for key `[^`]*`", ""):gsub("%](%a)", "].%1"):gsub("[ \t]+\n", "\n"):gsub("\n+", "\n")
  text = text:gsub("from: %[([^%]]*)%]", function(list)
    local names = {}
    for name in list:gmatch "[^, ]+" do names[#names + 1] = name end
    table.sort(names)
    return "from: " .. table.concat(names, ",")
  end)
  return (text:gsub("%s+$", ""))
end

local function with_file(text, fn)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local results = table.pack(pcall(fn, path))
  os.remove(path)
  return table.unpack(results, 1, results.n)
end

local function load(text, more)
  return with_file(text, function(path)
    local options = { root = "/nowhere", config_file = path, version = "0.9.143", universe = {
      package_names = { "ws" }, binary_names = { "ws", "t1" }, binary_ids = { "ws", "ws::t1" },
    } }
    for key, value in pairs(more or {}) do options[key] = value end
    local loaded = config.load(options)
    loaded.path_for_test = path
    return loaded
  end)
end

local function said(text)
  local path
  local ok, result = with_file(text, function(p)
    path = p
    return config.load { root = "/nowhere", config_file = p, version = "0.9.143", universe = {
      package_names = { "ws" }, binary_names = { "ws", "t1" }, binary_ids = { "ws", "ws::t1" },
    } }
  end)
  if not ok and not err.is(result) then error(result, 0) end
  local lines = table.move(result.notes, 1, #result.notes, 1, {})
  if not ok then lines[#lines + 1] = result.report
  elseif result.late_warning then table.move({ result.late_warning, result.late_hint }, 1, 2, #lines + 1, lines) end
  return ok and 0 or result.exit_code, (table.concat(lines, "\n"):gsub(path:gsub("%p", "%%%0"), "FILE"))
end

describe("what the peer says of", function()
  local file = assert(io.open(source .. "/tests/fixtures/config/cases.txt", "rb"))
  local text = file:read "a"
  file:close()
  for document, code, expected in (text .. "=== config\n"):gmatch "(.-)\n?=== exit (%d+)\n(.-)=== config\n" do
    document = document:gsub("^=== config\n", "")
    it(document:gsub("\n", "; "), function()
      local exit, output = said(document)
      assert.equal(normal(expected), normal(output))
      assert.equal(tonumber(code), exit)
    end)
  end
end)

describe("profiles", function()
  local _, c = load [==[
[test-groups]
serial = { max-threads = 1 }
[profile.default]
retries = 1
slow-timeout = { period = "5s", terminate-after = 2 }
[[profile.default.overrides]]
filter = "test(slow)"
retries = { backoff = "exponential", count = 3, delay = "1s", max-delay = "4s" }
priority = 5
[[profile.default.overrides]]
filter = "all()"
threads-required = 2
[profile.ci]
inherits = "base"
fail-fast = false
default-filter = "not test(skip)"
[[profile.ci.overrides]]
platform = "cfg(unix)"
filter = "binary(t1)"
test-group = "serial"
[[profile.ci.overrides]]
platform = "cfg(windows)"
retries = 9
[profile.base]
flaky-result = "fail"
junit.path = "j.xml"
default-filter = "none()"
]==]
  local linux = config.platform.new "x86_64-unknown-linux-gnu"
  local suite = { id = "ws::t1", name = "t1", package = "ws", kind = "test", platform = "target" }
  local other = { id = "ws", name = "ws", package = "ws", kind = "lib", platform = "target" }
  local function at(name, s, test)
    return c:profile(name, { host = linux }):for_test(s, { id = s.id .. " " .. test, suite = s.id, name = test })
  end

  it("take the first override that has a setting, each setting for itself", function()
    local settings = at("ci", suite, "a_slow_one")
    assert.equal("serial", settings.test_group)
    assert.equal(3, settings.retries.count)
    assert.equal(4, settings.retries.max_delay)
    assert.equal(2, settings.threads_required)
    assert.equal(5, settings.priority)
    settings = at("ci", other, "quick")
    assert.equal("@global", settings.test_group)
    assert.equal(1, settings.retries.count)
    assert.equal(0, settings.priority)
  end)
  it("fall back along inherits, for settings but not for filters", function()
    local profile = c:profile("ci", { host = linux })
    assert.equal("fail", profile.settings.flaky_result)
    assert.equal("all", profile.settings.fail_fast.count)
    assert.equal("j.xml", profile.settings.junit.path)
    assert.equal(5, profile.settings.slow_timeout.period)
    assert.equal(10, profile.settings.slow_timeout.grace_period)
    assert.is_true(profile.default_filter:test(suite, "a"))
    assert.is_false(profile.default_filter:test(suite, "skip_me"))
    assert.equal("profile.ci.default-filter", profile.default_filter_source)
    assert.equal("/nowhere/target/nextest/ci", profile.store_dir)
  end)
  it("with mistakes name the file as it was given, and the tool that it comes from", function()
    local function report(text, options)
      return with_file(text, function(path)
        options.version, options.root = "0.9.143", options.below and path:match "^(.*)/" or "/nowhere"
        if options.tool then options.tool_config_files = { options.tool .. ":" .. path } else options.config_file = path end
        options.below = nil
        local ok, e = pcall(config.load, options)
        assert.is_false(ok)
        return (e.report:gsub(path:gsub("%p", "%%%0"), "FILE"):match "^[^\n]*")
      end)
    end
    for text, words in pairs {
      ["[profile.default]\nretries = 'x'\n"] = "error: failed to parse nextest config at %s",
      ["[[profile.default.overrides]]\nretries = 1\n"] = "error: for config file %s, failed to parse profile.default.overrides at index 0",
      ["[[profile.default.overrides]]\nfilter = 'all()'\ntest-group = '@tool:t:g'\n"] =
        "error: for config file %s, unknown test groups defined (known groups: @global):",
    } do
      assert.same({ true, words:format "`FILE`" }, { report(text, {}) })
      assert.same({ true, words:format "`FILE`" }, { report(text, { below = true }) })
      assert.same({ true, words:format "`FILE` provided by tool `t`" }, { report(text, { tool = "t" }) })
    end
    local ok, e = pcall(config.load, { root = "/nowhere", version = "0.9.143", config_file = "/nowhere/c.toml" })
    assert.is_false(ok)
    assert.equal("error: failed to parse nextest config at `/nowhere/c.toml`\n\nCaused by:\n  No such file or directory (os error 2)", e.report)
  end)
  it("that are not there are answered with those that are", function()
    local ok, e = pcall(c.profile, c, "nope")
    assert.is_false(ok)
    assert.equal(96, e.exit_code)
    assert.equal("profile `nope` not found (known profiles: base, ci, default, default-miri)", e.message)
  end)
  it("can come from a script, above the file", function()
    local _, mine = load("[profile.default]\nretries = 1\n", { profiles = { default = { retries = 4, slow_timeout = "7s" } } })
    assert.equal(4, mine:profile().settings.retries.count)
    assert.equal(7, mine:profile().settings.slow_timeout.period)
    local ok, e = load("", { profiles = { default = { retries = "x" } } })
    assert.is_false(ok)
    assert.matches("profile.default.retries: invalid type", e.message)
  end)
end)

describe("platforms", function()
  local platform = config.platform
  local linux, mac = platform.new "x86_64-unknown-linux-gnu", platform.new "aarch64-apple-darwin"
  it("are matched by cfg expressions and triples", function()
    for text, expected in pairs {
      ["cfg(unix)"] = { true, true }, ["cfg(windows)"] = { false, false }, ['cfg(target_os = "linux")'] = { true, false },
      ['cfg(all(unix, not(target_os = "macos")))'] = { true, false }, ["cfg(any())"] = { false, false }, ["cfg(all())"] = { true, true },
      ["x86_64-unknown-linux-gnu"] = { true, false }, ['cfg(target_pointer_width = "64")'] = { true, true },
      ["cfg(true)"] = { false, false }, ["cfg(not(true))"] = { true, true }, ['cfg(feature = "x")'] = { false, false },
      ['cfg(any(target_feature = "avx", unix))'] = { true, true }, ['cfg(target_env = "gnu")'] = { true, false },
    } do
      local spec = assert(platform.compile(text))
      assert.equal(expected[1], platform.matches(spec, linux), text)
      assert.equal(expected[2], platform.matches(spec, mac), text)
    end
    assert.is_nil(platform.matches(platform.compile 'cfg(target_feature = "avx")', linux))
    assert.is_nil(platform.matches(platform.compile 'cfg(not(target_feature = "avx"))', linux))
  end)
end)

describe("durations", function()
  local humantime = require "nx.config.humantime"
  it("are read as the peer reads them", function()
    for text, seconds in pairs {
      ["60s"] = 60, ["1m 30s"] = 90, ["500ms"] = 0.5, ["2h"] = 7200, ["1day"] = 86400, ["0"] = 0, ["1s2m"] = 121, [" 1s "] = 1,
      ["30y"] = 30 * 31557600, ["1.5s"] = 1.5,
    } do assert.equal(seconds, humantime.parse(text), text) end
    for _, text in ipairs { "", "5", "s", "1S", "1s,2s", "-1s", "1 parsec" } do assert.is_nil(humantime.parse(text), text) end
  end)
end)

describe("the reference page", function()
  it("is the table of keys", function()
    local file = assert(io.open(source .. "/lua/doc/configuration.md", "rb"))
    local text = file:read "a"
    file:close()
    assert.equal(require "nx.config.reference".page(), text)
  end)
end)

describe("an empty slow-timeout", function()
  it("is none: what stands behind the profile counts", function()
    local _, c = load '[profile.x]\nslow-timeout = ""\n[[profile.x.overrides]]\nfilter = "all()"\nslow-timeout = ""\n'
    assert.equal(60, c:profile("x").settings.slow_timeout.period)
    local ok, e = load '[profile.default]\nslow-timeout = ""\n'
    assert.is_false(ok)
    assert.equal(96, e.exit_code)
  end)
end)
