-- nx.open: a build that somebody packed, or whose metadata somebody kept, as a Build here.

local err = require "nx.error"
local failure = require "nx.failure"
local json = require "nx.json"
local options = require "nx.options"
local path = require "nx.path"
local place = require "nx.core.place"

local M = {}

local BINARIES <const>, CARGO <const> = "target/nextest/binaries-metadata.json", "target/nextest/cargo-metadata.json"
local OWN <const> = "target/nxlua/archive.json"

local spec = { "string", workspace = "string", to = "string", keep = "boolean", overwrite = "boolean", unpack = "boolean",
  filter = "any", map = "any", remap = '"auto"|"view"|"paths"', threads = "integer", binaries_metadata = "string",
  cargo_metadata = "string", target_dir_remap = "string", build_dir_remap = "string", config = "list", cargo = "table",
  notify = "function" }

local function read(file)
  local handle, problem, errnum = io.open(file, "rb")
  if not handle then return nil, problem, errnum end
  local text
  text, problem, errnum = handle:read "a"
  handle:close()
  return text, problem, errnum
end

local os_error = failure.os_error

local Reading = {}
Reading.__index = Reading

function Reading:fail(...)
  failure.raise { kind = "format", exit_code = 96, path = self.file, chain = { ("error extracting archive `%s`"):format(self.file), ... } }
end

-- The rules that Cargo archives keep to: everything lies below target/.
function Reading:check(entry)
  local name = entry.raw or entry.path
  local function bad(text) self:fail("error reading archive", ("path in archive `%s` %s"):format(json.utf8(name), text)) end
  if not utf8.len(name) then bad "wasn't valid UTF-8" end
  if not (name == "target" or name:find "^target/") then bad "doesn't start with `target/`" end
  for part in name:gmatch "[^/]+" do
    if part == ".." or part == "." and not name:find "/%.$" then bad(("contains an invalid component `%s`"):format(part)) end
  end
end

-- Takes the metadata that was just unpacked: the words about what comes can be said while the rest is read.
function Reading:met(text)
  local ok, meta, binaries = pcall(require "nx.cargo.metadata".read, text, place.triple)
  if not ok then
    if not (err.is(meta) and meta.exit_code == 96) then error(meta, 0) end
    self:fail(table.unpack(failure.chain(meta)))
  end
  if not meta then
    self:fail("error reading archive", ("error deserializing metadata file `%s` in archive"):format(BINARIES), binaries)
  end
  self.meta, self.binaries = meta, binaries
  self:say("Extracting", require "nx.cargo.counts".text(require "nx.cargo.counts".of(meta, binaries)) .. " to " .. self.dest)
end

function Reading:packages_from(text)
  local packages, problem = require "nx.cargo.packages".new(text)
  if not packages then -- named after the other file: so does the peer
    self:fail("error reading archive", ("error deserializing metadata file `%s` in archive"):format(BINARIES), problem)
  end
  self.packages = packages
end

function Reading:say(label, text)
  if self.o.notify then self.o.notify(label, text) end
end

-- Asked by nx.extract for each member, after the one before it has been written.
function Reading:keep(entry)
  if self.met_metadata then
    self.met_metadata = nil
    self:met(assert(read(path.join(self.dest, BINARIES))))
  end
  self:check(entry)
  local name = entry.path
  self.files = self.files + 1
  if name == BINARIES then
    self.met_metadata, self.has_binaries = true, true
  elseif name == CARGO then
    self.has_cargo = true
  elseif name == OWN then
    self.has_own = true
  elseif name:find "^target/nextest/libdirs/host/" then
    self.host_libdir = true
  elseif name:find "^target/nextest/libdirs/target/0/" then
    self.target_libdir = true
  elseif self.o.filter ~= nil and self.meta then
    return self:wanted(name)
  end
  return entry.type ~= "device" and entry.type ~= "fifo" and entry.type ~= "other"
end

-- With a filter: test binaries of suites that it leaves out are not written.
function Reading:wanted(name)
  if not self.unwanted then
    self.unwanted = {}
    local filter = require "nx.filterset".from(self.o.filter, { kind = "test" })
    for _, binary in ipairs(self.binaries) do
      local relative = path.below(binary.path, self.meta.target_directory)
      local package = binary.id:match "^(.-)::" or binary.id
      if relative and filter:suite { id = binary.id, name = binary.name, package = package, kind = binary.kind,
        platform = binary.platform, package_id = binary.package_id } == false then
        self.unwanted["target/" .. relative] = true
      end
    end
  end
  return not self.unwanted[name]
end

