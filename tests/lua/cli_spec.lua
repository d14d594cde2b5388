-- The command line read by its tables, names behind `--`, choosing, the text forms of `list`: each without a process.
local choose = require "nx.choose"
local commands = require "nx.cli.commands"
local err = require "nx.error"
local filterset = require "nx.filterset"
local list_format = require "nx.cli.list_format"
local names = require "nx.cli.names"
local parse = require "nx.cli.parse"

local function read(line, variables)
  local words = {}
  for word in line:gmatch "%S+" do words[#words + 1] = word end
  local name = table.remove(words, 1)
  return parse.command(commands.find(name), words, { environment = function(v) return (variables or {})[v] end, program = "nxlua" })
end

-- The first paragraph of a usage error.
local function mistake(line, variables)
  local ok, e = pcall(read, line, variables)
  assert.is_false(ok, line)
  assert.is_true(err.is(e), tostring(e))
  assert.equal(2, e.exit_code)
  return (e.message:gsub("\n\n.*$", ""))
end

describe("options", function()
  it("take values in every form", function()
    local args = read "run -vj-2 -E=all() -E none() --max-fail 3:immediate a b -- --exact c"
    assert.equal(true, args.verbose)
    assert.equal(-2, args.test_threads)
    assert.same({ "all()", "none()" }, args.filterset)
    assert.same({ count = 3, terminate = "immediate" }, args.max_fail)
    assert.same({ "a", "b" }, args.names)
    assert.same({ "--exact", "c" }, args.rest)
    assert.equal("auto", args.archive_format)
    assert.equal(0, read("archive --archive-file x --zstd-threads=0").zstd_threads)
    assert.equal(1, read("archive --archive-file x").zstd_threads)
    assert.equal(3, read("run --cargo-quiet --cargo-quiet --cargo-quiet").cargo_quiet)
    assert.same({ "only", "libtest-json" }, { read("list --run-ignored ignored-only").run_ignored,
      read("run --message-format libtest-json").message_format })
  end)
  it("stand once, are spelled in full, and want what they want", function()
    for line, text in pairs {
      ["run --retries 1 --retries 2"] = "error: the argument '--retries <N>' cannot be used multiple times",
      ["run --test-thread 3"] = "error: unexpected argument '--test-thread' found",
      ["run --retries"] = "error: a value is required for '--retries <N>' but none was supplied",
      ["run --retries -1"] = "error: unexpected argument '-1' found",
      ["run --no-run=1"] = "error: unexpected value '1' for '--no-run' found; no more were expected",
      ["run --no-run --fail-fast"] = "error: the argument '--no-run' cannot be used with '--fail-fast'",
      ["run --no-fail-fast --ff --max-fail 3"] = "error: the argument '--fail-fast' cannot be used with '--max-fail <N[:MODE]>'",
      ["list --run-ignored foo"] = "error: invalid value 'foo' for '--run-ignored <WHICH>'\n  [possible values: default, only, all]",
      ["archive --archive-file x --zstd-threads"] = "error: a value is required for '--zstd-threads <N>' but none was supplied",
      ["archive --archive-file x --zstd-threads=-1"] =
        "error: invalid value '-1' for '--zstd-threads <N>': -1 is not in 0..=4294967295",
      ["archive --archive-file x --zstd-threads all"] =
        "error: invalid value 'all' for '--zstd-threads <N>': invalid digit found in string",
      ["archive"] = "error: the following required arguments were not provided:\n  --archive-file <PATH>",
    } do assert.equal(text, mistake(line)) end
  end)
  it("of archives and of Cargo exclude each other, but for --config and --manifest-path (checklist 63)", function()
    assert.matches("^error: the argument '%-%-archive%-file <PATH>' cannot be used with:\n  %-%-package <PACKAGES>\n",
      mistake "list --archive-file x.tar.zst -p alpha")
    assert.equal("x", read("list --archive-file x --config a=1 --manifest-path m").archive_file)
  end)
  it("for metadata and remaps want each other (checklist 64)", function()
    local missing = "error: the following required arguments were not provided:\n  "
    assert.equal(missing .. "--binaries-metadata <PATH>", mistake "list --target-dir-remap x")
    assert.equal(missing .. "--binaries-metadata <PATH>", mistake "list --build-dir-remap x")
    assert.equal(missing .. "--extract-to <DIR>", mistake "list --archive-file x --extract-overwrite")
    assert.equal(missing .. "<--archive-file <PATH>|--cargo-metadata <PATH>>\n  <--archive-file <PATH>|--binaries-metadata <PATH>>",
      mistake "list --workspace-remap x")
    read "list --workspace-remap x --cargo-metadata c --binaries-metadata b"
  end)
  it("beat their variables, and variables are read strictly (checklist 65)", function()
    local env = { NEXTEST_RETRIES = "2", NEXTEST_STATUS_LEVEL = "all", NEXTEST_NO_OUTPUT_INDENT = "yes" }
    local args = read("run --retries 5", env)
    assert.same({ 5, "all", true }, { args.retries, args.status_level, args.no_output_indent })
    assert.equal("variable", args.given.status_level)
    assert.matches("invalid value '1' for '%-%-verbose'", mistake("list", { NEXTEST_VERBOSE = "1" }))
    assert.matches("invalid value 'x' for '%-%-retries <N>'", mistake("run", { NEXTEST_RETRIES = "x" }))
    assert.matches("invalid value '' for '%-%-no%-input%-handler': value was not a boolean",
      mistake("run", { NEXTEST_NO_INPUT_HANDLER = "" }))
  end)
  it("are each described, and each name, letter and variable means one thing in a command", function()
    for _, command in ipairs(commands) do
      local seen = {}
      for _, row in ipairs(command.rows) do
        assert.is_string(row.help, command.name .. ": " .. row[1])
        for _, name in ipairs { row[1], row.short and "-" .. row.short or nil, table.unpack(row.alias or {}) } do
          assert.is_nil(seen[name], command.name .. ": " .. name)
          seen[name] = true
        end
      end
      for _, row in ipairs(command.rows) do
        for _, list in ipairs { row.conflicts or {}, row.overrides or {} } do
          for _, name in ipairs(list) do
            assert.is_true(seen[name] or name == "cargo-opts" or name == "stress", command.name .. ": " .. name)
          end
        end
      end
    end
  end)
end)

describe("names", function()
  local function taken(before, behind, given)
    local match = names.matcher(names.parse(before, behind, given)) or function() return true end
    local out = {}
    for _, name in ipairs { "a", "b", "ab", "d" } do if match(name) then out[#out + 1] = name end end
    return table.concat(out, " ")
  end
  it("are parts in front, whole with --exact behind, without what is skipped (checklist 48)", function()
    assert.equal("a b ab d", taken({}, {}))
    assert.equal("a ab", taken({ "a" }, {}))
    assert.equal("a", taken({}, { "--exact", "a" }))
    assert.equal("a ab d", taken({ "a" }, { "--exact", "d" }))
    assert.equal("d", taken({}, { "--skip", "a", "--skip", "b" }))
    assert.equal("d", taken({}, { "--exact", "--skip", "a", "d", "a" }))
    assert.equal("a b ab d", taken({}, { "--exact", "--skip", "a" })) -- as the peer: forgotten
    assert.equal("", taken({}, { "--", "--skip" }))
    assert.equal("a b ab d", taken({}, { "--skip", "--exact" })) -- what is to be skipped is the option as well
    assert.equal("d", taken({}, { "--skip", "--exact", "d" }))
  end)
  it("stand beside arguments of libtest, some of which are refused with 96", function()
    for text, words in pairs {
      ["`--frob, --x=1`: arguments are unsupported"] = { "--frob", "--x=1" },
      ["`--skip`: arguments are missing required argument"] = { "--skip" },
      ["`--ignored`: arguments are duplicated"] = { "--ignored", "--ignored" },
      ["`--ignored`: arguments are mutually exclusive"] = { "--include-ignored", "--ignored" },
    } do
      local ok, e = pcall(names.parse, {}, words)
      assert.is_false(ok)
      assert.equal(96, e.exit_code)
      assert.equal("failed to parse test binary arguments " .. text, e.message)
    end
    assert.equal("only", names.parse({}, { "--ignored" }).ignored)
    assert.is_true(names.parse({}, { "--nocapture" }).no_capture)
    assert.is_false(pcall(names.parse, {}, { "--nocapture" }, { no_capture = true }))
    assert.is_false(pcall(names.parse, {}, { "--ignored" }, { run_ignored = "only" }))
  end)
end)

-- Two suites as listing leaves them: X with a…e, of which c is ignored, Y with f and g.
local function fixture()
  local function suite(id, platform)
    return { id = id, name = id, package = id, kind = "lib", platform = platform, path = "/t/" .. id, cwd = "/w/" .. id }
  end
  local function tests(id, ...)
    local list = {}
    for i, name in ipairs { ... } do
      list[i] = { id = id .. " " .. name, suite = id, name = name, ignored = name == "c" }
    end
    return list
  end
  return { { suite = suite("X", "target"), status = "listed", tests = tests("X", "a", "b", "c", "d", "e") },
    { suite = suite("Y", "host"), status = "listed", tests = tests("Y", "f", "g") } }
end

describe("choosing", function()
  local function chosen(choice)
    local listed = fixture()
    local result = choose.apply(listed, choice)
    local out = {}
    for i, test in ipairs(result.tests) do out[i] = test.name end
    return table.concat(out, " "), result, listed
  end
  it("gives the first reason that fails, partition last", function()
    local text, result, listed = chosen { filters = { filterset.compile "test(/[a-e]/) - test(b)" }, default = filterset.compile "not test(d)",
      names = function(name) return name ~= "e" end, partition = "count:1/2" }
    assert.equal("a", text)
    local reasons = {}
    for _, one in ipairs(listed) do
      for _, test in ipairs(one.tests) do reasons[test.name] = result.reasons[test] end
    end
    assert.same({ b = "expression", c = "ignored", d = "default-filter", e = "string", f = "expression", g = "expression" }, reasons)
    assert.same({ tests = 1, suites = 0 }, result.by_default)
  end)
  it("takes a test of any expression (checklist 46)", function()
    assert.equal("a f", chosen { filters = { filterset.compile "test(=a)", filterset.compile "test(f)" } })
  end)
  it("counts partitions after all else, ignored tests apart (checklist 47)", function()
    assert.equal("a c d f", chosen { run_ignored = "all", partition = "count:1/2" })
    assert.equal("a c d f", chosen { run_ignored = "all", partition = "slice:1/2" })
    assert.equal("b e g", chosen { run_ignored = "all", partition = "slice:2/2" })
    assert.equal("c", chosen { run_ignored = "only", partition = "count:1/2" })
    assert.equal("a b", chosen { partition = function(_, index) return index <= 2 end })
  end)
  it("never starts what an expression rules out by the suite alone (checklist 37)", function()
    local listed = fixture()
    local decide = choose.decider { filters = { filterset.compile "kind(bin)", filterset.compile "platform(host)" } }
    assert.same({ false, "skipped" }, { decide(listed[1].suite) })
    assert.is_true((decide(listed[2].suite)))
    decide = choose.decider { default = filterset.compile "platform(host)" }
    assert.same({ false, "skipped_default_filter" }, { decide(listed[1].suite) })
    decide = choose.decider { filters = { filterset.compile "test(x)" } }
    assert.is_true((decide(listed[1].suite)))
    assert.equal(1, #choose.suites({ listed[1].suite, listed[2].suite }, { platform = "host" }))
  end)
end)

describe("the text of a list", function()
  local function text(form, verbose, colour)
    local listed, out = fixture(), {}
    listed[2].status, listed[2].tests = "skipped", {}
    local result = choose.apply(listed, { names = function(name) return name < "c" end })
    list_format[form](listed, result.reasons, { verbose = verbose, colour = colour, write = function(s) out[#out + 1] = s end })
    return table.concat(out)
  end
  it("is a block a binary, or a line a test", function()
    assert.equal("X:\n    a\n    b\n", text "human")
    assert.equal("X a\nX b\n", text "oneline")
    assert.matches("^X:\n  bin: /t/X\n  cwd: /w/X\n  build platform: target\n    a\n    b\n    c %(skipped%)\n", text("human", true))
    assert.matches("Y:\n.*    %(test binary didn't match filtersets, skipped%)\n$", text("human", true))
    assert.matches("^X a %[bin: /t/X%] %[cwd: /w/X%] %[build platform: target%]\n", text("oneline", true))
    assert.matches("^\27%[35;1mX\27%[0m \27%[34;1ma\27%[0m\n", text("oneline", false, true))
  end)
end)

describe("what is not there yet", function()
  local later, message = require "nx.cli.later", require "nx.cli.message"
  local function said(fn)
    local warning, lines = message.warning, {}
    message.warning = function(text) lines[#lines + 1] = text end
    finally(function() message.warning = warning end)
    fn()
    message.warning = warning
    return lines
  end
  local function profile(path, kinds)
    return { name = "ci", settings = { junit = { path = path } }, script_kinds = function() return kinds or {} end }
  end
  it("is said of a JUnit report and of a progress bar, and the tests run all the same", function()
    assert.same({ "profile `ci` asks for a JUnit report (junit.xml), which is not there yet in nxlua" },
      said(function() later.profile(profile "junit.xml") end))
    assert.same({}, said(function() later.profile(profile(nil)) end))
    assert.same({ "--show-progress bar: a progress bar is not there yet in nxlua" }, said(function() later.progress("bar", true) end))
    assert.same({}, said(function()
      later.progress("bar", false) -- the peer draws none there either
      later.progress("auto", true)
      later.progress("counter", true)
    end))
  end)
  it("is refused where the tests would run otherwise", function()
    local ok, e = pcall(later.profile, profile(nil, { "setup scripts" }))
    assert.is_false(ok)
    assert.equal(96, e.exit_code)
  end)
end)
