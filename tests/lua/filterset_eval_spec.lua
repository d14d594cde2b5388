-- Filtersets: what they select, what a suite decides alone, and the Filter type.
local filterset = require "nx.filterset"
local graph = require "nx.cargo.graph"
local err = require "nx.error"

local function package(name, targets, deps)
  local list = {}
  for _, target in ipairs(targets) do list[#list + 1] = { name = target[2], kind = { target[1] } } end
  local edges = {}
  for _, to in ipairs(deps) do edges[#edges + 1] = { name = to, pkg = "id-" .. to } end
  return { id = "id-" .. name, name = name, targets = list }, { id = "id-" .. name, deps = edges }
end

local metadata = { packages = {}, workspace_members = {}, resolve = { nodes = {} } }
local function add(member, ...)
  local p, node = package(...)
  table.insert(metadata.packages, p)
  table.insert(metadata.resolve.nodes, node)
  if member then table.insert(metadata.workspace_members, p.id) end
end
add(true, "alpha", { { "lib", "alpha" }, { "test", "integ" }, { "bin", "tool" },
  { "custom-build", "build-script-build" } }, { "out" })
add(true, "beta", { { "proc-macro", "beta" } }, {})
add(true, "gamma", { { "lib", "gamma" } }, { "alpha" })
add(false, "out", { { "lib", "out" } }, { "beta" })
local universe = graph.new(metadata)

local suites = {
  { id = "alpha", name = "alpha", package = "alpha", package_id = "id-alpha", kind = "lib", platform = "target" },
  { id = "alpha::integ", name = "integ", package = "alpha", package_id = "id-alpha", kind = "test", platform = "target" },
  { id = "alpha::bin/tool", name = "tool", package = "alpha", package_id = "id-alpha", kind = "bin", platform = "target" },
  { id = "beta", name = "beta", package = "beta", package_id = "id-beta", kind = "proc-macro", platform = "host" },
  { id = "gamma", name = "gamma", package = "gamma", package_id = "id-gamma", kind = "lib", platform = "target" },
}

local function parse(text, options)
  options = options or {}
  options.universe = options.universe or universe
  local filter, found = filterset.parse(text, options)
  if not filter then error(filterset.render_all(text, found), 0) end
  return filter
end

-- The suites that a filterset takes whole, and those it leaves open ("?").
local function whole(text, options)
  local filter, out = parse(text, options), {}
  for _, suite in ipairs(suites) do
    local value = filter:suite(suite)
    if value == true then out[#out + 1] = suite.id elseif value == nil then out[#out + 1] = suite.id .. "?" end
  end
  return table.concat(out, " ")
end

local function matches(text, name, suite)
  return parse(text):test(suite or suites[1], name)
end

describe("predicates", function()
  it("look at the suite", function()
    assert.equal("alpha alpha::integ alpha::bin/tool", whole "package(alpha)")
    assert.equal("alpha alpha::integ alpha::bin/tool gamma", whole "package(#*a) - package(=beta)")
    assert.equal("beta", whole "kind(proc-macro)")
    assert.equal("beta", whole "platform( host )")
    assert.equal("alpha::integ", whole "binary(/^int/)")
    assert.equal("alpha::bin/tool", whole "binary_id(alpha::bin/*)")
    assert.equal("", whole "none( )")
    assert.equal("", whole "kind(nope)")
  end)
  it("follow dependencies through packages outside of the workspace", function()
    assert.equal("alpha alpha::integ alpha::bin/tool beta", whole "deps(alpha)")
    assert.equal("alpha alpha::integ alpha::bin/tool beta gamma", whole "rdeps(beta)")
    assert.equal("gamma", whole "rdeps(gamma)")
  end)
  it("know only names where there is no graph", function()
    local filter = filterset.parse "deps(alpha)"
    assert.is_true(filter:suite { id = "alpha", name = "alpha", package = "alpha" })
    assert.is_false(filter:suite { id = "beta", name = "beta", package = "beta" })
  end)
  it("compare names in four ways", function()
    assert.is_true(matches("test(ab)", "xaby"))
    assert.is_false(matches("test(=ab)", "xaby"))
    assert.is_true(matches("test(==ab)", "=ab"))
    assert.is_true(matches("test(#x*y)", "xaby"))
    assert.is_true(matches("test(/a.y$/)", "xaby"))
    assert.is_false(matches("test(=ab )", "ab"))
    assert.is_true(matches("test( ~a.b)", "a.b"))
    assert.is_false(matches("test(~a.b)", "axb"))
    assert.is_true(matches([[test(=a\,b\)\\\u{e9}\n)]], "a,b)\\\u{e9}\n"))
    assert.is_true(matches([[test(/a\/b,\)/ )]], "a/b,)"))
  end)
  it("ask the default filter and the groups", function()
    local default = filterset.parse("test(fast)", { kind = "default-filter" })
    local filter = parse("default() - package(beta)", { default = function() return default end })
    assert.is_nil(filter:suite(suites[1]))
    assert.is_false(filter:suite(suites[4]))
    assert.is_true(filter:test(suites[1], "fast one"))
    assert.is_false(filter:test(suites[1], "slow one"))
    assert.equal(#suites, select(2, whole("default()"):gsub("%S+", "")))
    local group = parse("group(serial)", {
      groups = { "serial" }, group_of = function(_, test) return test.name == "a" and "serial" or nil end,
    })
    assert.is_true(group:test(suites[1], "a"))
    assert.is_false(group:test(suites[1], "b"))
    assert.is_true(parse("group(@global)", { groups = {} }):suite(suites[1]))
  end)
end)

describe("operators", function()
  it("bind not, then and with difference, then or", function()
    assert.is_true(matches("not test(a) or test(a)", "a"))
    assert.is_false(matches("test(a) - test(b) & test(c)", "ab"))
    assert.is_true(matches("test(x) | test(a) - test(b)", "xb"))
    assert.is_true(matches("test(a) + test(b) - test(a)", "a"))
    assert.is_false(matches("(test(a) + test(b)) - test(a)", "a"))
    assert.is_true(matches("!!test(a)and!(test(b)or test(c))", "a"))
  end)
  it("leave open only what the suite does not decide", function()
    assert.equal("alpha? alpha::integ? alpha::bin/tool?", whole "package(alpha) & test(x)")
    assert.equal("alpha alpha::integ alpha::bin/tool beta? gamma?", whole "package(alpha) | test(x)")
    assert.equal("alpha? alpha::integ? alpha::bin/tool? beta? gamma?", whole "test(x) | not test(x)")
    assert.equal("beta gamma?", whole "not (package(alpha) | (test(x) & platform(target)))")
  end)
  it("take very long and fairly deep texts", function()
    local long = { "test(a0)" }
    for i = 1, 5000 do long[#long + 1] = ("test(=a%d)"):format(i) end
    assert.is_true(matches(table.concat(long, " | "), "a4999"))
    assert.is_true(matches(("("):rep(400) .. "test(a)" .. (")"):rep(400), "a"))
    assert.is_true(matches(("!"):rep(400) .. "test(a)", "a"))
  end)
end)

describe("globs", function()
  local function glob(pattern, name) return matches("test(#" .. pattern .. ")", name) end
  it("match the whole name, across separators", function()
    assert.is_true(glob("a*z", "a::b/c::z"))
    assert.is_false(glob("a*", "ba"))
    assert.is_false(glob("a?c", "a\nc"))
    assert.is_false(glob("a?c", "a\u{e9}c"))
    assert.is_true(glob("a??c", "a\u{e9}c"))
  end)
  it("know classes and groups", function()
    assert.is_true(glob("[a-c]x", "bx"))
    assert.is_false(glob("[!a-c]x", "bx"))
    assert.is_true(glob("[^a-c]x", "dx"))
    assert.is_true(glob("[]]x", "]x"))
    assert.is_true(glob("[a-]x", "-x"))
    assert.is_true(glob([[{a\,b{c\,}}x]], "bx"))
    assert.is_true(glob([[{a\,b{c\,}}x]], "bcx"))
    assert.is_false(glob([[{a\,b}x]], "cx"))
    assert.is_true(glob([[a\\b*]], "a\\bc"))
  end)
  it("know ** as a component", function()
    assert.is_true(glob("**/x", "x"))
    assert.is_true(glob("**/x", "a/b/x"))
    assert.is_false(glob("**/x", "ax"))
    assert.is_true(glob("a/**/b", "a/b"))
    assert.is_true(glob("a/**/b", "a/x/y/b"))
    assert.is_false(glob("a/**/b", "axb"))
    assert.is_false(glob("a/**", "a"))
    assert.is_true(glob("a/**", "a/b/c"))
    assert.is_true(glob("a**b", "a/x/b"))
    assert.is_true(glob("**", "any/thing"))
  end)
end)

describe("a Filter", function()
  local test = { id = "alpha::integ one", suite = "alpha::integ", name = "one", ignored = false, labels = {}, meta = {} }
  it("comes from a text and can be called with a test", function()
    local filter = filterset.compile "binary(integ) & test(one)"
    assert.is_true(filter(test))
    assert.is_false(filterset.compile "kind(lib)"(test))
    assert.is_true(filterset.compile "package(alpha) & kind(test)"(test))
  end)
  it("comes from a function or a list of tests", function()
    local by_function = filterset.from(function(t) return t.name:match "^o" end)
    assert.is_true(by_function:test(suites[2], "one", test))
    assert.is_nil(by_function:suite(suites[2]))
    local by_list = filterset.from { test }
    assert.is_true(by_list:test(suites[2], "one"))
    assert.is_false(by_list:test(suites[2], "two"))
    assert.is_false(by_list:suite(suites[1]))
    assert.is_true(filterset.from(nil):suite(suites[1]))
  end)
  it("is joined with others by or", function()
    local any = filterset.any { parse "package(beta)", parse "test(x)", filterset.from(function(t) return t.name == "y" end) }
    assert.is_true(any:suite(suites[4]))
    assert.is_nil(any:suite(suites[1]))
    assert.is_true(any:test(suites[1], "x"))
    assert.is_true(any:test(suites[1], "y"))
    assert.is_false(any:test(suites[1], "z"))
  end)
  it("is checked against the packages when it is bound to a build", function()
    local filter = filterset.compile "package(nope)"
    local ok, e = pcall(filterset.from, filter, { universe = universe })
    assert.is_false(ok)
    assert.equal("filterset", e.kind)
    assert.matches("no packages matched this", e.boxes)
    assert.is_true(filterset.from(filterset.compile "rdeps(beta)", { universe = universe }):suite(suites[5]))
  end)
  it("raises an error with the drawings", function()
    local ok, e = pcall(filterset.compile, "test(a")
    assert.is_false(ok)
    assert.is_true(err.is(e))
    assert.equal(94, e.exit_code)
    assert.matches("expected close parenthesis", e.message)
    assert.matches("filterset_eval_spec.lua:%d+", e.where)
    assert.equal("expected_close_parenthesis", e.spans[1].kind)
  end)
end)

describe("predicates defined in Lua", function()
  filterset.define("odd_length", function(test, text)
    return #test.name % 2 == 1 and (not text or test.name:find(text, 1, true) ~= nil)
  end)
  it("are words of the language", function()
    assert.is_true(matches("odd_length() & test(a)", "abc"))
    assert.is_false(matches("not odd_length( )", "abc"))
    assert.is_true(matches("odd_length(b)", "abc"))
    assert.is_false(matches([[odd_length(\u{78})]], "abc"))
    assert.equal("alpha? alpha::integ? alpha::bin/tool?", whole "odd_length() & package(alpha)")
  end)
  it("have the same diagnostics", function()
    local _, found = filterset.parse "odd_length(a, b) + odd_length(\\q) + odd_lenth()"
    assert.same({ "unexpected_comma", "invalid_escape_character", "expected_expression", "expected_end" },
      { found[1].kind, found[2].kind, found[3].kind, found[4].kind })
    assert.equal("did you mean `odd_length(…)`?", found[3].help)
  end)
  it("cannot stand where test() cannot", function()
    local _, found = filterset.parse("package(alpha) - odd_length()", { kind = "archive-filter" })
    assert.same({ "banned_predicate", "odd_length() predicates are not supported while archiving", 18, 12 },
      { found[1].kind, found[1].label, found[1].first, found[1].length })
  end)
  it("need a free name and a function", function()
    for _, case in ipairs { { "test", print }, { "and", print }, { "a-b", print }, { "fine", 3 } } do
      local ok, e = pcall(filterset.define, case[1], case[2])
      assert.is_false(ok)
      assert.equal("usage", e.kind)
    end
  end)
end)