-- What nx.extract says, in the peer's chain.
local function translate(reading, e)
  if not err.is(e) or e.kind == "cancelled" or e.kind == "interrupted" or e.exit_code == 96 or e.kind == "usage" then error(e, 0) end
  local why = tostring(e.message)
  for _, front in ipairs { "nx.extract: ", reading.file .. ": " } do
    if why:sub(1, #front) == front then why = why:sub(#front + 1) end
  end
  local member = why:match "^member `([^`]*)`: "
  if member and math.type(e.errno) == "integer" then -- the system did not let us write
    local made = why:find("cannot make the directory", 1, true)
    failure.raise { kind = e.kind, exit_code = 96, path = reading.file, where = e.where, chain = {
      ("error extracting archive `%s`"):format(reading.file), ("error writing file `%s` to disk"):format(member),
      made and ("failed to create `%s`"):format(path.join(reading.dest, path.parent(member)))
        or ("failed to unpack `%s`"):format(path.join(reading.dest, member)), os_error(why, e.errno) } }
  end
  if math.type(e.errno) == "integer" then why = os_error(why, e.errno) end
  local link = e.kind ~= "unsafe_entry" and "I/O error reading archive" or nil
  failure.raise { kind = e.kind, exit_code = 96, path = reading.file, where = e.where,
    chain = { ("error extracting archive `%s`"):format(reading.file), "error reading archive", link or why, link and why } }
end

-- Unpacks into self.dest.
function Reading:unpack()
  local nx = package.loaded.nx or require "nx"
  local began = require "nx.task".now()
  local ok, report = pcall(nx.extract, { self.file, to = self.dest, overwrite = true, threads = self.o.threads,
    filter = function(entry) return self:keep(entry) end })
  if not ok then
    if self.met_metadata and not err.is(report) then error(report, 0) end
    translate(self, report)
  end
  if self.met_metadata then self:met(assert(read(path.join(self.dest, BINARIES)))) end
  self:finish(function(name) return assert(read(path.join(self.dest, name))) end)
  self:say("Extracted", ("%d file%s to %s in %s"):format(self.files, self.files == 1 and "" or "s", self.dest,
    require "nx.cargo.counts".elapsed(require "nx.task".now() - began)))
end

-- Only looks: metadata into memory, nothing written.
function Reading:look()
  local nx = package.loaded.nx or require "nx"
  local ok, report = pcall(nx.extract, { self.file, data = true, threads = self.o.threads, filter = function(entry)
    self:check(entry)
    local name = entry.path
    self.files = self.files + 1
    self.has_binaries, self.has_cargo = self.has_binaries or name == BINARIES, self.has_cargo or name == CARGO
    self.has_own = self.has_own or name == OWN
    self.host_libdir = self.host_libdir or name:find "^target/nextest/libdirs/host/" ~= nil
    self.target_libdir = self.target_libdir or name:find "^target/nextest/libdirs/target/0/" ~= nil
    return name == BINARIES or name == CARGO or name == OWN
  end })
  if not ok then translate(self, report) end
  local texts = {}
  for _, entry in ipairs(report.entries) do texts[entry.path] = entry.data end
  if texts[BINARIES] then self:met(texts[BINARIES]) end
  self:finish(function(name) return texts[name] end)
end

-- Both kinds of archive must have what makes them one.
function Reading:finish(text_of)
  if self.has_own then
    local own = json.decode(text_of(OWN))
    if (tonumber(own.format) or 0) > require "nx.build_archive".FORMAT then
      self:fail(("the archive has format %s, this program reads up to %d: it was written by nxlua %s"):format(own.format,
        require "nx.build_archive".FORMAT, own.nxlua or "?"))
    end
    self.own = own
  end
  if self.own and self.own.build then return end
  if not self.has_binaries then self:fail("error reading archive", ("metadata file `%s` not found in archive"):format(BINARIES)) end
  if not self.has_cargo then self:fail("error reading archive", ("metadata file `%s` not found in archive"):format(CARGO)) end
  self:packages_from(text_of(CARGO))
end

-- Where the workspace is now; its manifest must be there.
local function workspace(recorded, given)
  if given == "" then
    failure.raise { kind = "usage", exit_code = 96, chain = { "error making workspace-remap path absolute: ",
      "cannot make an empty path absolute" } }
  end
  local root = given and (place.real(given) or path.join(require "nx.cwd" (), given)) or recorded
  local manifest = path.join(root, "Cargo.toml")
  if not place.kind(manifest, true) then
    local hint = given and ("ensure that project source is available at %s"):format(root)
      or "ensure that project source is available for reused build, using --workspace-remap if necessary"
    failure.raise { kind = "not_found", exit_code = 96, path = manifest,
      chain = { ("workspace root manifest at %s does not exist\n(hint: %s)"):format(manifest, hint) } }
  end
  return place.real(root) or root
end

local function config_for(o)
  return require "nx.cargo.config".load { cwd = require "nx.cwd" (), config = o.config }
end

-- The map from old places to new ones, if anything moved.
local function map_for(o, cargo)
  if o.map then return o.map end
  local pairs_list = {}
  local function add(from, to)
    if from ~= to then pairs_list[#pairs_list + 1] = { from, to } end
  end
  add(cargo.packages.workspace_root, cargo.workspace_root)
  add(cargo.meta.target_directory, cargo.target_dir)
  if cargo.meta.build_directory ~= cargo.meta.target_directory then add(cargo.meta.build_directory, cargo.build_dir) end
  if #pairs_list == 0 then return nil end
  local nx = package.loaded.nx or require "nx"
  pairs_list.canonical = false
  return nx.remap(pairs_list)
end

-- The Build of a Cargo archive.
local function cargo_build(reading, o)
  local meta = reading.meta
  local target = path.join(reading.dest, "target")
  local function libdir(there, where)
    if not there then return { status = "unavailable", reason = "not-in-archive" } end
    return { status = "available", path = path.join(target, "nextest/libdirs/" .. where) }
  end
  -- what is shown of the machine that built keeps its own library directories
  local recorded = json.decode(json.encode(meta.platforms))
  meta.platforms.host.libdir = libdir(reading.host_libdir, "host")
  if meta.platforms.targets[1] then meta.platforms.targets[1].libdir = libdir(reading.target_libdir, "target/0") end
  local unpacked = o.unpack ~= false
  local root = unpacked and workspace(reading.packages.workspace_root, o.workspace)
    or o.workspace and (place.real(o.workspace) or o.workspace) or reading.packages.workspace_root
  local cargo = { packages = reading.packages, meta = meta, recorded = setmetatable({ platforms = recorded }, { __index = meta }),
    binaries = reading.binaries, workspace_root = root,
    target_dir = target, build_dir = target, config = config_for(o) }
  if not unpacked then cargo.runners = {} end
  return require "nx.cargo.source".build(cargo, { map = map_for(o, cargo) })
end

-- The Build of an archive that nx.build made.
local function plain_build(reading, o)
  local b = reading.own.build
  local target = path.join(reading.dest, "target")
  local root = o.workspace and (place.real(o.workspace) or o.workspace) or target
  local function moved(file, to)
    local rest = path.below(file, b.root)
    return rest and path.join(to, rest) or file
  end
  local harnesses = {}
  for name, member in pairs(reading.own.harnesses or {}) do harnesses[name] = path.join(reading.dest, member) end
  for _, suite in ipairs(b.suites) do
    suite.path, suite.cwd = moved(suite.path, target), suite.cwd and moved(suite.cwd, root)
    for i, dir in ipairs(suite.library_path) do suite.library_path[i] = moved(dir, target) end
  end
  return require "nx.build".new { source = b.source or "build", suites = b.suites, root = root, target_dir = target, host = b.host,
    target = b.target, meta = b.meta or {}, notices = json.array {}, harnesses = harnesses }
end

-- The directory to unpack into, and what becomes of it.
local function destination(o, file)
  if not o.to then
    local temp = require "nx.core.temp"
    local where = os.getenv "TMPDIR" or "/tmp"
    local made, dir = pcall(temp.make, where == "" and "." or where, "nxlua-archive-")
    if not made then
      if not err.is(dir) then error(dir, 0) end
      failure.raise { kind = dir.kind, exit_code = 96, path = where, chain = { ("error extracting archive `%s`"):format(file),
        "error creating temporary directory", ("%s at path \"%s\""):format(os_error(dir.message, dir.errno), where) } }
    end
    return place.real(dir) or dir, not o.keep and function() temp.remove(dir) end or nil
  end
  local real, problem, errnum = place.real(o.to)
  local function fail(...)
    failure.raise { kind = "not_found", exit_code = 96, path = o.to, chain = { ("error extracting archive `%s`"):format(file), ... } }
  end
  if not real then fail(("error canonicalizing destination directory `%s`"):format(o.to), os_error(problem, errnum)) end
  local target = path.join(real, "target")
  if place.kind(target) and not o.overwrite then fail(("destination `%s` already exists"):format(target)) end
  return real, nil
end

-- An archive.
local function open_archive(o)
  local task = require "nx.task"
  local file = o[1]
  require "nx.build_archive".check_format { to = file }
  local dest, remove
  if o.unpack == false then dest = "" else dest, remove = destination(o, file) end
  local reading = setmetatable({ o = o, file = file, dest = dest, files = 0 }, Reading)
  local token = {}
  if remove then task.own(token, remove) end -- also at an exit that skips <close>
  local function undo()
    if remove then
      task.disown(token)
      remove()
    end
  end
  local ok, build = pcall(function()
    if o.unpack == false then reading:look() else reading:unpack() end
    return reading.own and reading.own.build and plain_build(reading, o) or cargo_build(reading, o)
  end)
  if not ok then
    undo()
    error(build, 0)
  end
  if o.remap == "view" then
    local shown, view = pcall(function() return (build.map or o.map):view {} end)
    if not shown then
      undo()
      error(view, 0)
    end
    build.view = view
  end
  build.hash = reading.own and reading.own.id
  build.recorded_tests = reading.own and reading.own.tests
  build.archive_file, build.unpacked, build.on_close = file, dest ~= "" and dest or nil, undo
  return build
end

--- Reads a document that an option names.
local function read_argument(file, option)
  local text, problem, errnum = read(file)
  if text then return text end
  failure.raise { kind = "not_found", exit_code = 96, path = file, chain = { "error reading metadata from argument --" .. option,
    ("I/O error reading metadata file `%s`"):format(file), os_error(problem, errnum) } }
end
M.read_argument = read_argument

--- The packages of a file of `cargo metadata` output.
function M.packages_of(file)
  local packages, problem, no_graph = require "nx.cargo.packages".new(read_argument(file, "cargo-metadata"))
  if packages then return packages end
  failure.raise { kind = "format", exit_code = 96, path = file, chain = { "error reading metadata from argument --cargo-metadata",
    ("error building package graph from `%s`"):format(file), no_graph and problem or "`cargo metadata` returned invalid JSON output",
    not no_graph and problem or nil } }
end

local function directory(given, option, what)
  if not given then return nil end
  local real, problem, errnum = place.real(given)
  local function fail(...)
    failure.raise { kind = "not_found", exit_code = 96, path = given,
      chain = { ("argument --%s specified `%s` that couldn't be read"):format(option, given), ... } }
  end
  given = path.join(require "nx.cwd" (), given)
  if not real then fail(("remapped %s directory `%s` failed to canonicalize"):format(what, given), os_error(problem, errnum)) end
  if place.kind(real, true) ~= "dir" then fail(("remapped %s directory `%s` is not a directory"):format(what, given)) end
  return real
end

-- Metadata in files, binaries wherever they are.
local function open_metadata(o)
  local packages = o.cargo_metadata and M.packages_of(o.cargo_metadata)
  local text = read_argument(o.binaries_metadata, "binaries-metadata")
  local meta, binaries = require "nx.cargo.metadata".read(text, place.triple)
  if not meta then
    failure.raise { kind = "format", exit_code = 96, path = o.binaries_metadata, chain = {
      "error reading metadata from argument --binaries-metadata",
      ("error deserializing metadata file `%s`"):format(o.binaries_metadata), binaries } }
  end
  if not packages then
    local cargo = require "nx.cargo.build"
    local triple = (meta.platforms.targets[1] or meta.platforms.host).platform.triple
    packages = cargo.metadata(require "nx.cargo.options".check("nx.open", o.cargo or {}), triple)
  end
  local root = workspace(packages.workspace_root, o.workspace)
  local target = directory(o.target_dir_remap, "target-dir-remap", "target")
  local build = directory(o.build_dir_remap, "build-dir-remap", "build") or target
  local cargo = { packages = packages, meta = meta, binaries = binaries, workspace_root = root,
    target_dir = target or meta.target_directory, build_dir = build or meta.build_directory, config = config_for(o) }
  return require "nx.cargo.source".build(cargo, { map = map_for(o, cargo) })
end

--- nx.open { "FILE", workspace?, to?, … } -> Build
---@param given string|table
---@return nx.Build
function M.open(given)
  local o = options.check("nx.open", given, spec)
  if #o > 1 then options.usage("nx.open", "takes one archive, not %d", #o) end
  if o[1] and (o.binaries_metadata or o.cargo_metadata) then
    options.usage("nx.open", "an archive and binaries_metadata or cargo_metadata exclude each other")
  end
  if o[1] then return open_archive(o) end
  if not o.binaries_metadata then options.usage("nx.open", "the archive is missing: nx.open { \"tests.tar.zst\" }") end
  return open_metadata(o)
end

return M
