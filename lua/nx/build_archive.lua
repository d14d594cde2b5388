-- A build as one file: what goes in is collected, named and ordered here, nx.archive packs it. Readers do not care about the
-- order, which lets a reader of ours start a first test early: metadata, libraries, other binaries, files, then test binaries.

local err = require "nx.error"
local failure = require "nx.failure"
local json = require "nx.json"
local options = require "nx.options"
local path = require "nx.path"
local place = require "nx.core.place"

local M = {}

M.FORMAT = 1
M.MEMBER = "target/nxlua/archive.json"

local own = {
  ["to!"] = "string|function", filter = "any", suites = "table", files = "list", include = "list",
  source = "string|function", record_tests = "boolean", notify = "function", verbose = "boolean",
}
local passed = { format = "string", level = "integer", threads = "integer", long = "integer|false", strip = 'false|"debug"',
  strip_to = "string", base = "string", times = '"keep"|integer', owners = "boolean", progress = "function" }
local spec = {}
for _, part in ipairs { own, passed } do
  for key, value in pairs(part) do spec[key] = value end
end

local include_spec = { ["path!"] = "string", depth = 'integer|"infinite"', on_missing = '"warn"|"ignore"|"error"',
  relative_to = '"target"' }

-- Which suites a filter wants: ids as keys, or nil for all. A suite goes in if one of its tests does; where the suite alone does
-- not tell, it is listed.
local function kept(build, filter)
  if filter == nil then return nil end
  filter = build:filter(filter)
  local keep, open = {}, {}
  for _, suite in ipairs(build.suites) do
    local value = filter:suite(suite)
    if value == true then
      keep[suite.id] = true
    elseif value == nil and filter.kind ~= "archive-filter" then
      if filter.names then keep[suite.id] = next(filter.names[suite.id] or {}) ~= nil or nil else open[#open + 1] = suite end
    end
  end
  if #open > 0 then
    for _, listed in ipairs(require "nx.listing".list(build, { suites = open })) do
      for _, test in ipairs(listed.tests) do
        if filter:test(listed.suite, test.name, test) then
          keep[listed.suite.id] = true
          break
        end
      end
    end
  end
  return keep
end

-- The content of a build that no Cargo made: its binaries, the libraries beside them.
local function plain_contents(build, keep, file)
  local list, seen, suites = {}, {}, {}
  local function add(source, suite)
    local relative = path.below(source, build.root)
    if not relative then
      err.raise { kind = "usage", path = source, message = ("build:archive: %s lies outside the root %s"):format(source, build.root) }
    end
    local as = "target/" .. relative
    local known = seen[as]
    if not known then
      local kind, bytes = place.kind(source, true)
      if kind ~= "file" then err.raise { kind = "not_found", exit_code = 103, path = source, message =
        ("error creating archive `%s`: `%s` is not there"):format(file, source) } end
      known = { path = source, as = as, bytes = bytes, suites = {} }
      seen[as] = known
      list[#list + 1] = known
    end
    if suite then known.suites[#known.suites + 1] = suite.id end
  end
  for _, suite in ipairs(build.suites) do
    if not keep or keep[suite.id] then
      suites[#suites + 1] = suite
      for _, dir in ipairs(suite.library_path) do
        local names = place.list(dir) or {}
        table.sort(names)
        for _, name in ipairs(names) do
          if name:find "%.so$" or name:find "%.so%.[%d.]+$" then
            local library = path.join(dir, name)
            if place.kind(library, true) == "file" then add(library, suite) end
          end
        end
      end
    end
  end
  for _, suite in ipairs(suites) do add(suite.path, suite) end
  return { list = list, warnings = {}, suites = suites }
end

--- The files of an archive of this build, in order.
---@return { path: string, as: string, bytes: integer, suites: string[] }[]
function M.files(build, filter)
  local keep = kept(build, filter)
  if build.cargo then return require "nx.cargo.contents".collect(build.cargo, { file = "-", keep = keep }).list end
  return plain_contents(build, keep, "-").list
end

-- Our own member: what this archive is. Its id covers everything before it.
local function own_member(build, contents, o)
  local record = { format = M.FORMAT, source = build.source, nxlua = require "nx.core.open".version }
  if not build.cargo then
    local suites = json.array {}
    for i, suite in ipairs(contents.suites) do
      local copy = {}
      for key, value in pairs(suite) do copy[key] = value end
      copy.library_path, copy.runner = json.array(copy.library_path), json.array(copy.runner)
      suites[i] = copy
    end
    record.build = { suites = suites, root = build.root, host = build.host, target = build.target, meta = build.meta }
  end
  if build.harnesses and next(build.harnesses) then
    record.harnesses = {}
    for name in pairs(build.harnesses) do record.harnesses[name] = "target/nxlua/harness/" .. name .. ".lua" end
  end
  if o.record_tests then record.tests = require "nx.recorded".record(build, contents.suites or contents.binaries) end
  return record, function(entries)
    record.id = require "nx.archive".hash(entries)
    return json.encode(record, { pretty = not record.tests }) .. "\n"
  end
end

-- The format, checked before anything is done: Cargo's archives have one.
local function check_format(o)
  if type(o.to) ~= "string" or o.to == "-" or o.format then return end
  if not o.to:find "%.tar%.zst$" then
    failure.raise { kind = "usage", exit_code = 96, path = o.to, chain = {
      "failed to autodetect archive format for " .. o.to,
      ("could not detect archive format from file name `%s` (supported extensions: .tar.zst)"):format(path.name(o.to)) } }
  end
end
M.check_format = check_format

local function say(o, label, text)
  if o.notify then o.notify(label, text) end
end

--- build:archive { to, filter?, … } -> ArchiveReport, with `counts` and `warnings` beside what nx.archive reports. `notify`
--- (label, text) is called with the lines that the command prints: Archiving, Warning…, Archived, and with
--- `verbose` also Skipped….
---@param build nx.Build
---@param given table
---@return nx.ArchiveReport
function M.archive(build, given)
  local nx = package.loaded.nx or require "nx"
  local o = options.check("build:archive", given, spec)
  if o.source then options.usage("build:archive", "option \"source\" is not there yet") end
  if o.to == nil then options.usage("build:archive", "option \"to\" is missing") end
  check_format(o)
  local name = type(o.to) == "string" and o.to or "-"
  local include = {}
  for i, one in ipairs(o.include or {}) do include[i] = options.check(("build:archive: include %d"):format(i), one, include_spec) end
  local dir = name ~= "-" and path.parent(name)
  if dir and dir ~= "" and place.kind(dir, true) ~= "dir" then
    failure.raise { kind = "not_found", exit_code = 103, path = name, chain = { ("error creating archive `%s`"):format(name),
      "error writing to archive", ("No such file or directory (os error 2) at path %q"):format(dir) } }
  end
  local keep = o.suites or kept(build, o.filter) -- ids as keys: what the caller has chosen itself
  local entries = {}
  local contents
  if build.cargo then
    contents = require "nx.cargo.contents".collect(build.cargo, { file = name, keep = keep, include = include,
      started = function(counts) say(o, "Archiving", require "nx.cargo.counts".text(counts) .. " to " .. name) end,
      warned = function(text) say(o, "Warning", text) end,
      skipped = o.verbose and function(text) say(o, "Skipped", text) end or nil })
    local document = require "nx.cargo.source".archived_document(build.cargo, contents.binaries, contents.meta)
    entries[1] = { data = json.encode(document, { pretty = true }), as = "target/nextest/binaries-metadata.json" }
    entries[2] = { data = build.cargo.packages.text, as = "target/nextest/cargo-metadata.json" }
  else
    contents = plain_contents(build, keep, name)
    say(o, "Archiving", ("%d test programs to %s"):format(#contents.suites, name))
  end
  for _, file in ipairs(contents.list) do
    entries[#entries + 1] = { not file.dir and file.path or nil, directory = file.dir, as = file.as, mode = file.mode }
  end
  for _, list in ipairs { build.extra_files or {}, o.files or {} } do
    for _, item in ipairs(list) do
      local e = type(item) == "string" and { item } or item
      local file = e[1] and path.normal(path.join(build.root, e[1]))
      local as = e.as or file and path.below(file, build.root) or path.name(file)
      entries[#entries + 1] = { file, data = e.data, mode = e.mode, filter = e.filter, as = path.join("target", (as:gsub("^/", ""))) }
    end
  end
  for harness, file in pairs(build.harnesses or {}) do
    entries[#entries + 1] = { file, as = "target/nxlua/harness/" .. harness .. ".lua" }
  end
  local record, write = own_member(build, contents, o)
  entries[#entries + 1] = { data = write, as = M.MEMBER }
  for key in pairs(passed) do entries[key] = o[key] end
  entries.to, entries.symlinks, entries.format = o.to, "follow", o.format or "tar.zst"
  local ok, report = pcall(nx.archive, entries)
  if not ok then
    if not err.is(report) or report.kind == "cancelled" or report.kind == "interrupted" or report.kind == "usage" then error(report, 0) end
    failure.raise { kind = report.kind, exit_code = 103, path = name, where = report.where,
      chain = { ("error creating archive `%s`"):format(name), "error writing to archive" }, cause = report }
  end
  report.counts, report.warnings, report.id = contents.counts, contents.warnings, record.id
  say(o, "Archived", ("%d files to %s in %s"):format(#report.entries, name, require "nx.cargo.counts".elapsed(report.seconds)))
  return report
end

return M
