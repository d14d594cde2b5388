-- The comparison as a whole: cases by seed, asked of both, counted.

local gen = require "filterset_gen"
local peer = require "filterset_peer"

local M = {}

--- The cases of a seed: a list of { group = "right"|"regex"|"broken"|"banned", text, kind? }, always the same.
--- `selects(text)` tells a filterset that chooses some tests but not all: those are preferred.
---@param seed integer
---@param counts table<string, integer>
function M.cases(seed, counts, selects)
  local r, list = gen.random(seed), {}
  for _ = 1, counts.right do
    local text = gen.right(r)
    for _ = 1, 4 do
      if selects(text) then break end
      text = gen.right(r)
    end
    list[#list + 1] = { group = "right", text = text }
  end
  for _ = 1, counts.regex do
    local text = gen.regex(r)
    for _ = 1, 2 do
      if selects(text) then break end
      text = gen.regex(r)
    end
    list[#list + 1] = { group = "regex", text = text }
  end
  for i = 1, counts.broken do
    list[#list + 1] = { group = "broken", text = gen.broken(r, counts.broken >= 500 and i or nil) }
  end
  for _ = 1, counts.banned do
    local text, kind = gen.banned(r)
    list[#list + 1] = { group = "banned", text = text, kind = kind }
  end
  return list
end

local BATCH = 40 -- broken ones that one call of the peer reports together

--- Compares all cases. Returns counts and the differences: { text, kind?, how }.
function M.run(session, cases)
  local counts = { cases = #cases, part = 0, broken = 0, regex = 0, kinds = {} }
  local differences, batch = {}, {}
  local function note(case, how)
    if how then differences[#differences + 1] = { text = case.text, kind = case.kind, how = how } end
  end
  local function tally(ours)
    if ours.code ~= 0 then counts.broken = counts.broken + 1 end
    if ours.part then counts.part = counts.part + 1 end
    local seen = {}
    for _, diagnostic in ipairs(ours.found or {}) do seen[diagnostic.kind] = true end
    for kind in pairs(seen) do counts.kinds[kind] = (counts.kinds[kind] or 0) + 1 end
  end
  local function flush()
    local texts = {}
    for i, case in ipairs(batch) do texts[i] = case.text end
    if #texts > 0 and peer.difference(peer.peer(session, table.unpack(texts)), peer.ours(session, table.unpack(texts))) then
      for _, case in ipairs(batch) do -- one by one, to name the one that differs
        note(case, peer.difference(peer.peer(session, case.text), peer.ours(session, case.text)))
      end
    end
    batch = {}
  end
  for _, case in ipairs(cases) do
    if case.kind then
      local ours = peer.ours_kind(session, case.kind, case.text)
      tally(ours)
      note(case, peer.difference(peer.peer_kind(session, case.kind, case.text), ours))
    else
      local ours = peer.ours(session, case.text)
      tally(ours)
      if ours.code ~= 0 then
        batch[#batch + 1] = case
        if #batch == BATCH then flush() end
      else
        if case.group == "regex" then counts.regex = counts.regex + 1 end
        note(case, peer.difference(peer.peer(session, case.text), ours))
      end
    end
  end
  flush()
  return counts, differences
end

return M
