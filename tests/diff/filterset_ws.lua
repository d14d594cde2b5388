-- A workspace for filtersets, made in a second: real manifests, so that Cargo says what depends on what, and shell scripts
-- in place of test binaries, so that nothing is compiled.

local json = require "nx.json"

local M = {}

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function sh(command)
  if not os.execute(command) then error("failed: " .. command, 2) end
end

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end
M.quote = quote

-- name, manifest tail, files (their presence makes targets), and what is built of it: { kind, name, tests… }
local packages = {
  { "alpha", [=[
[lib]
path = "src/lib.rs"
[[bin]]
name = "tool"
path = "src/bin/tool.rs"
[dependencies]
beta = { path = "../beta" }
util = { path = "../util" }
[dev-dependencies]
gamma = { path = "../gamma" }
]=], { "src/lib.rs", "src/main.rs", "src/bin/tool.rs", "tests/integ.rs", "tests/smoke-test.rs", "benches/speed.rs",
      "examples/demo.rs", "build.rs" },
    { { "lib", "alpha", "tests::adds", "tests::subtracts", "tests::adds_twice", "net::tcp::connects", "net::udp::sends" },
      { "bin", "alpha", "tests::prints_help", "tests::exits" },
      { "bin", "tool", "tests::runs", "tests::adds" },
      { "test", "integ", "starts", "stops", "slow_restart", "!ignored_one", "net::connects" },
      { "test", "smoke-test", "smoke::all", "smoke::some", "adds" },
      { "bench", "speed", "sort_1000", "sort_10" } } },
  { "alpha-ext", [[
[dependencies]
alpha = { path = "../alpha" }
]], { "src/lib.rs", "tests/integ.rs" },
    { { "lib", "alpha-ext", "tests::extends", "tests::adds" },
      { "test", "integ", "net::connects", "slow_restart", "a b c", "a,b(c)" } } },
  { "beta", [[
[lib]
proc-macro = true
]], { "src/lib.rs", "tests/use_beta.rs" },
    { { "proc-macro", "beta", "tests::derives", "tests::expands" }, { "test", "use_beta", "uses", "panics" } } },
  { "util", [[
[lib]
crate-type = ["rlib", "cdylib"]
[build-dependencies]
gen = { path = "../gen" }
]], { "src/lib.rs", "build.rs" }, { { "lib", "util", "hash::fnv", "hash::xxh", "path::joins", "path::joins_empty" } } },
  { "gen", "", { "src/lib.rs" }, { { "lib", "gen", "emits", "emits_nothing" } } },
  { "gamma", [[
[dependencies]
alpha = { path = "../alpha" }
ext = { path = "../ext" }
]], { "src/main.rs", "tests/cli/main.rs" },
    { { "bin", "gamma", "tests::parses", "tests::fails" }, { "test", "cli", "cli::help", "cli::version", "cli::run/one" } } },
  { "omega", "", { "src/lib.rs", "tests/late.rs" },
    { { "lib", "omega", "last" }, { "test", "late", "last", "later::last" } } },
  { "names", "", { "src/lib.rs" }, { { "lib", "names" } } },
}

-- Names for regular expressions: what they may trip over.
M.names = {
  "a", "b", "ab", "abc", "abcabc", "A", "Abc", "ABC", "a1", "a_1", "a-1", "1", "12", "123", "2024-01-02", "foo", "foo_bar",
  "foo::bar", "foo::bar::baz", "foo.bar", "foo/bar", "foo\\bar", "foo bar", "foobar", "Foo::Bar", "FOO", "x::y_2", "aaaa",
  "a+b", "a*b", "[a]", "(a)", "{a}", "a|b", "^a$", "a?", "é", "été", "ÉTÉ", "e\u{301}", "ß", "ẞ", "straße", "STRASSE",
  "αβγ", "ΑΒΓ", "Σσς", "кириллица", "Кот", "日本語", "日本語テスト", "한국어", "\u{212a}elvin", "kelvin", "KELVIN",
  "mi\u{17f}sing", "missing", "x\u{200d}y", "٣٤", "²", "½", "_", "__init__", "tab\there", "nb\u{a0}sp", "em\u{2003}sp",
  "emoji😀", "😀", "👩\u{200d}💻", "a\u{e9}b", "test_\u{3b1}_1", "İstanbul", "ıstanbul", "ǅ", "Ⅷ", "a::b::c", "zz9",
  "very::long::module::path::name_that_goes_on_and_on_and_on", "trailing_", "t#1", "50%", "~x", "=eq", "\"quoted\"", "it's",
}

