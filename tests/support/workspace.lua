-- Copies of the fixture workspaces and what is done with them, for specs that build.
--
--     local ws = require "workspace"
--     local here = ws.copy "ws"              a fresh copy of tests/fixtures/ws; here.dir, here:sh "…", here:remove()

local M = {}

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end
M.quote = quote

local Copy = {}
Copy.__index = Copy
M.Copy = Copy

-- Variables of the surroundings that would reach Cargo, the peer and the tests.
local CLEAN <const> = "unset CARGO RUSTUP_TOOLCHAIN CI LD_LIBRARY_PATH CARGO_TARGET_DIR NXLUA_SKIPS; "
  .. "for v in $(env | sed -n 's/^\\(NEXTEST[A-Z_]*\\)=.*/\\1/p'); do unset $v; done; "

--- A fresh copy of a fixture, in a directory of its own.
function M.copy(name, as)
  local pipe <close> = io.popen "mktemp -d /tmp/nxlua-test-XXXXXX"
  local base = pipe:read "l"
  local dir = base .. "/" .. (as or "ws")
  assert(os.execute(("cp -r %s/tests/fixtures/%s %s"):format(quote(os.getenv "NXLUA_SOURCE"), name, dir)))
  return setmetatable({ base = base, dir = dir }, Copy)
end

--- An empty directory in the place of a copy.
function M.scratch()
  local pipe <close> = io.popen "mktemp -d /tmp/nxlua-test-XXXXXX"
  local base = pipe:read "l"
  assert(os.execute("mkdir " .. quote(base .. "/ws")))
  return setmetatable({ base = base, dir = base .. "/ws" }, Copy)
end

--- Runs a shell command in the copy: exit code, standard output, standard error.
function Copy:sh(command)
  local out, problems = self.base .. "/.out", self.base .. "/.err"
  local _, _, code = os.execute(("{ %s cd %s && %s ; } >%s 2>%s </dev/null"):format(CLEAN, quote(self.dir), command, out, problems))
  return code, M.read(out), M.read(problems)
end

--- The same; the command must succeed. Its standard output.
function Copy:must(command)
  local code, out, problems = self:sh(command)
  if code ~= 0 then error(("%s: exit %d\n%s%s"):format(command, code, out, problems), 2) end
  return out
end

function Copy:remove()
  os.execute("rm -rf " .. quote(self.base))
end

function M.read(file)
  local handle = assert(io.open(file, "rb"))
  local text = handle:read "a"
  handle:close()
  return text
end

function M.write(file, text)
  local handle = assert(io.open(file, "wb"))
  handle:write(text)
  handle:close()
end

--- What differs between two runs of any tool: temporary directories, times, run ids.
function M.normal(text)
  return (text:gsub("/tmp/%a+%-archive%-%w+", "<EXTRACT>"):gsub("in [%d.]+s\n", "in T\n"):gsub("info: experimental[^\n]*\n", "")
    :gsub("%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-%x%x%x%x%-%x+", "<RUN>"))
end

return M
