-- A list of tests as JSON, in the peer's form and order (`list --message-format json`). A test is one of few texts behind its
-- name, so each of those is made once.

local json = require "nx.json"
local plain = require "nx.core.text".plain

local M = {}

local LIST = json.shape { "rust-build-meta", "test-count", "rust-suites" }
local SUITE = json.shape { "package-name", "binary-id", "binary-name", "package-id", "kind", "binary-path", "build-platform",
  "cwd", "status", "testcases" }
local words = { listed = "listed", skipped = "skipped", skipped_default_filter = "skipped-default-filter" }

-- What follows the name of a test, its closing quote first.
local function case(kind, ignored, reason, pretty)
  local status = reason and json.object({ "status", "reason" }, { status = "mismatch", reason = reason }) or { status = "matches" }
  local record = json.object({ "kind", "ignored", "filter-match" },
    { kind = kind or json.null, ignored = ignored, ["filter-match"] = status })
  local text = json.encode(record, { pretty = pretty })
  return pretty and '": ' .. text:gsub("\n", "\n" .. (" "):rep(8)) or '":' .. text
end

-- The map of a suite's tests.
local function cases(suite, tests, match, pretty, known)
  if #tests == 0 then return {} end
  local out, n, quote = {}, 0, json.quote
  local usual = suite.harness == "libtest" and "test"
  local before, between, after = "{", ",", "}"
  if pretty then before, between, after = "{\n        ", ",\n        ", "\n      }" end
  before, between = before .. '"', between .. '"'
  for i = 1, #tests do
    local test = tests[i]
    local meta = rawget(test, "meta")
    local kind = meta and meta.kind or usual
    local reason = match and match(test) or false
    local texts = known[kind]
    if not texts then
      texts = { [true] = {}, [false] = {} }
      known[kind] = texts
    end
    local text = texts[test.ignored][reason]
    if not text then
      text = case(kind or nil, test.ignored, reason or nil, pretty)
      texts[test.ignored][reason] = text
    end
    -- in pieces, so that no text is made for each test but the last of all; `text` begins with the closing quote
    local name = test.name
    if not plain(name) then name = quote(name):sub(2, -2) end
    out[n + 1], out[n + 2], out[n + 3] = n == 0 and before or between, name, text
    n = n + 3
  end
  out[n + 1] = after
  return json.raw(table.concat(out))
end

--- All suites with all of their tests. `match(test)` is nil for a test that was chosen, else the reason why it was not.
---@param build nx.Build
---@param results nx.Listed[]
---@param options? { pretty?: boolean, match?: fun(test: nx.Test): string? }
---@return string
function M.encode(build, results, options)
  options = options or {}
  local ids, suites, count, known = {}, {}, 0, {}
  for i, listed in ipairs(results) do
    local suite = listed.suite
    count = count + #listed.tests
    ids[i] = suite.id
    suites[suite.id] = setmetatable({
      ["package-name"] = suite.package, ["binary-id"] = suite.id, ["binary-name"] = suite.name, ["package-id"] = suite.package_id,
      kind = suite.kind, ["binary-path"] = suite.path, ["build-platform"] = suite.platform, cwd = suite.cwd,
      status = words[listed.status], testcases = cases(suite, listed.tests, options.match, options.pretty, known),
    }, SUITE)
  end
  return json.encode(setmetatable({ ["rust-build-meta"] = build:metadata(true), ["test-count"] = count,
    ["rust-suites"] = json.object(ids, suites) }, LIST), { pretty = options.pretty })
end

--- The binaries alone (`--list-type binaries-only`), with the paths of the build machine, as the peer prints them.
---@param build nx.Build
---@param options? { pretty?: boolean }
---@return string
function M.binaries(build, options)
  return json.encode(build:document(true), { pretty = options and options.pretty })
end

return M
