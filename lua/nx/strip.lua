-- Binaries without their debug sections, for nx.archive { strip = "debug" }: elfutils does it, for any architecture.

local err = require "nx.error"
local paths = require "nx.path"

local M = {}

-- Is this a program or a shared library? (Object files and archives of them are left alone.)
local function is_linked_elf(path)
  local file = io.open(path, "rb")
  if not file then return false end -- whoever archives it says why
  local head = file:read(18) or ""
  file:close()
  if #head < 18 or head:sub(1, 4) ~= "\x7fELF" then return false end
  local kind = string.unpack(head:byte(6) == 2 and ">I2" or "<I2", head, 17)
  return kind == 2 or kind == 3 -- ET_EXEC, ET_DYN
end

local function strip_one(nx, job)
  nx.fs.mkdir(job.dir)
  local argv = { "eu-strip", "--strip-debug", "-o", job.stripped, max_output = "64KiB" }
  if job.debug then table.move({ "-f", job.debug }, 1, 2, #argv + 1, argv) end
  argv[#argv + 1] = job.source
  local ok, out = pcall(nx.run, argv)
  if not ok then
    if not err.is(out) or out.kind ~= "spawn" then error(out, 0) end
    err.raise { kind = "not_found", cause = out,
      message = 'nx.archive: strip = "debug" needs the program eu-strip (package elfutils), which cannot be started' }
  end
  if not out.ok then
    err.raise { kind = "io", path = job.source, outcome = out,
      message = ("nx.archive: eu-strip cannot drop the debug sections of %s: %s"):format(job.source,
        (out.stderr:gsub("%s+$", ""):gsub("\n", "; "))) }
  end
end

--- Strips the sources of those entries that are linked binaries, into a directory of its own.
---@param list { source: string, path: string }[]
---@param keep boolean  keep what is dropped, in a file beside, named by the binary's .gnu_debuglink
---@return table<integer, { stripped: string, debug: string?, name: string? }>, table  by index; a closable that removes all
function M.strip(list, keep)
  local nx = package.loaded.nx or require "nx"
  local temp = nx.temp_dir {}
  local done, jobs = {}, {}
  local ok, e = pcall(function()
    for i, item in ipairs(list) do
      if item.source and is_linked_elf(item.source) then
        local dir = ("%s/%d"):format(temp.path, i)
        local job = { source = item.source, dir = dir, stripped = dir .. "/stripped" }
        if keep then
          job.name = item.path .. ".debug"
          job.debug = dir .. "/" .. paths.name(job.name)
        end
        done[i] = job
        jobs[#jobs + 1] = job
      end
    end
    nx.map { jobs, function(job) strip_one(nx, job) end, limit = require("nx.core.place").cpus() }
  end)
  if not ok then
    temp:close()
    error(e, 0)
  end
  return done, temp
end

--- Archives what was kept.
function M.write_kept(done, o)
  local nx = package.loaded.nx or require "nx"
  local list = { to = o.strip_to, level = o.level, long = o.long, times = o.times ~= "keep" and o.times or nil }
  local order = {}
  for i in pairs(done) do order[#order + 1] = i end
  table.sort(order)
  for _, i in ipairs(order) do
    if nx.fs.stat(done[i].debug) then list[#list + 1] = { done[i].debug, as = done[i].name } end
  end
  if not o.strip_to:find "%.zst$" and not o.strip_to:find "%.tzst$" then list.level, list.long = nil, nil end
  return nx.archive(list)
end

return M
