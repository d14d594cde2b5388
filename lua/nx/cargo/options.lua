-- Cargo's options as nx.cargo.build takes them (the long names with `_`), and the command lines they become.

local options = require "nx.options"

local M = {}

-- name → how it is spelled: "flag" --name, "value" --name V, "list" --name V for each, "count" --name so many times
local scope = {
  { "package", "list" }, { "workspace", "flag" }, { "exclude", "list" }, { "all", "flag" }, { "lib", "flag" }, { "bin", "list" },
  { "bins", "flag" }, { "example", "list" }, { "examples", "flag" }, { "test", "list" }, { "tests", "flag" }, { "bench", "list" },
  { "benches", "flag" }, { "all_targets", "flag" }, { "features", "list" }, { "all_features", "flag" },
  { "no_default_features", "flag" },
}
local other = {
  { "build_jobs", "value", "--jobs" }, { "release", "flag" }, { "cargo_profile", "value", "--profile" }, { "target", "value" },
  { "target_dir", "value" }, { "unit_graph", "flag" }, { "timings", "timings" }, { "frozen", "flag" }, { "locked", "flag" },
  { "offline", "flag" }, { "cargo_quiet", "once", "--quiet" }, { "config", "list" }, { "cargo_verbose", "count", "--verbose" },
  { "ignore_rust_version", "flag" }, { "future_incompat_report", "flag" }, { "Z", "list", "-Z" },
}

local kinds = {
  list = "list|string", flag = "boolean", value = "string|integer", timings = "string|boolean", once = "integer|boolean",
  count = "integer|boolean",
}
local spec = {
  manifest_path = "string", cargo_message_format = "list|string", color = "string", toolchain = "string", cargo_args = "list",
  env = "table", output = '"inherit"|"null"|function', forward = "function", bench_command = "boolean", cwd = "string",
}
for _, rows in ipairs { scope, other } do
  for _, row in ipairs(rows) do spec[row[1]] = kinds[row[2]] end
end
M.spec = spec

--- Checks the options of nx.cargo.build: lists may be given as one string.
function M.check(fn, given)
  local o = options.check(fn, given, spec)
  for _, rows in ipairs { scope, other } do
    for _, row in ipairs(rows) do
      if row[2] == "list" and type(o[row[1]]) == "string" then o[row[1]] = { o[row[1]] } end
    end
  end
  if type(o.cargo_message_format) == "string" then o.cargo_message_format = { o.cargo_message_format } end
  return o
end

local function add(argv, rows, o)
  for _, row in ipairs(rows) do
    local key, kind = row[1], row[2]
    local word, value = row[3] or "--" .. key:gsub("_", "-"), o[row[1]]
    if value and value ~= 0 then
      if kind == "flag" or kind == "once" then
        argv[#argv + 1] = word
      elseif kind == "value" then
        argv[#argv + 1] = word
        argv[#argv + 1] = tostring(value)
      elseif kind == "list" then
        for _, item in ipairs(value) do
          argv[#argv + 1] = word
          argv[#argv + 1] = item
        end
      elseif kind == "count" then
        for _ = 1, value == true and 1 or value do argv[#argv + 1] = word end
      elseif kind == "timings" then
        argv[#argv + 1] = value == true and word or word .. "=" .. value
      end
    end
  end
end

local function conflicting(one, two)
  return ("invalid --cargo-message-format: conflicting message formats: `%s` and `%s` cannot be combined\n"
    .. "(only JSON modifiers like `json-diagnostic-short` can be combined)"):format(one, two)
end

--- What Cargo is asked to print: the words after --message-format, and whether its lines are passed on.
---@return string format, boolean forward
---@return string? problem
function M.message_format(words)
  local base, seen = nil, {}
  for _, group in ipairs(words or {}) do
    for word in group:gmatch "[^,]+" do
      if word == "human" or word == "short" or word == "json" then
        if base and base ~= word then return "", false, conflicting(base, word) end
        if base then return "", false, ("invalid --cargo-message-format: duplicate message format option: `%s`"):format(word) end
        base = word
      elseif word == "json-diagnostic-short" or word == "json-diagnostic-rendered-ansi" or word == "json-render-diagnostics" then
        if seen[word] then return "", false, ("invalid --cargo-message-format: duplicate message format option: `%s`"):format(word) end
        seen[word] = true
      else
        return "", false, "unrecognized `--cargo-message-format` value: " .. word
      end
    end
  end
  local modifiers = {}
  for _, word in ipairs { "json-render-diagnostics", "json-diagnostic-short", "json-diagnostic-rendered-ansi" } do
    if seen[word] then modifiers[#modifiers + 1] = word end
  end
  if #modifiers > 0 and (base == "human" or base == "short") then
    return "", false, ("invalid --cargo-message-format: cannot combine `%s` with `%s` format\n"
      .. "(JSON modifiers can only be used with JSON output)"):format(modifiers[1], base)
  end
  if #modifiers > 0 then return table.concat(modifiers, ","), true end
  if base == "json" then return "json", true end
  return "json-render-diagnostics", false
end

--- Cargo itself, then `+TOOLCHAIN` and `--color` before the subcommand.
---@return string[] argv, integer visible  how many leading words messages leave out after the program
local function start(o)
  local argv = { os.getenv "CARGO" or "cargo" }
  if o.toolchain then
    argv[1] = "cargo" -- $CARGO is one toolchain's own program; choosing another needs rustup's
    argv[2] = "+" .. o.toolchain
  end
  argv[#argv + 1] = "--color=" .. (o.color or "auto")
  return argv
end

--- The command that builds. `format` is what --message-format says.
function M.build_command(o, format)
  local argv = start(o)
  argv[#argv + 1] = o.bench_command and "bench" or "test"
  if o.manifest_path then
    argv[#argv + 1] = "--manifest-path"
    argv[#argv + 1] = o.manifest_path
  end
  argv[#argv + 1] = "--no-run"
  argv[#argv + 1] = "--message-format"
  argv[#argv + 1] = format
  add(argv, scope, o)
  add(argv, other, o)
  for _, word in ipairs(o.cargo_args or {}) do argv[#argv + 1] = word end
  return argv
end

--- The command that describes the workspace.
function M.metadata_command(o, triple)
  local argv = start(o)
  argv[#argv + 1] = "metadata"
  if o.manifest_path then
    argv[#argv + 1] = "--manifest-path"
    argv[#argv + 1] = o.manifest_path
  end
  for _, word in ipairs { "--format-version=1", "--all-features", "--filter-platform", triple } do argv[#argv + 1] = word end
  for _, key in ipairs { "frozen", "locked", "offline" } do
    if o[key] then argv[#argv + 1] = "--" .. key end
  end
  if o.cargo_quiet and o.cargo_quiet ~= 0 then argv[#argv + 1] = "--quiet" end
  for _, item in ipairs(o.config or {}) do
    argv[#argv + 1] = "--config"
    argv[#argv + 1] = item
  end
  return argv
end

--- A command as messages quote it: without --color and --manifest-path, as the peer has it.
function M.quoted(argv)
  local words, skip = {}, false
  for _, word in ipairs(argv) do
    if skip then
      skip = false
    elseif word == "--manifest-path" then
      skip = true
    elseif not word:find "^%-%-color=" then
      words[#words + 1] = word
    end
  end
  return require "nx.shell".join(words)
end

return M
