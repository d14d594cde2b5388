-- Configurations against the installed peer: a fixed slice of what tests/long/config_spec.lua compares. Same exit code, same
-- messages, same tests left by default filters, groups and overrides.
local need = require "require"

describe("configurations and the peer", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local peer = require "config_peer"
  local root, session

  setup(function()
    root = os.tmpname()
    os.remove(root)
    assert(os.execute("mkdir " .. root))
    session = require "filterset_peer".open(root)
  end)
  teardown(function() os.execute("rm -rf " .. root) end)

  it("agree on 60 of them", function()
    local counts, differences = peer.run(session, require "config_gen".cases(20261124, 60))
    for _, difference in ipairs(differences) do print(("%s\n%s"):format(difference.text, difference.how)) end
    assert.equal(0, #differences)
    assert.is_true(counts.wrong >= 20 and counts.part >= 10)
  end)
end)
