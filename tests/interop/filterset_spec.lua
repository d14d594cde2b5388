-- Filtersets against the installed peer: a fixed slice of what tests/long/filterset_spec.lua compares. Same exit code, same
-- tests, same suites never started, same drawings.
local need = require "require"

describe("filtersets and the peer", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local peer = require "filterset_peer"
  local compare = require "filterset_compare"
  local root, session

  setup(function()
    root = os.tmpname()
    os.remove(root)
    assert(os.execute("mkdir " .. root))
    session = peer.open(root)
  end)
  teardown(function() os.execute("rm -rf " .. root) end)

  it("agree on 150 filtersets", function()
    local cases = compare.cases(20261124, { right = 66, regex = 30, broken = 48, banned = 6 }, function(text)
      return peer.ours(session, text).part
    end)
    local counts, differences = compare.run(session, cases)
    for _, difference in ipairs(differences) do print(("%q\n%s"):format(difference.text, difference.how)) end
    assert.equal(0, #differences)
    assert.is_true(counts.part >= 60 and counts.broken >= 50)
  end)

  it("agree on several -E, joined by or", function()
    for _, texts in ipairs {
      { "test(=last)", "package(util) & test(joins)" },
      { "package(alpha)", "none()" },
      { "kind(bench)", "default() & rdeps(beta)", "group(serial)" },
      { "test(", "all()", "package(nope)" },
    } do
      assert.is_nil(peer.difference(peer.peer(session, table.unpack(texts)), peer.ours(session, table.unpack(texts))))
    end
  end)
end)
