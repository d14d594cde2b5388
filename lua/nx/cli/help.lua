-- Help: made from the option tables. -h is a line per option, --help all there is.

local usage = require "nx.cli.usage"

local M = {}

local width = 100

-- Breaks a text into lines of at most `columns`, newlines kept.
local function wrap(text, columns)
  local lines = {}
  for paragraph in (text .. "\n"):gmatch "(.-)\n" do
    local line
    for word in paragraph:gmatch "%S+" do
      if line and #line + 1 + #word > columns then
        lines[#lines + 1], line = line, nil
      end
      line = line and line .. " " .. word or paragraph:match "^%s*" .. word
    end
    lines[#lines + 1] = line or ""
  end
  return lines
end
M.wrap = wrap

local function column(row)
  return ("  %s %s"):format(row.short and not row.no_long and "-" .. row.short .. "," or "   ",
    usage.show(row)):gsub("^      (%-%w) ", "  %1 ")
end

local function remarks(row, with_values)
  local list = {}
  if row.default then list[#list + 1] = ("[default: %s]"):format(row.default) end
  if row.env then list[#list + 1] = ("[env: %s=%s]"):format(row.env, os.getenv(row.env) or "") end
  if row.alias and with_values then list[#list + 1] = ("[alias: --%s]"):format(table.concat(row.alias, ", --")) end
  return list
end

local function word_of(item) return type(item) == "table" and item[1] or item end

local function short_rows(out, rows)
  local left, wide = {}, 0
  for i, row in ipairs(rows) do
    left[i] = column(row)
    wide = math.max(wide, #left[i])
  end
  local below = wide > 34
  for i, row in ipairs(rows) do
    local text = { row.help, table.unpack(remarks(row)) }
    if row.values then
      local words = {}
      for j, item in ipairs(row.values) do words[j] = word_of(item) end
      text[#text + 1] = ("[possible values: %s]"):format(table.concat(words, ", "))
    end
    local indent = below and 10 or wide + 2
    local lines = wrap(table.concat(text, " "), width - indent)
    if below then
      out[#out + 1] = left[i]
      for _, line in ipairs(lines) do out[#out + 1] = (" "):rep(indent) .. line end
    else
      out[#out + 1] = left[i] .. (" "):rep(indent - #left[i]) .. lines[1]
      for j = 2, #lines do out[#out + 1] = (" "):rep(indent) .. lines[j] end
    end
  end
end

local function long_rows(out, rows)
  for i, row in ipairs(rows) do
    if i > 1 then out[#out + 1] = "" end
    out[#out + 1] = column(row)
    local function text(s)
      for _, line in ipairs(wrap(s, width - 10)) do out[#out + 1] = line == "" and "" or (" "):rep(10) .. line end
    end
    text(row.help)
    if row.long then out[#out + 1] = "" text(row.long) end
    local described = row.values and type(row.values[1]) == "table"
    if described then
      out[#out + 1] = ""
      text "Possible values:"
      for _, item in ipairs(row.values) do text(("- %s: %s"):format(item[1], item[2])) end
    end
    local last = remarks(row, true)
    if row.values and not described then
      last[#last + 1] = ("[possible values: %s]"):format(table.concat(row.values, ", "))
    end
    if last[1] then out[#out + 1] = "" end
    for _, remark in ipairs(last) do text(remark) end
  end
end

local function command_list(out, command, commands)
  out[#out + 1] = "Commands:"
  local wide = 0
  for _, name in ipairs(command.commands) do wide = math.max(wide, #name) end
  for _, name in ipairs(command.commands) do
    local found = commands.find(command.name == "" and name or command.name .. " " .. name)
    if found and not found.hidden then
      out[#out + 1] = ("  %-" .. wide .. "s  %s%s"):format(name, found.about, found.alias and (" [alias: %s]"):format(found.alias) or "")
    end
  end
  out[#out + 1] = ""
end

--- The help of one command as text.
---@param command nx.cli.Command
---@param form "short"|"long"
---@param program string
---@return string
function M.command(command, form, program)
  local out = { command.about .. ".", "" }
  local rows_in = form == "long" and long_rows or short_rows
  if form == "long" and command.text then
    for _, line in ipairs(wrap(command.text, width)) do out[#out + 1] = line end
    out[#out + 1] = ""
  end
  out[#out + 1] = usage.line { command = command, program = program }
  out[#out + 1] = ""
  if command.commands then command_list(out, command, require "nx.cli.commands") end
  if command.names then
    out[#out + 1] = "Arguments:"
    for _, item in ipairs(command.names) do
      if form == "long" then
        out[#out + 1] = ("  [%s]..."):format(item[1])
        for _, line in ipairs(wrap(item[2] .. (item[3] and ".\n\n" .. item[3] or ""), width - 10)) do
          out[#out + 1] = line == "" and "" or (" "):rep(10) .. line
        end
        out[#out + 1] = ""
      else
        out[#out + 1] = ("  %-22s %s"):format(("[%s]..."):format(item[1]), item[2])
      end
    end
    if form == "short" then out[#out + 1] = "" end
  end
  if command.positional_values then
    out[#out + 1] = ("Arguments:\n  <%s>  [possible values: %s]\n"):format(command.positional,
      table.concat(command.positional_values, ", "))
  end
  local heads, by_head = { "Options" }, { Options = {} }
  for _, row in ipairs(command.rows) do
    local head = row.head or "Options"
    if not by_head[head] then
      by_head[head] = {}
      heads[#heads + 1] = head
    end
    if not row.hidden then table.insert(by_head[head], row) end
  end
  table.insert(by_head.Options, { "help", short = "h",
    help = form == "short" and "Print help (more with '--help')" or "Print help (a summary with '-h')" })
  if command.name == "" then table.insert(by_head.Options, { "version", short = "V", help = "Print version" }) end
  for i, head in ipairs(heads) do
    if i > 1 then out[#out + 1] = "" end
    out[#out + 1] = head .. ":"
    rows_in(out, by_head[head])
  end
  if command.name == "" or command.name == "help" then
    out[#out + 1] = ""
    out[#out + 1] = "Help topics (nxlua help TOPIC):"
    for _, topic in ipairs(M.topics()) do out[#out + 1] = "  " .. topic end
  end
  return table.concat(out, "\n") .. "\n"
end

--- Names of the reference pages that the program carries; `nx.extract` is the page where `extract` is the command.
---@return string[]
function M.topics()
  local list = {}
  for _, name in ipairs(require("nx.core.open").carried_names()) do
    local topic = name:match "^doc/(.+)%.md$"
    if topic then list[#list + 1] = require "nx.cli.commands".find(topic) and "nx." .. topic or topic end
  end
  return list
end

--- What the peer calls these pages.
M.peer_topics = { filterset = "filtersets", ["repo-config"] = "configuration", ["user-config"] = "configuration" }

--- The text of a reference page, or nil.
---@param topic string
---@return string?
function M.topic(topic)
  local page = M.peer_topics[topic] or topic:gsub("^nx%.", "")
  return require("nx.core.open").carried("doc/" .. page .. ".md")
end

--- What `help` with these words prints, and its status.
---@param words string[]
---@param cli table   nx.cli
---@return string, integer
function M.about(words, cli)
  if not words[1] then return M.command(cli.top, "long", cli.program), 0 end
  local commands = require "nx.cli.commands"
  local command = commands.find(words[1])
  local page = not command and M.topic(words[1])
  if page then return page, 0 end
  if command and command.commands and words[2] then
    local below = commands.find(command.name .. " " .. words[2])
    if not below then usage.unknown_command({ command = command, program = cli.program }, words[2], command.commands) end
    command = below
  end
  if not command or command.name:find " " and not words[2] then
    local names = M.topics()
    for _, known in ipairs(cli.top.commands) do names[#names + 1] = known end
    usage.unknown_command({ command = cli.top, program = cli.program }, words[1], names)
  end
  return M.command(command, "long", cli.program), 0
end

--- What --version prints.
---@return string
function M.version()
  local nx = require "nx"
  return ("nxlua %s\nstands in for: cargo-nextest %s\n"):format(nx.version, require("nx.model").NEXTEST_VERSION)
end

return M
