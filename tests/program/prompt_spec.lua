-- The prompt, on a terminal.
local need = require "require"
local program = require "program"

describe("the prompt", function()
  if not need "python" then return end
  setup(program.setup)
  teardown(program.teardown)

  local function types(...)
    local words = { ... }
    for i, word in ipairs(words) do words[i] = program.quote(word) end
    return program.sh(('exec python3 "%s/support/prompt.py" "$N" history %s'):format(
      os.getenv "NXLUA_SOURCE" .. "/tests", table.concat(words, " "))).out
  end

  it("shows what an expression gives, and takes several lines", function()
    local screen = types("1 + 1\\n", "x = {\\n", "1, 2 }\\n", "#x, nil\\n", "\\x04")
    assert.matches("1 %+ 1\n2\n> .*\n>> .*#x, nil\n2\tnil\n> .*status 0\n$", screen)
  end)
  it("shows a mistake and goes on", function()
    local screen = types("error 'boom'\\n", "x = = 1\\n", "'on'\\n", "os.exit(3)\\n")
    assert.matches("error: stdin:1: boom\n> .*error: stdin:1: unexpected symbol near '='\n> .*'on'\non\n>", screen)
    assert.matches("status 3\n$", screen)
  end)
  it("keeps what one line opens, and survives Ctrl-C", function()
    local screen = types("nx = require 'nx'\\n", "p = nx.start { 'sleep', '50' }\\n", "nx.sleep(30) --(busy)\\n", "\\x03",
      "while true do end --(busy)\\n", "\\x03", "p.pid > 0\\n", "x = \\x03", "'new'\\n", "\\x04")
    assert.matches("interrupted by SIGINT\n> .*interrupted by SIGINT\n> .*p.pid > 0\ntrue\n> ", screen)
    assert.matches("'new'\nnew\n> .*status 0\n$", screen)
  end)
  it("remembers", function()
    local file = assert(io.open(program.dir .. "/history"))
    assert.matches("p.pid", file:read "a")
    file:close()
  end)
end)
