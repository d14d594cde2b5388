-- spawn.lua COUNT SLOTS PROGRAM ARG…: that many children that do nothing, SLOTS at a time, both pipes captured.
local nx = require "nx"
local count, slots = tonumber((...)), tonumber((select(2, ...)))
local argv = { select(3, ...) }
local list = {}
for i = 1, count do list[i] = i end
nx.map { list, function() assert(nx.run(argv).ok) end, limit = slots }
