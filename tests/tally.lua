-- Sums up a test run for its last line: tally.lua PREFIX [PREFIX…]. Each PREFIX holds a line per spec file
-- ("passed failed errors skipped name"), PREFIX.xml is CTest's own report (for tests that are not busted's: one each),
-- PREFIX.skips the reasons of skipped tests. Exits 1 when something failed or nothing ran.

local passed, failed, skipped = 0, 0, 0
local reasons, again = {}, {}

local function lines_of(path)
  local file = io.open(path)
  if not file then return function() end end
  return file:lines()
end

for _, prefix in ipairs(arg) do
  local seen, rows = {}, {}
  for line in lines_of(prefix) do
    local p, f, e, s, name = line:match "^(%d+) (%d+) (%d+) (%d+) (.+)$"
    if p then
      if seen[name] and seen[name] > 0 then again[#again + 1] = name end
      rows[name], seen[name] = { p, f + e, s }, f + e -- a file that was tried again counts as it ended
    end
  end
  for _, row in pairs(rows) do passed, failed, skipped = passed + row[1], failed + row[2], skipped + row[3] end
  for line in lines_of(prefix .. ".xml") do
    local name, status = line:match '<testcase name="([^"]*)".- status="([^"]*)"'
    if name then
      local is_spec = name:match "^%a+/" and (name:match "^lua/" or name:match "^stock/" or name:match "^e2e/"
        or name:match "^interop/" or name:match "^long/" or name:match "^program/")
      if is_spec then
        -- a spec file that ended without its summary (killed, crashed, timed out) is a failure of its own
        if status ~= "run" and (seen[name] or 0) == 0 then failed = failed + 1 end
      elseif status == "run" then passed = passed + 1
      elseif status == "disabled" or status == "notrun" then skipped = skipped + 1
      else failed = failed + 1 end
    end
  end
  for line in lines_of(prefix .. ".skips") do reasons[#reasons + 1] = line end
end

for _, name in ipairs(again) do print("tried again after a failure: " .. name) end
for _, line in ipairs(reasons) do print("skipped: " .. line) end
print(("%d passed, %d failed, %d skipped"):format(passed, failed, skipped))
os.exit(failed == 0 and passed > 0)
