-- Durations as configuration files and options write them: "60s", "1m 30s", "500ms", "2h", "30y"
-- (the grammar of https://docs.rs/humantime, parse_duration). A number needs its unit; only "0" stands alone.

local M = {}

local units = {}
for names, seconds in pairs {
  ["nanos nsec ns"] = 1e-9, ["usec us µs"] = 1e-6, ["millis msec ms"] = 1e-3,
  ["seconds second secs sec s"] = 1, ["minutes minute mins min m"] = 60, ["hours hour hrs hr h"] = 3600,
  ["days day d"] = 86400, ["weeks week wks wk w"] = 7 * 86400,
  ["months month M"] = 2630016, -- 30.44 days
  ["years year yrs yr y"] = 31557600, -- 365.25 days
} do
  for name in names:gmatch "%S+" do units[name] = seconds end
end

--- Seconds, or nil when the text is no duration.
---@param text string
---@return number?
function M.parse(text)
  if text == "0" then return 0 end
  local total, at = 0, 1
  local seen = false
  while true do
    at = text:match("^%s*()", at)
    if at > #text then break end
    local number, unit, stop = text:match("^(%d[%d%s]*%.?%d*)%s*([^%d%s.]+)()", at)
    if not number then return nil end
    local factor = units[unit]
    local value = factor and tonumber((number:gsub("%s", "")))
    if not value then return nil end
    total, at, seen = total + value * factor, stop, true
  end
  if not seen then return nil end
  return math.tointeger(total) or total
end

return M
