-- How large a regular expression becomes once compiled, in the peer's measure, to refuse what it refuses (10 MiB). A state
-- costs 32 bytes, a range in it 8, a branch 4; classes beyond ASCII are automata over bytes. Exact for most patterns; close
-- for classes made by set operations.

local class = require "nx.filterset.regex_class"
local props = require "nx.filterset.regex_props"
local translate = require "nx.filterset.regex_translate"

local M = { LIMIT = 10 * 1024 * 1024 }

local STATE, RANGE, BRANCH, OVERHEAD = 32, 8, 4, 224

local perl_cost = { d = 5125, s = 680, w = 50171, D = 12756, S = 1925, W = 46603 }
local DOT, DOT_ALL = 1000, 964

-- Calls add(first byte range, second, …) for each run of byte sequences that UTF-8 writes a range of code points with.
local function sequences(low, high, add)
  if low > high then return end
  for _, edge in ipairs { 0x7F, 0x7FF, 0xD7FF, 0xDFFF, 0xFFFF } do
    if low <= edge and high > edge then
      sequences(low, edge, add)
      return sequences(edge + 1, high, add)
    end
  end
  if low >= 0xD800 and high <= 0xDFFF then return end
  local first, last = utf8.char(low), utf8.char(high)
  for level = 1, #first - 1 do
    local mask = (1 << 6 * level) - 1
    if low & ~mask ~= high & ~mask then
      if low & mask ~= 0 then
        sequences(low, low | mask, add)
        return sequences((low | mask) + 1, high, add)
      elseif high & mask ~= mask then
        sequences(low, (high & ~mask) - 1, add)
        return sequences(high & ~mask, high, add)
      end
    end
  end
  add(first, last)
end

-- The automaton of a class read from its last byte: sequences share what they begin with.
local function ranges_cost(ranges)
  local states, branches, seen = 0, 0, {}
  local ascii = true
  for _, range in ipairs(ranges) do
    if range[2] > 127 then ascii = false end
    sequences(range[1], range[2], function(first, last)
      branches = branches + 1
      local key = ""
      for i = 1, #first do
        key = key .. first:sub(i, i) .. last:sub(i, i)
        if not seen[key] then
          seen[key] = true
          states = states + 1
        end
      end
    end)
  end
  if ascii then return 2 * STATE + #ranges * RANGE end
  return 2 * STATE + branches * BRANCH + states * STATE
end

local function set_cost(set, unicode)
  if set.k == "ranges" and not set.fold then return ranges_cost(set) end
  if set.k == "perl" then
    return unicode and perl_cost[set.letter] or 2 * STATE + 3 * RANGE
  elseif set.k == "prop" then
    return ranges_cost(props.ranges(set.property))
  elseif set.k == "not" and set[1].k == "perl" then
    return perl_cost[set[1].letter:upper()]
  end
  local cost = set.k == "not" and DOT or 0
  if set.k == "ranges" then return ranges_cost(set) + #set * RANGE end
  for _, item in ipairs(set) do cost = cost + set_cost(item, unicode) end
  return cost
end

-- cost[t](self, node) → bytes, and whether it can match the empty text
local cost = {}

local function visit(self, node) return cost[node.t](self, node) end

function cost.empty() return STATE, true end

function cost.flags(self, node)
  self.flags = translate.with_flags(self.flags, node.flags)
  return 0, true
end

function cost.lit(self, node)
  local set = translate.literal(node, self.flags)
  if set and string.char(node.c & 127):find "%a" then return 2 * STATE + 2 * RANGE, false end
  return #utf8.char(node.c) * STATE, false
end

function cost.dot(self) return self.flags.dot_all and DOT_ALL or DOT, false end

function cost.assert() return STATE, true end

function cost.class(self, node)
  return set_cost(class.resolve(node, self.flags), self.flags.unicode), false
end
cost.perl, cost.unicode = cost.class, cost.class

function cost.rep(self, node)
  local inner, empty = visit(self, node[1])
  local min, max = node.min, node.max
  local fork = STATE + 2 * BRANCH
  if node[1].t == "assert" then min, max = math.min(min, 1), max and math.min(max, 1) end
  if not max then
    if min == 0 then return empty and inner + 2 * fork + STATE or inner + fork, true end
    return min * inner + fork, empty
  end
  if min == max then return math.max(min * inner, STATE), empty or min == 0 end
  return min * inner + (max - min) * (fork + inner) + STATE, empty or min == 0
end

function cost.group(self, node)
  local outer = self.flags
  if node.flags then self.flags = translate.with_flags(outer, node.flags) end
  local inner, empty = visit(self, node[1])
  self.flags = outer
  return inner + (node.flags and 0 or 2 * STATE), empty
end

function cost.cat(self, node)
  local sum, empty = 0, true
  for _, child in ipairs(node) do
    local inner, inner_empty = visit(self, child)
    sum, empty = sum + inner, empty and inner_empty
  end
  return sum, empty
end

function cost.alt(self, node)
  local sum, empty = 2 * STATE + #node * BRANCH, false
  for _, child in ipairs(node) do
    local inner, inner_empty = visit(self, child)
    sum, empty = sum + inner, empty or inner_empty
  end
  return sum, empty
end

-- An upper bound without a look into classes: most regexes need no more.
local function atoms(node)
  local sum = node.t == "cat" and 0 or 1
  for _, child in ipairs(node) do sum = sum + atoms(child) end
  if node.t == "rep" then sum = sum * math.max(node.max or node.min, 1) end
  return sum
end

--- Is it more than the peer compiles?
---@param tree table   one that `translate` accepts
---@return boolean
function M.too_large(tree)
  if atoms(tree) * 51000 + OVERHEAD <= M.LIMIT then return false end
  return M.cost(tree) > M.LIMIT
end

---@return integer
function M.cost(tree)
  return (visit({ flags = translate.default_flags }, tree)) + OVERHEAD
end

return M
