-- The option tables: one row per option, for every command. Parsing, help, completion and the usage line all read them.
--
-- A row: { "name", short = "n", value = "WORD" (absent: a flag), many (may be repeated), count (a flag that counts),
--   env = "VARIABLE", boolish (what the variable accepts), values = { "word"… } or { { "word", "what it does" }… },
--   value_alias = { old = "new" }, default = "text shown", parse = nx.cli.value function, numbers (values may begin with "-"),
--   optional (the value may be left out, and is given with "="), alias = { "other-name"… }, hidden,
--   conflicts = { name… }, requires = { name… | { either, or }… }, overrides = { name… }, group = "name of a set",
--   head = "heading in the help", help = "one line", long = "more, for --help" }
-- A name that is used in conflicts may also be that of a group.

local value = require "nx.cli.value"

local M = {}

M.global = {
  { "manifest-path", value = "PATH", head = "Manifest options", help = "Path to Cargo.toml" },
  { "color", value = "WHEN", values = { "auto", "always", "never" }, default = "auto", env = "CARGO_TERM_COLOR",
    help = "Colour the output: auto, always, never" },
  { "no-pager", help = "Do not pipe output through a pager (nxlua has none: accepted for the sake of scripts)" },
  { "verbose", short = "v", env = "NEXTEST_VERBOSE", help = "Say more" },
  { "config-file", value = "PATH", head = "Config options",
    help = "Config file [default: .config/nextest.toml of the workspace]" },
  { "user-config-file", value = "PATH", env = "NEXTEST_USER_CONFIG_FILE", head = "Config options",
    help = "The user's own config file, or \"none\" [default: ~/.config/nextest/config.toml]" },
  { "tool-config-file", value = "TOOL:ABS_PATH", many = true, parse = value.tool_config, head = "Config options",
    help = "Config files of tools, below --config-file and above the defaults",
    long = "Given as TOOL:PATH with an absolute path, as often as needed; what comes first has priority." },
  { "override-version-check", head = "Config options", help = "Go on although the config asks for another version" },
  { "profile", short = "P", value = "PROFILE", env = "NEXTEST_PROFILE", head = "Config options",
    help = "Profile of the config to use" },
}

