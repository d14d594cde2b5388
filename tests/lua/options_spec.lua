-- The option checker: what users mistype is answered at their line.
local options = require "nx.options"
local err = require "nx.error"

local function failure(...)
  local ok, e = pcall(options.check, ...)
  assert.is_false(ok)
  assert.is_true(err.is(e))
  assert.equal("usage", e.kind)
  return e
end

describe("options.check", function()
  local spec = { "string", ["#"] = 1, timeout = "duration", max = "size", mode = '"a"|"b"', ["to!"] = "string|function" }

  it("converts units and keeps the rest", function()
    local o = options.check("f", { "x", timeout = "1h30m", max = "64KiB", mode = "a", to = "t" }, spec)
    assert.same({ "x", timeout = 5400, max = 65536, mode = "a", to = "t" }, o)
  end)
  it("names an unknown key, suggests the near one and points at the caller", function()
    local e = failure("f", { "x", tiemout = 1, to = "t" }, spec)
    assert.equal('f: unknown option "tiemout" (did you mean "timeout"?)', e.message)
    assert.matches("options_spec.lua:%d+", e.where)
  end)
  it("refuses holes, wrong types, missing keys", function()
    assert.matches("item 2 of 3 is nil", failure("f", { "x", nil, "y", to = "t" }, spec).message)
    assert.matches('"timeout" must be a duration', failure("f", { "x", timeout = "soon", to = "t" }, spec).message)
    assert.matches('option "to" is missing', failure("f", { "x" }, spec).message)
    assert.matches("first item is missing", failure("f", { to = "t" }, spec).message)
    assert.matches("takes one table, not integer", failure("f", 3, spec).message)
  end)
  it("reads durations and sizes", function()
    for text, seconds in pairs { ["250ms"] = 0.25, ["30s"] = 30, ["7d"] = 604800, ["1m 30s"] = 90 } do
      assert.equal(seconds, options.seconds(text))
    end
    assert.is_nil(options.seconds "")
    assert.is_nil(options.seconds "5 parsecs")
    assert.is_nil(options.seconds(-1))
    assert.equal(200000000, options.bytes "200MB")
    assert.equal(1, options.bytes(1))
    assert.is_nil(options.bytes "1XB")
  end)
end)
