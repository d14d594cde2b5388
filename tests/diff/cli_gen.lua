-- Command lines by seed: about half are mistakes (unknown or repeated options, wrong values, conflicts, what is missing), the
-- others choose tests of the fixture workspace in ways that make sense. The option tables are the vocabulary.

local commands = require "nx.cli.commands"

local M = {}

local Random = {}
Random.__index = Random

-- A generator of its own (splitmix64), so that a seed means the same everywhere.
function Random:next()
  self.state = self.state + 0x9e3779b97f4a7c15
  local z = self.state
  z = (z ~ z >> 30) * 0xbf58476d1ce4e5b9
  z = (z ~ z >> 27) * 0x94d049bb133111eb
  return z ~ z >> 31
end
function Random:below(n) return (self:next() >> 1) % n end
function Random:chance(percent) return self:below(100) < percent end
function Random:pick(list) return list[self:below(#list) + 1] end

function M.random(seed) return setmetatable({ state = seed }, Random) end

-- Options that are ours alone mean nothing to the peer.
local ours = { strip = true, ["zstd-threads"] = true, reporter = true }
local wrong_values = { "", "x", "0", "-1", "1.5", "all()", "hash:0/2", "count:3/2", "slice:a/2", "3:wait", "never", "foo", "--" }
local right_values = {
  N = { "1", "2", "num-cpus" }, ["N[:MODE]"] = { "1", "all", "2:immediate" }, PARTITION = { "hash:1/2", "count:2/3" },
  EXPR = { "all()", "test(a)", "package(mac)" }, LEVEL = { "3", "19", "-2" }, COUNT = { "2", "infinite" }, DURATION = { "5s" },
  ["TOOL:ABS_PATH"] = { "tool:/nope.toml" }, ["KEY=VALUE"] = { "term.quiet=true" }, VERSION = { "0.1" },
}

local function word_of(item) return type(item) == "table" and item[1] or item end

local function value_for(r, row)
  if r:chance(30) then return r:pick(wrong_values) end
  if row.values then return word_of(r:pick(row.values)) end
  return r:pick(right_values[row.value] or { "x" })
end

local function option(r, row, words)
  local name = row.no_long and "-" .. row.short or "--" .. row[1]
  if row.short and r:chance(30) then name = "-" .. row.short end
  if row.alias and r:chance(30) then name = "--" .. r:pick(row.alias) end
  if r:chance(4) then name = name:sub(1, 2) == "--" and name:sub(1, -2) or "-y" end
  if not row.value then
    words[#words + 1] = r:chance(3) and name .. "=1" or name
    if r:chance(5) then words[#words + 1] = name end
    return
  end
  local value = value_for(r, row)
  if r:chance(4) then
    words[#words + 1] = name
  elseif row.optional or r:chance(35) then
    words[#words + 1] = name .. "=" .. value
  else
    words[#words + 1] = name
    words[#words + 1] = value
  end
end

local variables = { "NEXTEST_RETRIES", "NEXTEST_VERBOSE", "NEXTEST_STATUS_LEVEL", "NEXTEST_NO_INPUT_HANDLER", "NEXTEST_NO_TESTS",
  "NEXTEST_MESSAGE_FORMAT_VERSION", "NEXTEST_SHOW_PROGRESS", "NEXTEST_TEST_THREADS", "NEXTEST_FLAKY_RESULT", "NEXTEST_PROFILE" }

--- A line that is read, not carried out: it is tried where there is no workspace.
---@return string[] words, table<string, string> env
function M.parsed(r)
  local command = commands.find(r:pick { "list", "list", "run", "run", "run", "archive", "show-config test-groups",
    "show-config version", "bench" })
  local words, env, rows = {}, {}, {}
  for _, row in ipairs(command.rows) do if not ours[row[1]] then rows[#rows + 1] = row end end
  if r:chance(8) then option(r, r:pick(commands.find("help").rows), words) end
  for word in command.name:gmatch "%S+" do words[#words + 1] = word end
  if command.name == "archive" and r:chance(80) then
    words[#words + 1] = "--archive-file"
    words[#words + 1] = "q.tar.zst"
  end
  for _ = 1, r:pick { 0, 1, 1, 2, 2, 3, 4 } do option(r, r:pick(rows), words) end
  for _ = 1, r:pick { 0, 0, 0, 1, 2 } do words[#words + 1] = r:pick { "foo", "a::b", "-", "list" } end
  if r:chance(15) then
    words[#words + 1] = "--"
    for _ = 1, r:below(3) do words[#words + 1] = r:pick { "foo", "--exact", "--skip", "--ignored" } end
  end
  if r:chance(10) then env[r:pick(variables)] = r:pick { "1", "", "x", "true", "no", "pass", "fail", "0.1", "auto" } end
  return words, env
end

local expressions = {
  "all()", "none()", "package(alpha-ext)", "package(mac) | package(dyn)", "test(a)", "test(=d)", "test(/^[a-d]/)", "kind(bin)",
  "platform(host)", "binary_id(alpha::integ) + test(in_)", "not package(alpha)", "rdeps(mac) - test(uses)", "test(x", "package(nope)",
  "binary(#*b*)", "default()", "group(serial)", "test(tests::) & kind(lib)",
}

--- A line that chooses tests of the fixture workspace.
---@param archive? string   sometimes the tests come from there
---@return string[] words, table<string, string> env
function M.chosen(r, archive)
  local words, env = { "list" }, {}
  local function add(...) for _, word in ipairs { ... } do words[#words + 1] = word end end
  if archive and r:chance(30) then add("--archive-file", archive) end
  for _ = 1, r:pick { 0, 1, 1, 2 } do add(r:pick { "-E", "--filterset", "--filter-expr" }, r:pick(expressions)) end
  if r:chance(25) then add("--run-ignored", r:pick { "default", "only", "all", "ignored-only" }) end
  if r:chance(30) then add("--partition", r:pick { "hash:1/2", "hash:2/3", "count:1/2", "count:3/3", "slice:2/2", "slice:1/4" }) end
  if r:chance(15) then add("--platform-filter", r:pick { "host", "target", "any" }) end
  if r:chance(15) then add("-P", r:pick { "ci", "default", "ci-child", "nope" }) end
  if r:chance(10) then add "--ignore-default-filter" end
  if r:chance(60) then
    add(r:pick { "-T", "--message-format" }, r:pick { "human", "oneline", "json", "json-pretty", "auto" })
  end
  if r:chance(20) then add "-v" end
  if r:chance(6) then add("--list-type", "binaries-only") end
  if r:chance(8) then add("--color", r:pick { "always", "never" }) end
  for _ = 1, r:pick { 0, 0, 0, 1, 1, 2 } do add(r:pick { "a", "tests::", "in_", "e", "ünï", "zzz", "with space" }) end
  if r:chance(30) then
    add "--"
    for _ = 1, r:pick { 1, 1, 2, 3 } do
      local word = r:pick { "a", "d", "--exact", "--skip", "--ignored", "--include-ignored", "one", "--", "--frob" }
      add(word)
      if word == "--skip" and r:chance(85) then add(r:pick { "b", "tests::", "one" }) end
    end
  end
  return words, env
end

return M
