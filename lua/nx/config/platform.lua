-- Platforms: what is known of a target triple, and the cfg(…) expressions and triples that settings are limited to.
--
-- A spec is compiled once and evaluated to true, false or nil (unknown: features of the target are not known here).
-- The grammar is that of https://docs.rs/cfg-expr, the peer's library for it.

local targets = require "nx.config.targets"

local M = {}

local fields = {
  "target_arch", "target_os", "target_env", "target_abi", "target_vendor", "target_family", "target_endian",
  "target_pointer_width", "target_has_atomic", "panic",
}

local function words(text)
  local set = {}
  if text ~= "-" then for word in text:gmatch "[^,]+" do set[word] = true end end
  return set
end

---@class nx.Platform
---@field triple string
---@field known boolean    false: only its name is known
---@field features "unknown"|"all"|string[]
---@field flags string[]

-- The facts of a triple that the table has, as { [key] = set of values }.
local function facts_of(triple)
  local line = ("\n" .. targets):match("\n" .. triple:gsub("%p", "%%%0") .. " ([^\n]*)")
  if not line then return nil end
  local facts, i = {}, 0
  for cell in line:gmatch "%S+" do
    i = i + 1
    facts[fields[i]] = words(cell)
  end
  local endian = next(facts.target_endian)
  facts.target_endian = { [endian == "l" and "little" or "big"] = true }
  for _, key in ipairs { "target_env", "target_abi" } do
    if not next(facts[key]) then facts[key][""] = true end
  end
  return facts
end

-- The same out of `rustc --print cfg` output, for targets that no table has.
local function facts_of_cfg(text)
  local facts = {}
  for line in text:gmatch "[^\n]+" do
    local key, value = line:match '^([%w_]+)="(.*)"$'
    if key and key ~= "target_feature" then
      facts[key] = facts[key] or {}
      facts[key][value] = true
    end
  end
  return facts
end

--- A platform out of the peer's summary of it: a triple, or { triple, ["target-features"], flags, ["custom-cfg"] }.
---@param summary string|table
---@return nx.Platform
function M.new(summary)
  if type(summary) == "string" then summary = { triple = summary } end
  local facts = summary["custom-cfg"] and facts_of_cfg(summary["custom-cfg"]) or facts_of(summary.triple)
  local flags = {}
  for _, flag in ipairs(type(summary.flags) == "table" and summary.flags or {}) do flags[flag] = true end
  return {
    triple = summary.triple, known = facts ~= nil, facts = facts or {}, flags = flags,
    features = summary["target-features"] or "unknown",
  }
end

--- Is there a built-in target of this name?
function M.is_known(triple)
  return facts_of(triple) ~= nil
end

local key_words = {
  target_os = true, target_arch = true, target_family = true, target_env = true, target_vendor = true, target_endian = true,
  target_pointer_width = true, target_abi = true, target_has_atomic = true, panic = true,
}

local Parser = {}
Parser.__index = Parser

function Parser:fail(label, first, length)
  error({ cfg = true, title = "error parsing cfg() expression", label = label, first = first, length = length }, 0)
end

