-- A small workspace of shell scripts that speak libtest's protocol, in an archive written down byte by byte: what nxlua and the
-- peer make of it is asked of both, with no Rust compiler and within milliseconds.
--
--     local handmade = require "handmade"
--     for _, tool in handmade.tools() do describe(tool.name, function()
--       local here = handmade.new { { "alpha::t", "ok fail" } }      here.dir: the workspace root, here.file: the archive
--       local r = here:run(tool, "run -j1", { NEXTEST_RETRIES = 2 })  r.code, r.out, r.err
--
-- A suite is { ID, NAMES [, platform=, path=, script=, list=] }: its tests are words (those with "!" behind are ignored), what a
-- test does is the beginning of its name (tests/fixtures/faketest).
local json = require "nx.json"
local need = require "require"
local program = require "program"
local tarball = require "tarball"
local workspace = require "workspace"

local M = {}

--- { name, command } of nxlua, and of the peer where it is installed.
function M.tools()
  local list = { { name = "nxlua", ours = true, command = workspace.quote(program.program or "nxlua") } }
  -- without Cargo in front, which adds variables of its own
  if need "peer" then list[2] = { name = "the peer", command = "cargo-nextest nextest" } end
  return ipairs(list)
end

local Here = setmetatable({}, { __index = workspace.Copy })
Here.__index = Here

local TRIPLE <const> = "x86_64-unknown-linux-gnu"

-- "pkg", "pkg::name" or "pkg::kind/name"
local function parts(id)
  local package, kind, name = id:match "^(.-)::(.-)/(.+)$"
  if package then return package, kind, name end
  package, name = id:match "^(.-)::(.+)$"
  if package then return package, "test", name end
  return id, "lib", id:gsub("%-", "_")
end

local function faketest(names)
  local text = workspace.read(os.getenv "NXLUA_SOURCE" .. "/tests/fixtures/faketest")
  return (text:gsub("^(#![^\n]*\n)", function(first) return ("%sFAKE_TESTS='%s'\n"):format(first, names) end, 1))
end

--- Both documents and the files of an archive of these suites. `o.packages[name]`: more keys of a package's metadata.
function M.contents(root, suites, o)
  o = o or {}
  local binaries, packages, members, known, files, targets = {}, {}, {}, {}, {}, {}
  local function add(name)
    if known[name] then return known[name] end
    local id = ("path+file://%s/%s#1.2.3"):format(root, name)
    known[name] = id
    local package = { name = name, version = "1.2.3", id = id, source = json.null, dependencies = json.array {}, features = {},
      targets = json.array {},
      manifest_path = ("%s/%s/Cargo.toml"):format(root, name), edition = "2021", authors = json.array {} }
    for key, value in pairs((o.packages or {})[name] or {}) do package[key] = value end
    packages[#packages + 1], members[#members + 1] = package, id
    targets[name] = package.targets
    return id
  end
  for i, suite in ipairs(suites) do
    local package, kind, name = parts(suite[1])
    if kind == "lib" and suite.platform == "host" then kind = "proc-macro" end
    local path = ("debug/deps/%s-%d"):format(name, i)
    binaries[suite[1]] = { ["binary-id"] = suite[1], ["binary-name"] = name, ["package-id"] = add(package), kind = kind,
      ["binary-path"] = suite.path or root .. "/target/" .. path, ["build-platform"] = suite.platform or "target" }
    table.insert(targets[package], { kind = json.array { kind }, crate_types = json.array { kind == "lib" and "lib" or "bin" }, name = name,
      edition = "2021", src_path = ("%s/%s/src/%s.rs"):format(root, package, name) })
    files[#files + 1] = { "target/" .. path, suite.script or faketest(suite[2]), mode = 493 }
  end
  local platform = { platform = { triple = TRIPLE, ["target-features"] = "unknown" },
    libdir = { status = "unavailable", reason = "not-in-archive" } }
  local meta = { ["rust-build-meta"] = { ["target-directory"] = root .. "/target", ["base-output-directories"] = json.array { "debug" },
    ["non-test-binaries"] = {}, ["build-script-out-dirs"] = {}, ["linked-paths"] = json.array {},
    platforms = { host = platform, targets = json.array {} } }, ["rust-binaries"] = binaries }
  local cargo = { packages = json.array(packages), workspace_members = json.array(members), workspace_default_members = json.array(members),
    resolve = json.null, target_directory = root .. "/target", version = 1, workspace_root = root, metadata = json.null }
  return meta, cargo, files, known
end

-- Both documents first, then the files; o.order "last": the documents last.
local function tar(meta, cargo, files, o)
  local documents = {}
  for name, document in pairs { binaries = meta, cargo = cargo } do
    if not (o.without and o.without == name) then
      documents[#documents + 1] = tarball.file(("target/nextest/%s-metadata.json"):format(name),
        type(document) == "string" and document or json.encode(document), { magic = "gnu" })
    end
  end
  local rest = {}
  for _, file in ipairs(files) do rest[#rest + 1] = tarball.file(file[1], file[2], { mode = file.mode or 420, magic = "gnu" }) end
  local first, second = table.concat(documents), table.concat(rest)
  if o.last then first, second = second, first end
  return tarball.tar((o.before or "") .. first .. second .. (o.behind or ""))
end

--- Writes the archive. o.edit(meta, cargo, files, ids) changes what goes in; o.raw(bytes of the tar) gives the bytes of the file.
function Here:archive(suites, o)
  o = o or {}
  local meta, cargo, files, ids = M.contents(self.dir, suites, o)
  if o.edit then o.edit(meta, cargo, files, ids) end
  local bytes = tar(meta, cargo, files, o)
  workspace.write(self.file, o.raw and o.raw(bytes) or tarball.zstd(bytes))
  for _, suite in ipairs(suites) do
    assert(os.execute("mkdir -p " .. workspace.quote(self.dir .. "/" .. (parts(suite[1])))))
  end
  return self
end

--- A workspace root (with a manifest and no sources) and an archive beside it.
function M.new(suites, o)
  local here = setmetatable(workspace.scratch(), Here)
  here.file, here.log = here.base .. "/a.tar.zst", here.base .. "/log"
  workspace.write(here.dir .. "/Cargo.toml", "[workspace]\n")
  assert(os.execute("mkdir " .. workspace.quote(here.dir .. "/.config")))
  return here:archive(suites, o)
end

--- The configuration of the workspace.
function Here:config(text)
  workspace.write(self.dir .. "/.config/nextest.toml", text)
  return self
end

--- A file of the workspace (its directory is made).
function Here:write(name, text)
  local path = self.dir .. "/" .. name
  assert(os.execute("mkdir -p " .. workspace.quote(path:match "^(.*)/")))
  workspace.write(path, text)
  return path
end

--- A command of the tool with the archive (o.bare: without), in the workspace root (or o.cwd), with o.umask. What tests log is in r.log.
function Here:run(tool, line, variables, o)
  o = o or {}
  os.remove(self.log)
  local env = { ("FAKE_LOG=%s FAKE_DUMP=%s"):format(workspace.quote(self.log), workspace.quote(self.base)) }
  for name, value in pairs(variables or {}) do env[#env + 1] = name .. "=" .. workspace.quote(tostring(value)) end
  local command, rest = line:match "^(%S+)%s*(.*)$"
  local archive = o.bare and "" or " --archive-file " .. workspace.quote(self.file)
  -- the archive stands before a `--`, which may be in the line
  local text = ("%scd %s && env %s timeout 60 %s %s%s %s"):format(o.umask and "umask " .. o.umask .. "; " or "",
    workspace.quote(o.cwd or self.dir), table.concat(env, " "), tool.command, command, archive, rest)
  local code, out, problems = self:sh(text)
  local log = io.open(self.log)
  local r = { code = code, out = out, err = problems, log = log and log:read "a" or "" }
  if log then log:close() end
  return r
end

--- What a test that dumps its environment saw: name → value.
function Here:seen(name)
  local env = {}
  for variable, value in workspace.read(("%s/%s"):format(self.base, name)):gmatch "([^\n=]+)=([^\n]*)" do env[variable] = value end
  return env
end

return M
