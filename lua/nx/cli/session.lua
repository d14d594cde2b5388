-- What list, run, archive and show-config share: the workspace, its configuration and profile, the build, what is chosen. The
-- steps come in the peer's order, so that of several mistakes the same one is reported.

local message = require "nx.cli.message"
local err = require "nx.error"
local model = require "nx.model"
local place = require "nx.core.place"

local M = {}

---@class nx.cli.Session
---@field args nx.cli.Args
---@field build nx.Build
---@field config nx.Config
---@field profile nx.Profile
---@field user nx.config.User
---@field choice nx.Choice
---@field names nx.cli.Names
local Session = {}
Session.__index = Session
Session.__name = "nx.cli.Session"
function Session:__close() self:close() end

--- Gives up the build, and with it a temporary directory.
function Session:close()
  if self.build then self.build:close() end
end

local cargo_keys = {
  "package", "workspace", "exclude", "all", "lib", "bin", "bins", "example", "examples", "test", "tests", "bench", "benches",
  "all_targets", "features", "all_features", "no_default_features", "build_jobs", "release", "cargo_profile", "target",
  "target_dir", "unit_graph", "frozen", "locked", "offline", "cargo_message_format", "cargo_quiet", "cargo_verbose",
  "ignore_rust_version", "future_incompat_report", "config", "Z", "manifest_path", "color",
}

-- The options of nx.cargo.build out of the command line's.
local function cargo_options(args)
  local o = {}
  for _, key in ipairs(cargo_keys) do o[key] = args[key] end
  if args.timings then o.timings = args.timings.bare and not args.timings[1] or table.concat(args.timings, ",") end
  return o
end

local function say(label, text)
  message.label(label, text)
end

local function tell(notices)
  for _, notice in ipairs(notices or {}) do message[notice.level](notice.text) end
end

-- Archives and metadata in files: opened first of all.
local function open(args)
  local nx = require "nx"
  if args.archive_file then
    return nx.open { args.archive_file, workspace = args.workspace_remap, to = args.extract_to, overwrite = args.extract_overwrite,
      keep = args.persist_extract_tempdir, config = args.config, notify = say, remap = "paths" }
  end
  local cargo = { manifest_path = args.manifest_path, color = args.color, config = args.config }
  return nx.open { binaries_metadata = args.binaries_metadata, cargo_metadata = args.cargo_metadata,
    workspace = args.workspace_remap, target_dir_remap = args.target_dir_remap, build_dir_remap = args.build_dir_remap,
    config = args.config, cargo = not args.cargo_metadata and cargo or nil }
end

local function platforms(found)
  local new = require "nx.config".platform.new
  local target = found and found.targets and found.targets[1]
  return { host = found and new(found.host.platform), target = target and new(target.platform) }
end

-- The configuration and the profile; what there is to say about them is said.
function Session:configure(root, graph, found)
  local args = self.args
  local about = platforms(found)
  local ok, config = pcall(require "nx.config".load, {
    root = root, config_file = args.config_file, tool_config_files = args.tool_config_file, version = model.NEXTEST_VERSION,
    override_version_check = args.override_version_check, universe = graph, env = place.environ(), cwd = require "nx.cwd" (),
  })
  if not ok then
    for _, note in ipairs(err.is(config) and config.notes or {}) do message.note(note) end
    error(config, 0)
  end
  for _, note in ipairs(config.notes) do message.note(note) end
  local name = args.profile or (os.getenv "MIRI_SYSROOT" and "default-miri") or "default"
  self.config, self.graph, self.about = config, graph, about
  self.profile = config:profile(name, { host = about.host, target = about.target, universe = graph })
end

--- The filtersets of the command line. Mistakes of all of them are shown.
---@param kind "test"|"archive-filter"
function Session:filtersets(kind)
  local filterset, profile = require "nx.filterset", self.profile
  local filters, broken = {}, false
  for i, text in ipairs(self.args.filterset or {}) do
    local filter, found = filterset.parse(text, { kind = kind, universe = self.graph, default = profile.default_filter,
      groups = profile:group_names(), group_of = function(suite, test) return profile:group_of(suite, test) end })
    if filter then
      filters[i] = filter
    else
      broken = true
      io.stderr:write(filterset.render_all(text, found))
    end
  end
  if broken then message.raise("failed to parse filterset", 94, "filterset") end
  return filters
