-- nx.here: this machine, as a host.

local place = require "nx.core.place"

---@class nx.Host
---@field name string
---@field slots integer
---@field labels string[]
---@field platform string
local here = { name = "here", slots = place.cpus(), labels = {}, platform = place.triple }

local methods = {}
function methods:run(o) return require "nx".run(o) end
function methods:close() end

return { here = setmetatable(here, { __index = methods, __name = "nx.Host" }) }
