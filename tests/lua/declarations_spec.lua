-- What editors are told is what there is.
local nx = require "nx"
local source = os.getenv "NXLUA_SOURCE"

-- Names below nx that the declarations have: "run", "fs.glob", …
local function declared()
  local names, class = {}, nil
  for path in io.popen("ls '" .. source .. "'/lua/meta/*.lua"):lines() do
    for line in io.lines(path) do
      class = line:match "^%-%-%-@class ([%w_.]+)" or line:match "^%-%-%-" and class or nil
      local name = line:match "^function nx%.([%w_.]+)%(" or line:match "^nx%.([%w_.]+) *="
      local field = class and line:match "^%-%-%-@field ([%a_][%w_]*)"
      if name then names[name] = path end
      if field and class == "nx" then names[field] = path end
      local space = class and class:match "^nx%.(%l[%w_]*)$"
      if field and space then names[space .. "." .. field] = path end
    end
  end
  return names
end

-- Tables whose functions are all public; the others are inner modules of which a part is.
local whole = { fs = true, cargo = true, report = true }

describe("the declarations", function()
  local names = declared()
  it("name every public field", function()
    for name, value in pairs(nx) do
      assert.is_truthy(names[name], ("nx.%s is not declared in lua/meta"):format(name))
      for key in pairs(whole[name] and value or {}) do
        assert.is_truthy(names[name .. "." .. key], ("nx.%s.%s is not declared in lua/meta"):format(name, key))
      end
    end
  end)
  it("name nothing else", function()
    for name, path in pairs(names) do
      local value = nx
      for part in name:gmatch "[^.]+" do value = value and value[part] end
      assert.is_not_nil(value, ("%s declares nx.%s, which is not there"):format(path, name))
    end
  end)
end)
