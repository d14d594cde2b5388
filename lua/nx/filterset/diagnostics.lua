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
  nested_too_deep = { title = "expression nested too deeply", label = "more than 1000 levels" },
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

--- The name in `names` that `word` was most likely meant to be, if any is near enough.
---@param word string
---@param names table<string, any>|string[]
---@return string?
function M.nearest(word, names)
  local best, best_distance
  local function try(name)
    if name == word then return end
    local row = {}
    for j = 0, #name do row[j] = j end
    for i = 1, #word do
      local diagonal = row[0]
      row[0] = i
      for j = 1, #name do
        local cost = word:byte(i) == name:byte(j) and 0 or 1
        local value = math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost)
        diagonal, row[j] = row[j], value
      end
    end
    local distance = row[#name]
    local near = distance <= math.max(1, #word // 3)
    if near and (not best_distance or distance < best_distance or distance == best_distance and name < best) then
      best, best_distance = name, distance
    end
  end
  if #word > 64 then return nil end
  if #names > 0 then
    for _, name in ipairs(names) do try(name) end
  else
    for name in pairs(names) do try(name) end
  end
  return best
end

return M
