-- Partitions: spec point 47, against the peer's recorded shards and published hashes.
local partition = require "nx.partition"
local err = require "nx.error"

local function list(spec)
  local tests = {}
  for suite, names in spec:gmatch "(%w+):(%S+)" do
    for name in names:gmatch "[^,]+" do
      local plain = name:gsub("!$", "")
      tests[#tests + 1] = { id = suite .. " " .. plain, suite = suite, name = plain, ignored = name:sub(-1) == "!" }
    end
  end
  return tests
end

local function kept(value, tests)
  local belongs, out = partition.new(value), {}
  for _, test in ipairs(tests) do if belongs(test) then out[#out + 1] = test.name end end
  return table.concat(out, " ")
end

describe("partitions", function()
  local tests = list "X:a,b,c,d,e Y:f,g"

  it("count: round robin, anew for each suite", function()
    assert.equal("a c e f", kept("count:1/2", tests))
    assert.equal("b d g", kept("count:2/2", tests))
  end)
  it("slice: round robin over all suites", function()
    assert.equal("a c e g", kept("slice:1/2", tests))
    assert.equal("b d f", kept("slice:2/2", tests))
  end)
  it("counts ignored tests apart", function()
    local mixed = list "X:a,b!,c,d! Y:e!,f"
    assert.equal("a b e f", kept("count:1/2", mixed))
    assert.equal("c d", kept("count:2/2", mixed))
    assert.equal("a b e f", kept("slice:1/2", mixed))
    assert.equal("c d", kept("slice:2/2", mixed))
  end)
  it("hash: XXH64 of the name alone", function()
    local ok = pcall(require, "nx.core.hash")
    if not ok then return end
    local shards = { a = { 2, 3, 1 }, ["tests::it_works"] = { 1, 3, 3 }, ["module::tests::a_name_longer_than_thirty_two_bytes"] = { 1, 1, 2 } }
    for name, places in pairs(shards) do
      for i, parts in ipairs { 2, 3, 5 } do
        for part = 1, parts do
          local belongs = partition.new(("hash:%d/%d"):format(part, parts)) { suite = "any", name = name }
          assert.equal(part == places[i], belongs, name)
        end
      end
    end
  end)
  it("a function is asked once a test, with its place", function()
    local seen = {}
    assert.equal("b d f", kept(function(test, index) seen[#seen + 1] = index .. test.name; return index % 2 == 0 end, tests))
    assert.same({ "1a", "2b", "3c", "4d", "5e", "6f", "7g" }, seen)
  end)
  it("a file that returns a function", function()
    local path = os.tmpname() .. ".lua"
    local file = assert(io.open(path, "w"))
    file:write "return function(test) return test.name > 'e' end"
    file:close()
    assert.equal("f g", kept(path, tests))
    os.remove(path)
  end)
  it("divides unsigned 64-bit numbers", function()
    assert.equal(0, partition.umod(-1, -1))
    assert.equal(5, partition.umod(-1, 10))
    assert.equal(1, partition.umod(math.mininteger, math.maxinteger))
    assert.equal(7, partition.umod(7, -2))
  end)
  it("refuses what is none", function()
    for _, bad in ipairs { "hash:0/3", "hash:4/3", "hash:1", "hash: 1/2", "count:-1/2", "foo:1/2", "slice:1/99999999999999999999999", "" } do
      local ok, e = pcall(partition.parse, bad)
      assert.is_false(ok, bad)
      assert.is_true(err.is(e))
      assert.equal(2, e.exit_code)
    end
    assert.equal("slice", partition.parse("slice:1/18446744073709551615").kind)
  end)
end)
