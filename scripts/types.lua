-- nxlua types DIR: writes the declarations of the library there, for editors that read LuaCATS.
local nx = require "nx"
local open = require "nx.core.open"

local dir = ...
if not dir or dir:sub(1, 1) == "-" then
  nx.fail { "usage: nxlua types DIR   (then name DIR in workspace.library of .luarc.json)", kind = "usage", exit_code = 2 }
end
local count = 0
for _, name in ipairs(open.carried_names()) do
  local file = name:match "^meta/(.*)$"
  if file then
    nx.fs.mkdir(dir .. "/nx")
    nx.fs.write { dir .. "/nx/" .. file, data = open.carried(name) }
    count = count + 1
  end
end
print(("%d files of declarations in %s/nx"):format(count, dir))
