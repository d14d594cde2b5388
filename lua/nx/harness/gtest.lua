-- GoogleTest: `--gtest_list_tests`, one process a test. What is named DISABLED_ is ignored.

local failure = require "nx.harness.libtest".fail

local M = { name = "gtest" }

function M.list(suite)
  return { suite.path, "--gtest_list_tests", "--gtest_color=no" }
end

function M.parse(suite, outcomes)
  local outcome = outcomes[1]
  if not outcome.ok then require "nx.harness.libtest".refuse(suite, outcome, "exited with exit code " .. outcome.exit_code) end
  local tests, group = {}, nil
  for line in outcome.stdout:gmatch "[^\r\n]+" do
    local indented, text = line:match "^( *)([^#]-)%s*$"
    if not text then indented, text = line:match "^( *)(.-)%s*#.*$" end
    if indented == "" then
      group = text:match "^%S+%.$" -- anything else is what main() prints
    elseif group and text ~= "" then
      local name = group .. text
      local ignored = name:find "^DISABLED_" or name:find "[/.]DISABLED_"
      tests[#tests + 1] = { name = name, ignored = ignored ~= nil }
    end
  end
  if #tests == 0 and outcome.stdout:find "%S" and not outcome.stdout:find "Running main" then
    failure(suite.id, ("the output is no list of gtest\nfull output:\n%s"):format(outcome.stdout))
  end
  table.sort(tests, function(a, b) return a.name < b.name end)
  return tests
end

function M.command(suite, test)
  local argv = { suite.path, "--gtest_filter=" .. test.name, "--gtest_color=no" }
  if test.ignored then argv[#argv + 1] = "--gtest_also_run_disabled_tests" end
  return argv
end

function M.judge(_, outcome)
  if outcome.ok then return outcome.stdout:find("[  SKIPPED ]", 1, true) and "skip" or "pass" end
  local file, line, message = outcome.stdout:match "([^\n]-):(%d+): Failure\n(.-)\n\n"
  if not file then file, line, message = outcome.stdout:match "([^\n]-):(%d+): Failure\n(.-)\n%[" end
  return "fail", file and { message = message, file = file, line = math.tointeger(tonumber(line)) } or nil
end

return M
