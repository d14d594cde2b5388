-- Test names on a command line: `nxlua run A B -- C --skip D --exact`, and the arguments of libtest that may stand behind `--`.

local err = require "nx.error"

local M = {}

---@class nx.cli.Names
---@field parts string[]         a test with any of them in its name …
---@field whole table<string, true>   … or with one of these names is taken
---@field skip string[]          not with any of them in its name …
---@field skip_whole table<string, true>   … and not one of these
---@field ignored? "only"|"all"
---@field no_capture? boolean

local function bad(word, why)
  err.raise { kind = "usage", exit_code = 96, where = false,
    message = ("failed to parse test binary arguments `%s`: arguments are %s"):format(word, why) }
end

--- Reads the words before and behind "--". `given` says what options in front have settled already.
---@param before string[]
---@param behind string[]
---@param given? { run_ignored: string?, no_capture: boolean? }
---@return nx.cli.Names
function M.parse(before, behind, given)
  given = given or {}
  local names = { parts = {}, whole = {}, skip = {}, skip_whole = {} }
  local parts, skips, unsupported, exact, literal, at = {}, {}, {}, false, false, 1
  local function ignored(word, value)
    if (names.ignored or given.run_ignored) == value then bad(word, "duplicated") end
    if names.ignored or given.run_ignored then bad(word, "mutually exclusive") end
    names.ignored = value
  end
  while at <= #behind do
    local word = behind[at]
    if literal or word:sub(1, 1) ~= "-" or word == "-" then
      parts[#parts + 1] = word
    elseif word == "--" then
      literal = true
    elseif word == "--skip" then
      at = at + 1
      if behind[at] == nil then bad(word, "missing required argument") end
      skips[#skips + 1] = behind[at]
      if behind[at] == "--exact" then -- counts as the option too, as in the peer
        if exact then bad("--exact", "duplicated") end
        exact = true
      end
    elseif word == "--exact" then
      if exact then bad(word, "duplicated") end
      exact = true
    elseif word == "--ignored" then
      ignored(word, "only")
    elseif word == "--include-ignored" then
      ignored(word, "all")
    elseif word == "--nocapture" or word == "--no-capture" then
      if names.no_capture or given.no_capture then bad(names.no_capture and word or "--no-capture", "duplicated") end
      names.no_capture = true
    else
      unsupported[#unsupported + 1] = word
    end
    at = at + 1
  end
  if unsupported[1] then bad(table.concat(unsupported, ", "), "unsupported") end
  table.move(before, 1, #before, 1, names.parts)
  if exact then
    for _, word in ipairs(parts) do names.whole[word] = true end
    -- the peer forgets what is to be skipped when nothing is to be taken
    if before[1] or parts[1] then
      for _, word in ipairs(skips) do names.skip_whole[word] = true end
    end
  else
    table.move(parts, 1, #parts, #names.parts + 1, names.parts)
    names.skip = skips
  end
  return names
end

local function contains(name, list)
  for _, part in ipairs(list) do
    if name:find(part, 1, true) then return true end
  end
  return false
end

--- A function that says whether a name is taken; nil if all are.
---@param names nx.cli.Names
---@return (fun(name: string): boolean)?
function M.matcher(names)
  local any = names.parts[1] ~= nil or next(names.whole) ~= nil
  local skips = names.skip[1] ~= nil or next(names.skip_whole) ~= nil
  if not any and not skips then return nil end
  return function(name)
    if skips and (names.skip_whole[name] or contains(name, names.skip)) then return false end
    return not any or names.whole[name] or contains(name, names.parts)
  end
end

return M
