-- Test binaries of Go (`go test -c`): `-test.list`, one process a test.

local M = { name = "gotest" }

function M.list(suite)
  return { suite.path, "-test.list", ".*" }
end

function M.parse(suite, outcomes)
  local outcome = outcomes[1]
  if not outcome.ok then require "nx.harness.libtest".refuse(suite, outcome, "exited with exit code " .. outcome.exit_code) end
  local tests = {}
  for line in outcome.stdout:gmatch "[^\r\n]+" do
    if line:find "^Test" or line:find "^Example" or line:find "^Fuzz" then tests[#tests + 1] = { name = line } end
  end
  table.sort(tests, function(a, b) return a.name < b.name end)
  return tests
end

function M.command(suite, test)
  return { suite.path, "-test.v", "-test.run", "^" .. test.name .. "$" }
end

function M.judge(_, outcome)
  if outcome.ok then return outcome.stdout:find "\n%-%-%- SKIP" and "skip" or "pass" end
  local file, line, message = outcome.stdout:match "\n%s+([^%s:]+%.go):(%d+): ([^\n]*)"
  return "fail", file and { message = message, file = file, line = math.tointeger(tonumber(line)) } or nil
end

return M
