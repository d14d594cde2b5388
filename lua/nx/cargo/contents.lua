-- What goes into the archive of a Cargo build: a list of { path, as, bytes, suites? } in order, with the warnings that the peer
-- gives on the way. Looks at the file system, writes nothing.

local counts = require "nx.cargo.counts"
local failure = require "nx.failure"
local path = require "nx.path"
local place = require "nx.core.place"

local M = {}

local ENOENT <const> = 2

---@class nx.cargo.Contents
---@field cargo nx.cargo.Source
---@field file string          the archive's name, for messages
---@field list table[]
---@field warnings string[]
local Contents = {}
Contents.__index = Contents

function Contents:warn(text)
  self.warnings[#self.warnings + 1] = text
  if self.warned then self.warned(text) end
end

-- A failure of one step.
function Contents:fail(...)
  failure.raise { kind = "io", exit_code = 103, path = self.file, chain = { ("error creating archive `%s`"):format(self.file), ... } }
end

--- Not a mistake, only of interest to who asks: a directory that is too deep.
function Contents:skip(text)
  if self.skipped then self.skipped(text) end
end

-- `mode`: the file's own permissions, which a test may look at (a read-only file, a private key). Not of what Cargo made:
-- nobody looks at those, and they would make the bytes depend on the umask of the build.
function Contents:add(file, as, suite, bytes, mode)
  local known = self.seen[as]
  if known then
    if suite then known.suites[#known.suites + 1] = suite end
    return
  end
  local entry = { path = file, as = as, bytes = bytes, mode = mode and ("%04o"):format(mode), suites = suite and { suite } or {} }
  self.seen[as] = entry
  self.list[#self.list + 1] = entry
end

-- What must be there as a regular file: a binary, a library.
function Contents:add_known(file, as, suite, step)
  local kind, bytes = place.kind(file, true)
  if not kind then self:fail("error while archiving " .. step, ("`%s` is not there"):format(file)) end
  self:add(file, as, suite, bytes)
end

function Contents:unwritable(step, file, why)
  self:fail(("while archiving %s, error writing file `%s` to archive"):format(step, file), why)
end

-- A file as it is stored: links are followed; a link to a directory becomes an empty directory.
function Contents:add_file(file, as, step, suites)
  local above = as:match "^(.-)/%.%./"
  if above then self:unwritable(step, file, "paths in archives must not have `..` when setting path for " .. above) end
  local kind, bytes, mode = place.kind(file, true)
  if kind == "file" or kind == "dir" then
    self:add(file, as, nil, kind == "file" and bytes or 0, mode)
    local entry = self.seen[as]
    if kind == "dir" then entry.dir = true end
    if suites then entry.suites = suites end
  elseif kind == nil then
    self:unwritable(step, file, ("%s when getting metadata for %s"):format(failure.os_error(bytes, mode), file))
  end
end

local function sorted_names(dir)
  local names, problem, errno = place.list(dir)
  if names then table.sort(names) end
  return names, problem, errno
end

-- A file, or what a directory holds down to `depth` levels; children before the next sibling.
---@param walk { step: string, limit: integer, quiet: boolean?, suites: table? }
function Contents:walk(file, as, depth, walk)
  local kind = place.kind(file)
  if kind == "dir" then
    if depth == 0 then
      local text = ("while archiving %s, recursion depth exceeded at %s (limit: %d)"):format(walk.step, file, walk.limit)
      if walk.quiet then self:skip(text) else self:warn(text) end
      return
    end
    local names, problem, errno = sorted_names(file)
    if not names then self:fail(("error reading directory `%s`"):format(file), failure.os_error(problem, errno)) end
    for _, name in ipairs(names) do
      local inner = path.join(file, name)
      if not utf8.len(name) then
        self:fail(("error reading directory entry from `%s"):format(file),
          "PathBuf contains invalid UTF-8: " .. require "nx.json".utf8(inner), "Path contains invalid UTF-8")
      end
      self:walk(inner, as .. "/" .. name, depth and depth - 1, walk)
    end
  elseif kind == "file" or kind == "symlink" then
    self:add_file(file, as, walk.step, walk.suites)
  elseif kind then
    self:warn(("while archiving %s, ignoring `%s` because it is not a file, directory, or symbolic link"):format(walk.step, file))
  end
end

-- The standard library of a libdir, which a proc-macro's tests (and tests that link it dynamically) need.
function Contents:libstd(pair, where, whose)
  local libdir = pair.libdir
  if libdir.status ~= "available" then return 0 end
  local names = sorted_names(libdir.path)
  for _, name in ipairs(names or {}) do
    if name:find "^libstd%-.*%.so$" or name:find "^libstd%-.*%.dylib$" or name:find "^std%-.*%.dll$" then
      local file = path.join(libdir.path, name)
      local _, bytes = place.kind(file, true)
      self:add(file, "target/nextest/libdirs/" .. where .. "/" .. name, nil, bytes)
      return 1
    end
  end
  self.late = self.late or {} -- the peer meets the standard library last
  self.late[#self.late + 1] = ("could not find standard library for %s (proc macro tests may not work): "
    .. "could not find the Rust standard library in the libdir"):format(whose)
  return 0
end

-- Included paths: what is missing or cannot be entered is said before anything is packed.
function Contents:includes(list)
  local found = {}
  for _, include in ipairs(list) do
    local relative = path.tidy(include.path)
    local file = relative == "" and self.cargo.target_dir or path.join(self.cargo.target_dir, relative)
    local kind, problem, errno = place.kind(file)
    local depth = include.depth == nil and 16 or include.depth
    if not kind and errno ~= ENOENT then
      self:fail(("while archiving extra paths, error writing path `%s` to archive"):format(file), failure.os_error(problem, errno))
    elseif not kind then
      if include.on_missing == "error" then self:fail(("extra path `%s` not found"):format(file)) end
      local text = ("ignoring extra path `%s` because it does not exist"):format(file)
      if include.on_missing == "ignore" then self:skip(text) else self:warn(text) end
    elseif kind == "dir" and depth == 0 then
      self:warn(("ignoring extra path `%s` specified with depth 0 since it is a directory"):format(file))
    else
      found[#found + 1] = { file = file, as = relative == "" and "target" or "target/" .. relative, kind = kind,
        depth = depth ~= "infinite" and depth or nil, limit = depth }
    end
  end
  return found
end

-- The list of packages, in order of their ids.
local function ordered(map)
  local ids = {}
  for id in pairs(map) do ids[#ids + 1] = id end
  table.sort(ids)
  return ids
end

function Contents:linked_paths()
  local hinted = false
  for _, linked in ipairs(self.cargo.meta.linked_paths) do
    local dir = path.join(self.cargo.build_dir, linked)
    if place.kind(dir, true) then
      self:walk(dir, "target/" .. linked, 1, { step = "linked paths", limit = 1, quiet = true })
    else
      local labels = {}
      for _, id in ipairs(ordered(self.cargo.meta.requesters[linked] or {})) do labels[#labels + 1] = self.cargo.packages:label(id) end
      local text = ("linked path `%s` not found, requested by: %s"):format(dir, table.concat(labels, ", "))
      if not hinted and #labels > 0 then
        text = ("%s\n%s(this is a bug in %s that should be fixed)"):format(text, (" "):rep(13),
          #labels == 1 and "this crate" or "these crates")
        hinted = true
      end
      self:warn(text)
    end
  end
end

-- What a filter leaves of the metadata.
local function filtered(cargo, keep)
  local meta = setmetatable({ non_test_binaries = {}, build_script_out_dirs = {} }, { __index = cargo.meta })
  local binaries, tested = {}, {}
  for _, binary in ipairs(cargo.binaries) do
    if not keep or keep[binary.id] then
      binaries[#binaries + 1] = binary
      tested[binary.package_id] = true
    end
  end
  if not keep then return cargo.meta, binaries end
  for id, list in pairs(cargo.meta.non_test_binaries) do
    local rows = {}
    for _, other in ipairs(list) do
      if other.kind ~= "bin-exe" or tested[id] then rows[#rows + 1] = other end
    end
    if #rows > 0 then meta.non_test_binaries[id] = rows end
  end
  for id, dir in pairs(cargo.meta.build_script_out_dirs) do meta.build_script_out_dirs[id] = tested[id] and dir or nil end
  if cargo.meta.build_script_info then
    meta.build_script_info = {}
    for id, info in pairs(cargo.meta.build_script_info) do meta.build_script_info[id] = tested[id] and info or nil end
  end
  return meta, binaries
end

--- Collects. `keep` (ids of suites as keys, or nil for all) and `include` (records of `archive.include`) as options; `started`
--- is called with the counts before anything is looked for, `warned` with each warning, `skipped` with what nobody needs to know.
---@param cargo nx.cargo.Source
---@param options { file: string, keep?: table, include?: table[], started?: function, warned?: function, skipped?: function }
---@return nx.cargo.Contents contents   with list, warnings, counts, meta, binaries
function M.collect(cargo, options)
  local self = setmetatable({ cargo = cargo, file = options.file, list = {}, seen = {}, warnings = {},
    warned = options.warned, skipped = options.skipped }, Contents)
  local meta, binaries = filtered(cargo, options.keep)
  self.meta, self.binaries = meta, binaries
  local c = counts.of(meta, binaries)
  c.tests_out, c.others_out = #cargo.binaries - c.tests, counts.others(cargo.meta.non_test_binaries) - c.others
  local out_dirs = 0
  for _ in pairs(cargo.meta.build_script_out_dirs) do out_dirs = out_dirs + 1 end
  c.out_dirs_out, c.includes, self.counts = out_dirs - c.out_dirs, #(options.include or {}), c

  local suites_of = {}
  for _, binary in ipairs(binaries) do
    suites_of[binary.package_id] = suites_of[binary.package_id] or {}
    table.insert(suites_of[binary.package_id], binary.id)
  end
  local target = meta.platforms.targets[1]
  c.libraries = self:libstd(meta.platforms.host, "host", "host")
  if target then c.libraries = c.libraries + self:libstd(target, "target/0", "target") end
  if options.started then options.started(c) end
  local included = self:includes(options.include or {})
  for _, kind in ipairs { "dylib", "bin-exe" } do
    for _, id in ipairs(ordered(meta.non_test_binaries)) do
      for _, other in ipairs(meta.non_test_binaries[id]) do
        if other.kind == kind or kind == "bin-exe" and other.kind ~= "dylib" then
          local file = path.join(cargo.target_dir, other.path)
          self:add_known(file, "target/" .. other.path, nil, "non-test binaries")
          if kind == "bin-exe" then self.seen["target/" .. other.path].suites = suites_of[id] or {} end
        end
      end
    end
  end
  for _, id in ipairs(ordered(meta.build_script_out_dirs)) do
    local dir = meta.build_script_out_dirs[id]
    local out = path.join(cargo.build_dir, dir)
    local step = "build script output directories"
    local found, problem, errno = place.kind(out)
    if not found then self:unwritable(step, out, failure.os_error(problem, errno)) end
    self:walk(out, "target/" .. dir, 1, { step = step, limit = 1, quiet = true, suites = suites_of[id] })
  end
  self:linked_paths()
  for _, include in ipairs(included) do
    if place.kind(include.file, true) then -- a link that leads nowhere is dropped without a word
      self:walk(include.file, include.as, include.depth, { step = "extra paths", limit = include.limit })
    end
  end
  for _, text in ipairs(self.late or {}) do self:warn(text) end
  for _, binary in ipairs(binaries) do
    local now = require "nx.cargo.suites".moved(binary.path, meta.target_directory, cargo.target_dir)
    if now == binary.path then now = require "nx.cargo.suites".moved(binary.path, meta.build_directory, cargo.build_dir) end
    local relative = path.below(binary.path, meta.build_directory) or path.below(binary.path, meta.target_directory)
    if not relative then
      self:fail("error while archiving test binaries", ("`%s` lies outside the build directory"):format(binary.path))
    end
    self:add_known(now, "target/" .. relative, binary.id, "test binaries")
  end
  return self
end

return M
