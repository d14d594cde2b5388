-- A program that is one test: it passes when it exits with 0, and is skipped when it exits with 77 (as automake has it).

local M = { name = "exec" }

function M.list()
  return {}
end

function M.parse(suite)
  return { { name = suite.name, ignored = false } }
end

function M.command(suite)
  return { suite.path, table.unpack(suite.meta and suite.meta.args or {}) }
end

function M.judge(_, outcome)
  if outcome.exit_code == 77 then return "skip" end
  return outcome.ok and "pass" or "fail"
end

return M
