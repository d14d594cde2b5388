-- Regular expressions as the peer has them: Rust's syntax and meaning, matched by PCRE2 behind a translation. Subjects of
-- ASCII alone, nearly all names of tests, take a pattern without Unicode; the others one with it. What PCRE2 cannot hold or
-- gives up on is matched without backtracking.

local rex = require "rex_pcre2"
local parse = require "nx.filterset.regex_parse"
local translate = require "nx.filterset.regex_translate"
local size = require "nx.filterset.regex_size"
local nfa = require "nx.filterset.regex_nfa"
local is_ascii = require "nx.core.text".ascii

local M = {}

local UTF = rex.flags().UTF

-- Steps that PCRE2 may take on one subject before the other engine takes over for good.
local LIMITS = "(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=20000)"
local JIT_AFTER = 100 -- subjects

-- A PCRE2 program for a pattern, or nil when it is beyond PCRE2.
local function program(tree, ascii)
  local pattern = translate.translate(tree, ascii)
  if not pattern then return nil end
  local ok, compiled = pcall(rex.new, LIMITS .. pattern, not ascii and UTF or 0)
  return ok and compiled or nil
end

---@class nx.filterset.Regex
---@field text string
---@field match fun(text: string): boolean

-- The matcher of a tree. Programs are made when they are first needed.
local function matcher(tree)
  local pcall = pcall
  local slow, gave_up -- the other engine, and whether it is the only one by now
  local function other(subject)
    slow = slow or nfa.compile(tree)
    return slow(subject)
  end
  local ascii = program(tree, true)
  local wide, wide_made
  local count = 0
  return function(subject)
    if gave_up then return slow(subject) end
    local compiled = ascii
    if not is_ascii(subject) then
      if not wide_made then wide, wide_made = program(tree, false), true end
      compiled = wide
    end
    if not compiled then return other(subject) end
    count = count + 1
    if count == JIT_AFTER then pcall(compiled.jit_compile, compiled) end
    local ok, at = pcall(compiled.find, compiled, subject)
    if ok then return at ~= nil end
    local answer = other(subject)
    gave_up = utf8.len(subject) ~= nil -- else the subject alone is to blame: it is no UTF-8
    return answer
  end
end

local cache = setmetatable({}, { __mode = "v" })

--- Compiles a regular expression; nil and what is wrong, with its span (bytes from 1) where it has one.
---@param text string
---@return nx.filterset.Regex?
---@return { message?: string, first?: integer, length?: integer }?
function M.compile(text)
  local known = cache[text]
  if known then return known end
  local tree, problem = parse.parse(text)
  if tree then problem = select(2, translate.translate(tree, true)) end
  if problem then
    return nil, { message = problem.message, first = problem.first + 1, length = problem.last - problem.first }
  end
  if size.too_large(tree) then return nil, {} end
  local compiled = { text = text, match = matcher(tree) }
  cache[text] = compiled
  return compiled
end

return M
