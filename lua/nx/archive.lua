-- nx.archive: files, directories and memory into one archive. What goes in, under which name and in which order is decided
-- here; reading, hashing, compressing and writing happen on a worker thread (src/archive.c).

local core = require "nx.core.archive"
local err = require "nx.error"
local hash = require "nx.core.hash"
local options = require "nx.options"
local place = require "nx.core.place"
local task = require "nx.task"

local M = {}

-- The longest segment of threads ~= 1, bytes; tests make it small. nil: 128 MiB.
M.segment = nil

local spec = {
  "string|table", ["to!"] = "string|function", format = "string", level = "integer", threads = "integer",
  long = "integer|false", strip = 'false|"debug"', strip_to = "string", base = "string", symlinks = '"keep"|"follow"',
  times = '"keep"|integer', owners = "boolean", filter = "function", rename = "function", progress = "function",
}
local entry_spec = { "string", as = "string", filter = "function", data = "string|function", mode = "string",
  directory = "boolean" }

-- format -> lowest and highest level
local formats = {
  ["tar.zst"] = { -7, 22 }, ["tar.gz"] = { 1, 9 }, ["tar.xz"] = { 0, 9 }, zip = { 0, 9 }, tar = {},
}
local suffixes = {
  { ".tar.zst", "tar.zst" }, { ".tzst", "tar.zst" }, { ".tar.gz", "tar.gz" }, { ".tgz", "tar.gz" }, { ".tar.xz", "tar.xz" },
  { ".txz", "tar.xz" }, { ".tar", "tar" }, { ".zip", "zip" },
}

local function usage(text, ...)
  options.usage("nx.archive", text, ...)
end

