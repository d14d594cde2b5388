-- Completion scripts for shells, made from the option tables: commands, options, and the words that an option takes.

local commands = require "nx.cli.commands"

local M = {}

local function word_of(item) return type(item) == "table" and item[1] or item end

-- { name, about, options = { { "--name", short, value, words, help, directory } } } of each command that has a script
local function described()
  local list = {}
  for _, command in ipairs(commands) do
    if not command.hidden then
      local rows = {}
      for _, row in ipairs(command.rows) do
        local words
        if row.values then
          words = {}
          for i, item in ipairs(row.values) do words[i] = word_of(item) end
        end
        rows[#rows + 1] = { long = not row.no_long and "--" .. row[1] or nil, short = row.short and "-" .. row.short,
          value = row.value, words = words, help = row.help, optional = row.optional,
          file = row.value and (row.value:find "PATH" or row.value:find "FILE" or row.value == "DIR") ~= nil }
      end
      rows[#rows + 1] = { long = "--help", short = "-h", help = "Print help" }
      list[#list + 1] = { name = command.name, about = command.about, rows = rows, words = command.positional_values,
        commands = command.commands }
    end
  end
  return list
end

local function first_commands(list)
  local names = { "nextest" }
  for _, command in ipairs(list) do
    if not command.name:find " " then names[#names + 1] = command.name end
  end
  return names
end

--- For bash.
---@return string
function M.bash()
  local list = described()
  local out = { "# nxlua completion for bash",
    "_nxlua() {",
    '  local cur prev command i',
    '  cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case ${COMP_WORDS[i]} in',
    '      nxlua|nextest|-*) ;;',
    '      --) return ;;',
    '      show-config) command=show-config ;;',
    '      version|test-groups) [ "$command" = show-config ] && command="show-config ${COMP_WORDS[i]}" ;;',
    ('      %s) [ -z "$command" ] && command=${COMP_WORDS[i]} ;;'):format(table.concat(first_commands(list), "|")),
    '    esac', '  done', '  case "$command" in' }
  for _, command in ipairs(list) do
    out[#out + 1] = ('    "%s")'):format(command.name)
    local options, cases = {}, {}
    for _, row in ipairs(command.rows) do
      options[#options + 1] = row.long
      options[#options + 1] = row.short
      local names = table.concat({ row.long or row.short, row.long and row.short or nil }, "|")
      if row.words then
        cases[#cases + 1] = ("        %s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;"):format(names,
          table.concat(row.words, " "))
      elseif row.file then
        cases[#cases + 1] = ("        %s) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;"):format(names)
      elseif row.value and not row.optional then
        cases[#cases + 1] = ("        %s) return ;;"):format(names)
      end
    end
    if cases[1] then
      out[#out + 1] = '      case "$prev" in'
      for _, case in ipairs(cases) do out[#out + 1] = case end
      out[#out + 1] = '      esac'
    end
    local words = { table.concat(options, " ") }
    for _, more in ipairs { command.words or {}, command.commands or {} } do words[#words + 1] = table.concat(more, " ") end
    out[#out + 1] = ("      COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;"):format(table.concat(words, " "))
  end
  out[#out + 1] = ("    *) COMPREPLY=($(compgen -W '%s' -- \"$cur\"); $(compgen -f -- \"$cur\")) ;;")
    :format(table.concat(first_commands(list), " ")):gsub("; %$", " $")
  for _, line in ipairs { "  esac", "}", "complete -o default -F _nxlua nxlua cargo-nxlua" } do out[#out + 1] = line end
  return table.concat(out, "\n") .. "\n"
end

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- For zsh.
---@return string
function M.zsh()
  local list = described()
  local function spec_text(text) return (text:gsub("[%[%]:\\]", "\\%0")) end
  local out = { "#compdef nxlua cargo-nxlua", "_nxlua() {", "  local curcontext=$curcontext state line", "  local -a commands",
    "  commands=(" }
  for _, command in ipairs(list) do
    if not command.name:find " " then
      out[#out + 1] = "    " .. quoted(("%s:%s"):format(command.name, spec_text(command.about)))
    end
  end
  out[#out + 1] = "  )"
  out[#out + 1] = "  _arguments -C '1:command:->command' '*::arguments:->arguments'"
  out[#out + 1] = "  case $state in"
  out[#out + 1] = "    command) _describe command commands; _files -g '*.lua' ;;"
  out[#out + 1] = "    arguments)"
  out[#out + 1] = "      case $line[1] in"
  for _, command in ipairs(list) do
    if not command.name:find " " then
      out[#out + 1] = ("        %s)\n          _arguments \\"):format(command.name)
      for _, row in ipairs(command.rows) do
        local name = row.long or row.short
        local action = ""
        if row.value then
          local what = row.words and ("(%s)"):format(table.concat(row.words, " ")) or row.file and "_files" or " "
          action = (":%s:%s"):format(spec_text(row.value), what)
        end
        out[#out + 1] = ("            %s \\"):format(quoted(("*%s%s[%s]%s"):format(name, row.value and (row.optional and "=-" or "=")
          or "", spec_text(row.help), action)))
        if row.short and row.long then
          out[#out + 1] = ("            %s \\"):format(quoted(("*%s[%s]%s"):format(row.short, spec_text(row.help), action)))
        end
      end
      local words = command.words or command.commands
      local operand = words and ("*:argument:(%s)"):format(table.concat(words, " ")) or "*:argument:_files"
      out[#out + 1] = ("            %s ;;"):format(quoted(operand))
    end
  end
  for _, line in ipairs { "      esac ;;", "  esac", "}",
    'if [ "$funcstack[1]" = _nxlua ]; then _nxlua "$@"; else compdef _nxlua nxlua cargo-nxlua; fi' } do
    out[#out + 1] = line
  end
  return table.concat(out, "\n") .. "\n"
end

--- For fish.
---@return string
function M.fish()
  local list = described()
  local names = first_commands(list)
  local out = { "# nxlua completion for fish" }
  for _, command in ipairs(list) do
    if not command.name:find " " then
      out[#out + 1] = ("complete -c nxlua -n 'not __fish_seen_subcommand_from %s' -f -a %s -d %s"):format(table.concat(names, " "),
        command.name, quoted(command.about))
      for _, row in ipairs(command.rows) do
        local parts = { ("complete -c nxlua -n '__fish_seen_subcommand_from %s'"):format(command.name) }
        if row.long then parts[#parts + 1] = "-l " .. row.long:sub(3) end
        if row.short then parts[#parts + 1] = "-s " .. row.short:sub(2) end
        if row.words then parts[#parts + 1] = "-x -a " .. quoted(table.concat(row.words, " "))
        elseif row.file then parts[#parts + 1] = "-r -F"
        elseif row.value and not row.optional then parts[#parts + 1] = "-x" end
        parts[#parts + 1] = "-d " .. quoted(row.help)
        out[#out + 1] = table.concat(parts, " ")
      end
      local words = command.words or command.commands
      if words then
        out[#out + 1] = ("complete -c nxlua -n '__fish_seen_subcommand_from %s' -f -a %s"):format(command.name,
          quoted(table.concat(words, " ")))
      end
    end
  end
  return table.concat(out, "\n") .. "\n"
end

return M
