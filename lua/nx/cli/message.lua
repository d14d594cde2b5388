-- What the commands say on standard error: `error: …` with its causes, `warning: …`, `info: …`, labels in twelve columns.

local err = require "nx.error"

local M = {}

local codes = { error = "31;1", warning = "33;1", info = "1" }

--- Is standard error coloured? Set from --color when a command starts.
M.colour = false

local function word(name)
  return M.colour and ("\27[%sm%s\27[0m"):format(codes[name], name) or name
end

local function say(name, text)
  io.stderr:write(word(name), ": ", text, "\n")
end

---@param text string
function M.error(text) say("error", text) end

---@param text string
function M.warning(text) say("warning", text) end

---@param text string
function M.info(text) say("info", text) end

--- A line that begins with its level: "warning: …", "info: …".
---@param line string
function M.note(line)
  local level, text = line:match "^(%l+): (.*)$"
  if codes[level] then say(level, text) else io.stderr:write(line, "\n") end
end

--- Is a descriptor's output coloured, given --color?
---@param when? "auto"|"always"|"never"
---@param fd 1|2
---@return boolean
function M.coloured(when, fd)
  if when == "always" then return true end
  if when == "never" then return false end
  return require "nx.colour".wanted(require "nx.core.place".is_terminal(fd))
end

--- A line of progress: "    Archived 3 files to …".
---@param label string
---@param text string
function M.label(label, text)
  local padded = ("%12s"):format(label)
  if M.colour and label ~= "Warning" then
    local what, to, rest = text:match "^(.-) to (.*)( in [%d.ms ]+)$"
    if not what then what, to, rest = text:match "^(.-) to (.*)$" end
    if what then text = ("%s to \27[1m%s\27[0m%s"):format((what:gsub("%d+", "\27[1m%0\27[0m")), to, rest or "") end
  end
  if M.colour then padded = ("\27[%sm%s\27[0m"):format(label == "Warning" and "33;1" or "32;1", padded) end
  io.stderr:write(padded, " ", text, "\n")
end

-- The texts of an error and of what caused it, outermost first.
local function chain(e)
  local list, seen = {}, {}
  while e ~= nil and not seen[e] do
    local text
    if type(e) == "table" then
      text = e.message and tostring(e.message)
      seen[e] = true
    else
      text = tostring(e)
    end
    if text and text ~= list[#list] then list[#list + 1] = text end
    e = type(e) == "table" and e.cause or nil
  end
  return list
end

--- Prints an error as a command does, and gives the exit status.
---@param e any
---@return integer
function M.failure(e)
  e = err.wrap(e)
  if e.kind == "interrupted" or e.kind == "cancelled" then error(e, 0) end
  if e.shown then
    local text = e.message:gsub("\n?$", "\n", 1)
    if e.exit_code == 0 then
      io.stdout:write(text)
    elseif text ~= "\n" then
      io.stderr:write(text)
    end
    return e.exit_code
  end
  if e.report then
    local text = e.report:gsub("\n?$", "\n", 1)
    if M.colour then text = text:gsub("^error", word "error") end
    io.stderr:write(text)
    return e.exit_code or 1
  end
  -- a mistake in our own code or in a user's script has a place; what is wrong outside of both has none to speak of
  local texts = chain(e)
  if e.kind == "user" and e.where then texts[1] = ("%s: %s"):format(e.where, texts[1]) end
  M.error(texts[1])
  for i = 2, #texts do io.stderr:write("\nCaused by:\n  ", (texts[i]:gsub("\n([^\n])", "\n  %1")), "\n") end
  if e.kind == "internal" and e.trace then io.stderr:write(e.trace, "\n") end
  return e.exit_code or 1
end

--- A failure of a command, with the peer's wording and code.
---@param message string
---@param exit_code integer
---@param kind? string
---@param cause? any
function M.raise(message, exit_code, kind, cause)
  err.raise { kind = kind or "config", message = message, exit_code = exit_code, cause = cause, where = false }
end

return M