-- What decides how Cargo builds; an archive has all of this behind it, so these do not go with --archive-file.
M.cargo = {
  { "package", short = "p", value = "PACKAGES", many = true, head = "Package selection", help = "Packages to build" },
  { "workspace", head = "Package selection", help = "All packages of the workspace" },
  { "exclude", value = "EXCLUDE", many = true, head = "Package selection", help = "Packages to leave out" },
  { "all", head = "Package selection", help = "The same as --workspace (deprecated)" },
  { "lib", head = "Target selection", help = "Only the library's unit tests" },
  { "bin", value = "BIN", many = true, head = "Target selection", help = "Only this binary" },
  { "bins", head = "Target selection", help = "All binaries" },
  { "example", value = "EXAMPLE", many = true, head = "Target selection", help = "Only this example" },
  { "examples", head = "Target selection", help = "All examples" },
  { "test", value = "TEST", many = true, head = "Target selection", help = "Only this test target" },
  { "tests", head = "Target selection", help = "All targets that are tested by default" },
  { "bench", value = "BENCH", many = true, head = "Target selection", help = "Only this bench target" },
  { "benches", head = "Target selection", help = "All bench targets" },
  { "all-targets", head = "Target selection", help = "All targets" },
  { "features", short = "F", value = "FEATURES", many = true, head = "Feature selection",
    help = "Features to switch on, separated by spaces or commas" },
  { "all-features", head = "Feature selection", help = "All features" },
  { "no-default-features", head = "Feature selection", help = "Without the default feature" },
  { "build-jobs", value = "N", numbers = true, head = "Compilation options", help = "Number of build jobs" },
  { "release", short = "r", head = "Compilation options", help = "Build optimised" },
  { "cargo-profile", value = "NAME", head = "Compilation options", help = "Build with this profile of Cargo" },
  { "target", value = "TRIPLE", head = "Compilation options", help = "Build for this platform" },
  { "target-dir", value = "DIR", head = "Compilation options", help = "Directory for what is built" },
  { "unit-graph", head = "Compilation options", help = "Print the build graph as JSON (unstable)" },
  { "timings", value = "FMTS", optional = true, many = true, split = true, head = "Compilation options",
    help = "Timings of the build (unstable): html, json" },
  { "frozen", head = "Manifest options", help = "Cargo.lock and cache must be up to date" },
  { "locked", head = "Manifest options", help = "Cargo.lock must be up to date" },
  { "offline", head = "Manifest options", help = "Do not use the network" },
  { "cargo-message-format", value = "FMT", many = true, split = true, head = "Other Cargo options",
    values = { { "human", "diagnostics for people (the default)" }, { "short", "the same as human" },
      { "json", "Cargo's JSON messages on stdout" }, { "json-diagnostic-short", "JSON, short diagnostics inside" },
      { "json-diagnostic-rendered-ansi", "JSON, coloured diagnostics inside" },
      { "json-render-diagnostics", "JSON, diagnostics for people beside it" } },
    help = "How Cargo reports, and whether its JSON goes to stdout" },
  { "cargo-quiet", count = true, head = "Other Cargo options", help = "Cargo says less (twice: nothing)" },
  { "cargo-verbose", count = true, head = "Other Cargo options", help = "Cargo says more (twice: build scripts too)" },
  { "ignore-rust-version", head = "Other Cargo options", help = "Ignore the rust-version of packages" },
  { "future-incompat-report", head = "Other Cargo options", help = "Report on future incompatibilities after the build" },
  { "config", value = "KEY=VALUE", many = true, head = "Other Cargo options", group = false,
    help = "Override a value of Cargo's configuration" },
  { "Z", short = "Z", no_long = true, value = "FLAG", many = true, head = "Other Cargo options",
    help = "Unstable flags of Cargo, see 'cargo -Z help'" },
}
for _, row in ipairs(M.cargo) do
  if row.group == nil then row.group = "cargo-opts" end
end

M.filter = {
  { "run-ignored", value = "WHICH", value_alias = { ["ignored-only"] = "only" }, head = "Filter options",
    values = { { "default", "tests that are not ignored" }, { "only", "ignored tests" }, { "all", "both" } },
    help = "Which tests as to #[ignore]" },
  { "partition", value = "PARTITION", parse = value.partition, head = "Filter options",
    help = "A part of the tests: hash:1/2, count:2/3, slice:1/3, or a Lua file",
    long = "A name that ends in .lua is a Lua file that returns function(test, index) -> boolean, called once a test in "
      .. "list order, after all other filters." },
  { "platform-filter", value = "PLATFORM", values = { "target", "host", "any" }, default = "any", head = "Filter options",
    help = "Binaries of one platform only (deprecated: -E 'platform(host)' and -E 'platform(target)' do it)" },
  { "filterset", short = "E", value = "EXPR", many = true, alias = { "filter-expr" }, head = "Filter options",
    help = "Tests of a filterset", long = "`nxlua help filterset` describes the language. With several, a test of any is taken." },
  { "ignore-default-filter", head = "Filter options", help = "Do not apply the profile's default filter" },
}

