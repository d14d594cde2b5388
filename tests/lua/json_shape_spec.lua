-- Documents checked against a shape, with complaints in serde_json's words and places (each taken from the peer).
local json = require "nx.json"
local s = require "nx.json_shape"

local point = s.struct("Point", { { "x", s.required(s.number) }, { "name", s.nullable(s.string) }, { "tags", s.list(s.path) },
  { "side", s.enum("target", "host") }, { "more", s.map(s.string) } })

local function complaint(text) return s.check(text, assert(json.try(text)), point) end

describe("a shape", function()
  it("lets through what fits, and what it does not know", function()
    for _, text in ipairs { '{"x":1}', '{"x":1,"name":null,"tags":[],"side":"host","more":{"a":"b"},"y":{}}' } do
      assert.is_nil(complaint(text))
    end
  end)
  it("names what is wrong and where", function()
    for text, expected in pairs {
      ["{}"] = "missing field `x` at line 1 column 2",
      ["[]"] = "invalid length 0, expected struct Point with 5 elements at line 1 column 2",
      ["5"] = "invalid type: integer `5`, expected struct Point at line 1 column 1",
      ["1.5"] = "invalid type: floating point `1.5`, expected struct Point at line 1 column 3",
      ['{"x":null}'] = "invalid type: null, expected usize at line 1 column 9",
      ['{"x":1,"name":true}'] = "invalid type: boolean `true`, expected a string at line 1 column 18",
      ['{"x":1,"tags":{}}'] = "invalid type: map, expected a sequence at line 1 column 14",
      ['{"x":1,\n"tags":["a",[]]}'] = "invalid type: sequence, expected a UTF-8 path string at line 2 column 12",
      ['{"x":1,"side":"moon"}'] = "unknown variant `moon`, expected `target` or `host` at line 1 column 20",
      ['{"x":1,"side":5}'] = "expected value at line 1 column 15",
      ['{"x":1,"more":{"a":"q","b":3}}'] = "invalid type: integer `3`, expected a string at line 1 column 28",
    } do
      assert.equal(expected, complaint(text), text)
    end
  end)
end)
