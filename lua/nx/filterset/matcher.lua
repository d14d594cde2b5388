-- A matcher as a function: text → boolean.

local M = {}

local find = string.find

---@param m nx.filterset.Matcher
---@return fun(text: string): boolean
function M.compile(m)
  local text = m.text
  if m.kind == "equal" then
    return function(s) return s == text end
  elseif m.kind == "contains" then
    return function(s) return find(s, text, 1, true) ~= nil end
  end
  return m.compiled.match
end

--- How dear a call is, to ask the cheap ones first.
---@param m nx.filterset.Matcher
---@return integer
function M.cost(m)
  if m.kind == "equal" or m.kind == "glob" and m.compiled.literal then return 1 end
  if m.kind == "contains" then return 2 end
  return m.kind == "glob" and 3 or 4
end

return M
