-- What can be wrong with a filterset: every kind of diagnostic, with the words that stand above and below the caret.

---@class nx.filterset.Diagnostic
---@field kind string    a key of `kinds`
---@field title string   the line above the drawing
---@field label string   what stands under the caret
---@field first integer  where the span starts, in bytes from 1
---@field length integer bytes; 0 points between two characters
---@field help? string   how to write it instead

local M = {}

---@type table<string, { title: string, label: string|false }>
M.kinds = {
  invalid_regex = { title = "invalid regex", label = "invalid regex" },
  invalid_glob = { title = "invalid glob", label = "invalid glob" },
  banned_predicate = { title = "predicate not allowed in `%s` expressions", label = false },
  expected_close_regex = { title = "expected close regex", label = "missing `/`" },
  invalid_or_operator = { title = "invalid OR operator", label = "expected `|`, `+`, or `or`" },
  invalid_and_operator = { title = "invalid AND operator", label = "expected `&` or `and`" },
  unexpected_argument = { title = "unexpected argument", label = "this set doesn't take an argument" },
  unexpected_comma = { title = "unexpected comma", label = "this set doesn't take multiple arguments" },
  invalid_string = { title = "invalid string", label = "invalid string" },
  expected_open_parenthesis = { title = "expected open parenthesis", label = "missing `(`" },
  expected_close_parenthesis = { title = "expected close parenthesis", label = "missing `)`" },
  invalid_escape_character = { title = "invalid escape character", label = "invalid escape character" },
  expected_expression = { title = "expected expression", label = "missing expression" },
  found_binary_operator = { title = "expected expression, found `%s`", label = "`%s` is a binary operator" },
  found_unary_operator = { title = "expected expression, found `%s`", label = "`%s` is not a recognized operator" },
  expected_end = { title = "expected end of expression", label = "unparsed input" },
  no_package_match = { title = "operator didn't match any packages", label = "no packages matched this" },
  no_group_match = { title = "operator didn't match any test groups", label = "no test groups matched this" },
  no_binary_id_match = { title = "operator didn't match any binary IDs", label = "no binary IDs matched this" },
  no_binary_name_match = { title = "operator didn't match any binary names", label = "no binary names matched this" },
  invalid_platform = { title = "invalid argument for platform", label = 'expected "target" or "host"' },
  nested_too_deep = { title = "expression nested too deeply", label = "more than 5000 levels" },
}

--- Makes a diagnostic; `title` and `label` come from the kind unless given.
---@param kind string
---@param first integer
---@param length integer
---@param more? { title?: string, label?: string, help?: string }
---@return nx.filterset.Diagnostic
function M.new(kind, first, length, more)
  local row = M.kinds[kind]
  more = more or {}
  return {
    kind = kind,
    title = more.title or row.title,
    label = more.label or row.label or "",
    help = more.help,
    first = first,
    length = length,
  }
end

-- How many letters to add, drop, replace or swap with the next one to get from a to b.
local function distance(a, b)
  local before, row = {}, {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local new = { [0] = i }
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      local best = math.min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        best = math.min(best, before[j - 2] + 1)
      end
      new[j] = best
    end
    before, row = row, new
  end
  return row[#b]
end

--- The name in `names` that `word` was most likely meant to be, if any is near enough.
---@param word string
---@param names string[]
---@return string?
function M.nearest(word, names)
  if #word > 64 then return nil end
  local best, fewest
  for _, name in ipairs(names) do
    local count = name ~= word and distance(word, name) or math.huge
    if count <= math.max(1, #word // 3) and (not fewest or count < fewest or count == fewest and name < best) then
      best, fewest = name, count
    end
  end
  return best
end

return M
