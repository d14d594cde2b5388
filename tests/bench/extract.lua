-- Extraction beside the peer, alternating, on the same archives:
--   nxlua tests/bench/extract.lua ROUNDS WORKSPACE ARCHIVE…      WORKSPACE: the sources that the peer wants to see
-- The peer runs `list -E 'none()'`, which extracts and starts nothing; its own message says how long the extraction took.
-- To its user and system time belongs reading the metadata too: what that costs alone is measured with an archive that holds
-- only the metadata, and taken off. Ours is `nx.extract` of the whole archive in a process of its own.
local nx = require "nx"

local rounds, workspace = math.tointeger(tonumber(arg[1])), arg[2]
local archives = table.move(arg, 3, #arg, 1, {})
assert(rounds and workspace and #archives > 0, "usage: extract.lua ROUNDS WORKSPACE ARCHIVE…")

local dir = nx.temp_dir {}
local out = dir.path .. "/out"
local program = os.getenv "NXLUA" or arg[-1]

local script = dir.path .. "/extract.lua"
do
  local f <close> = assert(io.open(script, "w"))
  f:write [[io.write(require "nx".extract { arg[1], to = arg[2] }.seconds)]]
end

local function sh(text)
  return nx.run { "sh", "-c", text, check = true }
end

local function peer(archive)
  sh("rm -rf '" .. out .. "'; mkdir '" .. out .. "'; sync")
  local o = nx.run { "cargo-nextest", "nextest", "list", "--archive-file", archive, "--workspace-remap", workspace, "--extract-to", out,
    "-E", "none()", check = true }
  local seconds = tonumber(o.stderr:match "Extracted %d+ files? to .- in ([%d.]+)s")
  return { wall = seconds, cpu = o.user_seconds + o.system_seconds, rss = o.max_rss }
end

local function ours(archive)
  sh("rm -rf '" .. out .. "'; sync")
  local o = nx.run { program, script, archive, out, check = true }
  return { wall = tonumber(o.stdout), cpu = o.user_seconds + o.system_seconds, rss = o.max_rss }
end

local function median(list, key)
  local t = {}
  for i, r in ipairs(list) do t[i] = r[key] end
  table.sort(t)
  local m = #t % 2 == 1 and t[#t // 2 + 1] or (t[#t // 2] + t[#t // 2 + 1]) / 2
  return m, t[1], t[#t]
end

-- The metadata alone, packed by whatever is there.
local function metadata_only(archive)
  local meta = dir.path .. "/meta"
  nx.extract { archive, to = meta, filter = function(e) return e.path:match "^target/nextest/[^/]*%.json$" end }
  local small = dir.path .. "/meta.tar.zst"
  sh(("cd '%s' && tar -cf - target | zstd -q > '%s'; rm -rf '%s'"):format(meta, small, meta))
  return small
end

for _, archive in ipairs(archives) do
  local fixed, a, b = {}, {}, {}
  local small = metadata_only(archive)
  for i = 1, rounds do
    fixed[i] = peer(small)
    if i % 2 == 0 then a[i], b[i] = peer(archive), ours(archive) else b[i], a[i] = ours(archive), peer(archive) end
  end
  local base = median(fixed, "cpu")
  print(archive)
  for _, row in ipairs { { "peer", a, base }, { "nxlua", b, 0 } } do
    local wall, low, high = median(row[2], "wall")
    local cpu = median(row[2], "cpu") - row[3]
    print(("  %-6s wall %.3f s (%.3f … %.3f)   user+system %.3f s   peak %.0f MiB"):format(row[1], wall, low, high, cpu,
      (median(row[2], "rss")) / 2 ^ 20))
  end
  print(("  ratio  wall x%.2f   user+system x%.2f"):format(median(b, "wall") / median(a, "wall"),
    median(b, "cpu") / (median(a, "cpu") - base)))
end
