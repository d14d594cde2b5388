-- The user's own configuration: read strictly, unknown keys named, platform overrides applied.
local config = require "nx.config"

local function load(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  local ok, result = pcall(config.user, { path = path, env = {}, host = config.platform.new "x86_64-unknown-linux-gnu" })
  os.remove(path)
  return ok, result, path
end

describe("user configuration", function()
  it("has defaults, and needs no file", function()
    local user = config.user { env = { HOME = "/nowhere" } }
    assert.equal("auto", user.ui.show_progress)
    assert.equal(8, user.ui.max_progress_running)
    assert.same({ "less", "-FRX" }, user.ui.pager.command)
    assert.same({}, user.notes)
  end)
  it("is read", function()
    local _, user = load [==[
[ui]
show-progress = "counter"
max-progress-running = "infinite"
pager = "more"
zip = 1
[[overrides]]
platform = "cfg(unix)"
ui.output-indent = false
[[overrides]]
platform = "cfg(windows)"
ui.input-handler = false
]==]
    assert.equal("counter", user.ui.show_progress)
    assert.equal("infinite", user.ui.max_progress_running)
    assert.same({ "more" }, user.ui.pager.command)
    assert.is_false(user.ui.output_indent)
    assert.is_true(user.ui.input_handler)
    assert.matches("ignoring unknown configuration key: ui.zip$", user.notes[1])
  end)
  it("is refused with the place that is wrong", function()
    for text, expected in pairs {
      ['[ui]\nshow-progress="x"'] = "unknown variant `x`, expected one of `auto`, `none`, `bar`, `counter`, `only`",
      ["[ui]\nmax-progress-running=-1"] = 'invalid value: integer `-1`, expected a non-negative integer or "infinite"',
      ['[ui]\ninput-handler="x"'] = 'invalid type: string "x", expected a boolean',
      ['[record]\nmax-age="x"'] = 'invalid value: string "x", expected a duration',
      ["[ui]\npager=[]"] = "command array must not be empty", ["[[overrides]]\nui.input-handler=false"] = "missing field `platform`",
      ["[ui"] = "unclosed table, expected `]`",
    } do
      local ok, e = load(text)
      assert.is_false(ok)
      assert.equal(96, e.exit_code)
      assert.is_truthy(e.report:find(expected, 1, true), e.report)
      assert.matches("TOML parse error at line", e.report)
    end
    local ok, e = pcall(config.user, { path = "/nowhere/x.toml", env = {} })
    assert.is_false(ok)
    assert.equal("user config file not found at /nowhere/x.toml", e.message)
  end)
end)
