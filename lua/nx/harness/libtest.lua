-- libtest, the harness of Rust: `--list --format terse` twice (all tests, then the ignored ones), one process for each test.

local failure = require "nx.failure"
local json = require "nx.json"
local text_of = require "nx.core.text"

local M = { name = "libtest" }

function M.list(suite)
  return { { suite.path, "--list", "--format", "terse" }, { suite.path, "--list", "--format", "terse", "--ignored" } }
end

-- A text as Rust's debug form shows it.
local function debug(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    local named = ({ ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\", ["\0"] = "\\0" })[c]
    return named or ("\\u{%x}"):format(c:byte())
  end) .. '"'
end

local function fail(id, text)
  failure.raise { kind = "list_failed", exit_code = 104, chain = { "creating test list failed", ("for `%s`, %s"):format(id, text) } }
end
M.fail = fail

--- Raises what the peer says of a listing that ended badly.
function M.refuse(suite, outcome, how)
  fail(suite.id, ("command `%s` %s\n--- stdout:\n%s\n--- stderr:\n%s\n---"):format(table.concat(outcome.argv, " "), how,
    json.utf8(outcome.stdout), json.utf8(outcome.stderr)))
end

-- Names and kinds of one output: two arrays, and whether the names rise strictly.
local function names_of(suite, outcome)
  local text = outcome.stdout
  if not text_of.ascii(text) and not utf8.len(text) then M.refuse(suite, outcome, "produced non-UTF-8 output:") end
  local lines, in_order = text_of.lines(text, ": test") -- at once, where there is nothing else, since there may be very many
  if lines then return lines, {}, in_order end
  local names, benches, n, rising, last = {}, {}, 0, true, ""
  local match, sub, find = string.match, string.sub, string.find
  local at, size = 1, #text
  while at <= size do
    local stop = find(text, "\n", at, true) or size + 1
    local line = sub(text, at, stop - 1)
    if sub(line, -1) == "\r" then line = sub(line, 1, -2) end
    local name, kind = match(line, "^(.*): (%a+)$")
    if kind == "benchmark" then
      benches[name] = true
    elseif kind ~= "test" then
      fail(suite.id, ("line %s did not end with the string \": test\" or \": benchmark\"\nfull output:\n%s"):format(debug(line), text))
    end
    line = name
    n, at = n + 1, stop + 1
    names[n] = line
    if line <= last and n > 1 then rising = false end
    last = line
  end
  return names, benches, rising
end

--- The tests, in bytewise order of their names.
function M.parse(suite, outcomes)
  for _, outcome in ipairs(outcomes) do
    if not outcome.ok then
      local signals = require "nx.signals"
      local name = outcome.signal and signals.known(outcome.signal)
      M.refuse(suite, outcome, outcome.signal and ("aborted with signal %d%s"):format(signals.number(outcome.signal),
        name and (" (SIG%s)"):format(name) or "") or ("exited with exit code %d"):format(outcome.exit_code))
    end
  end
  local names, benches, rising = names_of(suite, outcomes[1])
  local ignored, ignored_benches = names_of(suite, outcomes[2])
  local is_ignored, found = {}, 0
  for i = 1, #ignored do is_ignored[ignored[i]] = true end
  if next(is_ignored) then
    for i = 1, #names do found = is_ignored[names[i]] and found + 1 or found end
  end
  if not rising or found ~= #ignored then -- else the first list is the whole list, in order, each name once
    table.move(ignored, 1, #ignored, #names + 1, names)
    table.sort(names) -- names alone: sorting records by a function costs four times as much
  end
  local tests, n, last = {}, 0, nil
  local id, prefix = suite.id, suite.id .. " "
  for i = 1, #names do -- whole records at once: there may be very many
    local name = names[i]
    if name ~= last then
      n, last = n + 1, name
      tests[n] = { id = prefix .. name, suite = id, name = name, ignored = is_ignored[name] or false }
    end
  end
  if next(benches) or next(ignored_benches) then
    for _, test in ipairs(tests) do
      local bench = benches[test.name]
      if test.ignored then bench = ignored_benches[test.name] end
      if bench then test.kind = "bench" end
    end
  end
  return tests
end

--- `--bench` is asked for by the caller: only the bench command runs benchmarks.
function M.command(suite, test, options)
  local argv = { suite.path, "--exact", test.name, "--nocapture" }
  if test.ignored then argv[#argv + 1] = "--ignored" end
  if options and options.bench then argv[#argv + 1] = "--bench" end
  return argv
end

return M
