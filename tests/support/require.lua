-- What a test needs of the machine. Where it is missing the test is skipped, and says why; NXLUA_REQUIRE=peer,view,…
-- (or "all") turns such skips into failures.
--
--     local need = require "require"
--     it("agrees with the peer", function()
--       need "peer"                                        -- in a test: skips it
--     end)
--     describe("interop", function()
--       if not need "peer" then return end                 -- around tests: skips the block, shown as one pending test
--     end)
--     need("view", function() return nx.view_works() end)   -- a check of the caller's own
--
-- Each skip is also a line of the file NXLUA_SKIPS (if set), so that what drives the tests can count them at the end.

local function succeeds(command)
  return os.execute("{ " .. command .. "; } >/dev/null 2>&1 </dev/null") == true
end

local function program(name)
  return function() return succeeds("command -v " .. name) end
end

-- name -> { what a person has to install or allow, check }
local checks = {
  peer = { "cargo-nextest 0.9.143 is not installed", function()
    local pipe = io.popen "cargo nextest --version 2>/dev/null </dev/null"
    local text = pipe and pipe:read "a" or ""
    if pipe then pipe:close() end
    return text:find("cargo-nextest 0.9.143", 1, true) ~= nil
  end },
  cargo = { "no Rust toolchain is installed", function() return succeeds "cargo --version && rustc -vV" end },
  crates = { "crates cannot be fetched from here", function()
    return succeeds "cargo --version && cargo info itoa@1.0.11 --registry crates-io"
  end },
  qemu = { "qemu-aarch64 is not installed", program "qemu-aarch64" },
  python = { "python3 is not installed", program "python3" },
  zstd = { "the zstd program is not installed", program "zstd" },
  tar = { "GNU tar is not installed", function() return succeeds "tar --version | grep -q GNU" end },
  bsdtar = { "bsdtar is not installed", program "bsdtar" },
  git = { "git is not installed", program "git" },
  ssh = { "sshd is not installed", function() return succeeds "test -x /usr/sbin/sshd && command -v ssh" end },
  slurm = { "slurm is not installed", program "slurmctld" },
  bash = { "bash is not installed", program "bash" },
  root = { "needs root", function() return succeeds "test $(id -u) = 0" end },
}

local known = {}

local function missing(name, check)
  local row = checks[name]
  if check then row = { ("%s is not possible here"):format(name), check } end
  if not row then error(("require.lua knows no %q: name it in its table, or give a check"):format(name), 3) end
  if known[name] == nil then
    local ok, why = row[2]()
    known[name] = ok and true or type(why) == "string" and why or row[1]
  end
  return known[name] ~= true and known[name] or nil
end

local function demanded(name)
  for word in (os.getenv "NXLUA_REQUIRE" or ""):gmatch "[^,%s]+" do
    if word == name or word == "all" then return true end
  end
  return false
end

-- The running busted: its public table only defines tests, the core behind it knows whether one is running now.
local function core_of_busted()
  local public = require "busted"
  for i = 1, 10 do
    local name, value = debug.getupvalue(public.pending, i)
    if name == "busted" then return value, public end
  end
end

-- Inside a test this ends the test; around tests it notes a pending one.
local function pending(message)
  local core, public = core_of_busted()
  local element = core.context.get()
  if element and (element.descriptor == "describe" or element.descriptor == "file") then
    public.pending(message)
  else
    core.pending(message)
  end
end

local M = {}

--- Is it here? Skips nothing.
---@param name string
---@param check? fun(): any, string?   true, or a reason
---@return boolean
function M.has(name, check)
  return not missing(name, check)
end

--- Skips the test (or, outside a test, answers false after noting a pending one) when `name` is missing here.
---@param name string
---@param check? fun(): any, string?
---@return boolean
function M.need(name, check)
  local why = missing(name, check)
  if not why then return true end
  if demanded(name) then error(("NXLUA_REQUIRE asks for %q, but %s"):format(name, why), 2) end
  local list = os.getenv "NXLUA_SKIPS"
  local file = list and io.open(list, "a")
  if file then
    file:write(("skipped (%s): %s\n"):format(name, why))
    file:close()
  end
  pending(("needs %s: %s"):format(name, why))
  return false
end

return setmetatable(M, { __call = function(_, ...) return M.need(...) end })
