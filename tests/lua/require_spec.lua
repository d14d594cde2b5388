-- The helper of the other tests: what is missing is said, never passed over.
local need = require "require"

describe("need", function()
  it("knows what is here", function()
    assert.is_true(need.has("this", function() return true end))
    assert.is_false(need.has("that", function() return false end))
    assert.is_true(need("this", function() return true end))
  end)
  it("refuses names that it does not know", function()
    assert.has_error(function() need.has "flux capacitor" end)
  end)
  it("fails where NXLUA_REQUIRE asks for it, and leaves a line for the count", function()
    local dir = os.tmpname()
    local spec, skips = dir .. "_spec.lua", dir .. ".skips"
    local file = assert(io.open(spec, "w"))
    file:write [[
      local need = require "require"
      describe("outside", function() if not need("nothing", function() return false end) then return end end)
      it("inside", function() need("nothing", function() return false, "it is not so" end) error "reached" end)
    ]]
    file:close()
    local function run(demand)
      local interpreter = os.getenv "NXLUA" or "lua5.4"
      local pipe = io.popen(("NXLUA_REQUIRE=%s NXLUA_SKIPS=%s %s/tests/busted %s %s 2>&1"):format(demand, skips,
        os.getenv "NXLUA_SOURCE", interpreter, spec))
      local text = pipe:read "a"
      return pipe:close(), text
    end
    local ok, text = run "peer"
    assert.is_true(ok, text)
    assert.matches("0 failures / 0 errors / 2 pending", text)
    assert.matches("needs nothing: ", text)
    local _, count = io.open(skips):read("a"):gsub("skipped %(nothing%)", "")
    assert.equal(2, count)
    ok, text = run "peer,nothing"
    assert.is_nil(ok)
    assert.matches("NXLUA_REQUIRE asks for", text)
    for _, path in ipairs { dir, spec, skips } do os.remove(path) end
  end)
end)
