-- The text forms of `list`. (JSON: nx.list_json.)

local M = {}

-- Escapes of the peer: ids magenta, module paths cyan, names blue, all bold but labels.
local function painter(colour)
  if not colour then
    return function(_, text) return text end
  end
  local codes = { id = "35;1", module = "36", name = "34;1", field = "33;1" }
  return function(what, text) return ("\27[%sm%s\27[0m"):format(codes[what], text) end
end

local function test_name(paint, name)
  local module, rest = name:match "^(.*::)([^:]*)$"
  if not module then return paint("name", name) end
  return paint("module", module:sub(1, -3)) .. paint("module", "::") .. paint("name", rest)
end

local skipped_texts = {
  skipped = "    (test binary didn't match filtersets, skipped)\n",
  skipped_default_filter = "    (test binary didn't match the default set, skipped)\n",
}

--- For people: a block a binary.
---@param listed nx.Listed[]
---@param reasons table<nx.Test, string>
---@param options { verbose: boolean?, colour: boolean?, write: fun(text: string) }
function M.human(listed, reasons, options)
  local paint, write = painter(options.colour), options.write
  for _, one in ipairs(listed) do
    local suite, lines, n = one.suite, {}, 0
    for _, test in ipairs(one.tests) do
      local reason = reasons[test]
      if not reason or options.verbose then
        -- in pieces, so that no text is made for each test but the last of all
        lines[n + 1], lines[n + 2] = "    ", options.colour and test_name(paint, test.name) or test.name
        lines[n + 3] = reason and " (skipped)\n" or "\n"
        if test.name == "" and not reason and not options.colour then lines[n + 1] = "" end -- an empty line is not indented
        n = n + 3
      end
    end
    if options.verbose then
      write(paint("id", suite.id) .. ":\n")
      write(("  %s %s\n  %s %s\n  %s %s\n"):format(paint("field", "bin:"), suite.path, paint("field", "cwd:"), suite.cwd,
        paint("field", "build platform:"), suite.platform))
      write(skipped_texts[one.status] or lines[1] and "" or "    (no tests)\n")
      write(table.concat(lines))
    elseif lines[1] then
      write(paint("id", suite.id) .. ":\n")
      write(table.concat(lines))
    end
  end
end

--- A test a line.
function M.oneline(listed, reasons, options)
  local paint, write = painter(options.colour), options.write
  for _, one in ipairs(listed) do
    local suite, out, n = one.suite, {}, 0
    local head = paint("id", suite.id) .. " "
    local tail = options.verbose and (" [%s%s] [%s%s] [%s%s]"):format(paint("field", "bin: "), suite.path,
      paint("field", "cwd: "), suite.cwd, paint("field", "build platform: "), suite.platform) or ""
    if not options.verbose and not options.colour then -- the names alone, joined: a list may be long
      for _, test in ipairs(one.tests) do
        if not reasons[test] then
          n = n + 1
          out[n] = test.name
        end
      end
      if n > 0 then write(head .. table.concat(out, "\n" .. head) .. "\n") end
    else
      for _, test in ipairs(one.tests) do
        local reason = reasons[test]
        if not reason or options.verbose then
          n = n + 1
          out[n] = head .. test_name(paint, test.name) .. tail .. (reason and " (skipped)\n" or "\n")
        end
      end
      write(table.concat(out))
    end
  end
end

--- Binaries alone, with the paths of the machine that built them.
---@param suites { id: string, path: string, platform: string }[]
---@param form "human"|"oneline"
function M.binaries(suites, form, options)
  local paint, write = painter(options.colour), options.write
  for _, suite in ipairs(suites) do
    local id = paint("id", suite.id)
    if not options.verbose then
      write(id .. "\n")
    elseif form == "human" then
      write(("%s:\n  %s %s\n  %s %s\n"):format(id, paint("field", "bin:"), suite.path, paint("field", "build platform:"),
        suite.platform))
    else
      write(("%s [%s%s] [%s%s]\n"):format(id, paint("field", "bin: "), suite.path, paint("field", "build platform: "),
        suite.platform))
    end
  end
end

return M
