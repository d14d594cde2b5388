-- Loads configuration: the repository's file, the files of tools below it, a script's table above them; what they
-- demand of us, what is unknown in them, and the profiles that come out.

local err = require "nx.error"
local toml = require "nx.config.toml"
local reader = require "nx.config.reader"
local keys = require "nx.config.keys"
local version = require "nx.config.version"
local compile = require "nx.config.compile"
local inherit = require "nx.config.inherit"
local rules = require "nx.config.rules"
local identifier = require "nx.config.identifier"

local M = {}

local ENOENT <const>, ENOTDIR <const> = 2, 20

---@class nx.config.Source
---@field path string      where it is, absolute or as given
---@field shown string     how warnings name it
---@field named string     how errors name it: in quotes, with the tool that it comes from
---@field tool? string
---@field document table   the parsed file

-- Raises a configuration error. `report` is what the commands print, message the one line of it.
local function fail(source, message, exit_code, report)
  err.raise {
    kind = "config", exit_code = exit_code or 96, path = source and source.path,
    message = ("configuration %s: %s"):format(source and source.shown or "", (message:gsub("\n$", ""):gsub("\n", "; "))),
    report = report or ("error: failed to parse nextest config at %s\n\nCaused by:\n  %s%s")
      :format(source.named, message:gsub("\n([^\n])", "\n  %1"), message:find "\n$" and "\n" or ""),
  }
end

-- The text of a file, or nil and what the system says.
local function slurp(path)
  local file, problem, code = io.open(path, "rb")
  local text
  if file then
    text, problem, code = file:read "a"
    file:close()
  end
  if text and not utf8.len(text) then return nil, "stream did not contain valid UTF-8" end
  if text then return text end
  return nil, ("%s (os error %d)"):format((problem:gsub("^.*: ", "")), code), code
end

local function parse(source, text)
  local document, problem = toml.parse(text)
  if not document then fail(source, toml.render(text, problem) .. "\n") end
  source.document, source.text = document, text
end

