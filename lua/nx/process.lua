-- Running programs: nx.run, nx.start, nx.outcome, nx.lines. One child is the business of src/run.c; here is what may be asked
-- for, and when what is ended.
--
-- Inside the library, where every microsecond of a child counts, there are two doors below nx.run, both without checks:
--   process.execute(o) -> Outcome       as nx.run; `o` has durations in seconds and sizes in bytes
--   process.spawn(o) -> handle, writer?, reader of stdout?, reader of stderr?
--       the bare child, for who makes his own rules:
--         local p <close> = process.spawn { "/bin/true", environment = block, env = { SLOT = "3" } }
--         local event, detail = p:next()     "done" | "exited" (once; a stream is still open) | "stopped", signal | "continued"
--         while event ~= "done" do task.wait(p, deadline); event, detail = p:next() end
--         p:outcome()                        p:cut(): stops reading, was a stream still open?      p:signal "SIGTERM"
--       process.end_group(p, grace) is what a timeout does; closing the handle kills at once.
-- Both take, beside the options of nx.run, `environment`: a block made once by process.env(table [, clear]) for many children,
-- over which `env` lays the few variables of this child; and `descriptors` = { for 3, 4, … } by number.

local err = require "nx.error"
local options = require "nx.options"
local task = require "nx.task"
local core = require "nx.core.run"

local M = { spawn = core.spawn, env = core.env, signal_name = core.signal_name, signal_number = core.signal_number }

--- In the program a child that reads our terminal and is stopped stops us too, as a person at it expects.
M.is_program = core.is_program()

local now, wait = task.now, task.wait
local leak_default, grace_default = 0.1, 10

local spec = {
  "string|number", ["#"] = 1, cwd = "string", env = "table", clear_env = "boolean", view = "any", timeout = "duration",
  grace = "duration", leak_timeout = "duration", stdin = '"null"|"inherit"|"pipe"|table',
  stdout = '"capture"|"inherit"|"null"|function|table', stderr = '"capture"|"inherit"|"null"|"stdout"|function|table',
  max_output = "size", check = "boolean",
}

local function check_file(fn, o, stream, keys)
  local form = o[stream]
  for key, value in pairs(form) do
    local wanted = keys[key]
    if not wanted then options.usage(fn, "%s: unknown key %q", stream, tostring(key)) end
    if type(value) ~= wanted then options.usage(fn, "%s: %s must be a %s, not %s", stream, key, wanted, type(value)) end
  end
  if not form.path and not (keys.data and form.data) then
    options.usage(fn, "%s: a table needs %s", stream, keys.data and "data or path" or "path")
  end
end

local function check_output(fn, o, stream)
  local form = o[stream]
  if type((getmetatable(form) or {}).__call) == "function" then
    o[stream] = function(chunk) return form(chunk) end
  else
    check_file(fn, o, stream, { path = "string", append = "boolean" })
  end
end

local function check(fn, o)
  if type(o) == "string" then o = { o } end
  o = options.check(fn, o, spec)
  for i = 1, #o do
    if type(o[i]) == "number" then o[i] = tostring(o[i]) end
  end
  if type(o.stdin) == "table" then check_file(fn, o, "stdin", { data = "string", path = "string" }) end
  if type(o.stdout) == "table" then check_output(fn, o, "stdout") end
  if type(o.stderr) == "table" then check_output(fn, o, "stderr") end
  if o.view then o.join = o.view:namespaces() end
  return o
end

-- ---- the end of a child ----

--- TERM to the group, KILL to what is left after `grace` seconds. Returns when the child has ended.
function M.end_group(p, grace)
  local limit = now() + grace
  local function ended() return select(4, p:about()) end
  if not p:alive() then return end
  if grace > 0 then
    p:signal "SIGTERM"
    p:signal "SIGCONT"
    while not ended() and now() < limit do wait(p, limit) end
    local pause = 0.002 -- no descriptor tells that a group is empty
    while p:alive() and now() < limit do
      wait(nil, math.min(limit, now() + pause))
      pause = math.min(pause * 2, 0.05)
    end
  end
  if not p:alive() then return end
  p:signal "SIGKILL"
  limit = now() + 5 -- it may hang in the kernel
  while not ended() and now() < limit do wait(p, limit) end
end

-- Ends what runs when we leave by an error; at once when there is no time.
local Guard = {}
Guard.__index = Guard
function Guard:__close(failure)
  local p = self.p
  if failure ~= nil then pcall(M.end_group, p, self.grace) end
  p:close()
  for _, sink in ipairs(self) do
    sink.reader:close()
    if sink.task then
      sink.task:cancel()
      while not sink.task.done and task.wait_shielded(sink.task) ~= "deadlock" do end
    end
  end
end

-- ---- function sinks ----