end

-- Names, filtersets and the rest of what chooses.
function Session:choosing()
  local args = self.args
  local filters = self:filtersets "test"
  local names = require "nx.cli.names".parse(args.names, args.rest,
    { run_ignored = args.run_ignored, no_capture = args.no_capture })
  self.names = names
  self.choice = {
    filters = filters, default = not args.ignore_default_filter and self.profile.default_filter or nil,
    names = require "nx.cli.names".matcher(names), run_ignored = args.run_ignored or names.ignored,
    partition = args.partition and args.partition.text, platform = args.platform_filter ~= "any" and args.platform_filter or nil,
  }
end

--- Prepares a command: everything up to the build, and the build. `gate` is called when configuration and profile are known,
--- `early` before that; with `after_build` (archive) the configuration is read only then.
---@param args nx.cli.Args
---@param options? { choose: boolean?, gate: fun(session: nx.cli.Session)?, early: fun()?, after_build: boolean? }
---@return nx.cli.Session
function M.open(args, options)
  options = options or {}
  local self = setmetatable({ args = args }, Session)
  message.colour = message.coloured(args.color, 2)
  local function configured(root, graph, found)
    self:configure(root, graph, found)
    if options.gate then options.gate(self) end
    if options.choose then self:choosing() end
  end
  local function user()
    self.user = require "nx.config".user { path = args.user_config_file, env = place.environ(), host = self.about.host }
    for _, note in ipairs(self.user.notes) do message.note(note) end
  end
  local ok, problem = pcall(function()
    if args.archive_file and not options.after_build or args.binaries_metadata then
      self.build = open(args)
      local cargo = self.build.cargo
      configured(self.build.root, self.build:universe(), cargo and cargo.meta.platforms)
      user()
      tell(self.build.notices)
      return
    end
    local cargo = require "nx.cargo.build"
    local checked = require "nx.cargo.options".check("nx.cargo.build", cargo_options(args))
    local state = cargo.prepare(checked)
    tell(state.notices)
    state.notices = require "nx.json".array {}
    local packages = args.cargo_metadata and require "nx.open".packages_of(args.cargo_metadata)
      or cargo.metadata(checked, state.triple)
    if options.early then options.early() end
    local graph = require "nx.cargo.graph".new(packages.document)
    if options.after_build then
      local build, notices = cargo.finish(state, packages, args.cargo_metadata ~= nil)
      self.build = build
      configured(packages.workspace_root, graph, state.platforms)
      user()
      tell(notices)
      return
    end
    configured(packages.workspace_root, graph, state.platforms)
    local build, notices = cargo.finish(state, packages, args.cargo_metadata ~= nil)
    self.build = build
    user()
    tell(notices)
    if build.notices ~= notices then tell(build.notices) end
  end)
  if ok then return self end
  self:close()
  error(problem, 0)
end

-- Neither the host's nor the target's libraries are known: what links them dynamically may not start.
function Session:warn_of_libraries()
  local cargo = self.build.cargo
  if not cargo then return end
  local known = cargo.meta.platforms
  for _, pair in ipairs { known.host, known.targets[1] } do
    if pair.libdir.status == "available" then return end
  end
  message.warning "failed to detect the rustc libdir, may fail to list or run tests"
end

--- Lists and chooses.
---@return nx.Listed[] listed, nx.Chosen chosen
function Session:list()
  local choose = require "nx.choose"
  require "nx.cli.later".list_wrappers(self.profile)
  self:warn_of_libraries()
  local demands, build = self.config.demands, self.build
  local function text(version) return version and require "nx.config.version".text(version) or nil end
  build.required_version, build.recommended_version = text(demands.required), text(demands.recommended) -- for tests to see
  self.run_id = self.run_id or require "nx.environment".uuid()
  local listed = require "nx.listing".list(self.build, {
    suites = choose.suites(self.build.suites, self.choice), decide = choose.decider(self.choice), profile = self.profile.name,
    run_id = self.run_id,
  })
  return listed, choose.apply(listed, self.choice)
end

--- What there is to say at the very end: a newer version is recommended.
function Session:finish()
  if self.config and self.config.late_warning then
    message.note(self.config.late_warning)
    message.note(self.config.late_hint)
  end
end

return M
