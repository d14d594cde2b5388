-- nx.cargo.build: Cargo builds the tests, and what it reports becomes a Build.

local err = require "nx.error"
local failure = require "nx.failure"
local json = require "nx.json"
local options = require "nx.cargo.options"
local path = require "nx.path"

local M = {}

-- Runs Cargo for its standard output. `sink` gets lines, or the text is returned.
local function cargo(argv, o, sink)
  local nx = package.loaded.nx or require "nx"
  local run = table.move(argv, 1, #argv, 1, {})
  run.cwd, run.env, run.stdin = o.cwd_given, o.env, "inherit"
  run.stderr = o.output == nil and "inherit" or o.output
  if type(o.cargo_quiet) == "number" and o.cargo_quiet > 1 then run.stderr = "null" end
  if sink then run.stdout = nx.lines(sink) else run.stdout, run.max_output = "capture", "4GiB" end
  local ok, outcome = pcall(nx.run, run)
  if ok then return outcome end
  if not (err.is(outcome) and outcome.kind == "spawn") then error(outcome, 0) end
  failure.raise { kind = "build_failed", exit_code = sink and 101 or 102, chain = {
    ("failed to execute `%s`"):format(options.quoted(argv)), failure.os_error(outcome.message, outcome.errno) } }
end

local function ended(outcome, with)
  if outcome.signal then return "terminated by signal " .. outcome.signal end
  return with .. outcome.exit_code
end

--- Describes the workspace: the packages of `cargo metadata`.
---@param o table
---@param triple string
---@param exit_code? integer  of an error; 102, as the commands have it
---@return nx.cargo.Packages
function M.metadata(o, triple, exit_code)
  local argv = options.metadata_command(o, triple)
  local request = setmetatable({}, { __index = o })
  if o.target_dir then
    request.env = { CARGO_TARGET_DIR = o.target_dir }
    for name, value in pairs(o.env or {}) do request.env[name] = value end
  end
  local outcome = cargo(argv, request)
  if not outcome.ok then
    failure.raise { kind = "build_failed", exit_code = exit_code or 102, outcome = outcome,
      chain = { ("command `%s` failed with %s"):format(options.quoted(argv), ended(outcome, "exit status: ")) } }
  end
  local packages, problem = require "nx.cargo.packages".new(outcome.stdout)
  if not packages then
    failure.raise { kind = "build_failed", exit_code = exit_code or 96,
      chain = { "error parsing Cargo metadata", "`cargo metadata` returned invalid JSON output", problem } }
  end
  return packages
end

--- Builds, feeding a reader of messages.
---@param o table
---@param reader nx.cargo.Messages
function M.compile(o, reader)
  local format, forward, problem = options.message_format(o.cargo_message_format)
  if problem then failure.raise { kind = "usage", exit_code = 96, chain = { problem } } end
  local argv = options.build_command(o, format)
  local outcome = cargo(argv, o, function(line)
    if line == nil then return end
    reader:line(line)
    if forward then
      if o.forward then o.forward(line) else io.stdout:write(line, "\n") end
    end
  end)
  if not outcome.ok then
    failure.raise { kind = "build_failed", exit_code = 101, outcome = outcome,
      chain = { ("command `%s` %s"):format(options.quoted(argv), ended(outcome, "exited with code ")) } }
  end
end

-- With a given cargo metadata document the build is anchored at the workspace's one default member, else at its root.
local function anchor(packages)
  local default = packages.document.workspace_default_members
  if type(default) == "table" and #default == 1 and packages.by_id[default[1]] then return packages:get(default[1]).manifest_path end
  return path.join(packages.workspace_root, "Cargo.toml")
end

--- The state between the steps of a build, for callers that put their own steps between them.
---@param o table  checked options
---@return table
function M.prepare(o)
  o.cwd_given = o.cwd
  o.cwd = o.cwd and path.join(require "nx.cwd" (), o.cwd) or require "nx.cwd" ()
  local notices = json.array {}
  local config = require "nx.cargo.config".load { cwd = o.cwd, config = o.config }
  local platforms = require "nx.cargo.platforms".detect(o, config, notices)
  local triple = (platforms.targets[1] or platforms.host).platform.triple
  return { o = o, notices = notices, config = config, platforms = platforms, triple = triple }
end

--- Compiles and makes the Build.
---@param state table   of M.prepare
---@param packages nx.cargo.Packages
---@param given? boolean  the packages were not asked of Cargo
---@param lines? string[]  what Cargo said, when it has already built
---@return nx.Build
function M.finish(state, packages, given, lines)
  local o, target = state.o, state.platforms.targets[1]
  if given and not o.manifest_path then o.manifest_path = anchor(packages) end
  local target_directory = packages.target_directory
  local reader = require "nx.cargo.messages".new {
    packages = packages, target_directory = target_directory, build_directory = packages.build_directory,
    triple = target and target.platform.triple,
  }
  if lines then
    for _, line in ipairs(lines) do reader:line(line) end
  else
    M.compile(o, reader)
  end
  local meta, binaries = reader:finish()
  meta.platforms = state.platforms
  if #binaries > 0 and #meta.base_output_directories == 0 then
    state.notices[#state.notices + 1] = { level = "warning", text = "no base output directories were found: tests may not find libraries" }
  end
  return require "nx.cargo.source".build {
    packages = packages, meta = meta, binaries = binaries, workspace_root = packages.workspace_root,
    target_dir = target_directory, build_dir = packages.build_directory, config = state.config,
  }, state.notices
end

--- nx.cargo.build { … } -> Build
---@param given? table
---@return nx.Build
function M.build(given)
  local o = options.check("nx.cargo.build", given or {})
  -- In a script the build comes first: when it fails, nothing else was started, and every failure is a failed build. (The
  -- commands ask for the metadata first, as the peer does.)
  local lines = {}
  o.cwd_given = o.cwd
  M.compile(o, { line = function(_, line) lines[#lines + 1] = line end })
  local state = M.prepare(o)
  local build, notices = M.finish(state, M.metadata(o, state.triple, 101), false, lines)
  require "nx.cargo.source".tell(build, notices, o.output)
  return build
end

return M
