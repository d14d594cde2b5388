-- What `archive` decides: the format, the level, which suites go in, which further files.

local message = require "nx.cli.message"

local M = { say = message.label }

--- The format is told by the name, before anything is built.
---@param args nx.cli.Args
function M.check(args)
  if args.archive_format == "auto" then require "nx.build_archive".check_format { to = args.archive_file } end
end

--- 0 is zstd's own default; what is out of range is brought into it, as zstd does.
---@param args nx.cli.Args
---@return integer
function M.level(args)
  local level = args.zstd_level or 0
  if level == 0 then return 3 end
  return math.max(-7, math.min(22, level))
end

--- The suites that -E leaves: those for which it definitely holds. nil: all.
---@param session nx.cli.Session
---@return table<string, true>?
function M.suites(session)
  local filters = session:filtersets "archive-filter"
  if not filters[1] then return nil end
  local keep = {}
  for _, suite in ipairs(session.build.suites) do
    for _, filter in ipairs(filters) do
      if filter:suite(suite) == true then keep[suite.id] = true end
    end
  end
  return keep
end

--- `archive.include` of a profile, as build:archive takes it.
---@param profile nx.Profile
function M.include(profile)
  local list = {}
  for i, one in ipairs(profile.settings.archive and profile.settings.archive.include or {}) do
    list[i] = { path = one.path, depth = one.depth, on_missing = one.on_missing, relative_to = one.relative_to }
  end
  return list
end

return M
