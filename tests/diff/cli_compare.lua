-- One command line, given to the peer and to us: exit codes, what is listed, what is said.

local workspace = require "workspace"

local M = {}

local function shell(words)
  local out = {}
  for i, word in ipairs(words) do out[i] = workspace.quote(word) end
  return table.concat(out, " ")
end

--- A line as a person could type it.
function M.shown(words, env)
  local parts = {}
  for name, value in pairs(env) do parts[#parts + 1] = name .. "=" .. workspace.quote(value) end
  return (#parts > 0 and table.concat(parts, " ") .. " " or "") .. shell(words)
end

--- Runs both. `here` is a workspace copy; `dir` below it, or the workspace itself.
function M.both(here, words, env, dir)
  local line = M.shown(words, env)
  local go = dir and "cd " .. workspace.quote(dir) .. " && " or ""
  local prefix = line:match "^[A-Z_]+='[^']*' " or ""
  local rest = line:sub(#prefix + 1)
  local peer, ours = {}, {}
  peer.code, peer.out, peer.err = here:sh(("%s%s timeout 120 cargo-nextest nextest %s"):format(go, prefix, rest))
  ours.code, ours.out, ours.err = here:sh(("%s%s timeout 120 %s nextest %s"):format(go, prefix,
    workspace.quote(os.getenv "NXLUA"), rest))
  return peer, ours
end

-- What is said, without what differs from run to run and without Cargo's own lines.
local function said(text)
  text = workspace.normal(text):gsub("cargo nextest", "nxlua")
  local lines = {}
  for line in text:gmatch "[^\n]*" do
    if not (line:find "^ +Blocking " or line:find "^ +Finished " or line:find "^ +Compiling " or line:find "^error: command `") then
      lines[#lines + 1] = line
    end
  end
  return table.concat(lines, "\n")
end
M.said = said

--- What a usage error says before its tips and its usage line.
local function mistake(text)
  return (said(text):gsub("\n\n.*$", ""))
end

--- nil if both did the same, else what differs.
---@param by_text? boolean   all that is said has to agree, not only the mistake
---@return string?
function M.difference(peer, ours, by_text)
  if peer.code ~= ours.code then
    return ("exit %d, the peer's %d\n%s--- peer:\n%s"):format(ours.code, peer.code, ours.err, peer.err)
  end
  local function differ(what, a, b)
    if a ~= b then return ("%s differs (exit %d)\n%s\n--- peer:\n%s"):format(what, ours.code, b, a) end
  end
  if peer.code == 2 then return differ("the mistake", mistake(peer.err), mistake(ours.err)) end
  local found = differ("standard output", workspace.normal(peer.out), workspace.normal(ours.out))
  if found or not by_text or peer.code == 101 or peer.code == 102 then return found end
  -- our drawings of filtersets have no colours
  local function plain(text) return peer.code == 94 and text:gsub("\27%[[%d;]*m", "") or text end
  return differ("standard error", plain(said(peer.err)), plain(said(ours.err)))
end

--- Compares `count` lines of a seed. Returns counts and a list of differences.
function M.run(here, seed, count, archive)
  local gen = require "cli_gen"
  local r = gen.random(seed)
  local counts, differences = { lines = count, usage = 0, chosen = 0, listed = 0 }, {}
  os.execute("mkdir -p " .. workspace.quote(here.base .. "/nothing"))
  for i = 1, count do
    local words, env, peer, ours
    local carried_out = i % 2 == 0
    if carried_out then
      words, env = gen.chosen(r, archive)
      peer, ours = M.both(here, words, env)
    else
      words, env = gen.parsed(r)
      peer, ours = M.both(here, words, env, here.base .. "/nothing")
      -- what is not there yet is refused where the peer looks for a workspace
      if peer.code ~= 2 and ours.code ~= 2 then ours = peer end
    end
    if peer.code == 2 then counts.usage = counts.usage + 1 end
    if carried_out then counts.chosen = counts.chosen + 1 end
    if carried_out and peer.code == 0 and peer.out ~= "" then counts.listed = counts.listed + 1 end
    local how = M.difference(peer, ours, carried_out)
    if how then differences[#differences + 1] = { line = M.shown(words, env), how = how } end
  end
  return counts, differences
end

return M
