-- The main job from one end to the other: builds a small workspace, packs its tests into one file, moves the sources away,
-- opens the file beside the moved sources and runs the tests from it.
--     nxlua scripts/demo.lua [WORKSPACE] [ARCHIVE]
-- WORKSPACE is copied first; the one that the project carries is tests/fixtures/demo. ARCHIVE is kept when it is named.
local nx = require "nx"
local workspace, archive = ...
workspace = workspace or (arg[0]:match "^(.*/)scripts/[^/]*$" or "") .. "tests/fixtures/demo"

local work <close> = nx.temp_dir {}
local here, there = work.path .. "/here", work.path .. "/there"
archive = archive or work.path .. "/demo.tar.zst"

-- A copy of the sources, without what was built in them.
local function is_source(entry) return not entry.path:find "^target/" end
nx.archive { workspace, to = work.path .. "/sources.tar", filter = is_source }
nx.extract { work.path .. "/sources.tar", to = here }

local report = nx.cargo.build { cwd = here, workspace = true, offline = true }:archive { to = archive }
print(("%s: %d files, %d bytes, id %s"):format(archive, report.files, report.bytes, report.id))

-- Nothing stays where it was built.
assert(os.rename(here, there))
assert(os.rename(there .. "/target", work.path .. "/gone"))

local build <close> = nx.open { archive, workspace = there }
return build:tests():run()
