-- The drawings of diagnostics, against those the peer made; and what the peer does not say.
local filterset = require "nx.filterset"
local diagnostics = require "nx.filterset.diagnostics"
local graph = require "nx.cargo.graph"

local rows = dofile(os.getenv "NXLUA_SOURCE" .. "/tests/fixtures/filterset_drawings.lua")
local nothing = graph.from_suites {}

local function draw(text, kind, universe)
  local filter, found = filterset.parse(text, { kind = kind, universe = universe or nothing, groups = {} })
  if filter then return "" end
  local out = {}
  for _, diagnostic in ipairs(found) do
    if diagnostic.help and not diagnostic.help:find "^use `" then diagnostic.help = nil end
    out[#out + 1] = filterset.render(text, diagnostic) .. "\n"
  end
  return table.concat(out)
end

describe("drawings", function()
  for _, row in ipairs(rows) do
    it(("of %q as %s"):format(row[1], row[2]), function()
      assert.equal(row[3], draw(row[1], row[2]))
    end)
  end
end)

describe("hints beyond the peer's", function()
  local universe = graph.from_suites {
    { id = "alpha::integ", name = "integ", package = "alpha", kind = "test" },
    { id = "smoke-test", name = "smoke-test", package = "smoke-test", kind = "lib" },
  }
  local function help(text)
    local _, found = filterset.parse(text, { universe = universe, groups = { "serial" } })
    return found[1].help
  end
  it("name the predicate that was meant", function()
    assert.equal("did you mean `test(…)`?", help "tets(a)")
    assert.equal("did you mean `binary_id(…)`?", help "all() | bnary_id(a)")
    assert.equal("did you mean `package(…)`?", help "Package(a)")
    assert.is_nil(help "frobnicate(a)")
  end)
  it("name the package, binary or group that was meant", function()
    assert.equal("did you mean `alpha`?", help "package(alhpa)")
    assert.equal("did you mean `alpha`?", help "rdeps(=alph)")
    assert.equal("did you mean `integ`?", help "binary(intge)")
    assert.equal("did you mean `alpha::integ`?", help "binary_id(alpha:integ)")
    assert.equal("did you mean `serial`?", help "group(seriel)")
    assert.is_nil(help "package(/alph$/)")
    assert.is_nil(help "package(zzz)")
  end)
  it("stand below the drawing", function()
    local _, found = filterset.parse("package(alhpa)", { universe = universe })
    assert.matches("╰────\n  help: did you mean `alpha`%?\n$", filterset.render_all("package(alhpa)", found):gsub("\n\n$", "\n"))
  end)
end)

describe("diagnostics", function()
  it("say where, in bytes from 1", function()
    local _, found = filterset.parse "all() & (test(é,b) | \\"
    assert.same({ "unexpected_comma", 17, 0 }, { found[1].kind, found[1].first, found[1].length })
    assert.same({ "expected_expression", 22, 2 }, { found[2].kind, found[2].first, found[2].length })
    assert.equal("expected_close_parenthesis", found[3].kind)
  end)
  it("refuse what is nested beyond reason", function()
    local _, found = filterset.parse(("("):rep(6000) .. "all()" .. (")"):rep(6000))
    assert.equal("nested_too_deep", found[1].kind)
  end)
  it("have words for every kind", function()
    for kind, row in pairs(diagnostics.kinds) do
      assert.is_string(row.title, kind)
      assert.is_true(row.label == false or type(row.label) == "string", kind)
    end
  end)
end)
