-- Asks the peer and nxlua about a configuration on the workspace of filterset_ws: what they say, and which tests it leaves.

local json = require "nx.json"
local config = require "nx.config"
local filterset = require "nx.filterset"
local err = require "nx.error"
local quote = require "filterset_ws".quote

local M = {}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

--- The peer: { code, text, selected }.
function M.peer(session, case)
  local path = session.root .. "/config.toml"
  local file = assert(io.open(path, "wb"))
  file:write(case.text)
  file:close()
  local filter = case.group and "-E " .. quote(("group(=%s)"):format(case.group)) or ""
  local _, _, code = os.execute(("cd %s && env -u NEXTEST_PROFILE cargo-nextest nextest list --color never --cargo-metadata %s "
    .. "--binaries-metadata %s --config-file %s -P %s --message-format json --run-ignored all %s >%s 2>%s </dev/null"):format(
    quote(session.ws), quote(session.root .. "/cargo-metadata.json"), quote(session.root .. "/binaries-metadata.json"), quote(path),
    case.profile, filter, quote(session.root .. "/out"), quote(session.root .. "/err")))
  local answer = { code = code, text = read(session.root .. "/err"):gsub(path:gsub("%p", "%%%0"), "FILE"), selected = {} }
  if code ~= 0 then return answer end
  for id, suite in pairs(json.decode(read(session.root .. "/out"))["rust-suites"]) do
    for name, test in pairs(suite.testcases) do
      if test["filter-match"].status == "matches" then answer.selected[id .. " " .. name] = true end
    end
  end
  return answer
end

--- nxlua, on the same file.
function M.ours(session, case)
  local path = session.root .. "/config.toml"
  local file = assert(io.open(path, "wb"))
  file:write(case.text)
  file:close()
  local notes, answer = {}, { code = 0, selected = {} }
  local ok, problem = pcall(function()
    local loaded = config.load { root = session.ws, config_file = path, version = "0.9.143", universe = session.universe }
    notes = loaded.notes
    local profile = loaded:profile(case.profile, { host = config.platform.new "x86_64-unknown-linux-gnu", universe = session.universe })
    local filter = case.group and assert(filterset.parse(("group(=%s)"):format(case.group), {
      universe = session.universe, groups = profile:group_names(), default = profile.default_filter,
      group_of = function(suite, test) return profile:group_of(suite, test) end,
    }))
    local by_id = {}
    for _, suite in ipairs(session.suites) do by_id[suite.id] = suite end
    for _, test in ipairs(session.tests) do
      local suite = by_id[test.suite]
      if profile.default_filter:test(suite, test.name) and (not filter or filter:test(suite, test.name)) then
        answer.selected[test.suite .. " " .. test.name] = true
      end
    end
    if loaded.late_warning then table.move({ loaded.late_warning, loaded.late_hint }, 1, 2, #notes + 1, notes) end
  end)
  if not ok then
    if not err.is(problem) then error(problem, 0) end
    answer.code, notes = problem.exit_code, table.move(problem.notes or {}, 1, #(problem.notes or {}), 1, {})
    notes[#notes + 1] = problem.report
  end
  answer.text = table.concat(notes, "\n"):gsub(path:gsub("%p", "%%%0"), "FILE")
  return answer
end

-- What may differ: the peer's library adds the key and the file to some messages, and a dot is lost behind a list index.
local function normal(text)
  text = text:gsub("warning: failed to detect the rustc libdir[^\n]*\n", "") -- the workspace was never built
  text = text:gsub(" for key `[^`]*`( in %S+)", ""):gsub(" for key `[^`]*`", ""):gsub("%](%a)", "].%1"):gsub("[ \t]+\n", "\n")
  text = text:gsub("from: %[([^%]]*)%]", function(list)
    local names = {}
    for name in list:gmatch "[^, ]+" do names[#names + 1] = name end
    table.sort(names)
    return "from: " .. table.concat(names, ",")
  end)
  return (text:gsub("\n+", "\n"):gsub("%s+$", ""))
end

--- How both answers differ; nil when they agree, and nil where the peer itself crashes.
---@return string?
function M.difference(peer, ours)
  if peer.text:find("panicked", 1, true) then return nil end
  if peer.code ~= ours.code or normal(peer.text) ~= normal(ours.text) then
    return ("peer (%d):\n%s\nnxlua (%d):\n%s"):format(peer.code, peer.text, ours.code, ours.text)
  end
  for key in pairs(peer.selected) do if not ours.selected[key] then return "not selected: " .. key end end
  for key in pairs(ours.selected) do if not peer.selected[key] then return "selected: " .. key end end
end

--- Compares all cases; counts and the list of differences.
function M.run(session, cases)
  local counts, differences = { wrong = 0, part = 0 }, {}
  for _, case in ipairs(cases) do
    local peer = M.peer(session, case)
    local how = M.difference(peer, M.ours(session, case))
    if how then differences[#differences + 1] = { text = case.text .. (case.group or ""), how = how } end
    local n = 0
    for _ in pairs(peer.selected) do n = n + 1 end
    if peer.code ~= 0 then counts.wrong = counts.wrong + 1
    elseif n > 0 and n < #session.tests then counts.part = counts.part + 1 end
  end
  return counts, differences
end

return M
