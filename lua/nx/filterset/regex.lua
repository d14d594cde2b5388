-- Regular expressions (first step: PCRE2 as it is).
local rex = require "rex_pcre2"
local M = {}
function M.compile(text)
  local ok, program = pcall(rex.new, text)
  if not ok then return nil, { message = "invalid regex" } end
  return { text = text, match = function(s) return program:find(s) ~= nil end }
end
return M
