-- What the value of an option may be: each function turns a word of the command line (or of a variable) into a value, or
-- gives nil and the reason, worded as the peer words it.

local options = require "nx.options"

local M = {}

-- A decimal integer as Rust's parser reads it: "+5" is fine, blanks are not.
local function integer(text, negative)
  if text == "" then return nil, "cannot parse integer from empty string" end
  local sign, digits = text:match "^([+-]?)(%d+)$"
  if not digits or sign == "-" and not negative then return nil, "invalid digit found in string" end
  local n = math.tointeger(tonumber(sign .. digits))
  if not n or #digits > 18 then return nil, sign == "-" and "number too small to fit in target type"
    or "number too large to fit in target type" end
  return n
end
M.integer = integer

function M.u32(text)
  local n, why = integer(text, true)
  if not n then return nil, why end
  if n < 0 or n > 4294967295 then return nil, text .. " is not in 0..=4294967295" end
  return n
end

function M.i32(text)
  local n, why = integer(text, true)
  if not n then return nil, why end
  if n < -2147483648 or n > 2147483647 then
    return nil, text .. " is not in -2147483648..=2147483647"
  end
  return n
end

--- --test-threads: an integer other than 0, or "num-cpus".
function M.threads(text)
  local head, hint = "unrecognized value for test-threads: ", '\n(hint: expected either an integer or "num-cpus")'
  if text == "num-cpus" then return text end
  local n, why = integer(text, true)
  if not n then return nil, ("%sError: %s parsing %s%s"):format(head, why, text, hint) end
  if n == 0 then return nil, head .. "jobs may not be 0" .. hint end
  return n
end

--- --max-fail: { count = n | "all", terminate = "wait" | "immediate" }
function M.max_fail(text)
  local head = "unrecognized value for max-fail: "
  if text:lower() == "all" then return { count = "all", terminate = "wait" } end
  local count, mode = text:match "^(.-):(.*)$"
  if mode and mode ~= "wait" and mode ~= "immediate" then
    return nil, ("%sinvalid terminate mode '%s', expected 'wait' or 'immediate'"):format(head, mode)
  end
  local n, why = integer(count or text, true)
  if not n then return nil, ("%s%s parsing '%s'"):format(head, why, count or text) end
  if n <= 0 then return nil, head .. "max-fail may not be <= 0" end
  return { count = n, terminate = mode or "wait" }
end

--- --partition: { kind = "hash" | "count" | "slice", shard, total, text }, or { file = "X.lua" }
function M.partition(text)
  if text:find "%.lua$" then return { file = text, text = text } end
  local kind, rest = text:match "^(%l+):(.*)$"
  if kind ~= "hash" and kind ~= "count" and kind ~= "slice" then
    return nil, ("partition input '%s' must begin with \"hash:\", \"count:\", or \"slice:\""):format(text)
  end
  local head = ('partition must be in the format "%s:M/N":\n'):format(kind)
  local first, second = rest:match "^([^/]*)/(.*)$"
  if not first then return nil, ("%sexpected input '%s' to be in the format M/N"):format(head, rest) end
  local shard, why = integer(first)
  if not shard then return nil, ("%sfailed to parse shard '%s' as u64: %s"):format(head, first, why) end
  local total
  total, why = integer(second)
  if not total then return nil, ("%sfailed to parse total_shards '%s' as u64: %s"):format(head, second, why) end
  if shard < 1 or shard > total then
    return nil, ("%sshard %d must be a number between 1 and total shards %d, inclusive"):format(head, shard, total)
  end
  return { kind = kind, shard = shard, total = total, text = text }
end

function M.stress_count(text)
  if text == "infinite" then return text end
  local n = integer(text)
  if not n or n == 0 then
    return nil, ('unrecognized value for stress-count: %s\n(hint: expected either a positive integer or "infinite")'):format(text)
  end
  return n
end

function M.stress_duration(text)
  local seconds = text:find "%a" and options.seconds(text) or text:match "^0+$" and 0
  if not seconds then
    local unit = text:match "^%s*%d+%s*(%a+)"
    return nil, text == "" and "value was empty" or not text:find "^%s*%d" and "expected number at 0"
      or unit and ('unknown time unit "%s", supported units: ns, us, ms, s, m, h, d, w'):format(unit)
      or ("time unit needed, for example %ssec or %sms"):format(text, text)
  end
  if seconds == 0 then return nil, "duration must be non-zero" end
  return seconds
end

function M.max_progress(text)
  if text == "infinite" then return text end
  local n, why = integer(text)
  if not n then return nil, ("Error: %s parsing %s"):format(why, text) end
  return n
end

--- --tool-config-file: { tool, path }
function M.tool_config(text)
  local tool, path = text:match "^([^:]*):(.*)$"
  if not tool then
    return nil, ("tool-config-file has invalid format: %s\n(hint: tool configs must be in the format <tool-name>:<path>)"):format(text)
  end
  if not tool:find "^[%a_\x80-\xff][%w_\x80-\xff-]*$" then return nil, "tool-config-file has invalid tool name: " .. text end
  if path == "" then return nil, "tool-config-file has empty config file path: " .. text end
  if path:sub(1, 1) ~= "/" then return nil, "tool-config-file is not an absolute path: " .. path end
  return { tool = tool, path = path }
end

--- --rerun: a run id or a prefix of one, "latest", or the path of a recording
function M.run_id(text)
  if text == "latest" or text:find "/" or text:find "%.zip$" or text:find "^[%x-]+$" then return text end
  return nil, ("invalid run ID selector `%s`: expected `latest`, hex digits, or a file path "
    .. "(ending in `.zip` or containing path separators)"):format(text)
end

--- --debugger and --tracer: words of a command line.
function M.debugger(text)
  local words, why = M.shell_words(text)
  if words and not words[1] then return nil, "debugger command cannot be empty" end
  return words, why
end

function M.tracer(text)
  local words, why = M.shell_words(text)
  if words and not words[1] then return nil, "tracer command cannot be empty" end
  return words, why
end

--- A command line in one word, split as a shell would (quotes and backslashes, nothing else).
---@return string[]?, string?
function M.shell_words(text)
  local words, current, at = {}, nil, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c:find "%s" then
      if current then words[#words + 1], current = current, nil end
    elseif c == "'" then
      local close = text:find("'", at + 1, true)
      if not close then return nil, "missing closing quote" end
      current, at = (current or "") .. text:sub(at + 1, close - 1), close
    elseif c == '"' then
      local piece = {}
      at = at + 1
      while text:sub(at, at) ~= '"' do
        if at > #text then return nil, "missing closing quote" end
        if text:sub(at, at) == "\\" and text:find('^["\\$`]', at + 1) then at = at + 1 end
        piece[#piece + 1] = text:sub(at, at)
        at = at + 1
      end
      current = (current or "") .. table.concat(piece)
    elseif c == "\\" then
      current, at = (current or "") .. text:sub(at + 1, at + 1), at + 1
    else
      current = (current or "") .. c
    end
    at = at + 1
  end
  if current then words[#words + 1] = current end
  return words
end

--- What a boolean variable accepts: "boolish" ones a range of words, the others only true and false.
function M.boolean(text, boolish)
  if not boolish then
    if text == "true" then return true elseif text == "false" then return false end
    return nil
  end
  local word = text:lower()
  for _, yes in ipairs { "y", "yes", "t", "true", "on", "1" } do if word == yes then return true end end
  for _, no in ipairs { "n", "no", "f", "false", "off", "0" } do if word == no then return false end end
  return nil, "value was not a boolean"
end

return M