local function format_of(o)
  if o.format then
    if not formats[o.format] then
      usage('unknown format %q: one of "tar.zst", "tar", "tar.gz", "tar.xz", "zip"', o.format)
    end
    return o.format
  end
  if type(o.to) ~= "string" or o.to == "-" then return "tar.zst" end
  for _, row in ipairs(suffixes) do
    if o.to:sub(-#row[1]) == row[1] then return row[2] end
  end
  usage('the name %q does not say which format is meant: end it in .tar.zst, .tar, .tar.gz, .tar.xz or .zip, or give format =',
    o.to)
end

-- The clean form of a name inside an archive: relative, without "." and doubled slashes; nil and why if there is none.
local function clean(name)
  if name:find("\0", 1, true) then return nil, "holds a NUL byte" end
  local parts = {}
  for part in name:gmatch "[^/]+" do
    if part == ".." then return nil, "holds a component \"..\"" end
    if part ~= "." then parts[#parts + 1] = part end
  end
  return table.concat(parts, "/")
end

local function clean_or_raise(name, what)
  local cleaned, why = clean(name)
  if cleaned and name:sub(1, 1) == "/" then cleaned, why = nil, "is absolute" end
  if cleaned == "" then cleaned, why = nil, "is empty" end
  if not cleaned then usage("%s %q %s", what, name, why) end
  return cleaned
end

local function mode_of(text, label)
  local mode = text:match "^[0-7]+$" and tonumber(text, 8)
  if not mode or mode > 4095 then usage('%s: mode must be octal digits such as "0644", not %q', label, text) end
  return mode
end

local function default_time(times)
  if math.type(times) == "integer" then return times end
  local epoch = os.getenv "SOURCE_DATE_EPOCH"
  if not epoch or epoch == "" then return 1 end
  local seconds = epoch:match "^%d+$" and math.tointeger(tonumber(epoch))
  if not seconds then usage("SOURCE_DATE_EPOCH must be whole seconds, not %q", epoch) end
  return seconds
end

-- The items of the list as records { path | data | directory, as, filter, mode }.
local function check_items(o)
  local items = {}
  for i, item in ipairs(o) do
    local label = ("nx.archive: item %d"):format(i)
    local e = options.check(label, item, entry_spec)
    if e.data == nil and not e[1] and not e.directory then options.usage(label, "neither a path nor data is given") end
    if e.directory and (e[1] or e.data ~= nil) then options.usage(label, "directory is for an empty one, without path or data") end
    if e.directory and not e.as then options.usage(label, "an empty directory needs a name: as = \"…\"") end
    if e.data ~= nil and e[1] then options.usage(label, "both a path and data are given") end
    if #e > 1 then options.usage(label, "one path an item, not %d", #e) end
    if e.data ~= nil and not e.as then options.usage(label, "data needs a name: as = \"…\"") end
    if e[1] == "" then options.usage(label, "the path is empty") end
    if e[1] and e[1]:find("\0", 1, true) then options.usage(label, "the path holds a NUL byte") end
    items[i] = {
      source = e[1], data = e.data, directory = e.directory, filter = e.filter, as = e.as and clean_or_raise(e.as, "the name"),
      mode = e.mode and mode_of(e.mode, label),
    }
  end
  return items
end

-- How many threads compress segments of the stream, or nil: one frame, on the thread that reads. 1024 is no limit that
-- anyone meets.
local function threads_of(o)
  local threads = o.threads or 1
  if threads == 1 then return nil end
  return threads == 0 and place.cpus() or math.min(threads, 1024)
end

local function check(o)
  o = options.check("nx.archive", o, spec)
  local format = format_of(o)
  local range = formats[format]
  if o.level and not range[1] then usage("the format %q has no level", format) end
  if o.level and (o.level < range[1] or o.level > range[2]) then
    usage("level must be %d to %d for %s, not %d", range[1], range[2], format, o.level)
  end
  if o.long and (o.long < 20 or o.long > 27) then
    usage("long must be 20 to 27 (a window of 1 to 128 MiB, which every decoder reads) or false, not %d", o.long)
  end
  if (o.threads or 0) < 0 then usage("threads must not be negative") end
  if o.base then usage 'option "base" (an archive of the differences) is not there yet' end
  if o.strip_to and not o.strip then usage 'option "strip_to" goes with strip = "debug"' end
  if type(o.to) == "string" and (o.to == "" or o.to:find("\0", 1, true)) then usage('the name in "to" is not valid') end
  return o, check_items(o), format
end

--- The hash of an archive's content: over the sorted names, modes and content hashes of its entries. It does not depend on
--- order, times, owners or compression.
---@param entries nx.Entry[]
---@return string  32 hexadecimal digits
function M.hash(entries)
  local lines = {}
  for i, e in ipairs(entries) do
    lines[i] = ("%s\0%s %s %s\n"):format(e.path, e.type, e.mode, e.hash)
  end
  table.sort(lines)
  return hash.content(table.concat(lines))
end

-- One run of nx.archive.
---@class nx.archive.Writer
local Writer = {}
Writer.__index = Writer

-- Takes one event of the worker, waiting for it; raises what has failed there.
function Writer:pump()
  local job = self.job
  local what, a, b = job:next()
  while not what do
    task.wait(job)
    what, a, b = job:next()
  end
  if what == "failed" then error(a, 0) end
  return self[what](self, a, b)
end

function Writer:send(method, ...)
  while not self.job[method](self.job, ...) do self:pump() end
end

function Writer:records(list)
  for _, record in ipairs(list) do self:consider(record) end
end

function Writer:scanned() self.scanning = false end

function Writer:added(bytes, content)
  self.count = self.count + 1
  local e = self.entries[self.count]
  e.bytes, e.hash = bytes, content
end

function Writer:chunk(text) task.sync(self.o.to, text) end

function Writer:progress(bytes, written)
  self.packed, self.written = bytes, written
  self:tell()
end

function Writer:tell()
  if not self.o.progress then return end
  local e = self.entries[math.min(self.count + 1, #self.entries)]
  task.sync(self.o.progress, {
    bytes = self.packed, total_bytes = self.total, files = self.count, total_files = #self.entries, written = self.written,
    path = e and e.path,
  })
end

function Writer:done(written) self.finished = written end

-- Decides on one thing that was found: asks the filters, names it, keeps it if the name is new.
function Writer:consider(record)
  local item, o = self.item, self.o
  local kind, perm = record.type, record.perm
  local name = record.path
  if item.as then name = name == "" and item.as or item.as .. "/" .. name end
  if name == "" then
    local why
    name, why = clean(item.source)
    if not name then usage("the path %q %s: give the file a name, { %q, as = \"…\" }", item.source, why, item.source) end
  end
  local mode = item.mode or kind == "symlink" and 511 or (kind == "dir" or perm & 73 ~= 0) and 493 or 420
  local source = item.source
  if source and record.path ~= "" then source = source:gsub("/$", "") .. "/" .. record.path end
  local e = {
    path = name, type = kind, bytes = record.bytes, mode = ("%04o"):format(mode), link = record.link, source = source,
    mtime = o.times == "keep" and record.mtime or self.time,
  }
  if item.filter and not task.sync(item.filter, e) then return end
  if o.filter and not task.sync(o.filter, e) then return end
  if o.rename then
    local renamed = task.sync(o.rename, e)
    if renamed ~= nil then
      if type(renamed) ~= "string" then usage("rename must return a name or nil, not a %s", type(renamed)) end
      e.path = clean_or_raise(renamed, ("the new name of %q,"):format(e.path))
    end
  end
  if kind ~= "file" and kind ~= "dir" and kind ~= "symlink" then
    err.raise { kind = "io", path = source, message = ("nx.archive: %s is no file, directory or link and cannot be archived; "
      .. "a filter can leave it out"):format(source) }
  end
  if self.seen[e.path] then return end
  self.seen[e.path] = true
  self.entries[#self.entries + 1] = e
  self.plan[#self.plan + 1] = {
    mode, o.owners and record.uid or 0, o.owners and record.gid or 0, kind == "symlink" and record.link or source or "",
  }
  self.plan[#self.plan].data = item.data
  self.total = self.total + record.bytes
end

function Writer:collect(items)
  for _, item in ipairs(items) do
    self.item = item
    if item.directory then
      self:consider { path = "", type = "dir", bytes = 0, perm = 493, mtime = self.time, uid = 0, gid = 0 }
    elseif item.data ~= nil then
      local bytes = type(item.data) == "string" and #item.data or 0
      self:consider { path = "", type = "file", bytes = bytes, perm = 420, mtime = self.time, uid = 0, gid = 0 }
    else
      self.scanning = true
      self:send("scan", item.source, self.o.symlinks == "follow")
      while self.scanning do self:pump() end
    end
  end
end

-- Sources without their debug sections take the place of those that have them. Returns what removes them in the end.
function Writer:strip()
  local strip = require "nx.strip"
  local list = {}
  for i, e in ipairs(self.entries) do
    list[i] = { source = e.type == "file" and e.source or nil, path = e.path }
  end
  local done, temp = strip.strip(list, self.o.strip_to ~= nil)
  local nx = package.loaded.nx or require "nx"
  for i, job in pairs(done) do
    local st = nx.fs.stat(job.stripped)
    self.plan[i][4] = job.stripped
    self.total = self.total - self.entries[i].bytes + st.bytes
    self.entries[i].bytes = st.bytes
  end
  if self.o.strip_to then strip.write_kept(done, self.o) end
  return temp
end

-- The bytes of an entry whose data is a function, asked when its turn has come.
function Writer:late_data(index, data)
  while self.count < index - 1 do self:pump() end
  local bytes = task.sync(data, table.move(self.entries, 1, index - 1, 1, {}))
  if type(bytes) ~= "string" then
    usage("the function that gives the data of %q must return a string, not a %s", self.entries[index].path, type(bytes))
  end
  return bytes
end

function Writer:write()
  self:send("begin", self.total, #self.entries)
  for i, e in ipairs(self.entries) do
    local p = self.plan[i]
    local data = p.data
    if type(data) == "function" then data = self:late_data(i, data) end
    if data then self:send("add_data", e, p[1], p[2], p[3], data)
    else self:send("add", e, p[1], p[2], p[3], p[4]) end
  end
  self.job:finish()
  while not self.finished do self:pump() end
end

function Writer:report(started)
  local bytes, files = 0, 0
  for _, e in ipairs(self.entries) do
    bytes = bytes + e.bytes
    if e.type ~= "dir" then files = files + 1 end
  end
  self.packed, self.written = bytes, self.finished
  self:tell()
  return {
    path = type(self.o.to) == "string" and self.o.to or nil, bytes = self.finished, unpacked_bytes = bytes, files = files,
    hash = M.hash(self.entries), seconds = task.now() - started, entries = self.entries,
  }
end

---@class nx.ArchiveReport
---@field path? string            the file, "-", or nil for a function
---@field bytes integer           size of the archive
---@field unpacked_bytes integer  sum of the files' sizes
---@field files integer           files and links, without directories
---@field hash string             of the content, see nx.archive.hash
---@field seconds number
---@field entries nx.Entry[]

-- A job that is closed with the block it is opened in, at the latest at an exit that skips blocks.
local function open_job(o)
  local job = core.open(o)
  task.own(job, job.close)
  return job, setmetatable({}, {
    __close = function()
      task.disown(job)
      job:close()
    end,
  })
end

--- nx.archive { ENTRY…, to = "FILE"|"-"|function(chunk), … }
---@param o table
---@return nx.ArchiveReport
function M.archive(o)
  local started = task.now()
  local items, format
  o, items, format = check(o)
  local long = o.long
  if long == nil then long = 27 end
  local to_file = type(o.to) == "string" and o.to ~= "-"
  local job, _ <close> = open_job {
    format = format, level = o.level or format == "tar.zst" and 3 or nil, window_log = long or 0,
    threads = threads_of(o), segment = M.segment, to = to_file and o.to or nil, stdout = o.to == "-", progress = o.progress ~= nil,
  }
  if o.to == "-" then io.stdout:flush() end
  local writer = setmetatable({
    o = o, job = job, time = default_time(o.times), entries = {}, plan = {}, seen = {}, total = 0, count = 0, packed = 0,
    written = 0,
  }, Writer)
  writer:collect(items)
  local _ <close> = o.strip and writer:strip() or nil
  writer:write()
  return writer:report(started)
end

return M
