-- Many children, much output: descriptors and memory stay flat. tests/long does it in full size.
local nx = require "nx"
local flat = require "flat"

local long = ... == "long"
local children = long and 10000 or 400
local megabytes = long and 1024 or 64

local function numbers(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

describe("flat", function()
  it(("%d children in one run"):format(children), function()
    local function work(i)
      local out = nx.run { "sh", "-c", "echo $1; exit 1", "-", i }
      assert(out.exit_code == 1 and out.stdout == i .. "\n")
    end
    nx.map { numbers(100), work, limit = 8 }
    local descriptors, memory = flat.descriptors(), flat.resident()
    nx.map { numbers(children), work, limit = 8 }
    assert.equal(descriptors, flat.descriptors())
    assert.is_true(flat.resident() - memory < 4e6)
  end)
  it("children that fail to start, time out or are cancelled", function()
    local function work(i)
      if i % 3 == 0 then assert(not pcall(nx.run, { "no-such-program" })) end
      if i % 3 == 1 then assert(nx.run({ "sleep", 100, timeout = 0.001 }).reason == "timeout") end
      if i % 3 == 2 then
        local t = nx.task(function() nx.run { "sleep", 100, stdout = function() end } end)
        nx.sleep(0.001)
        t:close()
      end
    end
    nx.map { numbers(30), work, limit = 8 }
    local descriptors, memory = flat.descriptors(), flat.resident()
    nx.map { numbers(children // 4), work, limit = 8 }
    assert.equal(descriptors, flat.descriptors())
    assert.is_true(flat.resident() - memory < 4e6)
  end)
  it(("%d MB of output through a function"):format(megabytes), function()
    local bytes, most, before = 0, 0, flat.resident()
    local out = nx.run { "head", "-c", megabytes << 20, "/dev/zero", stdout = function(chunk)
      bytes = bytes + #(chunk or "")
      if bytes % (16 << 20) == 0 then most = math.max(most, flat.resident()) end
    end }
    assert.is_true(out.ok)
    assert.equal(megabytes << 20, bytes)
    assert.is_true(most - before < 8e6)
  end)
  it("a bounded capture of it", function()
    local before = flat.resident()
    local out = nx.run { "head", "-c", megabytes << 20, "/dev/zero", max_output = "1MiB" }
    assert.equal(1 << 20, #out.stdout)
    assert.equal((megabytes - 1) << 20, out.truncated)
    assert.is_true(flat.resident() - before < 8e6)
  end)
  it("does not read while the function runs", function()
    local chunks, p = 0
    p = nx.start { "yes", stdout = function()
      chunks = chunks + 1
      nx.sleep(0.4)
    end }
    nx.sleep(0.3)
    assert.equal(1, chunks)
    local file = assert(io.open("/proc/" .. p.pid .. "/stat"))
    assert.matches("%) S", file:read "a") -- it sleeps in its write
    file:close()
    p:close()
  end)
end)
