-- Target runners: programs that Cargo's configuration puts in front of what was built for a platform.

local M = {}

local function one(config, summary, notices, whose)
  local platform = require "nx.config.platform"
  local facts = platform.new(summary)
  local argv, problem = config:runner(summary.triple, function(text)
    local spec = platform.compile(text:match "^%s*(.-)%s*$")
    return spec and platform.matches(spec, facts)
  end)
  if problem then
    notices[#notices + 1] = { level = "warning", text = "could not determine target runner: " .. problem }
  elseif argv then
    local source = argv.source
    argv.source = nil
    notices[#notices + 1] = { level = "info",
      text = ("%susing target runner `%s` defined by %s"):format(whose, require "nx.shell".join(argv), source) }
  end
  return argv
end

--- The runners by platform word: `{ target = argv?, host = argv? }`.
---@param config nx.cargo.Config
---@param platforms table
---@param notices table
function M.find(config, platforms, notices)
  local target = platforms.targets[1]
  if not target then
    local argv = one(config, platforms.host.platform, notices, "")
    return { target = argv, host = argv }
  end
  return {
    target = one(config, target.platform, notices, "for the target platform, "),
    host = one(config, platforms.host.platform, notices, "for the host platform, "),
  }
end

return M
