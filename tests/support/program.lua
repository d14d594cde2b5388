-- Runs the program under test through the shell, for specs of the program itself.
--
--     local program = require "program"
--     local r = program.run "-e 'print(1)'"          r.code, r.out, r.err
--     program.write("a.lua", "print(...)")           a file in the directory that the runs of this spec start in

local M = {}

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end
M.quote = quote

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local function capture(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  pipe:close()
  return (text:gsub("\n$", ""))
end
M.capture = capture

M.program = os.getenv "NXLUA"
if M.program and M.program:sub(1, 1) ~= "/" then M.program = capture "pwd" .. "/" .. M.program end

--- A new directory below the system's for temporary files; M.dir is the one that programs start in.
function M.new_dir()
  return capture "mktemp -d"
end

function M.setup()
  M.dir, M.aside = M.new_dir(), M.new_dir()
end

function M.teardown()
  os.execute("rm -rf " .. quote(M.dir) .. " " .. quote(M.aside))
end

--- Runs a shell command in M.dir; `$N` is the program. What it prints is taken unless the command sends it elsewhere.
---@return { code: integer, out: string, err: string }
function M.sh(command)
  local out, e = M.aside .. "/out", M.aside .. "/err"
  local script = ("cd %s && N=%s\n{ %s\n} >%s 2>%s </dev/null"):format(quote(M.dir), quote(M.program), command, out, e)
  local _, how, code = os.execute(script)
  return { code = how == "signal" and 128 + code or code, out = read(out), err = read(e) }
end

--- Runs the program with arguments as the shell takes them.
function M.run(arguments)
  return M.sh("exec \"$N\" " .. arguments)
end

function M.write(name, text)
  local file = assert(io.open(M.dir .. "/" .. name, "wb"))
  file:write(text)
  file:close()
end

return M
