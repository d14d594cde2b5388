-- Every command that is carried leaves no process and no file behind, whatever it is given.
local program = require "program"

local function lines(command)
  local list = {}
  local pipe = assert(io.popen(command))
  for line in pipe:lines() do list[#list + 1] = line end
  pipe:close()
  return list
end

describe("every script", function()
  setup(program.setup)
  teardown(program.teardown)

  local mark = "NXLUA_MARK=" .. tostring(os.time()) .. tostring({}):gsub("%W", "")
  local function left()
    return lines("grep -lz '" .. mark .. "' /proc/[0-9]*/environ 2>/dev/null")
  end

  local names = {}
  for _, path in ipairs(lines("ls '" .. os.getenv "NXLUA_SOURCE" .. "'/scripts/*.lua")) do
    names[#names + 1] = path:match "([^/]+)%.lua$"
  end
  for _, name in ipairs(names) do
    for _, arguments in ipairs { "--help", "--no-such-option", "/dev/null/none", "" } do
      it(("%s %s"):format(name, arguments), function()
        -- those that build take long and have tests of their own
        if arguments == "" and (name == "demo" or name == "bench") then return end
        os.execute("mkdir -p " .. program.dir .. "/tmp " .. program.dir .. "/empty")
        local r = program.sh(("cd empty && %s TMPDIR=%s/tmp exec timeout 60 \"$N\" %s %s"):format(mark, program.dir, name, arguments))
        assert.is_true(r.code ~= 124 and r.code < 128, "it hangs or dies: " .. r.code .. r.err)
        if r.code ~= 0 then assert.is_true(#r.err > 0, "no word about what is wrong") end
        assert.is_nil(r.err:find("stack traceback", 1, true), r.err)
        assert.is_nil(r.err:find("internal error", 1, true), r.err)
        os.execute "sleep 0.05" -- what watches over our groups sees our end
        assert.same({}, left())
        assert.same({}, lines("ls -A " .. program.dir .. "/tmp " .. program.dir .. "/empty | grep -v -e ':$' -e '^$'"))
      end)
    end
  end
end)
