-- Test doubles: any field of nx can be replaced, loaded or not, and comes back.
local nx = require "nx"

describe("nx in a test", function()
  local seen
  before_each(function()
    seen = {}
    stub(nx, "run", function(o)
      seen[#seen + 1] = table.concat(o, " ")
      return nx.outcome { exit_code = o[1] == "cargo" and 101 or 0 }
    end)
  end)
  after_each(function() nx.run:revert() end)

  it("takes a double for a field", function()
    assert.equal(101, nx.run({ "cargo", "build" }).exit_code)
    assert.is_false(nx.run({ "cargo", "test" }).ok)
    assert.is_true(nx.run({ "true" }).ok)
    assert.same({ "cargo build", "cargo test", "true" }, seen)
    assert.stub(nx.run).was_called(3)
  end)
  it("stops a build at its first command, which is the build", function()
    local ok, e = pcall(nx.cargo.build, { workspace = true })
    assert.is_false(ok)
    assert.equal("build_failed", e.kind)
    assert.equal(101, e.exit_code)
    assert.equal(1, #seen)
    assert.matches("^%S*cargo .*test .*--no%-run", seen[1])
  end)
  it("gives the field back", function()
    nx.run:revert()
    assert.equal("x\n", nx.run({ "echo", "x" }).stdout)
    stub(nx, "run")
  end)
  it("lists its names", function()
    local names = {}
    for name in pairs(nx) do names[name] = true end
    assert.is_true(names.run and names.archive and names.extract and names.remap and names.version)
  end)
end)
