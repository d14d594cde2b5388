-- Asks the peer about filtersets on the workspace of filterset_ws, and nxlua the same.

local json = require "nx.json"
local filterset = require "nx.filterset"
local graph = require "nx.cargo.graph"
local workspace = require "filterset_ws"

local M = {}

local quote = workspace.quote

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

---@param root string   a new directory
function M.open(root)
  local self = workspace.make(root)
  self.universe = graph.new(self.metadata)
  self.default = assert(filterset.parse(workspace.default_filter, { kind = "default-filter", universe = self.universe }))
  return self
end

-- Runs the peer; returns exit code, standard output, standard error.
local function run(self, command)
  local out, errors = self.root .. "/out", self.root .. "/err"
  local _, _, code = os.execute(("cd %s && env -u NEXTEST_PROFILE cargo-nextest nextest %s >%s 2>%s </dev/null"):format(
    quote(self.ws), command, quote(out), quote(errors)))
  return code, read(out), read(errors)
end

--- What the peer selects with these `-E` texts: { code, selected = { "suite name" = true }, skipped = { suite = true }, text }.
function M.peer(self, ...)
  local list = {}
  for _, text in ipairs { ... } do list[#list + 1] = "--filterset=" .. quote(text) end
  local code, out, errors = run(self, ("list --color never --cargo-metadata %s --binaries-metadata %s --message-format json "
    .. "--ignore-default-filter --run-ignored all %s"):format(quote(self.root .. "/cargo-metadata.json"),
    quote(self.root .. "/binaries-metadata.json"), table.concat(list, " ")))
  local answer = { code = code, text = errors, selected = {}, skipped = {} }
  if code ~= 0 then return answer end
  for id, suite in pairs(json.decode(out)["rust-suites"]) do
    if suite.status == "skipped" then answer.skipped[id] = true end
    for name, test in pairs(suite.testcases) do
      if test["filter-match"].status == "matches" then answer.selected[id .. " " .. name] = true end
    end
  end
  return answer
end

--- What the peer says to a text as a filter of another kind: { code, text }.
function M.peer_kind(self, kind, text)
  local code, _, errors = run(self, ("debug parse-filterset --color never --kind %s --cargo-metadata %s -- %s"):format(
    kind, quote(self.root .. "/cargo-metadata.json"), quote(text)))
  return { code = code, text = errors }
end

-- Our own hints are no part of the comparison: the peer has help only for misplaced operators.
local function boxes(text, found)
  local out = {}
  for _, diagnostic in ipairs(found) do
    local help = diagnostic.help
    if help and not help:find "^use `" then diagnostic.help = nil end
    out[#out + 1] = filterset.render(text, diagnostic) .. "\n"
    diagnostic.help = help
  end
  return table.concat(out)
end

local FAILED = "error: failed to parse filterset\n"

--- The same from nxlua; `found` holds the diagnostics, `part` says that some but not all tests are selected.
function M.ours(self, ...)
  local answer = { code = 0, selected = {}, skipped = {}, text = "", found = {} }
  local filters = {}
  for _, text in ipairs { ... } do
    local filter, found = filterset.parse(text, {
      universe = self.universe, groups = self.groups, default = self.default, group_of = workspace.group_of,
    })
    if filter then
      filters[#filters + 1] = filter
    else
      answer.code, answer.text = 94, answer.text .. boxes(text, found)
      for _, diagnostic in ipairs(found) do table.insert(answer.found, diagnostic) end
    end
  end
  if answer.code ~= 0 then
    answer.text = answer.text .. FAILED
    return answer
  end
  local filter, by_id, count = filterset.any(filters), {}, 0
  for _, suite in ipairs(self.suites) do
    by_id[suite.id] = suite
    if filter:suite(suite) == false then answer.skipped[suite.id] = true end
  end
  for _, test in ipairs(self.tests) do
    if filter:test(by_id[test.suite], test.name) then
      answer.selected[test.suite .. " " .. test.name] = true
      count = count + 1
    end
  end
  answer.part = count > 0 and count < #self.tests
  return answer
end

function M.ours_kind(self, kind, text)
  local filter, found = filterset.parse(text, { kind = kind, universe = self.universe, groups = {} })
  if filter then return { code = 0, text = "", found = {} } end
  return { code = 1, text = boxes(text, found) .. FAILED, found = found }
end

-- The messages alone: no line without a drawing matters (warnings, progress).
local function normal(text)
  return (text:gsub("[^\n]*experimental[^\n]*\n", ""):gsub("%s+$", ""))
end

local function same_set(a, b)
  for key in pairs(a) do if not b[key] then return key end end
  for key in pairs(b) do if not a[key] then return key end end
  return nil
end

--- nil when both answers agree, else how they differ.
---@return string?
function M.difference(peer, ours)
  if peer.code ~= ours.code then return ("exit code %d, not %d\n%s%s"):format(ours.code, peer.code, peer.text, ours.text) end
  if peer.code ~= 0 then
    if normal(peer.text) ~= normal(ours.text) then return "peer:\n" .. peer.text .. "nxlua:\n" .. ours.text end
    return nil
  end
  if not peer.selected then return nil end
  local test = same_set(peer.selected, ours.selected)
  if test then return ("%q is %s by the peer"):format(test, peer.selected[test] and "selected" or "not selected") end
  local suite = same_set(peer.skipped, ours.skipped)
  if suite then return ("suite %s is %s by the peer"):format(suite, peer.skipped[suite] and "skipped" or "listed") end
end

return M
