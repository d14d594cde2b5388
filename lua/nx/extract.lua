-- nx.extract: the face of src/extract.c. The thread does the work; this asks the script what it wants to be asked.

local core = require "nx.core.extract"
local loop = require "nx.core.loop"
local options = require "nx.options"
local task = require "nx.task"

local M = {}

local spec = {
  "string|function", ["#"] = 1, to = "string", filter = "function", rename = "function", data = "boolean",
  overwrite = "boolean", base = "any", threads = "integer", max_bytes = "size", max_files = "integer", max_ratio = "number",
}

local function check(o)
  local usage = function(...) options.usage("nx.extract", ...) end
  if #o > 1 then usage "takes one archive" end
  if o[1] == "" then usage "the name of the archive is empty" end
  if o.to == "" then usage "option \"to\" is empty" end
  if o.to and o.to:find "\0" then usage "option \"to\" holds a NUL byte" end
  if type(o[1]) == "string" and o[1]:find "\0" then usage "the name of the archive holds a NUL byte" end
  if o.base ~= nil then usage "option \"base\" (archives that hold only differences) is not supported by this version" end
  if (o.threads or 0) < 0 then usage "option \"threads\" must not be negative" end
  if o.max_files and o.max_files < 0 then usage "option \"max_files\" must not be negative" end
  if o.max_ratio and (o.max_ratio <= 0 or o.max_ratio ~= o.max_ratio) then usage "option \"max_ratio\" must be positive" end
end

-- What the script says about an entry: keep?, new name.
local function decide(o, entry)
  if o.filter and not task.sync(o.filter, entry) then return false end
  if not o.rename then return true end
  local name = task.sync(o.rename, entry)
  if name ~= nil and type(name) ~= "string" then
    options.usage("nx.extract", "rename must return a name or nil, not %s", type(name))
  end
  return true, name
end

local function pull(source)
  local chunk
  repeat chunk = task.sync(source) until chunk ~= ""
  if chunk ~= nil and type(chunk) ~= "string" then
    options.usage("nx.extract", "the archive's function must return a string or nil, not %s", type(chunk))
  end
  return chunk
end

--- Unpacks an archive, or lists it when `to` is not given.
---@param o nx.ExtractOptions
---@return nx.ExtractReport
function M.extract(o)
  o = options.check("nx.extract", o, spec)
  check(o)
  local source, began = o[1], loop.now()
  local job = core.start {
    path = type(source) == "string" and source ~= "-" and source or nil, pull = type(source) ~= "string",
    to = o.to, overwrite = o.overwrite, data = o.data, ask = (o.filter or o.rename) ~= nil, single = o.threads == 1,
    max_bytes = o.max_bytes, max_files = o.max_files, max_ratio = o.max_ratio,
    temporary = os.getenv "TMPDIR" or "/tmp",
  }
  task.own(job, job.close)
  local _ <close> = setmetatable({}, { __close = function()
    task.disown(job)
    job:close()
  end })
  while true do
    local what, value = job:next()
    if what == "done" then
      value.path = type(source) == "string" and source or "function"
      value.to = o.to
      value.seconds = loop.now() - began
      return value
    elseif what == "ask" then
      job:reply(decide(o, value))
    elseif what == "pull" then
      job:push(pull(source))
    else
      task.wait(job)
    end
  end
end

return M