-- And a hundred more, of the letters that the regular expressions are made of.
do
  local random = require("filterset_gen").random(4711)
  local letters = { "a", "b", "e", "o", "x", "foo", "bar", "1", "_", "::", "é", "α", "k", "S", "ß", "日", " ", ".", "~", "A" }
  local known = {}
  for _, name in ipairs(M.names) do known[name] = true end
  while #M.names < 190 do
    local parts = { "n" }
    for i = 1, 1 + random:below(8) do parts[i] = random:pick(letters) end
    local name = table.concat(parts):gsub("^ +", ""):gsub(" +$", "")
    if name ~= "" and not known[name] then
      known[name] = true
      M.names[#M.names + 1] = name
    end
  end
end

--- Makes the workspace below `root` (a new directory) and returns what is needed to use it:
--- { root, metadata (decoded), suites, tests = { { suite, name }… } }.
---@param root string
function M.make(root)
  local ws = root .. "/ws"
  sh("mkdir -p " .. quote(ws .. "/.config") .. " " .. quote(root .. "/fake"))
  local members = {}
  for _, package in ipairs(packages) do
    local name, tail, files = package[1], package[2], package[3]
    members[#members + 1] = '"' .. name .. '"'
    for _, file in ipairs(files) do
      local path = ws .. "/" .. name .. "/" .. file
      sh("mkdir -p " .. quote(path:match "^(.*)/"))
      write(path, "")
    end
    write(ws .. "/" .. name .. "/Cargo.toml",
      ('[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\n%s'):format(name, tail))
  end
  sh("mkdir -p " .. quote(ws .. "/ext/src"))
  write(ws .. "/ext/src/lib.rs", "")
  write(ws .. "/ext/Cargo.toml",
    '[package]\nname = "ext"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nomega = { path = "../omega" }\n')
  write(ws .. "/Cargo.toml",
    ('[workspace]\nresolver = "2"\nmembers = [%s]\nexclude = ["ext"]\n'):format(table.concat(members, ", ")))
  write(ws .. "/.config/nextest.toml", [=[
[profile.default]
default-filter = "not test(slow)"
[test-groups]
serial = { max-threads = 1 }
db-group = { max-threads = 2 }
[[profile.default.overrides]]
filter = "test(net::)"
test-group = "serial"
[[profile.default.overrides]]
filter = "package(util)"
test-group = "db-group"
]=])
  sh(("cd %s && cargo metadata --format-version 1 --offline --all-features --filter-platform x86_64-unknown-linux-gnu "
    .. ">%s 2>/dev/null"):format(quote(ws), quote(root .. "/cargo-metadata.json")))
  local file = assert(io.open(root .. "/cargo-metadata.json", "rb"))
  local metadata = json.decode(file:read "a")
  file:close()
  local ids = {}
  for _, package in ipairs(metadata.packages) do ids[package.name] = package.id end

  local graph = require "nx.cargo.graph"
  local binaries, suites, tests = {}, {}, {}
  for _, package in ipairs(packages) do
    for _, built in ipairs(package[4]) do
      local kind, name = built[1], built[2]
      local id = graph.binary_id(package[1], kind, name)
      local names = package[1] == "names" and M.names or { table.unpack(built, 3) }
      local platform = kind == "proc-macro" and "host" or "target"
      local path = ("%s/fake/%d"):format(root, #suites)
      local all, ignored = {}, {}
      for _, test in ipairs(names) do
        local plain = test:gsub("^!", "")
        all[#all + 1] = plain .. ": test\n"
        if plain ~= test then ignored[#ignored + 1] = plain .. ": test\n" end
        tests[#tests + 1] = { suite = id, name = plain, ignored = plain ~= test }
      end
      write(path .. ".all", table.concat(all))
      write(path .. ".ignored", table.concat(ignored))
      write(path, '#!/bin/sh\ncase $4 in --ignored) cat "$0.ignored" ;; *) cat "$0.all" ;; esac\n')
      sh("chmod +x " .. quote(path))
      binaries[id] = {
        ["binary-id"] = id, ["binary-name"] = name, ["package-id"] = ids[package[1]], kind = kind,
        ["binary-path"] = path, ["build-platform"] = platform,
      }
      suites[#suites + 1] = {
        id = id, name = name, package = package[1], package_id = ids[package[1]], kind = kind, platform = platform,
      }
    end
  end
  write(root .. "/binaries-metadata.json", json.encode {
    ["rust-build-meta"] = {
      ["target-directory"] = ws .. "/target", ["base-output-directories"] = json.array {},
      ["non-test-binaries"] = json.decode "{}", ["build-script-out-dirs"] = json.decode "{}",
      ["linked-paths"] = json.array {}, ["target-platforms"] = json.array {}, ["target-platform"] = json.null,
    },
    ["rust-binaries"] = binaries,
  })
  return { root = root, ws = ws, metadata = metadata, suites = suites, tests = tests, groups = { "serial", "db-group" } }
end

--- The test group of a test, as the configuration above says.
function M.group_of(suite, test)
  if test.name:find("net::", 1, true) then return "serial" end
  if suite.package == "util" then return "db-group" end
  return "@global"
end

M.default_filter = "not test(slow)"

return M