M.reuse = {
  { "archive-file", value = "PATH", conflicts = { "cargo-opts", "binaries-metadata", "cargo-metadata" },
    help = "Archive to take the tests from" },
  { "archive-format", value = "FORMAT", values = { "auto", "tar-zst" }, value_alias = { ["tar-zstd"] = "tar-zst" },
    default = "auto", requires = { "archive-file" }, help = "Format of the archive" },
  { "extract-to", value = "DIR", requires = { "archive-file" }, conflicts = { "cargo-opts" },
    help = "Directory to extract to [default: a temporary one]" },
  { "extract-overwrite", requires = { "archive-file", "extract-to" }, conflicts = { "cargo-opts" },
    help = "Overwrite files that are there" },
  { "persist-extract-tempdir", requires = { "archive-file" }, conflicts = { "cargo-opts", "extract-to" },
    help = "Keep the temporary directory" },
  { "cargo-metadata", value = "PATH", conflicts = { "manifest-path" }, help = "Output of cargo metadata" },
  { "workspace-remap", value = "PATH", requires = { { "archive-file", "cargo-metadata" }, { "archive-file", "binaries-metadata" } },
    help = "Where the sources are on this machine" },
  { "binaries-metadata", value = "PATH", conflicts = { "cargo-opts" },
    help = "Output of list --list-type binaries-only --message-format json" },
  { "target-dir-remap", value = "PATH", requires = { "binaries-metadata" }, conflicts = { "archive-file" },
    help = "Where the target directory is on this machine" },
  { "build-dir-remap", value = "PATH", requires = { "binaries-metadata" }, conflicts = { "archive-file" },
    help = "Where the build directory is on this machine [default: as --target-dir-remap]" },
}
for _, row in ipairs(M.reuse) do row.head = "Reuse build options" end

M.list = {
  { "message-format", short = "T", value = "FMT", default = "auto", head = "Output options",
    values = { { "auto", "human on a terminal, else oneline" }, { "human", "for people" }, { "oneline", "a test a line" },
      { "json", "JSON on one line" }, { "json-pretty", "JSON, indented" } }, help = "Format of the list" },
  { "list-type", value = "TYPE", values = { "full", "binaries-only" }, default = "full", head = "Output options",
    help = "Tests, or only their binaries" },
}

-- Progress: rows of their own, since list, run and bench share them.
M.progress = {
  { "show-progress", value = "SHOW_PROGRESS", env = "NEXTEST_SHOW_PROGRESS", value_alias = { running = "bar" },
    values = { { "auto", "a bar on a terminal, else a counter" }, { "none", "neither" }, { "bar", "a bar" },
      { "counter", "a counter beside each test" }, { "only", "a bar and failures on a terminal, else as auto" } },
    help = "How progress is shown" },
}

M.archive = {
  { "archive-file", value = "PATH", required = true, head = "Archive options", help = "File to write" },
  { "archive-format", value = "FORMAT", values = { "auto", "tar-zst" }, value_alias = { ["tar-zstd"] = "tar-zst" },
    default = "auto", head = "Archive options", help = "Format of the archive" },
  { "zstd-level", value = "LEVEL", parse = value.i32, numbers = true, default = "0", head = "Archive options",
    help = "Compression level, -7 to 22 (higher: smaller and slower)" },
  { "zstd-threads", value = "N", parse = value.u32, default = "1", head = "Archive options",
    help = "Threads that compress, 0 for all processors; more than 1: a larger archive (not in cargo nextest)" },
  { "strip", value = "WHAT", values = { { "debug", "debug sections (backtraces lose their line numbers)" } },
    head = "Archive options", help = "Leave this out of binaries (not in cargo nextest)" },
  { "filterset", short = "E", value = "EXPR", many = true, head = "Filter options",
    help = "Binaries of a filterset (`nxlua help filterset`)" },
}

M.extract = {
  { "archive-file", value = "PATH", required = true, help = "Archive to read" },
  { "archive-format", value = "FORMAT", values = { "auto", "tar-zst" }, value_alias = { ["tar-zstd"] = "tar-zst" },
    default = "auto", help = "Format of the archive" },
  { "extract-to", value = "DIR", required = true, help = "Directory to extract to; it must be there" },
  { "extract-overwrite", help = "Overwrite files that are there" },
}

M.run = require "nx.cli.options_run"

M.test_groups = {
  { "show-default", help = "Show tests of the default group too" },
  { "groups", value = "GROUPS", many = true, split = true, help = "Only these groups" },
}

return M
