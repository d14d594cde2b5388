-- The error object that everything in nx raises: a table with `kind`, `message`, `where` (the user's line), …
-- C raises the same object (src/err.c); both share the metatable.

local core = require "nx.core.err"

---@class nx.Error
---@field kind string        one of: usage not_found exists permission io format unsafe_entry limit spawn exit timeout cancelled
---                          interrupted build_failed list_failed config filterset budget mismatch host_lost user internal
---@field message string     one line: what was being done, to what, what went wrong
---@field where? string      "file:line" of the user's code
---@field path? string
---@field errno? integer
---@field step? string
---@field spans? table[]
---@field outcome? nx.Outcome
---@field cause? any
---@field exit_code integer  what the program exits with when nobody catches it
local Error = core.metatable
Error.__index = nil
Error.__name = "nx.Error"

function Error.__tostring(e)
  local text = tostring(e.message)
  local cause, depth = e.cause, 0
  while type(cause) == "table" and cause.message and depth < 8 do -- why, in the same line
    text = text .. ": " .. tostring(cause.message):match "^[^\n]*"
    cause, depth = cause.cause, depth + 1
  end
  return e.where and e.where .. ": " .. text or text
end

local M = { metatable = Error, is_ours = core.is_ours }

--- Is this value an error object of nx?
---@return boolean
function M.is(e)
  return type(e) == "table" and getmetatable(e) == Error
end

--- Makes an error object out of a record. `where` is the innermost line of the user's code unless given.
---@param e table
---@return nx.Error
function M.new(e)
  e.kind = e.kind or "internal"
  e.exit_code = e.exit_code or 1
  if e.where == nil then e.where = core.where(1) end -- false: it has no place
  return setmetatable(e, Error)
end

--- Raises an error object: `err.raise { kind = "usage", message = "…" }`.
---@param e table
function M.raise(e)
  error(M.new(e), 0)
end

-- Traces of tasks that ended with an error, kept until it is reported: the frames are gone when it is raised again.
local traces = setmetatable({}, { __mode = "k" })
local last_value, last -- the same for what is no table

--- Keeps the frames of the running coroutine for `e`, which is on its way out. Once a task that it goes through.
---@param e any
function M.keep_trace(e)
  local trace = core.trace()
  if trace == "" then return end
  local kept
  if type(e) == "table" then kept = traces[e] elseif rawequal(e, last_value) then kept = last end
  if kept then
    kept.trace = kept.trace .. "\n" .. trace
    return
  end
  kept = { trace = trace, where = core.where(1) }
  if type(e) == "table" then traces[e] = kept else last_value, last = e, kept end
end

--- The frames kept for `e`, and the innermost place; or nothing.
---@return string? trace, string? where
function M.trace_of(e)
  local kept
  if type(e) == "table" then kept = traces[e] elseif e ~= nil and rawequal(e, last_value) then kept = last end
  if kept then return kept.trace, kept.where end
end

-- "file:1: text" → "file:1", "text"
local function split(message)
  local where, text = message:match '^(%[string ".-"%]:%d+): (.*)$'
  if not where then where, text = message:match "^([^\n:]+:%d+): (.*)$" end
  return where, text
end

--- Any raised value as an error object. A plain Lua error becomes kind "user", its place taken out of the text; one
--- that rose in code that we carry is "internal".
---@param e any
---@return nx.Error
function M.wrap(e)
  if M.is(e) then return e end
  local wrapped = { kind = "user", exit_code = 1 }
  if type(e) == "string" then
    local where, text = split(e)
    if where and core.is_ours("@" .. where:match "^(.*):%d+$") then
      wrapped.kind, wrapped.message = "internal", "internal error: " .. e
    elseif e == "not enough memory" then
      wrapped.kind, wrapped.message = "limit", e
    else
      wrapped.where, wrapped.message = where, text or e
    end
  elseif type(e) == "table" and type(rawget(e, "message")) == "string" or (getmetatable(e) or {}).__tostring then
    wrapped.message = (getmetatable(e) or {}).__tostring and tostring(e) or e.message
  else
    wrapped.message = ("(error object is a %s value)"):format(type(e))
  end
  return setmetatable(wrapped, Error)
end

--- nx.fail { "message", kind = "user", exit_code = 1, … }: raises an error of the script's own.
---@param options string|table
function M.fail(options)
  if type(options) == "string" then options = { options } end
  if type(options) ~= "table" or type(options[1]) ~= "string" then
    M.raise { kind = "usage", message = "nx.fail: the message is missing: nx.fail { \"what went wrong\", kind = \"user\" }" }
  end
  local e = { message = options[1], kind = options.kind or "user" }
  for key, value in pairs(options) do
    if type(key) == "string" then e[key] = value end
  end
  M.raise(e)
end

return M
