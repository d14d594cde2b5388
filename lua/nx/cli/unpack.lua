-- What `extract` checks and says.

local failure = require "nx.failure"
local message = require "nx.cli.message"
local place = require "nx.core.place"

local M = {}

--- Format by the name; the directory must be there, and no `target` in it unless it may be overwritten.
---@param args nx.cli.Args
function M.check(args)
  if args.archive_format == "auto" then require "nx.build_archive".check_format { to = args.archive_file } end
  local function fail(text)
    failure.raise { kind = "exists", exit_code = 96, path = args.extract_to, where = false,
      chain = { ("error extracting archive `%s`"):format(args.archive_file), text } }
  end
  local real = place.real(args.extract_to)
  if not real or place.kind(real, true) ~= "dir" then
    fail(("destination directory `%s` is not there"):format(args.extract_to))
  end
  local target = real .. "/target"
  if place.kind(target) and not args.extract_overwrite then fail(("destination `%s` already exists"):format(target)) end
end

--- What these archives may hold: everything lies below target/.
---@param entry nx.Entry
function M.only_target(entry)
  if entry.path == "target" or entry.path:find "^target/" then return true end
  failure.raise { kind = "unsafe_entry", exit_code = 96, where = false,
    chain = { "error reading archive", ("path in archive `%s` doesn't start with `target/`"):format(entry.path) } }
end

--- Does it; what goes wrong is told as when tests are run from an archive.
---@param args nx.cli.Args
---@return nx.ExtractReport
function M.extract(args)
  local nx, err = require "nx", require "nx.error"
  local ok, report = pcall(nx.extract, { args.archive_file, to = args.extract_to, overwrite = args.extract_overwrite,
    filter = M.only_target })
  if ok then return report end
  if not err.is(report) or report.kind == "cancelled" or report.kind == "interrupted" then error(report, 0) end
  local chain = { ("error extracting archive `%s`"):format(args.archive_file) }
  if report.exit_code ~= 96 then chain[2], chain[3] = "error reading archive", "I/O error reading archive" end
  failure.raise { kind = report.kind, exit_code = 96, path = args.archive_file, where = false, chain = chain, cause = report }
end

---@param report nx.ExtractReport
function M.say(report)
  message.label("Extracted", ("%d file%s to %s in %s"):format(report.files, report.files == 1 and "" or "s", report.to,
    require "nx.cargo.counts".elapsed(report.seconds)))
end

return M
