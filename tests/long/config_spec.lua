-- Three hundred configurations against the installed peer, by seed: NXLUA_SEED=n and NXLUA_CONFIGS=n change which and how many.
local need = require "require"

describe("configurations and the peer, at length", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local peer = require "config_peer"
  local seed, count = tonumber(os.getenv "NXLUA_SEED" or 7), tonumber(os.getenv "NXLUA_CONFIGS" or 300)
  local root, session

  setup(function()
    root = os.tmpname()
    os.remove(root)
    assert(os.execute("mkdir " .. root))
    session = require "filterset_peer".open(root)
  end)
  teardown(function() os.execute("rm -rf " .. root) end)

  it("agree on seed " .. seed, function()
    local counts, differences = peer.run(session, require "config_gen".cases(seed, count))
    print(("\nseed %d: %d configurations, %d wrong, %d leave a part, %d differences"):format(seed, count, counts.wrong, counts.part,
      #differences))
    for _, difference in ipairs(differences) do print(("%s\n%s"):format(difference.text, difference.how)) end
    assert.equal(0, #differences)
    assert.is_true(counts.wrong >= count // 4 and counts.part >= count // 6)
  end)
end)