-- The way a path is shown: relative to the workspace root when it is below it.
local function shown(path, root)
  local prefix = root .. "/"
  return path:sub(1, #prefix) == prefix and path:sub(#prefix + 1) or path
end

-- A script's table becomes a document: names may be written with `_`, lists become arrays.
local function as_document(value)
  if type(value) ~= "table" then return value end
  if #value > 0 or next(value) == nil and getmetatable(value) == toml.array then
    local list = setmetatable({}, toml.array)
    for i, item in ipairs(value) do list[i] = as_document(item) end
    return list
  end
  local t = {}
  for key, item in pairs(value) do t[(tostring(key):gsub("_", "-"))] = as_document(item) end
  return t
end

-- nextest-version and experimental, with errors drawn at the value.
local function demands_of(source, unknown)
  return version.read(source.document, function(path, message, owner, key)
    local first, last = toml.span(owner, key)
    local text = message
    if first and source.text then
      text = toml.render(source.text, { message = message, first = first, last = last })
    end
    -- the peer's TOML errors end in a line break of their own
    fail(source, ("%s: %s\n"):format(path, text))
  end, unknown)
end

local function check_demands(config, sources, options)
  local demands = { experimental = {}, by_feature = {} }
  for _, source in ipairs(sources) do
    local read = demands_of(source, function(key) source.unknown[#source.unknown + 1] = key end)
    for _, key in ipairs { "required", "recommended" } do
      local asked = read[key]
      if asked and not (demands[key] and version.less(asked, demands[key])) then
        demands[key], demands[key .. "_by"] = asked, source.tool
      end
    end
    if source.tool and #read.experimental + #read.unknown > 0 then
      local names = {}
      for _, list in ipairs { read.experimental, read.unknown } do table.move(list, 1, #list, #names + 1, names) end
      fail(source, ("tool config file specifies experimental features `%s` -- only repository config files can do so")
        :format(table.concat(names, ", ")))
    end
    if #read.unknown > 0 then
      table.sort(read.unknown)
      local names = table.concat(read.unknown, ", ")
      fail(source, "unknown experimental features: " .. names, 96,
        ("error: for config file %s, unknown experimental features defined: %s (known features: %s):")
          :format(source.named, names, table.concat(version.features, ", ")))
    end
    for _, feature in ipairs(read.experimental) do demands.by_feature[feature] = true end
  end
  if (options.env or {}).NEXTEST_EXPERIMENTAL_BENCHMARKS == "1" then demands.by_feature.benchmarks = true end
  for _, feature in ipairs(version.features) do
    if demands.by_feature[feature] then demands.experimental[#demands.experimental + 1] = feature end
  end
  config.demands = demands
  if options.demands_only then return end
  config:check_version(options.override_version_check)
  if #demands.experimental > 0 then
    config:note("info: experimental features enabled: " .. table.concat(demands.experimental, ", "))
  end
end

---@class nx.Config
---@field root string
---@field notes string[]     what there is to say to a person, in order: "warning: …", "info: …"
---@field demands nx.config.Demands
---@field settings table     the merged settings
local Config = {}
Config.__index = Config
Config.__name = "nx.Config"

function Config:note(line)
  self.notes[#self.notes + 1] = line
end

local update_hint = "info: update nextest via your package manager, or bypass check with --override-version-check"

--- Compares what the files ask for with the version that we answer to. Too old: an error with exit code 92; older than
--- recommended: `late_warning` is set, which the commands print at the start and again, with a hint, at the end.
function Config:check_version(override)
  local current = self.version
  local d = self.demands
  local here = assert(version.parse(current))
  local function by(tool) return tool and ("\n(%s version specified by tool `%s`)"):format("%s", tool) or "" end
  if d.required and version.less(here, d.required) then
    local line = ("this repository requires nextest version %s, but the current version is %s")
      :format(version.text(d.required), current) .. by(d.required_by):format "required"
    if not override then fail(nil, line, 92, "error: " .. line .. "\n" .. update_hint) end
    self:note(("info: overriding version check (required: %s, current: %s)"):format(version.text(d.required), current))
    return
  end
  if d.recommended and version.less(here, d.recommended) then
    if override then
      self:note(("info: overriding version check (recommended: %s, current: %s)"):format(version.text(d.recommended), current))
    else
      self.late_warning = ("warning: this repository recommends nextest version %s, but the current version is %s")
        :format(version.text(d.recommended), current) .. by(d.recommended_by):format "recommended"
      self:note(self.late_warning)
      self.late_hint = update_hint
    end
  end
end

--- The profile of that name, ready to be asked about tests; see nx.config.profile.
---@param name? string  "default"
---@param options? { host: nx.Platform?, target: nx.Platform? }
---@return nx.Profile
function Config:profile(name, options)
  return require("nx.config.profile").new(self, name or "default", options or {})
end

-- Validates one file over the defaults, as the peer does, so that an error names the file that it is in.
local function check_source(config, source, defaults, options, known)
  local settings, unknown, problem = reader.read(reader.merge(defaults, source.document))
  if not settings then fail(source, problem.path .. ": " .. problem.message) end
  table.move(unknown, 1, #unknown, #source.unknown + 1, source.unknown)
  table.sort(source.unknown)
  if #source.unknown > 0 then
    local from = source.tool and (" provided by tool `%s`"):format(source.tool) or ""
    local list = #source.unknown == 1 and "key: " .. source.unknown[1] or "keys:\n\n  - " .. table.concat(source.unknown, "\n  - ")
    config:note(("warning: in config file %s%s, ignoring unknown configuration %s"):format(source.shown, from, list))
  end
  rules.check_definitions(settings, source, config, known, fail)
  inherit.check(settings, source, config, known, fail)

  local problems, compiled = {}, {}
  for _, name in ipairs(inherit.order(settings.profile)) do
    -- the merged default profile holds the built-in filter too; what counts is what this file says
    local own = settings.profile[name]
    if name == "default" then
      local written = source.document.profile and source.document.profile.default
      if not (written and written["default-filter"] ~= nil) then own = setmetatable({ default_filter = false }, { __index = own }) end
    end
    compiled[name] = compile.profile(name, {
      default_filter = own.default_filter or nil, overrides = own.overrides, scripts = own.scripts,
    }, options, problems)
  end
  if #problems > 0 then
    fail(source, "invalid filtersets or platforms in " .. problems[1].where, 96, compile.report(source.named, problems))
  end
  rules.check_uses(compiled, source, config, known, fail)
  return compiled
end

-- What a lower file compiled stands behind what a higher one did.
local function stack(all, compiled)
  for name, data in pairs(compiled) do
    local below = all[name]
    if below then
      data.default_filter = data.default_filter or below.default_filter
      for _, list in ipairs { "overrides", "scripts" } do table.move(below[list], 1, #below[list], #data[list] + 1, data[list]) end
    end
    all[name] = data
  end
end

local function absolute(path, base)
  return path:find "^/" and path or (base == "/" and "" or base) .. "/" .. path
end

local function tool_source(spec, root)
  local tool, path = spec.tool, spec.path
  if type(spec) == "string" then tool, path = spec:match "^(.-):(.*)$" end
  if not tool or not identifier.is_tool_name(tool) or not path or not path:find "^/" then
    err.raise { kind = "usage", exit_code = 2,
      message = ("tool configuration `%s`: expected NAME:/absolute/path, the name an identifier"):format(tostring(spec)) }
  end
  return { path = path, shown = shown(path, root), named = ("`%s` provided by tool `%s`"):format(path, tool), tool = tool, unknown = {} }
end

-- Reads the sources into an empty configuration.
local function fill(config, options)
  local root = options.root

  local sources = {} -- weakest first
  for i = #(options.tool_config_files or {}), 1, -1 do
    sources[#sources + 1] = tool_source(options.tool_config_files[i], root)
  end
  local path = options.config_file and absolute(options.config_file, options.cwd or root) or root .. "/.config/nextest.toml"
  sources[#sources + 1] = { path = path, named = ("`%s`"):format(options.config_file or path), unknown = {},
    shown = options.config_file and shown(options.config_file, root) or ".config/nextest.toml", optional = not options.config_file }
  local there = {}
  for _, source in ipairs(sources) do
    local text, problem, code = slurp(source.path)
    if text then
      parse(source, text)
      there[#there + 1] = source
    elseif not (source.optional and (code == ENOENT or code == ENOTDIR)) then
      fail(source, problem)
    end
  end
  sources = there

  check_demands(config, sources, options)
  if options.demands_only then return end

  if options.profiles then
    local name = "the script's table"
    sources[#sources + 1] = { path = name, shown = name, named = name, unknown = {}, script = true,
      document = { profile = as_document(options.profiles) } }
  end

  local defaults = assert(toml.parse(keys.defaults()))
  local known = { groups = {}, scripts = {}, profiles = {} }
  local merged = defaults
  config.sources = sources
  for _, source in ipairs(sources) do
    stack(config.compiled, check_source(config, source, defaults, options, known))
    merged = reader.merge(merged, source.document)
  end
  local settings, _, problem = reader.read(merged)
  if not settings then fail(sources[#sources], problem.path .. ": " .. problem.message) end
  config.settings, config.known = settings, known
end

---@class nx.config.LoadOptions
---@field root string                the workspace root; .config/nextest.toml is looked for below it
---@field config_file? string        read instead of that file; must exist
---@field tool_config_files? table   "NAME:/path" or { tool =, path = }, the earlier the stronger
---@field profiles? table            a script's table { NAME = { key = value } }, above all files
---@field version string             the version that we answer to
---@field override_version_check? boolean
---@field universe? table            package graph, for the names in filtersets
---@field env? table                 environment
---@field demands_only? boolean      only versions and experimental features (show-config version)

--- Loads all sources. Raises kind "config" with the exit code of the peer and its text in `report`.
---@param options nx.config.LoadOptions
---@return nx.Config
function M.load(options)
  local config = setmetatable({ root = options.root, notes = {}, version = options.version, compiled = {} }, Config)
  local ok, problem = pcall(fill, config, options)
  if ok then return config end
  -- what was noted before the mistake is printed before it
  if err.is(problem) then problem.notes = config.notes end
  error(problem, 0)
end

return M
