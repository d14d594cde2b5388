-- Names of platforms that nobody has heard of: which part is wrong, in the peer's words. What has known parts (architecture, any
-- vendor, system, environment) may be one that rustc knows; Cargo will say so.

local failure = require "nx.failure"

local M = {}

-- The words that known names have as their first, third and fourth part.
local function vocabulary()
  local known = { {}, {}, {}, {} }
  for line in require "nx.config.targets":gmatch "[^\n]+" do
    local triple, arch, os, env = line:match "^(%S+) (%S+) (%S+) (%S+)"
    if triple then
      local at = 0
      for part in triple:gmatch "[^-]+" do
        at = at + 1
        if known[at] then known[at][part] = true end
      end
      known[1][arch], known[3][os], known[4][env] = true, true, true
    end
  end
  return known
end

local whats = { "architecture", [3] = "operating system", [4] = "environment", [5] = "binary format" }

--- The first part that is not known: what it is and its text. nil if all are.
---@param triple string
---@return string? what, string? part
function M.stranger(triple)
  local known = vocabulary()
  local at = 0
  for part in (triple .. "-"):gmatch "(.-)%-" do
    at = at + 1
    if at > 4 then return whats[5], part end
    if at ~= 2 and not known[at][part] then return whats[at], part end
  end
end

--- Raises the peer's complaint about a name that has an unknown part.
---@param triple string
function M.check(triple)
  local what, part = M.stranger(triple)
  if not what then return end
  local why = "triple not in builtin platforms and heuristic parsing failed"
  local before = #triple // 2
  local drawn = triple == "" and "" or (" 1 │ %s\n   · %s┬%s\n   · %s╰── %s\n"):format(triple, ("─"):rep(before),
    ("─"):rep(#triple - before - 1), (" "):rep(before), why)
  failure.raise { kind = "config", exit_code = 96,
    chain = { "unknown triple string: " .. triple, why, ("Unrecognized %s: %s"):format(what, part) },
    report = ("  error: unknown triple string: %s\n  ├─▶ %s\n  ╰─▶ Unrecognized %s: %s\n   ╭────\n%s   ╰────\n\n")
      :format(triple, why, what, part, drawn):gsub(" +\n", "\n") }
end

return M
