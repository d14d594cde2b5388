-- nx.report: the makers of reporters, each loaded on first use.

---@class nx.report
---@field human fun(o?: table): table
return setmetatable({}, {
  __index = function(self, name)
    local makers = { human = true, progress = true, libtest_json = true, junit = true, html = true, record = true }
    if not makers[name] then return nil end
    local ok, maker = pcall(require, "nx.report." .. name)
    if not ok then
      if not tostring(maker):find("module 'nx.report." .. name .. "' not found", 1, true) then error(maker, 0) end
      require "nx.error".raise { kind = "usage", message = ("nx.report.%s is not there yet"):format(name) }
    end
    rawset(self, name, maker)
    return maker
  end,
})
