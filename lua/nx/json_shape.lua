-- What a decoded document must look like, checked at once, with complaints in serde_json's words and places: the two metadata
-- documents come from anywhere, and whoever made a wrong one is told where.
--
--     local s = require "nx.json_shape"
--     local shape = s.struct("Point", { { "x", s.required(s.number) }, { "tags", s.list(s.string) } })
--     local complaint = s.check(text, document, shape)     nil when it fits

local json = require "nx.json"

local M = {}

---@class nx.json.Shape
---@field is string                  "string"|"list"|"map"|"struct"|"enum"|"custom"|"any"|"number"
---@field expected? string           how messages name what is wanted
---@field needed? boolean            a struct's field that must be there
---@field nullable? boolean

M.any = { is = "any" }
M.string = { is = "string", expected = "a string" }
M.path = { is = "string", expected = "a UTF-8 path string" }
M.number = { is = "number", expected = "usize" }

function M.list(of) return { is = "list", of = of, expected = "a sequence" } end
function M.map(of) return { is = "map", of = of, expected = "a map" } end

--- A struct; `fields` are in the order in which they are looked at.
---@param name string
---@param fields table[]   { name, shape }
function M.struct(name, fields)
  return { is = "struct", fields = fields, expected = "struct " .. name, count = #fields }
end

--- One of some words.
function M.enum(...) return { is = "enum", words = { ... } } end

--- Whatever `fits(value)` says yes to; else `complaint`.
function M.custom(fits, complaint) return { is = "custom", fits = fits, complaint = complaint } end

local function with(shape, key)
  local copy = { [key] = true }
  for k, v in pairs(shape) do if copy[k] == nil then copy[k] = v end end
  return copy
end
function M.required(shape) return with(shape, "needed") end
function M.nullable(shape) return with(shape, "nullable") end

local function fail(path, where, text)
  error({ shape = text, path = path, where = where }, 0)
end

local function kind_of(value)
  if value == json.null then return "null" end
  local kind = type(value)
  if kind == "table" then return json.is_array(value) and "list" or "map" end
  return kind
end

local function shown(value, kind)
  if kind == "null" then return "null" end
  if kind == "list" then return "sequence" end
  if kind == "map" then return "map" end
  if kind == "boolean" then return ("boolean `%s`"):format(value) end
  if kind == "string" then return ("string \"%s\""):format(value) end
  if math.type(value) == "integer" then return ("integer `%d`"):format(value) end
  return ("floating point `%s`"):format(("%.17g"):format(value):len() > 6 and tostring(value) or ("%.17g"):format(value))
end

local function wrong_type(value, kind, shape, path)
  fail(path, (kind == "list" or kind == "map") and "before" or "end",
    ("invalid type: %s, expected %s"):format(shown(value, kind), shape.expected))
end

local visit

local function below(path, key)
  local longer = table.move(path, 1, #path, 1, {})
  longer[#longer + 1] = key
  return longer
end

local function quoted(words)
  local list = {}
  for i, word in ipairs(words) do list[i] = "`" .. word .. "`" end
  if #list == 2 then return table.concat(list, " or ") end
  return "one of " .. table.concat(list, ", ")
end

function visit(value, shape, path)
  local kind, is = kind_of(value), shape.is
  if kind == "null" and shape.nullable or is == "any" then return end
  if is == "struct" then
    if kind == "list" then
      fail(path, "end", ("invalid length %d, expected %s with %d elements"):format(#value, shape.expected, shape.count))
    end
    if kind ~= "map" then wrong_type(value, kind, shape, path) end
    for _, field in ipairs(shape.fields) do
      local inner = value[field[1]]
      if inner ~= nil then visit(inner, field[2], below(path, field[1])) end
    end
    for _, field in ipairs(shape.fields) do
      if field[2].needed and value[field[1]] == nil then fail(path, "end", ("missing field `%s`"):format(field[1])) end
    end
  elseif is == "list" or is == "map" then
    if kind ~= is then wrong_type(value, kind, shape, path) end
    if is == "list" then
      for i, inner in ipairs(value) do visit(inner, shape.of, below(path, i)) end
    else
      for key, inner in pairs(value) do visit(inner, shape.of, below(path, key)) end
    end
  elseif is == "enum" then
    if kind ~= "string" then fail(path, "start", "expected value") end
    for _, word in ipairs(shape.words) do if word == value then return end end
    fail(path, "end", ("unknown variant `%s`, expected %s"):format(value, quoted(shape.words)))
  elseif is == "custom" then
    if not shape.fits(value) then fail(path, "end", shape.complaint) end
  elseif kind ~= is then
    wrong_type(value, kind, shape, path)
  end
end

--- nil when the document fits, else the complaint.
---@param text string       the document as it was written, for the place
---@param document any
---@param shape nx.json.Shape
---@return string?
function M.check(text, document, shape)
  local ok, problem = pcall(visit, document, shape, {})
  if ok then return nil end
  if type(problem) ~= "table" or not problem.shape then error(problem, 0) end
  return problem.shape .. require "nx.json_exact".at(text, problem.path, problem.where, json)
end

return M
