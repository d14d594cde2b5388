-- The commands: what each one is called, what it is for, which option rows it takes, which script does its work.

local options = require "nx.cli.options"

local M = {}

-- Lists of rows, one after another; a row that is only a name stands for the row of that name in `fill`.
local function rows(...)
  local list = {}
  for _, part in ipairs { ... } do
    for _, row in ipairs(part) do list[#list + 1] = row end
  end
  return list
end

local progress = options.progress[1]

local function with_progress(head, list)
  local copy, found = {}, false
  for key, v in pairs(progress) do copy[key] = v end
  copy.head = head
  local out = {}
  for i, row in ipairs(list) do
    if row[1] == "show-progress" then row, found = copy, true end
    out[i] = row
  end
  if not found then out[#out + 1] = copy end
  return out
end

local names = {
  { "FILTERS", "Parts of test names; a test with any of them is taken" },
  { "FILTERS_AND_ARGS", "More of them, and arguments as libtest has them",
    "--ignored: only ignored tests. --include-ignored: those too. --skip PART: not the tests with PART in their name. "
      .. "--exact: names after -- are whole names. --nocapture: as --no-capture." },
}
local names_usage = "[FILTERS]... [-- <FILTERS_AND_ARGS>...]"

---@class nx.cli.Command
---@field name string           as it is typed; commands below others have a blank in it
---@field about string          one line
---@field text? string          more, for --help
---@field rows table[]          option rows, global ones last
---@field names? table          positional words: name and help of those before and after "--"
---@field positional? string    how positional words are called, when there is one kind
---@field usage? string         what follows [OPTIONS] in the usage line
---@field hidden? boolean
---@field commands? string[]    names of the commands below it
local function command(name, about, fields)
  fields.name, fields.about = name, about
  fields.rows = rows(fields.rows or {}, options.global)
  M[#M + 1] = fields
  M[name] = fields
  if fields.alias then M[fields.alias] = fields end
end

command("list", "List the tests of a workspace or an archive", {
  names = names, usage = names_usage,
  text = "Builds the test binaries, or takes them from an archive, and asks them for their tests.\n\n"
    .. "--verbose shows the binaries too, and what is not chosen; --message-format json is for programs.",
  rows = rows(options.cargo, options.filter, with_progress("Output options", options.list), options.reuse),
})
command("run", "Build tests, or take them from an archive, and run them", {
  alias = "r", names = names, usage = names_usage,
  text = "Every test runs as a process of its own, many at a time.",
  rows = rows(options.cargo, options.run.rerun, options.filter, options.run.runner, options.run.stress,
    with_progress("Reporter options", options.run.reporter), options.reuse),
})
command("bench", "Build and run benchmarks (experimental)", {
  alias = "b", names = names, usage = names_usage,
  rows = rows(options.cargo, options.filter, options.run.bench_runner, options.run.stress,
    with_progress("Reporter options", { options.run.reporter[8] })),
})
command("archive", "Build tests and put them into one file", {
  usage = "--archive-file <PATH>",
  text = "The file goes to another machine, where `nxlua run --archive-file` (or `cargo nextest run --archive-file`) runs "
    .. "the tests. It is a tar compressed with zstd, .tar.zst.",
  rows = rows(options.cargo, options.archive),
})
command("extract", "Write the files of an archive to a directory (not in cargo nextest)", {
  usage = "--archive-file <PATH> --extract-to <DIR>",
  rows = options.extract,
})
command("show-config", "Show the configuration of a workspace", {
  commands = { "version", "test-groups" }, usage = "<COMMAND>",
})
command("show-config version", "Show which versions the configuration asks for", {})
command("show-config test-groups", "Show the test groups and their tests", {
  names = names, usage = names_usage, rows = rows(options.test_groups, options.cargo, options.filter, options.reuse),
})
command("completion", "Print a completion script for a shell", {
  positional = "SHELL", positional_values = { "bash", "zsh", "fish" }, usage = "<SHELL>",
  text = "bash:  source <(nxlua completion bash)\nzsh:   source <(nxlua completion zsh)\nfish:  nxlua completion fish | source",
})
command("help", "Show help for a command or a topic", {
  positional = "COMMAND_OR_TOPIC", positional_many = true, usage = "[COMMAND_OR_TOPIC]...",
})
for _, row in ipairs {
  { "self", "Manage the installation" }, { "replay", "Show a recorded run again" },
  { "store", "Manage recorded runs" }, { "debug", "Look into nxlua" },
} do
  command(row[1], row[2], { hidden = true, loose = true })
end

--- The first command-line words, resolved: the command and the index of the first word after it.
---@param name string
---@return nx.cli.Command?
function M.find(name)
  local found = M[name]
  return type(found) == "table" and found or nil
end

return M
