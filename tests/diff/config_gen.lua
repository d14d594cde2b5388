-- Makes configurations from a seed: right ones that choose something, and ones with a mistake of each kind.

local M = {}

local function pick(list) return list[math.random(#list)] end

local filters = {
  "all()", "test(adds)", "test(/^net/)", "not test(=last)", "package(alpha*)", "kind(lib) | kind(test)", "binary(integ)",
  "platform(host)", "deps(alpha) - package(util)", "rdeps(util)", "binary_id(alpha::bin/*)", "test(~::) & !package(beta)", "none()",
}
local broken_filters = { "test((", "package(nope)", "default()", "group(a)", "foo(x)", "all() &&", "test(/(/)", "binary_id(zzz)", "" }
-- (what a compiled peer knows of its own features differs from "unknown", so target_feature is left to the unit tests)
local platforms = {
  '"cfg(unix)"', '"cfg(windows)"', '"x86_64-unknown-linux-gnu"', '{ host = "cfg(unix)" }', '{ target = "cfg(not(unix))" }',
  '\'cfg(target_os = "linux")\'', '\'cfg(all(unix, target_pointer_width = "64"))\'', '"wasm32-wasip1"',
}
local broken_platforms = { '"cfg(unix"', '"cfg()"', '"a b"', "5", '"cfg(not(unix, windows))"', '"cfg(unix, windows)"', '\'cfg(target_os)\'' }

-- key → right values, wrong values
local settings = {
  retries = { { "0", "3", '{ backoff = "fixed", count = 2, delay = "1s" }',
    '{ backoff = "exponential", count = 2, delay = "1s", max-delay = "10s", jitter = true }' },
    { '"x"', "-1", "1.5", "[]", "{}", '{ backoff = "exponential", count = 1 }', '{ backoff = "fixed", count = 1, jitter = true }',
      '{ backoff = "no", count = 1 }', '{ backoff = "fixed", count = 1, wat = 1 }', '{ backoff = "exponential", count = 0, delay = "1s" }' } },
  ["flaky-result"] = { { '"pass"', '"fail"' }, { '"maybe"', "1" } },
  ["threads-required"] = { { "1", "4", '"num-cpus"', '"num-test-threads"' }, { "0", "-1", '"all"', "1.5" } },
  ["run-extra-args"] = { { "[]", '["--a", "b"]' }, { '"--a"', "[[]]", "5" } },
  ["slow-timeout"] = { { '"60s"', '{ period = "1s", terminate-after = 2 }', '{ period = "1m 30s", grace-period = "5s", on-timeout = "pass" }' },
    { "60", '"soon"', '{ period = "1s", terminate-after = 0 }', '{ period = "x" }', '{ period = "1s", on-timeout = "x" }', "true" } },
  ["leak-timeout"] = { { '"200ms"', '{ period = "1s", result = "fail" }' }, { "1", '{ result = "fail" }', '"1"' } },
  ["success-output"] = { { '"never"', '"immediate-final"' }, { '"always"', "1" } },
  ["failure-output"] = { { '"final"', '"immediate"' }, { '"x"', "{}" } },
}
local profile_only = {
  ["test-threads"] = { { "4", "-2", '"num-cpus"' }, { "0", '"many"', "true" } },
  ["status-level"] = { { '"fail"', '"skip"', '"leak"' }, { '"leaky"', "5" } },
  ["final-status-level"] = { { '"none"', '"retry"' }, { '"x"' } },
  ["fail-fast"] = { { "true", "false", "{ max-fail = 3 }", '{ max-fail = "all" }', '{ max-fail = 1, terminate = "immediate" }' },
    { '"yes"', "{ max-fail = 0 }", '{ max-fail = "2" }', "{}", '{ max-fail = 1, terminate = "x" }' } },
  ["global-timeout"] = { { '"1h"', '"30y"' }, { "5", '"never"' } },
  ["junit.path"] = { { '"j.xml"' }, { "[]" } },
  ["junit.store-success-output"] = { { "true", '"yes"' }, { '"maybe"', "{}" } },
  ["junit.report-skipped"] = { { '"all"' }, { '"some"' } },
  ["archive.include"] = { { "[]", '[{ path = "x", relative-to = "target", depth = 2, on-missing = "ignore" }]' },
    { '[{ path = "../x", relative-to = "target" }]', '[{ path = "x" }]', '[{ path = "x", relative-to = "target", depth = -1 }]',
      '[{ path = "x", relative-to = "root" }]', '[{ path = "x", relative-to = "target", on-missing = "stop" }]', "{}" } },
}
local override_only = { priority = { { "0", "100", "-100" }, { "101", '"x"', "300" } } }

local function keys_of(...)
  local list = {}
  for _, t in ipairs { ... } do
    for key, values in pairs(t) do list[#list + 1] = { key, values } end
  end
  table.sort(list, function(a, b) return a[1] < b[1] end)
  return list
end
local for_profile, for_override = keys_of(settings, profile_only), keys_of(settings, override_only)

local function lines_of(out, list, count, broken)
  local seen = {}
  for _ = 1, count do
    local row = pick(list)
    if not seen[row[1]] then
      seen[row[1]] = true
      out[#out + 1] = ("%s = %s"):format(row[1], pick(row[2][broken and 2 or 1]))
    end
  end
end

-- Mistakes that are not a value's.
local structural = {
  function() return "[profile.default\n" end,
  function() return "retries = 1\nretries = 2\n" end,
  function() return ("[profile.%s]\ninherits = %q\n"):format(pick { "default", "x", "default-miri" }, pick { "x", "y", "default" }) end,
  function() return '[profile.x]\ninherits = "y"\n[profile.y]\ninherits = "x"\n' end,
  function() return ("[test-groups]\n%s = { max-threads = %s }\n"):format(pick { '"a b"', '"@global"', '"@tool:a:b"', '""', "g" },
    pick { "0", '"x"', "1" }) end,
  function() return "[[profile.default.overrides]]\nretries = 1\n" end,
  function() return '[[profile.default.overrides]]\nfilter = "all()"\ntest-group = "nope"\n' end,
  function() return '[[profile.default.overrides]]\nfilter = "all()"\ndefault-filter = "all()"\n' end,
  function() return ("nextest-version = %s\n"):format(pick { '"0.9.999"', '"x"', '"1"', "5", '"0.9.1-rc"', '{ required = "0.9.9", recommended = "0.9.1" }' }) end,
  function() return ("experimental = %s\n"):format(pick { '["zip"]', "5", "{ zip = true }", '["setup-scripts", 1]', "{ benchmarks = 1 }" }) end,
  function() return ('[scripts.%s.a]\ncommand = "x"\n'):format(pick { "setup", "wrapper" }) end,
  function() return ('experimental = ["setup-scripts"]\n[scripts.setup.a]\ncommand = %s\n'):format(pick { '""', "5", "[]", '"x \'y"',
    '{ command-line = "x", relative-to = "y" }', '{ command-line = "x", env = { NEXTEST_A = "b" } }', '{ command-line = "x", z = 1 }' }) end,
  function() return 'experimental = ["setup-scripts"]\n[scripts.setup.a]\ncommand = "x"\n[[profile.default.scripts]]\nfilter = "all()"\n'
    .. pick { 'setup = "b"\n', 'run-wrapper = "a"\n', "", 'setup = ["a", "b"]\n' } end,
  function() return ("foo = 1\n[profile.default]\nbar = 2\njunit.%s = 1\n"):format(pick { "zip", "paths" }) end,
  function() return "[profile.default-own]\nretries = 1\n" end,
  function() return ("[profile.default]\ndefault-filter = %q\n"):format(pick(broken_filters)) end,
  function() return ("[[profile.default.overrides]]\nfilter = %q\nretries = 1\n"):format(pick(broken_filters)) end,
  function() return ("[[profile.default.overrides]]\nplatform = %s\nretries = 1\n"):format(pick(broken_platforms)) end,
  function() return ("[profile]\n%s = %s\n"):format(pick { "default", "x" }, pick { "5", '"x"' }) end,
  function() return ("store.dir = %s\n"):format(pick { '"x"', "[]", "{}" }) end,
}

local function override(out, profile, groups)
  out[#out + 1] = ("[[profile.%s.overrides]]"):format(profile)
  local by = math.random(3)
  if by ~= 2 then out[#out + 1] = ("filter = %q"):format(pick(filters)) end
  if by ~= 1 then out[#out + 1] = "platform = " .. pick(platforms) end
  if by == 2 and math.random(2) == 1 then out[#out + 1] = ("default-filter = %q"):format(pick(filters)) end
  if math.random(2) == 1 then out[#out + 1] = ("test-group = %q"):format(pick(groups)) end
  lines_of(out, for_override, 2)
end

local function right()
  local out, groups = {}, { "serial", "net", "@global" }
  out[#out + 1] = "[test-groups]\nserial = { max-threads = 1 }\nnet = { max-threads = \"num-cpus\" }"
  for _, profile in ipairs { "default", "ci", "base" } do
    out[#out + 1] = ("[profile.%s]"):format(profile)
    if profile == "ci" and math.random(2) == 1 then out[#out + 1] = 'inherits = "base"' end
    if math.random(3) > 1 then out[#out + 1] = ("default-filter = %q"):format(pick(filters)) end
    lines_of(out, for_profile, 3)
    for _ = 1, math.random(0, 3) do override(out, profile, groups) end
  end
  return table.concat(out, "\n") .. "\n"
end

local function wrong()
  if math.random(2) == 1 then return pick(structural)() end
  local out = {}
  if math.random(2) == 1 then
    out[1] = ("[profile.%s]"):format(pick { "default", "ci" })
    lines_of(out, for_profile, 1, true)
  else
    out[1] = ("[[profile.%s.overrides]]\nfilter = 'all()'"):format(pick { "default", "ci" })
    lines_of(out, for_override, 1, true)
  end
  return table.concat(out, "\n") .. "\n"
end

--- `count` cases { text, profile, group? } of a seed; half of them are right, and ask for a group.
---@param seed integer
---@param count integer
function M.cases(seed, count)
  math.randomseed(seed)
  local cases = {}
  for i = 1, count do
    if i % 2 == 1 then
      cases[i] = { text = right(), profile = pick { "default", "ci", "base" },
        group = math.random(2) == 1 and pick { "serial", "net", "@global" } or nil }
    else
      cases[i] = { text = wrong(), profile = "default" }
    end
  end
  return cases
end

return M
