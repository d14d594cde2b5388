-- Listing and choosing, asked of nxlua and of the peer: which binaries are started and how, orders, forms, the language of
-- filters, names behind `--`, partitions.
local handmade = require "handmade"
local json = require "nx.json"
local workspace = require "workspace"

for _, tool in handmade.tools() do
  describe("listing with " .. tool.name .. ":", function()
    local here
    setup(function()
      here = handmade.new { { "a", "two one" }, { "a::t", "B a Z! ab" }, { "a::bin/x", "x" }, { "ab", "é f" }, { "m", "host", platform = "host" } }
    end)
    teardown(function() here:remove() end)
    local function list(line, variables)
      local r = here:run(tool, "list " .. (line or ""), variables)
      assert.equal(0, r.code, r.err)
      return r.out, r
    end
    local function document(line, variables) return json.decode((list("-T json " .. (line or ""), variables))) end
    -- binary → how often it was started
    local function started(log)
      local n = {}
      for name in log:gmatch "call list (%S+)" do n[name] = (n[name] or 0) + 1 end
      return n
    end

    it("starts each binary twice, with and without --ignored, in the phase `list` (point 36)", function()
      local _, r = list()
      local lines = {}
      for line in r.log:gmatch "[^\n]+" do lines[#lines + 1] = line end
      table.sort(lines)
      local expected = {}
      for _, name in ipairs { "a-1", "ab-4", "m-5", "t-2", "x-3" } do
        for _, more in ipairs { "", " --ignored" } do expected[#expected + 1] = ("call list %s --list --format terse%s"):format(name, more) end
      end
      assert.same(expected, lines)
    end)
    it("fails with 104 when a binary exits with an error, prints no UTF-8, or a line that names no test (point 36)", function()
      for how, words in pairs { exit = "exited with exit code 1", junk = [[line "some junk" did not end with the string ": test" or ": benchmark"]],
        bytes = "produced non-UTF-8 output" } do
        for _, command in ipairs { "list", "run" } do
          local r = here:run(tool, command .. " -E 'binary_id(a::t)'", { FAKE_LIST = how })
          assert.equal(104, r.code, how)
          assert.truthy(r.err:find("error: creating test list failed", 1, true), r.err)
          assert.truthy(r.err:find("for `a::t`, ", 1, true) and r.err:find(words, 1, true), r.err)
        end
      end
      local listed = document("-E 'binary_id(a::t)'", { FAKE_LIST = "bench" })
      assert.equal("bench", listed["rust-suites"]["a::t"].testcases.speedy.kind)
    end)
    it("does not start a binary that -E or the default filter rules out, and says which (point 37)", function()
      here:config "[profile.default]\ndefault-filter = 'not package(m)'\n"
      local out, r = list "-T json -E 'not kind(bin)'"
      assert.same({ ["a-1"] = 2, ["t-2"] = 2, ["ab-4"] = 2 }, started(r.log))
      local suites = json.decode(out)["rust-suites"]
      assert.same({ "listed", "skipped", "skipped-default-filter" }, { suites.a.status, suites["a::bin/x"].status, suites.m.status })
      assert.same({}, suites["a::bin/x"].testcases)
      assert.same({}, suites.m.testcases)
      here:config ""
    end)
    it("orders binaries by package, then libraries, tests and the other kinds; tests by their bytes (point 38)", function()
      assert.equal("a one\na two\na::t B\na::t a\na::t ab\na::bin/x x\nab f\nab é\nm host\n", (list()))
      local out = list "-T json"
      local at = {}
      for i, id in ipairs { '"a":', '"a::t":', '"a::bin/x":', '"ab":', '"m":' } do at[i] = assert(out:find(id .. '{"package-name"', 1, true)) end
      for i = 2, #at do assert.is_true(at[i - 1] < at[i]) end
      assert.matches('"B":.*"Z":.*"a":.*"ab":', out)
    end)
    it("writes JSON in one line without an end, and counts tests that do not match (point 39)", function()
      local out = list "-T json -E 'test(=one)'"
      assert.is_nil(out:find "\n")
      local listed = json.decode(out)
      assert.equal(10, listed["test-count"])
      assert.same({ status = "matches" }, listed["rust-suites"].a.testcases.one["filter-match"])
      assert.same({ status = "mismatch", reason = "expression" }, listed["rust-suites"].a.testcases.two["filter-match"])
      assert.equal(10, document "-E 'test(nope)'"["test-count"])
    end)
    it("writes a line for each test into a pipe, without ignored ones (point 40)", function()
      local out = list "-E 'binary_id(a::t)'"
      assert.equal("a::t B\na::t a\na::t ab\n", out)
      assert.equal(out, (list "-T oneline -E 'binary_id(a::t)'"))
      assert.equal("a::t Z\n", (list "--run-ignored only"))
      assert.matches("^a::t:\n    B\n", (list "-T human -E 'binary_id(a::t)'"))
    end)
  end)

  describe("choosing with " .. tool.name .. ":", function()
    local here
    setup(function()
      here = handmade.new { { "alpha", "a b ab abc c!" }, { "alpha::t", "x::y/z a b" }, { "beta", "a b c d! e! f" },
        { "mac", "a", platform = "host" } }
    end)
    teardown(function() here:remove() end)
    local function chosen(line, variables)
      local r = here:run(tool, "list " .. line, variables)
      assert.equal(0, r.code, line .. r.err)
      return (r.out:gsub("\n", " "):gsub(" $", ""))
    end
    local function taken(expression) return chosen("-E " .. workspace.quote(expression)) end
    local function fails(code, line)
      local r = here:run(tool, "list " .. line)
      assert.equal(code, r.code, line .. r.err)
      return r.err
    end

    it("`not` and ! bind strongest, then & and - and `and`, then | and + and `or`; those of one rank from the left (point 41)", function()
      local lib = "binary_id(alpha) & "
      local function both(texts, expected)
        for _, text in ipairs(texts) do assert.equal(expected, taken(lib .. "(" .. text .. ")"), text) end
      end
      both({ "test(=a) | test(=b) & test(=abc)", "test(=a) + test(=b) and test(=abc)", "test(=a) or test(=b) & test(=abc)" }, "alpha a")
      both({ "test(a) - test(b) & test(=a)", "(test(a) - test(b)) & test(=a)", "test(a) - test(b) and test(=a)" }, "alpha a")
      both({ "test(a) - (test(b) & test(=a))" }, "alpha a alpha ab alpha abc")
      both({ "not test(=a) & test(a)", "!test(=a) & test(a)", "!test(=a) and test(a)" }, "alpha ab alpha abc")
      both({ "not test(b) | test(=b)" }, "alpha a alpha b")
      both({ "test(=b) | test(a) - test(b)" }, "alpha a alpha b")
    end)
    it("test() looks for a part, kind() for the whole; names of packages and binaries are globs (point 42)", function()
      assert.equal("alpha ab alpha abc", taken "test(ab)")
      assert.equal("", taken "kind(li)")
      assert.equal("mac a", taken "kind(proc-macro)")
      assert.matches("no packages matched this", fails(94, "-E 'package(lph)'"))
      assert.equal("mac a", taken "package(m*)")
      assert.equal("mac a", taken "binary(ma?)")
      assert.equal("alpha::t a alpha::t b alpha::t x::y/z", taken "binary_id(*t) - package(beta)")
      assert.equal("mac a", taken "deps(m*)")
      assert.equal("mac a", taken "rdeps(m*)")
      here:config "[test-groups]\nserial = { max-threads = 1 }\n[[profile.default.overrides]]\nfilter = 'package(mac)'\ntest-group = 'serial'\n"
      assert.equal("mac a", taken "group(ser*)")
      here:config ""
    end)
    it("a glob matches the whole name, its * also across :: and / (point 42)", function()
      assert.equal("alpha::t x::y/z", taken "test(#x*z)")
      assert.equal("", taken "test(#x*y)")
      assert.equal("alpha::t x::y/z", taken "test(#*y*)")
    end)
    it("a blank before ) belongs to the name, a tab between words is an error (point 43)", function()
      assert.equal("", taken "test(=ab )")
      assert.equal("alpha ab", taken "test( =ab)")
      local said = fails(94, "-E 'test(a)\tand test(b)'")
      assert.truthy(said:find("error: failed to parse filterset", 1, true), said)
    end)
    it("package, binary, binary_id and group that match nothing are errors, test and kind are not (point 44)", function()
      for _, name in ipairs { "package", "binary", "binary_id", "group", "deps", "rdeps" } do
        local said = fails(94, ("-E '%s(nope)'"):format(name))
        assert.truthy(said:find("nope", 1, true), said)
      end
      assert.equal("", taken "test(nope)")
      assert.equal("", taken "kind(nope)")
    end)
    it("platform(target) is every binary that is no procedural macro (point 45)", function()
      assert.equal("mac a", taken "platform(host)")
      assert.equal("alpha::t a", taken "platform(target) & binary_id(*t) & test(=a)")
      assert.equal("", taken "platform(target) & package(mac)")
    end)
    it("several -E choose what any of them does, then names and the default filter must agree (point 46)", function()
      assert.equal("alpha abc alpha::t x::y/z", chosen "-E 'test(abc)' -E 'test(x)'")
      assert.equal("alpha abc", chosen "-E 'test(abc)' -E 'test(x)' b")
      here:config "[profile.default]\ndefault-filter = 'not test(abc)'\n"
      assert.equal("alpha::t x::y/z", chosen "-E 'test(abc)' -E 'test(x)'")
      assert.equal("", chosen "-E 'test(abc)' -E 'test(x)' b")
      assert.equal("alpha abc", chosen "-E 'test(abc)' -E 'test(x)' b --ignore-default-filter")
      here:config ""
    end)
    it("hash:M/N goes by XXH64 of the name alone, whatever the binary (point 47)", function()
      -- of 2, 3 and 5 parts `a` is in the 2nd, the 3rd and the 1st
      for parts, place in pairs { [2] = 2, [3] = 3, [5] = 1 } do
        for part = 1, parts do
          assert.equal(part == place and "alpha a alpha::t a beta a mac a" or "", chosen(("--partition hash:%d/%d -- --exact a"):format(part, parts)))
        end
      end
    end)
    it("count begins anew with each binary, slice runs on, ignored tests are counted apart, after all other filters (point 47)", function()
      assert.equal("alpha a alpha abc alpha::t a alpha::t x::y/z beta a beta c mac a", chosen "--partition count:1/2")
      assert.equal("alpha ab alpha b alpha::t b beta b beta f", chosen "--partition count:2/2")
      assert.equal("alpha a alpha abc alpha::t a alpha::t x::y/z beta b beta f", chosen "--partition slice:1/2")
      assert.equal("alpha ab alpha b alpha::t b beta a beta c mac a", chosen "--partition slice:2/2")
      assert.equal("alpha c beta d", chosen "--partition count:1/2 --run-ignored only")
      assert.equal("alpha c beta e", chosen "--partition slice:1/2 --run-ignored only")
      assert.equal("beta c", chosen "--partition count:2/2 -E 'package(beta) & test(/[bc]/)'")
    end)
    it("behind --, --exact takes whole names only and --skip leaves out parts (point 48)", function()
      assert.equal("alpha ab", chosen "-- --exact ab")
      assert.equal("alpha ab alpha abc", chosen "-- ab")
      assert.equal("alpha::t x::y/z beta f", chosen "-- --skip a --skip b --skip c")
      assert.equal("beta f", chosen "-- --skip a --skip b --skip c f")
    end)
    it("an option behind -- that libtest does not have is refused with 96 (point 48)", function()
      assert.truthy(fails(96, "-- --frob"):find("failed to parse test binary arguments `--frob`: arguments are unsupported", 1, true))
    end)
  end)
end
