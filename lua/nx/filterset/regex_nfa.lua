-- Matching without backtracking: slower than PCRE2 on common patterns, but never more than states times characters, and
-- without PCRE2's limits on the size of a pattern. Used where PCRE2 gives up.

local rex = require "rex_pcre2"
local class = require "nx.filterset.regex_class"
local translate = require "nx.filterset.regex_translate"

local M = {}

local utf = rex.flags().UTF

-- A predicate on code points.
local function member(set, unicode)
  local members = class.members(set, unicode)
  local program
  local known = {}
  return function(code)
    if code < 128 then return members[code] == true end
    if not unicode then return false end
    local is = known[code]
    if is == nil then
      program = program or rex.new("^" .. class.pattern(set) .. "\\z", utf)
      is = program:find(utf8.char(code)) ~= nil
      known[code] = is
    end
    return is
  end
end

-- First pass, left to right: flags are settled, characters become predicates.
local simplify = {}

local function simple(self, node) return simplify[node.t](self, node) end

function simplify.empty() return { k = "cat" } end

function simplify.flags(self, node)
  self.flags = translate.with_flags(self.flags, node.flags)
  return { k = "cat" }
end

function simplify.lit(self, node)
  local set = translate.literal(node, self.flags)
  if set then return { k = "char", is = member(set, self.flags.unicode) } end
  local wanted = node.c
  return { k = "char", is = function(code) return code == wanted end }
end

function simplify.dot(self, node)
  return { k = "char", is = member(translate.dot(node, self.flags), true) }
end

function simplify.class(self, node)
  return { k = "char", is = member(class.resolve(node, self.flags), self.flags.unicode) }
end
simplify.perl, simplify.unicode = simplify.class, simplify.class

function simplify.assert(self, node)
  return { k = "assert", kind = translate.assertion(node.kind, self.flags), unicode = self.flags.unicode }
end

function simplify.rep(self, node)
  return { k = "rep", min = node.min, max = node.max, simple(self, node[1]) }
end

function simplify.group(self, node)
  local outer = self.flags
  if node.flags then self.flags = translate.with_flags(outer, node.flags) end
  local inner = simple(self, node[1])
  self.flags = outer
  return inner
end

function simplify.cat(self, node)
  local out = { k = node.t }
  for i, child in ipairs(node) do out[i] = simple(self, child) end
  return out
end
simplify.alt = simplify.cat

-- Second pass, right to left: states. A state is { is, next }, { assert, unicode, next } or { a, b } as a fork.
local function build(node, next_state)
  if node.k == "char" then return { is = node.is, next = next_state } end
  if node.k == "assert" then return { assert = node.kind, unicode = node.unicode, next = next_state } end
  if node.k == "cat" then
    for i = #node, 1, -1 do next_state = build(node[i], next_state) end
    return next_state
  end
  if node.k == "alt" then
    local fork = {}
    for i, child in ipairs(node) do fork[i] = build(child, next_state) end
    return fork
  end
  local state = next_state
  if not node.max then
    state = { next_state }
    state[2] = build(node[1], state)
  else
    for _ = node.min + 1, node.max do state = { next_state, build(node[1], state) } end
  end
  for _ = 1, node.min do state = build(node[1], state) end
  return state
end

local word_program

local function is_word(code, unicode)
  if not code then return false end
  if code < 128 then return string.char(code):find "^[%w_]$" ~= nil end
  if not unicode then return false end
  word_program = word_program or rex.new("^" .. class.word .. "\\z", utf)
  return word_program:find(utf8.char(code)) ~= nil
end

local asserts = {
  ["start"] = function(before) return not before end,
  ["end"] = function(_, after) return not after end,
  start_lf = function(before) return not before or before == 10 end,
  end_lf = function(_, after) return not after or after == 10 end,
  start_crlf = function(before, after) return not before or before == 10 or before == 13 and after ~= 10 end,
  end_crlf = function(before, after) return not after or after == 13 or after == 10 and before ~= 13 end,
  word = function(before, after, u) return is_word(before, u) ~= is_word(after, u) end,
  not_word = function(before, after, u) return is_word(before, u) == is_word(after, u) end,
  word_start = function(before, after, u) return not is_word(before, u) and is_word(after, u) end,
  word_end = function(before, after, u) return is_word(before, u) and not is_word(after, u) end,
  word_start_half = function(before, _, u) return not is_word(before, u) end,
  word_end_half = function(_, after, u) return not is_word(after, u) end,
}

-- The code points of a text; bytes that are no UTF-8 count as U+FFFD.
local function decode(text)
  local codes, at = {}, 1
  while at <= #text do
    local stop = select(2, utf8.len(text, at)) or #text + 1
    for _, code in utf8.codes(text:sub(at, stop - 1)) do codes[#codes + 1] = code end
    if stop <= #text then codes[#codes + 1] = 0xFFFD end
    at = stop + 1
  end
  return codes
end

--- A function text → boolean for a tree that `translate` accepts.
---@param tree table
---@return fun(text: string): boolean
function M.compile(tree)
  local match = { match = true }
  local start = build(simple({ flags = translate.default_flags }, tree), match)
  return function(text)
    local codes = decode(text)
    local list = {}
    for i = 1, #codes + 1 do
      local before, after = codes[i - 1], codes[i]
      local seen, waiting = {}, {}
      list[#list + 1] = start
      while #list > 0 do
        local state = table.remove(list)
        if state.match then return true end
        if not seen[state] then
          seen[state] = true
          if state.is then
            waiting[#waiting + 1] = state
          elseif state.assert then
            if asserts[state.assert](before, after, state.unicode) then list[#list + 1] = state.next end
          else
            for _, branch in ipairs(state) do list[#list + 1] = branch end
          end
        end
      end
      if after then
        for _, state in ipairs(waiting) do
          if state.is(after) then list[#list + 1] = state.next end
        end
      end
    end
    return false
  end
end

return M
