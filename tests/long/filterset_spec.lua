-- Thousands of filtersets against the installed peer, by seed: NXLUA_SEED=n and NXLUA_FILTERSETS=n (in hundreds; 25 by
-- default) change which and how many.
local need = require "require"

describe("filtersets and the peer, at length", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local peer = require "filterset_peer"
  local compare = require "filterset_compare"
  local gen = require "filterset_gen"
  local seed = tonumber(os.getenv "NXLUA_SEED" or 7)
  local hundreds = tonumber(os.getenv "NXLUA_FILTERSETS" or 25)
  local root, session

  setup(function()
    root = os.tmpname()
    os.remove(root)
    assert(os.execute("mkdir " .. root))
    session = peer.open(root)
  end)
  teardown(function() os.execute("rm -rf " .. root) end)

  it("agree on seed " .. seed, function()
    local cases = compare.cases(seed, {
      right = 36 * hundreds, regex = 18 * hundreds, broken = 43 * hundreds, banned = 3 * hundreds,
    }, function(text) return peer.ours(session, text).part end)
    local counts, differences = compare.run(session, cases)
    print(("\nseed %d: %d filtersets, %d choose a part, %d broken, %d regexes, %d differences"):format(seed, counts.cases,
      counts.part, counts.broken, counts.regex, #differences))
    for _, kind in ipairs(gen.kinds) do print(("  %-28s %d"):format(kind, counts.kinds[kind] or 0)) end
    for _, difference in ipairs(differences) do print(("%q\n%s"):format(difference.text, difference.how)) end
    assert.equal(0, #differences)
    assert.is_true(counts.part >= 0.4 * counts.cases, "too few choose a part")
    assert.is_true(counts.broken >= 0.4 * counts.cases, "too few are broken")
    if hundreds >= 20 then
      assert.is_true(counts.regex >= 300)
      for _, kind in ipairs(gen.kinds) do assert.is_true((counts.kinds[kind] or 0) >= 10, kind .. " is too rare") end
    end
  end)
end)
