-- Colours of the human report, and what a terminal can show. A style is a function(text) -> text.

local M = {}

local codes = {
  pass = "32;1", fail = "31;1", retry = "35;1", skip = "33;1", suite = "35;1", test = "34;1", module = "36", count = "1",
}

local function plain(text) return text end

---@class nx.Style
---@field colour boolean
---@field pass fun(text: string): string
---@field fail fun(text: string): string
---@field retry fun(text: string): string
---@field skip fun(text: string): string
---@field suite fun(text: string): string
---@field test fun(text: string): string
---@field module fun(text: string): string
---@field count fun(text: any): string

---@param colour boolean
---@return nx.Style
function M.new(colour)
  local style = { colour = colour }
  for name, code in pairs(codes) do
    local before = "\27[" .. code .. "m"
    style[name] = colour and function(text) return before .. text .. "\27[0m" end or plain
  end
  return style
end

--- Does the report get colours? `choice` is "auto"|"always"|"never"|nil (then CARGO_TERM_COLOR decides).
---@param choice string?
---@param is_terminal boolean
---@return boolean
function M.colours(choice, is_terminal)
  choice = choice or os.getenv "CARGO_TERM_COLOR" or "auto"
  if choice == "always" then return true end
  if choice == "never" then return false end
  return require "nx.colour".wanted(is_terminal)
end

--- n bars: the drawn one, unless the terminal would not know it.
---@param is_terminal boolean
---@return fun(n: integer): string
function M.bars(is_terminal)
  local bar = "─"
  if is_terminal then
    local locale
    for _, name in ipairs { "LC_ALL", "LC_CTYPE", "LANG" } do
      local value = os.getenv(name)
      if value and value ~= "" then
        locale = value:upper()
        break
      end
    end
    local utf8 = locale and (locale:find "UTF%-8$" or locale:find "UTF8$")
    if not utf8 or os.getenv "TERM" == "linux" then bar = "-" end
  end
  return function(n) return bar:rep(n) end
end

--- "1 test", "2 tests"
function M.plural(n, one, many)
  return n == 1 and one or many or one .. "s"
end

return M