-- Gives the chunks of a reader to a function, in a task of its own; reading pauses while it runs.
local function sink_task(sink, p)
  local reader, fn = sink.reader, sink.fn
  return task.spawn(function()
    while true do
      local chunk = reader:next()
      if chunk then
        fn(chunk)
      elseif chunk == false then
        break
      elseif sink.cut then
        sink.leaked = true
        break
      else
        wait(reader)
      end
    end
    reader:close()
    fn(nil)
  end, { handled = true, ended = function() task.signal(p) end })
end

local function sink_failure(sinks)
  for _, sink in ipairs(sinks) do
    if sink.task.error ~= nil then return sink.task end
  end
end

local function sinks_done(sinks)
  for _, sink in ipairs(sinks) do
    if not sink.task.done then return false end
  end
  return true
end

-- ---- one child, from its start to its outcome ----

local function stopped(p, o, signal)
  local _, _, terminal = p:about()
  if o.on_stop then o.on_stop(signal) end
  local wants = o.stdin == "inherit" and (signal == "SIGTTIN" or signal == "SIGTTOU")
  if (terminal or wants) and M.is_program then
    core.stop_self(wants and not terminal and signal or "SIGTSTP")
    p["continue"](p)
  end
end

-- `control.closing`: someone wants it to end.
local function conduct(o, control, p, reader_out, reader_err)
  local grace = o.grace or grace_default
  local guard <close> = setmetatable({ p = p, grace = grace }, Guard)
  if reader_out then guard[#guard + 1] = { reader = reader_out, fn = o.stdout } end
  if reader_err then guard[#guard + 1] = { reader = reader_err, fn = o.stderr } end
  for _, sink in ipairs(guard) do sink.task = sink_task(sink, p) end
  local deadline = o.timeout and now() + o.timeout
  local reason, leak_at
  local event, detail = p:next()
  while event ~= "done" do
    if event == "exited" then
      break
    elseif event == "stopped" then
      stopped(p, o, detail)
    elseif not event then
      if control and control.closing then
        reason = "cancelled"
      elseif guard[1] and sink_failure(guard) then
        error(sink_failure(guard).error, 0)
      elseif not wait(p, deadline) and deadline and now() >= deadline - 1e-6 then
        reason = "timeout"
      end
      if reason then
        M.end_group(p, grace)
        break
      end
    end
    event, detail = p:next()
  end
  -- it has ended; whoever still holds its output has a moment to let go
  local leaked = false
  while event ~= "done" and p:next() ~= "done" do
    leak_at = leak_at or now() + (o.leak_timeout or leak_default)
    if not wait(p, leak_at) and now() >= leak_at - 1e-6 then
      leaked = p:cut()
      break
    end
  end
  if guard[1] then
    leak_at = leak_at or now() + (o.leak_timeout or leak_default)
    local cut = false
    while not sinks_done(guard) do
      if not wait(p, not cut and leak_at or nil) and now() >= leak_at - 1e-6 then
        cut = true
        for _, sink in ipairs(guard) do
          sink.cut = true
          task.signal(sink.reader)
        end
      end
    end
    local failed = sink_failure(guard)
    if failed then error(failed.error, 0) end
    for _, sink in ipairs(guard) do leaked = leaked or sink.leaked or false end
  end
  local outcome = p:outcome()
  outcome.argv = table.move(o, 1, #o, 1, {})
  outcome.leaked = leaked
  if reason then
    outcome.reason, outcome.ok = reason, false
    if outcome.exit_code == 0 then outcome.exit_code = 128 + 15 end -- it ended well, but because we asked
  end
  return outcome
end

local function described(argv)
  local text = table.concat(argv, " ")
  return #text > 100 and text:sub(1, 97) .. "…" or text
end

local function raise_unless_ok(o, outcome)
  if outcome.ok or not o.check then return outcome end
  local what
  if outcome.reason == "timeout" then
    what = ("no end after %g seconds"):format(o.timeout)
  elseif outcome.reason == "signal" then
    what = "ended by " .. outcome.signal
  elseif outcome.reason == "cancelled" then
    what = "cancelled"
  else
    what = ("exit code %d"):format(outcome.exit_code)
  end
  local line = outcome.stderr:match "([^\n]*)\n*$"
  if line and line ~= "" then what = what .. ": " .. (#line > 200 and line:sub(1, 200) .. "…" or line) end
  err.raise { kind = outcome.reason == "timeout" and "timeout" or "exit", message = described(outcome.argv) .. ": " .. what,
    outcome = outcome, exit_code = outcome.exit_code }
end

--- nx.run without the checks; see the top.
function M.execute(o)
  local p, _, reader_out, reader_err = core.spawn(o)
  return conduct(o, nil, p, reader_out, reader_err)
end

--- nx.run { ARG…, … } -> Outcome
function M.run(o)
  o = check("nx.run", o)
  if o.stdin == "pipe" then options.usage("nx.run", "stdin = \"pipe\" is for nx.start, whose Process has a write") end
  return raise_unless_ok(o, M.execute(o))
end

-- ---- Process ----

---@class nx.Process
---@field pid integer
---@field started_at number  Unix seconds
local Process = {}
Process.__index = Process
Process.__name = "nx.Process"

local private = setmetatable({}, { __mode = "k" }) -- Process -> what is not for users

--- nx.start { ARG…, … } -> Process
function M.start(o)
  o = check("nx.start", o)
  local p, writer, reader_out, reader_err = core.spawn(o)
  local pid, started_at = p:about()
  local control = { options = o, handle = p, writer = writer }
  local self = setmetatable({ pid = pid, started_at = started_at }, Process)
  private[self] = control
  task.own(self, Process.close)
  control.owner = task.current()
  control.pump = task.spawn(function() return conduct(o, control, p, reader_out, reader_err) end,
    { daemon = true, handled = true, ended = function()
      if writer then writer:close() end
      task.disown(self, control.owner)
    end })
  return self
end

--- Waits for its end.
function Process:wait()
  local control = private[self]
  return raise_unless_ok(control.options, control.pump:wait())
end

--- Sends a signal to its group: did anyone get it?
function Process:signal(name)
  local control = private[self]
  if type(name) ~= "string" then options.usage("process:signal", "takes the name of a signal, like \"SIGTERM\"") end
  if control.pump.done then return false end
  return control.handle:signal(name)
end

--- Writes all of `bytes` to its standard input, or ends that (nil). False when nobody reads it any more.
function Process:write(bytes)
  local writer = private[self].writer
  if not writer then options.usage("process:write", "needs stdin = \"pipe\"") end
  if bytes == nil then
    writer:close()
    return true
  end
  if type(bytes) ~= "string" then options.usage("process:write", "takes a string, or nil at the end, not %s", type(bytes)) end
  local at = 1
  while at <= #bytes do
    local after = writer:write(bytes, at)
    if after == false then return false end
    if after then at = after else wait(writer) end
  end
  return true
end

--- Ends its group: TERM, after `grace` KILL. Any number of times.
function Process:close()
  local control = private[self]
  local pump = control.pump
  task.disown(self, control.owner)
  if pump.done then return end
  control.closing = true
  task.signal(control.handle)
  local inside = task.current()
  while inside and inside ~= pump do inside = inside.parent end
  if inside then return end -- its own sink closes it: the end cannot be waited for here
  local ok, e = pcall(function()
    while not pump.done do wait(pump) end
  end)
  if ok then return end
  control.handle:close()
  error(e, 0)
end
Process.__close = function(self) self:close() end

-- ---- doubles and lines ----

--- nx.outcome { … } -> Outcome, the rest filled in
function M.outcome(o)
  o = options.check("nx.outcome", o, {
    ok = "boolean", exit_code = "integer", reason = '"exit"|"signal"|"timeout"|"cancelled"', signal = "string",
    stdout = "string", stderr = "string", truncated = "integer", leaked = "boolean", seconds = "number",
    user_seconds = "number", system_seconds = "number", max_rss = "integer", started_at = "number", argv = "list",
  })
  o.reason = o.reason or o.signal and "signal" or "exit"
  if not o.exit_code then
    if o.signal then o.exit_code = 128 + core.signal_number(o.signal)
    elseif o.ok == false or o.reason ~= "exit" then o.exit_code = o.reason == "exit" and 1 or 143
    else o.exit_code = 0 end
  end
  if o.ok == nil then o.ok = o.exit_code == 0 and o.reason == "exit" end
  o.stdout, o.stderr, o.leaked = o.stdout or "", o.stderr or "", o.leaked or false
  o.seconds, o.user_seconds, o.system_seconds = o.seconds or 0.0, o.user_seconds or 0.0, o.system_seconds or 0.0
  o.max_rss, o.argv = o.max_rss or 0, o.argv or {}
  o.started_at = o.started_at or require "nx.core.loop".time()
  return o
end

local longest_line = 1024 * 1024

--- nx.lines(fn) -> a sink that calls fn(line) for each line, without its end; the last may lack one
function M.lines(fn)
  if type(fn) ~= "function" and not (getmetatable(fn) or {}).__call then
    options.usage("nx.lines", "takes a function, not %s", fn == nil and "nothing" or type(fn))
  end
  local rest, size = {}, 0
  return function(chunk)
    if not chunk then
      if size > 0 then
        local line = table.concat(rest)
        rest, size = {}, 0
        fn(line)
      end
      return
    end
    local from = 1
    local stop = chunk:find("\n", from, true)
    while stop do
      local line = chunk:sub(from, stop - 1)
      if size > 0 then
        rest[#rest + 1] = line
        line = table.concat(rest)
        rest, size = {}, 0
      end
      from = stop + 1
      fn(line)
      stop = chunk:find("\n", from, true)
    end
    if from <= #chunk then
      rest[#rest + 1] = chunk:sub(from)
      size = size + #chunk - from + 1
      if size > longest_line then -- no line: given in pieces, so that memory stays bounded
        local piece = table.concat(rest)
        rest, size = {}, 0
        fn(piece)
      end
    end
  end
end

return M