-- One token: kind, first byte, length, value.
function Parser:token()
  local at = self.text:match("^%s*()", self.at)
  if at > self.stop then return "end", self.stop + 1, 0 end
  local c = self.text:sub(at, at)
  if c == "(" or c == ")" or c == "," or c == "=" then return c, at, 1 end
  if c == '"' then
    local close = self.text:find('"', at + 1, true)
    if not close or close > self.stop then self:fail("unclosed quotes", at, self.stop - at + 1) end
    return "value", at + 1, close - at - 1, self.text:sub(at + 1, close - 1)
  end
  local word = self.text:match("^[%a_][%w_.]*", at)
  if not word then self:fail("expected one of `<key>`, `all`, `any`, `not` here", at, #self.text:match("^" .. utf8.charpattern, at)) end
  return (word == "all" or word == "any" or word == "not") and word or "key", at, #word, word
end

function Parser:next()
  local kind, first, length, value = self:token()
  self.at = kind == "value" and first + length + 1 or first + length
  return kind, first, length, value
end

-- A node: { op = "all"|"any"|"not", … } or { key, value? }
function Parser:predicate()
  local kind, first, length, word = self:next()
  if kind == "all" or kind == "any" or kind == "not" then
    local open, open_at = self:next()
    if open ~= "(" then
      self:fail("expected one of `(` here", open == "end" and first or open_at, open == "end" and length or 1)
    end
    local node = { op = kind }
    if self:token() ~= ")" then
      repeat
        node[#node + 1] = self:predicate()
        local sep, at, n = self:token()
        if sep == "," then
          self:next()
          if self:token() == ")" then sep = ")" end
        elseif sep == "end" then self:fail("unclosed parens", open_at, self.stop - open_at + 1)
        elseif sep ~= ")" then self:fail("expected one of `=`, `,`, `)` here", at, n) end
      until sep == ")"
    end
    self:next()
    if kind == "not" and #node ~= 1 then
      self:fail(("not() takes 1 predicate, found %d"):format(#node), first, self.at - first)
    end
    return node
  end
  if kind ~= "key" then
    if kind == "value" then first, length = first - 1, length + 2 end
    self:fail("expected one of `<key>`, `all`, `any`, `not` here", first, length)
  end
  if self:token() ~= "=" then
    if key_words[word] then self:fail('expected a `= "<target_cfg_value>"` here', first, length) end
    return { word }
  end
  self:next()
  local vkind, vfirst, vlength, value = self:next()
  if vkind ~= "value" then self:fail('expected one of `"<value>"` here', vfirst, vlength) end
  if word == "target_pointer_width" and not value:find "^%d+$" or word == "target_endian" and value ~= "little" and value ~= "big" then
    self:fail("invalid integer", vfirst, vlength)
  end
  return { word, value }
end

function Parser:root()
  if self.text:sub(self.at, self.stop):find "^%s*$" then self:fail("empty expression", self.at, 0) end
  local _, first = self:token()
  local node = self:predicate()
  local kind, at, length = self:token()
  if kind == "," then
    self:next()
    if self:token() == "end" then return node end
    repeat
      self:predicate()
      kind, at, length = self:next()
    until kind ~= ","
    if kind == "end" then self:fail("multiple root predicates", first, self.stop - first + 1) end
  end
  if kind == ")" then self:fail("unopened parens", at, length) end
  if kind ~= "end" then self:fail("expected one of `=`, `,`, `)` here", at, length) end
  return node
end

--- Compiles a platform spec: a triple, or cfg(…). nil and a diagnostic { title, label, first, length } if it is neither.
---@param text string
---@return table?
---@return table?
function M.compile(text)
  if text:find "^cfg%(" then
    local closed = text:find "%)$" ~= nil
    local parser = setmetatable({ text = text, at = closed and 5 or 1, stop = closed and #text - 1 or #text }, Parser)
    local ok, result = pcall(parser.root, parser)
    if ok then return { cfg = result } end
    if type(result) ~= "table" or not result.cfg then error(result, 0) end
    return nil, result
  end
  local bad = text:find "[^%w_.-]"
  if bad then
    return nil, { title = "invalid triple identifier", label = "character must be alphanumeric, -, _ or .", first = bad, length = 1 }
  end
  return { triple = text }
end

local function atom(node, platform)
  local key, value = node[1], node[2]
  if value == nil then
    if key == "unix" or key == "windows" then return (platform.facts.target_family or {})[key] == true end
    return platform.flags[key] == true
  end
  if key == "target_feature" then
    local features = platform.features
    if features == "unknown" then return nil end
    if features == "all" then return true end
    for _, feature in ipairs(features) do
      if feature == value then return true end
    end
    return false
  end
  return key_words[key] and (platform.facts[key] or {})[value] == true or false
end

local function evaluate(node, platform)
  if not node.op then return atom(node, platform) end
  if node.op == "not" then
    local value = evaluate(node[1], platform)
    if value == nil then return nil end
    return not value
  end
  local decisive, unknown = node.op == "any", false
  for _, inner in ipairs(node) do
    local value = evaluate(inner, platform)
    if value == decisive then return decisive end
    if value == nil then unknown = true end
  end
  if unknown then return nil end
  return not decisive
end

--- Is a compiled spec true of a platform? nil: it cannot be told.
---@return boolean?
function M.matches(spec, platform)
  if spec.triple then return spec.triple == platform.triple end
  return evaluate(spec.cfg, platform)
end

return M
