local json = require "nx.json"
local exact = require "nx.json_exact"

describe("nx.json decode", function()
  it("makes whole numbers integers and keeps the others floats", function()
    local v = json.decode '{"a":1,"b":[0,-7,2.5,1e3],"c":1.0}'
    assert.equal("integer", math.type(v.a))
    assert.same({ "integer", "integer", "float", "integer" },
      { math.type(v.b[1]), math.type(v.b[2]), math.type(v.b[3]), math.type(v.b[4]) })
    assert.equal(1, v.c)
  end)
  it("keeps integers beyond 2^53 exact", function()
    assert.equal(9007199254740993, json.decode '[9007199254740993]'[1])
    assert.equal(math.mininteger, json.decode '{"x":[-9223372036854775808]}'.x[1])
    assert.equal(math.maxinteger, json.decode "9223372036854775807")
    assert.equal(1e20, json.decode "[100000000000000000000]"[1])
  end)
  it("tells empty lists from empty maps, wherever the spaces are", function()
    for _, text in ipairs { '{"a":[],"b":{}}', '{"a":[ ],"b":{}}', '{ "a" : [\n], "b" : { } }' } do
      local v = json.decode(text)
      assert.is_true(json.is_array(v.a), text)
      assert.is_false(json.is_array(v.b), text)
      assert.equal('{"a":[],"b":{}}', json.encode(v))
    end
  end)
  it("leaves brackets in strings and keys alone", function()
    local text = '{"a[]":["x[]y",[],"[4]"],"b":"[]"}'
    assert.equal(text, json.encode(json.decode(text)))
    assert.equal("[]", json.decode '"[]"')
  end)
  it("keeps null", function()
    local v = json.decode '[null,{"a":null}]'
    assert.equal(json.null, v[1])
    assert.equal('[null,{"a":null}]', json.encode(v))
  end)
  it("reads escapes alike on both ways", function()
    local text = [["\u00e9\ud83d\ude00\n\"\\\/"]]
    assert.equal("é😀\n\"\\/", json.decode(text))
    assert.equal("é😀\n\"\\/", exact.decode(text, json))
  end)
  it("complains with line and column", function()
    local cases = {
      ['{bad'] = "key must be a string at line 1 column 2",
      ['{"a":1'] = "EOF while parsing an object at line 1 column 6",
      ['{"a":\n[1,'] = "EOF while parsing a value at line 2 column 3",
      ['[1,]'] = "trailing comma at line 1 column 4",
      ['[1 2]'] = "expected `,` or `]` at line 1 column 4",
      [''] = "EOF while parsing a value at line 1 column 0",
      ['"abc'] = "EOF while parsing a string at line 1 column 4",
      ['[1] x'] = "trailing characters at line 1 column 5",
      ['nul'] = "EOF while parsing a value at line 1 column 3",
      ['[0x10]'] = "expected `,` or `]` at line 1 column 3",
    }
    for text, message in pairs(cases) do
      local v, problem = json.try(text)
      assert.is_nil(v, text)
      assert.equal(message, problem, text)
    end
    local ok, e = pcall(json.decode, "{bad")
    assert.is_false(ok)
    assert.equal("format", e.kind)
  end)
  it("finds the end of an inner object for complaints about it", function()
    local text = '{"a":{"b":[1,{"c":2}]},\n "d":{"e":1}}'
    assert.equal(" at line 1 column 20", exact.at(text, { "a", "b", 2 }, "end", json))
    assert.equal(" at line 2 column 13", exact.at(text, {}, "end", json))
    assert.equal(" at line 2 column 12", exact.at(text, { "d" }, "end", json))
  end)
end)

describe("nx.json encode", function()
  it("sorts keys, or follows a shape", function()
    assert.equal('{"a":1,"b":2}', json.encode { b = 2, a = 1 })
    assert.equal('{"name":"x","kind":"y","a":1,"z":2}',
      json.encode(json.object({ "name", "kind", "absent" }, { z = 2, kind = "y", a = 1, name = "x" })))
  end)
  it("does not see methods", function()
    local mt = json.shape({ "x" }, { method = print, x = 7 })
    assert.equal('{"x":1}', json.encode(setmetatable({ x = 1 }, mt)))
    assert.equal('{}', json.encode(setmetatable({}, mt)))
  end)
  it("writes numbers that read back as themselves", function()
    assert.equal("[1,9223372036854775807,0.1,1e+300,2.0,-0.0]", json.encode { 1, math.maxinteger, 0.1, 1e300, 2.0, -0.0 })
    for _ = 1, 200 do
      local x = (math.random() - 0.5) * 10.0 ^ math.random(-30, 30)
      assert.equal(x, tonumber(json.encode(x)))
    end
    assert.is_false(pcall(json.encode, 0 / 0))
  end)
  it("escapes as the peer does and repairs what is not UTF-8", function()
    assert.equal([["\u0000\u001f\b\t\n\f\r\"\\/é]] .. '\127"', json.encode "\0\31\b\t\n\f\r\"\\/é\127")
    assert.equal('"\u{FFFD}x\u{FFFD}\u{FFFD}"', json.encode "\xffx\xe2\x82\xc0")
    assert.equal('"\u{FFFD}\u{FFFD}\u{FFFD}"', json.encode "\xed\xa0\x80")
  end)
  it("indents by two", function()
    assert.equal('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}',
      json.encode({ a = { 1, {} }, b = json.array {} }, { pretty = true }))
  end)
  it("refuses what JSON cannot say", function()
    local cycle = {}
    cycle[1] = cycle
    for _, bad in ipairs { cycle, { 1, nil, 3, [5] = 1 }, { 1, a = 2 }, { print }, { [true] = 1 }, { [3] = 1 } } do
      local ok, e = pcall(json.encode, bad)
      assert.is_false(ok)
      assert.equal("usage", e.kind)
    end
  end)
  it("is quick enough for a list of 100,000 tests", function()
    local cases = {}
    for i = 1, 100000 do
      cases["module::test_" .. i] = { kind = "test", ignored = false, ["filter-match"] = { status = "matches" } }
    end
    local before = os.clock()
    local text = json.encode(cases)
    assert.is_true(os.clock() - before < 8)
    assert.is_true(#text > 5000000)
    before = os.clock()
    assert.same("test", json.decode(text)["module::test_7"].kind)
    assert.is_true(os.clock() - before < 8)
  end)
end)
