-- Command lines against the installed peer, by seed: NXLUA_SEED=n and NXLUA_LINES=n change which and how many.
local need = require "require"

describe("command lines and the peer, at length", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local compare = require "cli_compare"
  local ws, archive
  local seed, lines = tonumber(os.getenv "NXLUA_SEED" or 11), tonumber(os.getenv "NXLUA_LINES" or 400)

  setup(function()
    ws = require "workspace".copy "ws"
    archive = ws.base .. "/peer.tar.zst"
    ws:must("cargo nextest archive --archive-file " .. archive)
  end)
  teardown(function() ws:remove() end)

  it("agree on seed " .. seed, function()
    local counts, differences = compare.run(ws, seed, lines, archive)
    print(("\nseed %d: %d lines, %d mistakes, %d choose tests, %d of them list some, %d differences"):format(seed, counts.lines,
      counts.usage, counts.chosen, counts.listed, #differences))
    for _, difference in ipairs(differences) do print(difference.line .. "\n" .. difference.how) end
    assert.equal(0, #differences)
  end)
end)
