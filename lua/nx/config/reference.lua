-- The reference page of configuration keys, written from the table of keys: lua/doc/configuration.md is this text.

local keys = require "nx.config.keys"

local M = {}

local head = [[
# Configuration

nxlua reads the configuration of `cargo nextest`: `.config/nextest.toml` below the workspace root (or `--config-file`),
files of tools below it (`--tool-config-file NAME:/PATH`), and `$XDG_CONFIG_HOME/nextest/config.toml` for how things look
on a person's terminal. An option stands above its environment variable, that above the repository's file, that above the
files of tools, those above the defaults. A script gives the same keys as a table, above all files:

    build:tests():run { profile = { retries = 2, slow_timeout = "30s" } }

Tables are merged key by key; lists are replaced as a whole. Unknown keys are warned about. No key loads code.

A profile takes what it does not have from the profile that it `inherits`, and in the end from `default`. For one test,
the first matching override that has a setting decides it, each setting for itself: overrides of the profile first, then
those of `default`; a repository's before a tool's.
]]

local function section(out, title, rows)
  out[#out + 1] = "\n## " .. title .. "\n"
  for _, row in ipairs(rows) do
    out[#out + 1] = ("- `%s` — %s"):format(row[1], row.doc)
    out[#out + 1] = ("  Value: %s."):format(row.shape)
    if row.default then out[#out + 1] = ("  Default: `%s`."):format(row.default) end
    local above = {}
    if row.option then above[#above + 1] = ("option `%s`"):format(row.option) end
    if row.env then above[#above + 1] = ("variable `%s`"):format(row.env) end
    if #above > 0 then out[#out + 1] = ("  Above it: %s."):format(table.concat(above, ", ")) end
  end
end

--- The page as Markdown.
---@return string
function M.page()
  local out = { (head:gsub("\n$", "")) }
  local both, profile, override = {}, {}, {}
  for _, row in ipairs(keys.profile) do
    local list = row.profile and row.override and both or row.profile and profile or override
    list[#list + 1] = row
  end
  section(out, "Of a profile, and of its overrides", both)
  section(out, "Of a profile only", profile)
  section(out, "Of overrides only", override)
  section(out, "Top level", keys.top)
  return table.concat(out, "\n") .. "\n"
end

return M
