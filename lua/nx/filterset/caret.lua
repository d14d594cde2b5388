-- Draws a diagnostic: the text, and under it a caret with what is wrong there.
--
--     error: operator didn't match any packages
--      ╭────
--    1 │ package(nope)
--      ·         ──┬─
--      ·           ╰── no packages matched this
--      ╰────

local M = {}

local TAB = 4

-- Characters two columns wide, roughly East Asian Wide and emoji.
local wide = {
  0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xA000, 0xA4CF, 0xA960, 0xA97F,
  0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F680, 0x1F6FF,
  0x1F900, 0x1F9FF, 0x20000, 0x3FFFD,
}
-- Characters without a width: controls and combining marks.
local zero = {
  0x00, 0x1F, 0x7F, 0x9F, 0x300, 0x36F, 0x483, 0x489, 0x591, 0x5BD, 0x610, 0x61A, 0x64B, 0x65F, 0x200B, 0x200F,
  0x202A, 0x202E, 0x2060, 0x2064, 0x20D0, 0x20F0, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F, 0xFEFF, 0xFEFF,
}

local function within(code, ranges)
  for i = 1, #ranges, 2 do
    if code >= ranges[i] and code <= ranges[i + 1] then return true end
  end
  return false
end

local function char_width(char, column)
  if char == "\t" then return TAB - column % TAB end
  if #char == 1 then
    local byte = char:byte()
    return (byte < 32 or byte == 127) and 0 or 1
  end
  local ok, code = pcall(utf8.codepoint, char)
  if not ok then return 1 end
  if within(code, zero) then return 0 end
  return within(code, wide) and 2 or 1
end

local function columns(text)
  local column = 0
  for char in text:gmatch(utf8.charpattern) do column = column + char_width(char, column) end
  return column
end

--- The text as it is shown: tabs become spaces.
local function shown(text)
  if not text:find("\t", 1, true) then return text end
  local out, column = {}, 0
  for char in text:gmatch(utf8.charpattern) do
    local width = char_width(char, column)
    out[#out + 1] = char == "\t" and (" "):rep(width) or char
    column = column + width
  end
  return table.concat(out)
end

---@class nx.filterset.Line
---@field number integer
---@field offset integer   from 0
---@field length integer   with its line break
---@field text string      without it

---@param source string
---@return nx.filterset.Line[]
local function split(source)
  local lines, at = {}, 1
  while at <= #source do
    local stop = source:find("\n", at, true)
    local last = stop or #source
    local text = source:sub(at, stop and stop - 1 or last)
    if stop and text:sub(-1) == "\r" then text = text:sub(1, -2) end
    lines[#lines + 1] = { number = #lines + 1, offset = at - 1, length = last - at + 1, text = text }
    at = last + 1
  end
  return lines
end

-- The lines to show: those the span touches, and one before and after.
local function context(lines, offset, length)
  local first, last = #lines, #lines
  for i, line in ipairs(lines) do
    if offset < line.offset + line.length then first = i; break end
  end
  local final = offset + math.max(length, 1) - 1
  for i, line in ipairs(lines) do
    if final < line.offset + line.length then last = i; break end
  end
  return math.max(1, first - 1), math.min(#lines, last + 1)
end

-- The column of a byte offset on a line; past its end is one column past the text.
local function column_of(line, offset, start)
  local index = offset - line.offset
  while index > 0 and index < #line.text do
    local byte = line.text:byte(index + 1)
    if byte < 0x80 or byte >= 0xC0 then break end
    index = index + (start and -1 or 1)
  end
  if index > #line.text then return columns(line.text) + 1 end
  return columns(line.text:sub(1, index))
end

local function applies(line, offset, length)
  local stop, line_stop = offset + math.max(length, 1), line.offset + line.length
  return offset >= line.offset and offset < line_stop
    or offset < line.offset and stop > line_stop
    or stop > line.offset and stop <= line_stop
end

local function underline(line, offset, length)
  local first = column_of(line, offset, true)
  local last = length == 0 and first + 1 or math.max(column_of(line, offset + length, false), first + 1)
  local middle = (first + last) // 2
  return (" "):rep(first) .. ("─"):rep(middle - first) .. (length == 0 and "▲" or "┬")
    .. ("─"):rep(last - middle - 1), middle
end

--- What stands left of the text of a line when the span goes over several lines.
local function gutter(line, offset, length)
  if not applies(line, offset, length) then return "    " end
  if offset >= line.offset then return "╭─▶ " end
  local stop = offset + length
  if stop >= line.offset and stop <= line.offset + line.length then return "├─▶ " end
  return "│   "
end

--- Draws one diagnostic of a text. The drawing ends in a line break.
---@param source string
---@param diagnostic nx.filterset.Diagnostic
---@return string
function M.render(source, diagnostic)
  local offset, length = diagnostic.first - 1, diagnostic.length
  local lines = split(source)
  local first, last = context(lines, offset, length)
  local many = last > first
  local width = #tostring(#lines == 0 and 0 or lines[last].number)
  local pad = (" "):rep(width)
  local blank = " " .. pad .. " · "
  local out = { "  error: " .. diagnostic.title }

  local span_lines = 0
  for i = first, last do
    if lines[i] and applies(lines[i], offset, length) then span_lines = span_lines + 1 end
  end
  local multiple = span_lines > 1

  local place = "───"
  if many then
    local number, start = 1, 0
    for _, line in ipairs(lines) do
      if line.offset <= offset then number, start = line.number, line.offset end
    end
    place = ("[%d:%d]"):format(number, offset - start + 1)
  end
  out[#out + 1] = pad .. "  ╭─" .. place
  for i = first, last do
    local line = lines[i]
    if line then
      local side = multiple and gutter(line, offset, length) or ""
      out[#out + 1] = (" %" .. width .. "d │ %s%s"):format(line.number, side, shown(line.text))
      if applies(line, offset, length) then
        if not multiple then
          local marks, middle = underline(line, offset, length)
          out[#out + 1] = blank .. marks
          out[#out + 1] = blank .. (" "):rep(middle) .. "╰── " .. diagnostic.label
        elseif side == "├─▶ " then
          out[#out + 1] = blank .. "╰──── " .. diagnostic.label
        end
      end
    end
  end
  out[#out + 1] = pad .. "  ╰────"
  if diagnostic.help then out[#out + 1] = "  help: " .. diagnostic.help end
  return table.concat(out, "\n") .. "\n"
end

--- Draws several, each followed by an empty line, as the commands print them.
---@param source string
---@param list nx.filterset.Diagnostic[]
---@return string
function M.render_all(source, list)
  local out = {}
  for _, diagnostic in ipairs(list) do out[#out + 1] = M.render(source, diagnostic) .. "\n" end
  return table.concat(out)
end

return M
