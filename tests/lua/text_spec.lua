-- Looking at bytes: what is asked of every name of a long list.
local text = require "nx.core.text"

describe("nx.core.text", function()
  it("ascii: no byte above 127, wherever it stands", function()
    assert.is_true(text.ascii "")
    assert.is_true(text.ascii "\0\127 plain")
    for n = 1, 40 do
      local all = ("x"):rep(n)
      assert.is_true(text.ascii(all))
      for at = 1, n do assert.is_false(text.ascii(all:sub(1, at - 1) .. "\128" .. all:sub(at + 1))) end
    end
  end)

  it("plain: may stand between quotes as it is", function()
    for byte = 0, 255 do
      local c = string.char(byte)
      assert.equal(byte >= 0x20 and byte <= 0x7e and c ~= '"' and c ~= "\\", text.plain("a" .. c), byte)
    end
    assert.is_true(text.plain "")
  end)

  it("lines: those of a text that end alike, without that ending", function()
    assert.same({ "a", "b::c", "" }, (text.lines("a: test\nb::c: test\n: test\n", ": test")))
    assert.same({ "a", "b" }, (text.lines("a: test\nb: test", ": test"))) -- the last may lack its newline
    assert.same({}, (text.lines("", ": test")))
    assert.same({ "", "x\0y" }, (text.lines("\nx\0y\n", "")))
  end)

  it("lines: nil when one of them ends otherwise", function()
    for _, bad in ipairs { "a: test\n\n", "a: test\nb: benchmark\n", "a: test\r\n", "test", "a: test\nx" } do
      assert.is_nil(text.lines(bad, ": test"), bad)
    end
  end)

  it("lines: says whether they rise strictly, by bytes", function()
    local function rising(...) return select(2, text.lines(table.concat({ ... }, "\n"), "")) end
    assert.is_true(rising("a", "ab", "b"))
    assert.is_true(rising("", "A", "a", "\xc3\xa9"))
    assert.is_false(rising("a", "a"))
    assert.is_false(rising("ab", "a"))
    assert.is_false(rising("b", "a", "c"))
    assert.is_true(rising "a")
    assert.is_true((select(2, text.lines("", ""))))
  end)
end)
