-- The blocks that show what a test wrote: "  stdout ───", the text indented, and a line that says how it ended.

local signals = require "nx.signals"

local M = {}

-- Text outside of escape sequences: control characters go, of both sets, tabs too; newlines stay.
local function plain(text)
  return (text:gsub("[%z\1-\9\11-\31]", ""):gsub("\xC2[\x80-\x9F]", ""))
end

-- Where the sequence ends whose escape stands before `at`, as a terminal reads it: it may be broken off by another one, by
-- CAN or SUB, or by the end; newlines in the short ones are carried out.
local function after_escape(text, at, out)
  local state = "escape"
  while at <= #text do
    if state == "string" or state == "osc" then
      at = text:find(state == "osc" and "[\7\24\26\27]" or "[\24\26\27]", at) or #text + 1
    end
    local c = text:byte(at)
    if not c or c == 24 or c == 26 or c == 7 and state == "osc" then return at + 1 end
    if c == 27 then
      state = "escape"
    elseif c == 10 then
      out[#out + 1] = "\n"
    elseif c >= 32 and c < 127 then
      if state == "csi" then
        if c >= 64 then return at + 1 end
      elseif c >= 48 then
        if state == "intermediate" then return at + 1 end
        local opens = ({ P = "string", X = "string", ["^"] = "string", _ = "string", ["]"] = "osc", ["["] = "csi" })[string.char(c)]
        if not opens then return at + 1 end
        state = opens
      elseif state == "escape" then
        state = "intermediate"
      end
    end
    at = at + 1
  end
  return at
end

-- Drops escape sequences and control characters.
local function strip(text)
  local out, at = {}, 1
  while true do
    local escape = text:find("\27", at, true)
    out[#out + 1] = plain(text:sub(at, (escape or #text + 1) - 1))
    if not escape then return table.concat(out) end
    at = after_escape(text, escape + 1, out)
  end
end
M.strip = strip

-- Bytes that are not UTF-8 become U+FFFD, one for each that cannot be read.
local function valid_utf8(text)
  if utf8.len(text) then return text end
  local pieces, at = {}, 1
  while at <= #text do
    local ok, bad = utf8.len(text, at)
    if ok then
      pieces[#pieces + 1] = text:sub(at)
      break
    end
    pieces[#pieces + 1] = text:sub(at, bad - 1)
    -- a sequence that was begun rightly and broke off is one mark
    local lead, last = text:byte(bad), bad
    local want = lead >= 0xF0 and lead <= 0xF4 and 3 or lead >= 0xE0 and lead <= 0xEF and 2 or lead >= 0xC2 and lead <= 0xDF and 1 or 0
    while want > 0 and (text:byte(last + 1) or 0) // 64 == 2 do
      local next_byte = text:byte(last + 1)
      if last == bad and (lead == 0xE0 and next_byte < 0xA0 or lead == 0xED and next_byte > 0x9F
        or lead == 0xF0 and next_byte < 0x90 or lead == 0xF4 and next_byte > 0x8F) then break end
      last, want = last + 1, want - 1
    end
    pieces[#pieces + 1] = "\u{FFFD}"
    at = last + 1
  end
  return table.concat(pieces)
end
M.valid_utf8 = valid_utf8

-- Where a failure says what it is: first and last byte of the lines that are shown bright, or nil.
local function last_match(text, pattern)
  local found
  local at = 1
  while true do
    local first = text:find(pattern, at)
    if not first then return found end
    if first == 1 or text:byte(first - 1) == 10 then found = first end
    at = first + 1
  end
end

local function end_of_line(text, from)
  return (text:find("\n", from, true) or #text + 1) - 1
end

local function highlight(name, text)
  if name ~= "stderr" then
    local note = last_match(text, "note: test did not panic as expected")
    if note then return note, end_of_line(text, note) end
  end
  if name ~= "stdout" then
    local panic = last_match(text, "thread '[^\n]-'[^\n]* panicked at ")
    if panic then
      local stop = end_of_line(text, panic)
      if stop < #text then stop = end_of_line(text, stop + 2) end
      return panic, stop
    end
    local failed = last_match(text, "Error: ")
    if failed then return failed, end_of_line(text, failed) end
  end
end

local function indented(text, indent)
  if indent == "" then return text end
  return (text:gsub("([^\n]+)", indent .. "%1"))
end

--- The text of one stream as it is shown.
---@param o { style: nx.Style, indent: string }
local function content(o, name, text, failed)
  if not o.style.colour then
    text = strip(valid_utf8(text))
    if text:sub(-1) ~= "\n" then text = text .. "\n" end
    return indented(text, o.indent)
  end
  text = valid_utf8(text):gsub("\n$", "")
  local first, last
  if failed then first, last = highlight(name, text) end
  if first then
    local bright = text:sub(first, last):gsub("[^\n]+", "\27[31;1m%0\27[0m")
    text = text:sub(1, first - 1) .. "\27[0m" .. bright .. text:sub(last + 1)
  end
  return indented(text .. "\27[0m\n", o.indent)
end

-- The line that says how the test ended, where the status line alone does not.
local function ending(o, attempt)
  local s = o.style
  if attempt.timed_out then
    if attempt.status == "pass" then return "test " .. s.skip "passed with timeout" end
    return "test " .. s.fail "timed out"
  elseif attempt.status == "pass" then
    return attempt.leaked and "test " .. s.skip "passed with leaked handles" or nil
  elseif attempt.status == "exec_fail" then
    return nil
  elseif attempt.signal then
    local number, name = signals.number(attempt.signal), signals.known(attempt.signal)
    return ("test %s with signal %s%s%s"):format(s.fail "aborted", s.count(tostring(number)), name and ": SIG" .. name or "",
      attempt.leaked and " (leaked handles)" or "")
  elseif attempt.exit_code == 0 and attempt.leaked then
    return ("test %s: exited with code 0, but leaked handles"):format(s.fail "failed")
  elseif attempt.exit_code ~= 101 and not attempt.leaked then
    return ("test %s with exit code %s"):format(s.fail "failed", s.count(tostring(attempt.exit_code)))
  end
end

--- The block of one attempt, "" when there is nothing to show.
---@param o { style: nx.Style, indent: string, bars: fun(n: integer): string, merged?: boolean, inherited?: boolean }
---@param attempt nx.Attempt
---@param paint fun(text: string): string   colour of the headers
---@return string
function M.block(o, attempt, paint)
  if o.inherited and attempt.status ~= "exec_fail" then return "" end
  local out = {}
  local failed = attempt.status ~= "pass"
  local function add(name, bars, text)
    if o.indent == "" then
      out[#out + 1] = paint(o.bars(bars == 1 and 1 or 2)) .. " " .. paint(name) .. " " .. paint(o.bars(bars == 1 and 1 or 2)) .. "\n"
    else
      out[#out + 1] = paint " " .. " " .. paint(name) .. " " .. paint(o.bars(bars)) .. "\n"
    end
    out[#out + 1] = text
  end
  if attempt.status == "exec_fail" then
    local causes = attempt.failure and attempt.failure.causes or {}
    local lines = { attempt.failure and attempt.failure.message or "error spawning child process" }
    if #causes > 0 then lines[2] = "  caused by:" end
    for _, cause in ipairs(causes) do lines[#lines + 1] = "  - " .. cause end
    add("execfail", 1, indented(table.concat(lines, "\n") .. "\n", o.indent))
    return table.concat(out) .. "\n"
  end
  if attempt.merged or o.merged then
    if attempt.stdout ~= "" then add("output", 3, content(o, "output", attempt.stdout, failed)) end
  else
    if attempt.stdout ~= "" then add("stdout", 3, content(o, "stdout", attempt.stdout, failed)) end
    if attempt.stderr ~= "" then add("stderr", 3, content(o, "stderr", attempt.stderr, failed)) end
  end
  out[#out + 1] = "\n" -- one empty line behind both streams
  local how = ending(o, attempt)
  if how then out[#out + 1] = "    (" .. how .. ")\n\n" end
  return table.concat(out)
end

return M
