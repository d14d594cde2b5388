-- nx.cargo: Cargo as a source of tests.

local M = {}

--- nx.cargo.build { workspace = true, … } -> Build
---@param options? table   Cargo's long options with `_`; toolchain, cargo_args, env, output
---@return nx.Build
function M.build(options)
  return require "nx.cargo.build".build(options)
end

return M
