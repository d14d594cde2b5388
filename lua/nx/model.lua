-- Records that the whole library passes around, and the identity of suites and tests: ids and their order.

local M = {}

-- The version of `cargo nextest` that we answer to: in NEXTEST_VERSION, in version requirements, in messages.
M.NEXTEST_VERSION = "0.9.143"

---@class nx.Suite
---@field id string
---@field name string
---@field path string
---@field package? string
---@field package_id? string
---@field harness string        "libtest", "gtest", …
---@field kind string           "lib", "test", "bin", "bench", "example", "proc-macro", … "exe"
---@field platform string       "target" or "host"
---@field runner string[]       put in front of listing and running
---@field cwd? string
---@field env table<string, string>
---@field library_path string[]
---@field bytes? integer
---@field hash? string
---@field meta table

---@class nx.Test
---@field id string             "SUITE NAME"
---@field suite string          id of the suite
---@field name string
---@field ignored boolean
---@field labels string[]
---@field meta table

-- `labels` and `meta` of a test come into being when somebody looks: a list of 100,000 tests holds none.
local Test = { __name = "nx.Test" }
function Test.__index(test, key)
  if key == "labels" or key == "meta" then
    local value = {}
    rawset(test, key, value)
    return value
  end
end
M.Test = Test

--- A test record.
---@param suite string
---@param name string
---@param ignored? boolean
---@return nx.Test
function M.test(suite, name, ignored)
  return setmetatable({ id = suite .. " " .. name, suite = suite, name = name, ignored = ignored or false }, Test)
end

--- The id of a Cargo binary: `pkg`, `pkg::test` or `pkg::kind/name`.
function M.binary_id(package, kind, name)
  if kind == "lib" or kind == "proc-macro" then return package end
  if kind == "test" then return package .. "::" .. name end
  return package .. "::" .. kind .. "/" .. name
end

-- The key by which ids sort: package, then class of the tail (none, name, kind/name), then its parts.
local function sort_key(id)
  local package, tail = id:match "^(.-)::(.*)$"
  if not package then return id .. "\0\1" end
  local kind, name = tail:match "^([^/]*)/(.*)$"
  if not kind then return package .. "\0\2" .. tail end
  return package .. "\0\3" .. kind .. "\0" .. name
end
M.sort_key = sort_key

--- Sorts a list of ids, or of records by their id, in the peer's order. In place; returns the list.
---@generic T
---@param list T[]
---@return T[]
function M.sort_ids(list)
  local keys = {}
  for _, item in ipairs(list) do keys[item] = sort_key(type(item) == "string" and item or item.id) end
  table.sort(list, function(a, b) return keys[a] < keys[b] end)
  return list
end

return M
