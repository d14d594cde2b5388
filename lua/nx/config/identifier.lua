-- Names of test groups and scripts: an identifier with dashes, after "@tool:TOOL:" in a tool's file.

local M = {}

-- Unicode's XID start and continue for what people write: letters and digits of ASCII, and any character beyond it that
-- is not a space or a symbol block. (The peer looks in the full tables; names outside ASCII are rare.)
local function is_word(text)
  if not text:find "^[%a\128-\255]" or text:find "[^%w_\128-\255-]" then return false end
  for _, code in utf8.codes(text) do
    if code >= 0x80 and code <= 0xBF and code ~= 0xAA and code ~= 0xB5 and code ~= 0xBA and code ~= 0xB7 then return false end
    if code == 0xD7 or code == 0xF7 or code >= 0x2000 and code <= 0x206F or code >= 0x2190 and code <= 0x2BFF
      or code >= 0x1F000 and code <= 0x1FAFF or code >= 0xE000 and code <= 0xF8FF or code == 0x3000 then return false end
  end
  return true
end

--- What is wrong with a name, or nil.
---@param name string
---@return string?
function M.problem(name)
  if name == "" then return "identifier is empty" end
  local rest = name:match "^@tool:(.*)$"
  if rest then
    local tool, inner = rest:match "^([^:]*):(.*)$"
    if not tool then return ("tool identifier not of the form \"@tool:tool-name:identifier\": `%s`"):format(name) end
    if not is_word(tool) or not is_word(inner) then return ("invalid identifier `%s`"):format(name) end
    return nil
  end
  if not is_word(name) then return ("invalid identifier `%s`"):format(name) end
end

--- The tool's name of "@tool:TOOL:NAME", or nil.
function M.tool(name)
  return name:match "^@tool:([^:]*):"
end

--- Is this a name that a tool may have?
function M.is_tool_name(name)
  return name ~= "" and not name:find "^@tool" and is_word(name)
end

return M
