-- A JSON reader of our own: slower than lua-cjson, but every integer is exact and every complaint names line and column, in
-- the words that people know from the peer (serde_json's). nx.json asks it for what lua-cjson cannot give.

local M = {}

local literals = { t = "true", f = "false", n = "null" }
local unescape = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- Line and column after the first `count` bytes.
local function place(text, count)
  local line, start = 1, 0
  for at in text:gmatch "()\n" do
    if at > count then break end
    line, start = line + 1, at
  end
  return (" at line %d column %d"):format(line, math.min(count, #text) - start)
end

local function fail(text, message, count)
  error({ json = message .. place(text, count) }, 0)
end

local value

local function skip(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

local function hex4(text, at)
  local digits = text:match("^%x%x%x%x", at)
  if not digits then fail(text, "invalid escape", math.min(at + 3, #text)) end
  return tonumber(digits, 16)
end

local function string_at(text, at)
  local out, start = nil, at + 1
  at = start
  while true do
    local stop = text:find('[%c"\\]', at)
    if not stop then fail(text, "EOF while parsing a string", #text) end
    local c = text:sub(stop, stop)
    if c == '"' then
      local tail = text:sub(start, stop - 1)
      return out and table.concat(out) .. tail or tail, stop + 1
    elseif c == "\\" then
      out = out or {}
      out[#out + 1] = text:sub(start, stop - 1)
      local e = text:sub(stop + 1, stop + 1)
      if e == "u" then
        local code = hex4(text, stop + 2)
        at = stop + 6
        if code >= 0xDC00 and code <= 0xDFFF then fail(text, "lone leading surrogate in hex escape", at - 1) end
        if code >= 0xD800 and code <= 0xDBFF then
          if text:sub(at, at + 1) ~= "\\u" then fail(text, "unexpected end of hex escape", at) end
          local low = hex4(text, at + 2)
          if low < 0xDC00 or low > 0xDFFF then fail(text, "lone leading surrogate in hex escape", at + 5) end
          code, at = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), at + 6
        end
        out[#out + 1] = utf8.char(code)
      else
        if e == "" then fail(text, "EOF while parsing a string", #text) end
        if not unescape[e] then fail(text, "invalid escape", stop + 1) end
        out[#out + 1] = unescape[e]
        at = stop + 2
      end
      start = at
    elseif c == "\127" then
      at = stop + 1
    else
      fail(text, "control character (\\u0000-\\u001F) found while parsing a string", stop)
    end
  end
end

local function number_at(text, at)
  local whole, stop = text:match("^(%-?%d+)()", at)
  if not whole then fail(text, "invalid number", at + 1) end
  if whole:match "^%-?0%d" then fail(text, "invalid number", stop - 1) end
  local fraction, after = text:match("^(%.%d*)()", stop)
  if fraction == "." then fail(text, #text < after and "EOF while parsing a value" or "invalid number", after) end
  after = fraction and after or stop
  local exponent, last = text:match("^([eE][+-]?%d*)()", after)
  if exponent and not exponent:find "%d$" then
    fail(text, #text < last and "EOF while parsing a value" or "invalid number", last)
  end
  last = exponent and last or after
  local spelled = text:sub(at, last - 1)
  local n = tonumber(spelled) -- an integer that does not fit becomes a float
  if n == math.huge or n == -math.huge then fail(text, "number out of range", last - 1) end
  return math.tointeger(n) or n, last
end

local function list_at(text, at, json, depth)
  local list, n = json.array {}, 0
  at = skip(text, at + 1)
  if text:sub(at, at) == "]" then return list, at + 1 end
  while true do
    if at > #text then fail(text, "EOF while parsing a list", #text) end
    n = n + 1
    list[n], at = value(text, at, json, depth)
    at = skip(text, at)
    local c = text:sub(at, at)
    if c == "]" then return list, at + 1 end
    if c == "" then fail(text, "EOF while parsing a list", #text) end
    if c ~= "," then fail(text, "expected `,` or `]`", at) end
    at = skip(text, at + 1)
    if text:sub(at, at) == "]" then fail(text, "trailing comma", at) end
    if at > #text then fail(text, "EOF while parsing a value", #text) end
  end
end

local function object_at(text, at, json, depth)
  local object = {}
  at = skip(text, at + 1)
  if text:sub(at, at) == "}" then return object, at + 1 end
  while true do
    local c = text:sub(at, at)
    if c == "" then fail(text, "EOF while parsing an object", #text) end
    if c ~= '"' then fail(text, "key must be a string", at) end
    local key
    key, at = string_at(text, at)
    at = skip(text, at)
    c = text:sub(at, at)
    if c == "" then fail(text, "EOF while parsing an object", #text) end
    if c ~= ":" then fail(text, "expected `:`", at) end
    at = skip(text, at + 1)
    object[key], at = value(text, at, json, depth)
    at = skip(text, at)
    c = text:sub(at, at)
    if c == "}" then return object, at + 1 end
    if c == "" then fail(text, "EOF while parsing an object", #text) end
    if c ~= "," then fail(text, "expected `,` or `}`", at) end
    at = skip(text, at + 1)
    if text:sub(at, at) == "}" then fail(text, "trailing comma", at) end
    if at > #text then fail(text, "EOF while parsing a value", #text) end
  end
end

function value(text, at, json, depth)
  if depth > 127 then fail(text, "recursion limit exceeded", at) end
  local c = text:sub(at, at)
  if c == "{" then return object_at(text, at, json, depth + 1) end
  if c == "[" then return list_at(text, at, json, depth + 1) end
  if c == '"' then return string_at(text, at) end
  if c:find "[%d%-]" then return number_at(text, at) end
  local word = literals[c]
  if word then
    for i = 2, #word do
      local here = text:sub(at + i - 1, at + i - 1)
      if here == "" then fail(text, "EOF while parsing a value", #text) end
      if here ~= word:sub(i, i) then fail(text, "expected ident", at + i - 1) end
    end
    if c == "n" then return json.null, at + 4 end
    return c == "t", at + #word
  end
  if c == "" then fail(text, "EOF while parsing a value", #text) end
  fail(text, "expected value", at)
end

local function whole(text, json)
  local result, at = value(text, skip(text, 1), json, 0)
  at = skip(text, at)
  if at <= #text then fail(text, "trailing characters", at) end
  return result
end

--- The value of a text, or nil and the complaint.
---@param text string
---@param json nx.json
function M.decode(text, json)
  local ok, result = pcall(whole, text, json)
  if ok then return result end
  if type(result) == "table" and result.json then return nil, result.json end
  error(result, 0)
end

--- The place of the value that `path` (keys and indices) leads to, for complaints about it: " at line 1 column 7". An empty
--- string when it cannot be found.
---@param text string
---@param path (string|integer)[]
---@param where "start"|"end"|"before"   of the value
---@return string
function M.at(text, path, where, json)
  local found
  local step
  function step(at, depth, i)
    local _, after
    if i > #path then
      _, after = value(text, at, json, depth)
      found = where == "end" and after - 1 or where == "start" and at or at - 1
      return
    end
    local c = text:sub(at, at)
    at = skip(text, at + 1)
    local index = 0
    while not found and text:find("^[^%]}]", at) do
      local key, _
      index = index + 1
      if c == "{" then
        key, at = string_at(text, at)
        at = skip(text, skip(text, at) + 1)
      else
        key = index
      end
      if key == path[i] then return step(at, depth + 1, i + 1) end
      _, at = value(text, at, json, depth + 1)
      at = skip(text, at)
      if text:sub(at, at) == "," then at = skip(text, at + 1) end
    end
  end
  if not pcall(step, skip(text, 1), 0, 1) or not found then return "" end
  return place(text, found)
end

return M
