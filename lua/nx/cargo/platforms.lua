-- Which platforms a build is for: asked of rustc, of the options and of Cargo's configuration.

local failure = require "nx.failure"
local path = require "nx.path"
local place = require "nx.core.place"

local M = {}

local function rustc(o, ...)
  local nx = package.loaded.nx or require "nx"
  local argv = { os.getenv "RUSTC" or "rustc", ... }
  if o.toolchain then argv = { "rustc", "+" .. o.toolchain, ... } end
  argv.cwd, argv.env, argv.stderr = o.cwd, o.env, "capture"
  local ok, outcome = pcall(nx.run, argv)
  if not ok then
    if type(outcome) == "table" and outcome.kind == "spawn" then return nil, "rustc-failed", outcome end
    error(outcome, 0)
  end
  if not outcome.ok then return nil, "rustc-failed", outcome end
  return outcome.stdout
end

local function indented(text)
  return (text:gsub("[^\n]+", "  %0"))
end

-- Why rustc did not say what the host is.
local function no_host(text, outcome, triple)
  local falling = ("; falling back to build target `%s`\n"):format(triple)
  if text then
    return ("for host platform, parsing `rustc -vV` failed%s- host platform error:\n  error parsing `rustc -vV` output\n"
      .. "    caused by:\n    - output from `rustc -vV` did not contain a `host: ` line; output:\n      ---\n%s      ---")
      :format(falling, (text:gsub("[^\n]+", "      %0")))
  elseif outcome.kind == "spawn" then
    return ("for host platform, failed to spawn `rustc -vV`%s- host platform error:\n  %s"):format(falling,
      failure.os_error(outcome.message, outcome.errno))
  end
  return ("for host platform, `rustc -vV` failed with exit status: %d%s- `rustc -vV` stdout:\n%s\n- `rustc -vV` stderr:\n%s")
    :format(outcome.exit_code, falling, indented(outcome.stdout), indented(outcome.stderr))
end

local function libdir(o, triple)
  local text, reason
  if triple then
    text, reason = rustc(o, "--print", "target-libdir", "--target", triple)
  else
    text, reason = rustc(o, "--print", "target-libdir")
  end
  if not text then return { status = "unavailable", reason = reason } end
  local dir = text:match "^%s*(.-)%s*$"
  if dir == "" or dir:find "\n" then return { status = "unavailable", reason = "rustc-output-error" } end
  return { status = "available", path = dir }
end

local function read(file)
  local handle = io.open(file, "rb")
  if not handle then return nil end
  local text = handle:read "a"
  handle:close()
  return text
end

-- A target that is not in rustc's list: a file of the name, or one found along RUST_TARGET_PATH.
local function custom(triple, cwd)
  if triple:find "%.json$" then
    local file = path.join(cwd, triple)
    local text = read(file)
    if not text then
      local _, problem, errno = place.kind(file, true)
      failure.raise { kind = "not_found", exit_code = 96, path = triple, chain = {
        ("target path `%s` is not a valid file"):format(file), errno and failure.os_error(problem, errno) } }
    end
    return { triple = path.name(triple):gsub("%.json$", ""), ["custom-json"] = text }
  end
  for dir in (os.getenv "RUST_TARGET_PATH" or ""):gmatch "[^:]+" do
    local text = read(path.join(dir, triple .. ".json"))
    if text then return { triple = triple, ["custom-json"] = text } end
  end
end

local function target_platform(o, triple, host)
  if triple == "host-tuple" then triple = host end
  local found = custom(triple, o.cwd)
  if found then return found, path.join(o.cwd, triple) end
  local known = require "nx.config.platform".is_known(triple)
  if not known then
    local cfg = rustc(o, "--print=cfg", "--target", triple)
    if cfg then return { triple = triple, ["custom-cfg"] = cfg }, triple end
    require "nx.cargo.triple".check(triple)
  end
  return { triple = triple }, triple
end

--- The platforms of a build: `{ host = { platform, libdir }, targets = { { platform, libdir }? } }`.
---@param o table                 checked options, with cwd
---@param config nx.cargo.Config
---@param notices table           warnings are added here
function M.detect(o, config, notices)
  local verbose, _, outcome = rustc(o, "-vV")
  local host = verbose and verbose:match "\nhost: (%S+)"
  if not host then
    host = place.triple
    notices[#notices + 1] = { level = "warning", text = no_host(verbose, outcome, host) }
  end
  local platforms = { host = { platform = { triple = host }, libdir = libdir(o) }, targets = {} }
  local triple = o.target or config:build_target()
  if triple then
    local platform, asked = target_platform(o, triple, host)
    platforms.targets[1] = { platform = platform, libdir = libdir(o, asked) }
  end
  return platforms
end

return M
