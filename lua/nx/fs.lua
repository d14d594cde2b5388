-- nx.fs: the few things that scripts do with files. What may take long waits like every other call, so that other tasks go on.

local core = require "nx.core.fs"
local options = require "nx.options"
local task = require "nx.task"

local M = {}

-- Runs a job to its end; `take[what](a, b)` is given what it finds. What "done" says.
local function run(take, ...)
  local job = core.start(...)
  task.own(job, job.close)
  local _ <close> = setmetatable({}, {
    __close = function()
      task.disown(job)
      job:close()
    end,
  })
  while true do
    local what, a, b = job:next()
    if not what then task.wait(job)
    elseif what == "failed" then error(a, 0)
    elseif what == "done" then return a
    else take[what](a, b)
    end
  end
end

local function one_path(fn, o, spec)
  spec[1], spec["#"] = "string", 1
  o = options.check(fn, o, spec)
  if #o > 1 then options.usage(fn, "takes one path, not %d", #o) end
  if o[1] == "" or o[1]:find("\0", 1, true) then options.usage(fn, "the path %q is not valid", o[1]) end
  return o, o[1]
end

local function mode_of(fn, text)
  local mode = text and (text:match "^[0-7]+$" and tonumber(text, 8) or -1)
  if mode and (mode < 0 or mode > 4095) then options.usage(fn, 'mode must be octal digits such as "0644", not %q', text) end
  return mode
end

---@class nx.Stat
---@field type "file"|"dir"|"symlink"|"fifo"|"socket"|"device"
---@field bytes integer
---@field mode string       permissions, "0644"
---@field mtime integer     Unix seconds
---@field link? string      where a symbolic link points
---@field uid integer
---@field gid integer
---@field device integer
---@field inode integer
---@field links integer

--- nx.fs.stat { "path", follow = true } -> Stat, or nil when there is nothing of that name
---@param o string|table
---@return nx.Stat?
function M.stat(o)
  local path
  o, path = one_path("nx.fs.stat", o, { follow = "boolean" })
  return core.stat(path, o.follow ~= false)
end

--- nx.fs.mkdir { "path", mode = "0755" }: with the parents that are missing; did it have to be made?
---@param o string|table
---@return boolean
function M.mkdir(o)
  local path
  o, path = one_path("nx.fs.mkdir", o, { mode = "string" })
  return core.mkdir(path, mode_of("nx.fs.mkdir", o.mode))
end

--- nx.fs.remove { "path"…, recursive = false }: files, links, empty directories; `recursive`: also full ones. What is not there
--- is no error. Was there anything?
---@param o string|table
---@return boolean
function M.remove(o)
  o = options.check("nx.fs.remove", o, { "string", ["#"] = 1, recursive = "boolean" })
  local any = false
  for _, path in ipairs(o) do
    if path == "" or path:find("\0", 1, true) then options.usage("nx.fs.remove", "the path %q is not valid", path) end
    if run({}, "remove", path, o.recursive) then any = true end
  end
  return any
end

--- nx.fs.read { "path", max = nil } -> bytes; `max`: more than that is an error
---@param o string|table
---@return string
function M.read(o)
  local path
  o, path = one_path("nx.fs.read", o, { max = "size" })
  local parts = {}
  run({ data = function(text) parts[#parts + 1] = text end }, "read", path, o.max or math.maxinteger)
  return table.concat(parts)
end

--- nx.fs.write { "path", data = "bytes", mode = nil }: the file appears with all of it or not at all
---@param o table
function M.write(o)
  local path
  o, path = one_path("nx.fs.write", o, { ["data!"] = "string", mode = "string" })
  run({}, "write", path, mode_of("nx.fs.write", o.mode), o.data)
end

--- nx.fs.hash "path" -> 32 hexadecimal digits, bytes: XXH3-128 of its content
---@param o string|table
---@return string, integer
function M.hash(o)
  local _, path = one_path("nx.fs.hash", o, {})
  local digits, bytes
  run({ hash = function(a, b) digits, bytes = a, b end }, "hash", path)
  return digits, bytes
end

-- "a{b,c}d" as { "abd", "acd" }; braces may be nested, a backslash takes away their meaning.
local function alternatives(pattern)
  local depth, open, commas = 0, nil, {}
  local i = 1
  while i <= #pattern do
    local c = pattern:sub(i, i)
    if c == "\\" then
      i = i + 1
    elseif c == "{" then
      depth = depth + 1
      if depth == 1 then open, commas = i, {} end
    elseif c == "," and depth == 1 then
      commas[#commas + 1] = i
    elseif c == "}" and depth > 0 then
      depth = depth - 1
      if depth == 0 and #commas > 0 then
        local result, from = {}, open + 1
        commas[#commas + 1] = i
        for _, comma in ipairs(commas) do
          local text = pattern:sub(1, open - 1) .. pattern:sub(from, comma - 1) .. pattern:sub(i + 1)
          table.move(alternatives(text), 1, #alternatives(text), #result + 1, result)
          from = comma + 1
        end
        return result
      end
    end
    i = i + 1
  end
  return { pattern }
end

--- nx.fs.glob { "pattern"… } -> paths, each once, sorted within each pattern
---
--- `*` and `?` do not match a slash, `[a-z]` and `[!a-z]` are sets, `{a,b}` alternatives, a component `**` any number of
--- directories (links are not entered). Names that begin with a dot must be asked for with one.
---@param o string|table
---@return string[]
function M.glob(o)
  o = options.check("nx.fs.glob", o, { "string", ["#"] = 1 })
  local result, seen = {}, {}
  local function take(list)
    for _, path in ipairs(list) do
      if not seen[path] then
        seen[path] = true
        result[#result + 1] = path
      end
    end
  end
  for _, pattern in ipairs(o) do
    if pattern == "" or pattern:find("\0", 1, true) then
      options.usage("nx.fs.glob", "the pattern %q is not valid", pattern)
    end
    for _, plain in ipairs(alternatives(pattern)) do
      if plain ~= "" then run({ paths = take }, "glob", plain) end
    end
  end
  return result
end

return M
