-- Cargo's own configuration, as far as tests need it: `[env]`, `target.*.runner`, `build.target`. Sources in the order in
-- which they win: `--config KEY=VALUE`, `--config FILE`, `.cargo/config(.toml)` from the directory upwards,
-- `$CARGO_HOME/config(.toml)`.

local failure = require "nx.failure"
local path = require "nx.path"

---@class nx.cargo.Config
---@field sources { document: table, dir: string, file: string? }[]
local Config = {}
Config.__index = Config

local M = {}

-- nil where there is none; what is there must be readable.
local function read(file)
  local handle = io.open(file, "rb")
  if not handle then return nil end
  local text, problem, code = handle:read "a"
  handle:close()
  problem = not text and ("%s (os error %d)"):format(problem, code) or not utf8.len(text) and "stream did not contain valid UTF-8"
  if problem then
    failure.raise { kind = "config", exit_code = 96, chain = { ("failed to read config at `%s`"):format(path.normal(file)), problem } }
  end
  return text
end

-- loaded when there is something to read
local function shape() return require "nx.cargo.config_shape" end

--- Reads every source. `cwd` is where looking upwards starts (not the workspace: the peer does so too).
---@param options { cwd: string, config?: string[], cargo_home?: string }
---@return nx.cargo.Config
function M.load(options)
  local inline, files, found, seen = {}, {}, {}, {}
  for _, argument in ipairs(options.config or {}) do
    local file = path.join(options.cwd, argument)
    local text = read(file)
    if text then
      file = path.normal(file)
      files[#files + 1] = { document = shape().file(text, file), dir = path.parent(path.parent(file)), file = file, given = true }
    else
      inline[#inline + 1] = { document = shape().argument(argument), dir = options.cwd, argument = argument }
    end
  end
  local function look(dir, owner)
    for _, name in ipairs { "config", "config.toml" } do
      local file = path.join(dir, name)
      if seen[file] then return end
      local text = read(file)
      if text then
        seen[file] = true
        found[#found + 1] = { document = shape().file(text, file), dir = owner, file = file }
        return
      end
    end
  end
  local dir = options.cwd
  while true do
    look(path.join(dir, ".cargo"), dir)
    if dir == "/" or dir == "" then break end
    dir = path.parent(dir)
  end
  local home = options.cargo_home or os.getenv "CARGO_HOME" or os.getenv "HOME" and path.join(os.getenv "HOME", ".cargo")
  if home and home ~= "" then
    home = path.join(options.cwd, home)
    look(home, path.parent(home))
  end
  local sources = {}
  for _, list in ipairs { inline, files, found } do table.move(list, 1, #list, #sources + 1, sources) end
  return setmetatable({ sources = sources, cwd = options.cwd }, Config)
end

local function subtable(document, key)
  local value = document[key]
  return type(value) == "table" and value or nil
end

--- `build.target`, with CARGO_BUILD_TARGET below what the command line says: the triple, and where it was said.
---@return string?, string?
function Config:build_target()
  local function of(source)
    local build = subtable(source.document, "build")
    return build and build.target
  end
  for _, source in ipairs(self.sources) do
    if source.argument or source.given then
      local target = of(source)
      if target then return target, source.file or "--config" end
    end
  end
  local variable = os.getenv "CARGO_BUILD_TARGET"
  if variable then return variable, "CARGO_BUILD_TARGET" end
  for _, source in ipairs(self.sources) do
    local target = of(source)
    if target then return target, source.file end
  end
  return nil
end

--- The variables of `[env]` that a process gets beside its inherited ones. `inherited(name)` → value or nil.
---@param inherited fun(name: string): string?
---@return table<string, string>
function Config:env(inherited)
  local merged = {}
  for _, source in ipairs(self.sources) do
    for name, value in pairs(subtable(source.document, "env") or {}) do
      local entry = type(value) == "table" and value or { value = value }
      local known = merged[name]
      if not known then
        merged[name] = { value = entry.value, force = entry.force, relative = entry.relative, dir = source.dir }
      else -- what the winner leaves open is taken from below
        if known.force == nil then known.force = entry.force end
        if known.relative == nil then known.relative = entry.relative end
        if known.value == nil then known.value = entry.value end
      end
    end
  end
  local env = {}
  for name, entry in pairs(merged) do
    if type(entry.value) == "string" and (entry.force or inherited(name) == nil) then
      local value = entry.value
      if entry.relative then value = value == "" and entry.dir:gsub("/*$", "/") or path.join(entry.dir, value) end
      -- a name that no variable can have is what the system makes of it: nothing, or another name
      local first, rest = name:match "^([^=]+)=(.*)$"
      if first then env[first] = rest .. "=" .. value elseif name ~= "" and name:sub(1, 1) ~= "=" then env[name] = value end
    end
  end
  return env
end

-- A runner's value: a text split at blanks, or a list.
local function runner_of(value, source, dir)
  local argv = {}
  if type(value) == "string" then
    for word in value:gmatch "%S+" do argv[#argv + 1] = word end
  elseif type(value) == "table" then
    for i, word in ipairs(value) do argv[i] = tostring(word) end
  end
  if #argv == 0 then return nil, "runner is empty: " .. source end
  if argv[1]:find "/" then argv[1] = path.join(dir, argv[1]) end
  argv.source = source
  return argv
end

-- The runner that one document names for a triple.
local function runner_in(source, triple, matches)
  local targets = subtable(source.document, "target")
  if not targets then return nil end
  local function from(key)
    local runner = type(targets[key]) == "table" and targets[key].runner
    if runner == nil or runner == false then return nil end
    local spelled = ("target.%s.runner"):format(key)
    local said = source.file and ("`%s` within `%s`"):format(spelled, source.file)
      or ("`%s` specified by `--config`"):format(spelled)
    return runner_of(runner, said, source.dir)
  end
  if targets[triple] then
    local argv, problem = from(triple)
    if argv or problem then return argv, problem end
  end
  local keys = {}
  for key in pairs(targets) do
    if key:find "^%s*cfg%(" then keys[#keys + 1] = key end
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    if type(targets[key]) == "table" and targets[key].runner ~= nil and matches(key) == true then return from(key) end
  end
  return nil
end

--- The target runner for a platform: argv with `source`, or nil. A second result is a problem worth a warning.
---@param triple string
---@param matches fun(cfg: string): boolean?   evaluates a `cfg(…)` against the platform; true only when certain
---@return string[]?, string?
function Config:runner(triple, matches)
  local variable = "CARGO_TARGET_" .. triple:upper():gsub("-", "_") .. "_RUNNER"
  local asked = false
  local function ask_variable()
    asked = true
    local value = os.getenv(variable)
    if value then return runner_of(value, ("environment variable `%s`"):format(variable), self.cwd) end
  end
  for _, source in ipairs(self.sources) do
    if not asked and not source.argument and not source.given then
      local argv, problem = ask_variable()
      if argv or problem then return argv, problem end
    end
    local argv, problem = runner_in(source, triple, matches)
    if argv or problem then return argv, problem end
  end
  if not asked then return ask_variable() end
end

return M
