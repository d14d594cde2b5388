-- What is left of a test's output where no colours are wanted: each answer is the peer's.
local strip = require "nx.report.output".strip

describe("output without escape sequences", function()
  it("is what a terminal would show, newlines kept", function()
    for text, left in pairs {
      ["a\127b"] = "a\127b", ["a\u{85}b"] = "ab", ["a\u{9b}31mb"] = "a31mb", ["a\u{a0}b"] = "a\u{a0}b", ["a\tb\rc\7"] = "abc",
      ["a\14\15b\n"] = "ab\n", ["a\27[31mb"] = "ab", ["a\27]0;t\7b"] = "ab", ["a\27]0;t\27\\b"] = "ab", ["a\27Pq\27\\b"] = "ab",
      ["a\27(Bb"] = "ab", ["a\27Mb"] = "ab", ["a\27[3\24b"] = "ab", ["a\27[31"] = "a", ["a\27"] = "a", ["a\27éb"] = "a",
      ["a\27[éb"] = "a", ["a\27[31;\n1mb"] = "a\nb", ["a\27]0;\n1\7b"] = "ab", ["a\27\127b"] = "a", ["a\27[1\127mb"] = "ab",
      ["a\27^x\27\\b"] = "ab", ["a\27[?1;2$pb"] = "ab", ["a\27[31\27[32mb"] = "ab", ["a\27]x\27[31mb"] = "ab", ["a\27 \nFb"] = "a\nb",
      ["a\27Xy\nz"] = "a", ["a\27#8b"] = "ab",
    } do
      assert.equal(left, strip(text), ("%q"):format(text))
    end
  end)
end)
