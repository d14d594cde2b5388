-- The program: its arguments, look-up, statuses, and what it answers to mistakes.
local program = require "program"
local run, sh = program.run, program.sh

describe("nxlua", function()
  setup(program.setup)
  teardown(program.teardown)

  it("runs a file with its arguments, past a #! line", function()
    program.write("a.lua", "#!/usr/bin/env nxlua\nprint(arg[0], arg[1], arg[-1] ~= nil, ...)")
    assert.same({ code = 0, out = "a.lua\tx\ttrue\tx\ty\n", err = "" }, run "a.lua x y")
    assert.equal("./a.lua\tz\ttrue\tz\n", run("./a.lua z").out)
  end)
  it("runs standard input, asked for or not a terminal", function()
    assert.same({ code = 4, out = "1 x\n", err = "" }, sh [[echo 'print(1 .. " " .. ...) return 4' | "$N" - x]])
    assert.same({ code = 0, out = "2\n", err = "" }, sh [[echo 'print(2)' | "$N"]])
    assert.equal(0, sh([["$N" </dev/null]]).code)
  end)
  it("runs code, then the file", function()
    program.write("b.lua", "print(X) return X")
    assert.same({ code = 7, out = "7\n", err = "" }, run "-e 'X = 6' -eX=X+1 b.lua")
    assert.equal("string\n", run("-l string -e 'print(string.format([[%s]], [[string]]))'").out)
  end)
  it("shows its version", function()
    assert.matches("^nxlua %d+%.%d+%.%d+ %(Lua 5%.4%.%d+%)\n$", run("--version").out)
  end)

  it("takes the status from what the script returned", function()
    for text, code in pairs {
      ["return"] = 0, ["return nil"] = 0, ["return true"] = 0, ["return false"] = 1, ["return 3"] = 3, ["return 3.0"] = 3,
      ["return { exit_code = 7 }"] = 7, ["return 256"] = 255, ["return -1"] = 255, ["os.exit(5)"] = 5, ["os.exit(false)"] = 1,
      ["pcall(os.exit, 6)"] = 6, ["coroutine.wrap(function() os.exit(8, true) end)()"] = 8,
      ["require 'nx'.fail { 'x', exit_code = 9 }"] = 9, ["error 'x'"] = 1,
    } do
      assert.equal(code, run("-e " .. program.quote(text)).code, text)
    end
  end)
  it("refuses what is no status", function()
    for text, what in pairs { ["return 'x'"] = "string", ["return {}"] = "table", ["return 1.5"] = "number" } do
      local r = run("-e " .. program.quote(text))
      assert.equal(1, r.code)
      assert.matches("^error: the script returned a " .. what, r.err)
    end
  end)

  describe("looking a word up", function()
    it("takes no file of the working directory for a command", function()
      program.write("foo", "print 'never'")
      local r = run "foo"
      assert.equal(2, r.code)
      assert.equal('error: unknown command "foo" (to run the file: nxlua ./foo)\n', r.err)
      program.write("nx.lua", "error 'shadowed'")
      assert.equal("1\n", run("-e 'print(require([[nx]]).api)'").out)
    end)
    it("honours LUA_INIT and LUA_PATH in scripts, not in commands", function()
      program.write("mod.lua", "return 'mine'")
      program.write("c.lua", "print((require 'mod'))")
      assert.equal("init\nmine\n", sh([[export LUA_PATH='./?.lua' LUA_INIT='print "init"'; "$N" c.lua]]).out)
      assert.equal("mine\n", sh([[LUA_INIT=@c.lua "$N" -e 'return 0']]).out)
      assert.equal("", sh([[LUA_INIT='print "init"' "$N" -E -e 'return 0']]).out)
      assert.equal("", sh([[LUA_INIT='print "init"' "$N" nosuchcommand]]).out)
    end)
    it("uses the Lua files of another directory", function()
      os.execute(("mkdir -p %s/tree/lua/nx %s/tree/scripts"):format(program.dir, program.dir))
      program.write("tree/lua/nx/extra.lua", "return 'extra'")
      program.write("tree/scripts/hello.lua", "print('hello', ..., (require 'nx.extra'))")
      assert.equal("hello\tx\textra\n", run("--lua-dir tree/lua hello x").out)
      assert.equal("hello\tx\textra\n", sh([[NXLUA_LUA_DIR=tree/lua "$N" hello x]]).out)
      assert.equal("hello\tx\textra\n", run("--lua-dir=tree/lua hello x").out)
    end)
    it("drops the word that cargo puts in", function()
      os.execute(("ln -sf %s %s/cargo-nxlua"):format(program.quote(program.program), program.dir))
      local expected = run "help"
      assert.equal(0, expected.code)
      assert.same(expected, sh "./cargo-nxlua nxlua help")
      assert.same(expected, sh "./cargo-nxlua help")
    end)
  end)

  describe("with a mistake", function()
    local function fails(arguments, code, message)
      local r = run(arguments)
      assert.equal(message, r.err)
      assert.equal(code, r.code)
      assert.equal("", r.out)
    end
    it("says where, and shows the user's frames", function()
      program.write("s.lua", "x = = 1")
      fails("s.lua", 1, "error: s.lua:1: unexpected symbol near '='\n")
      program.write("t.lua", "local function f()\n  error 'boom'\nend\nf()")
      fails("t.lua", 1, "error: t.lua:2: boom\n  t.lua:2: in function 'f'\n  t.lua:4: in main chunk\n")
      program.write("u.lua", "local nx = require 'nx'\n\nnx.fail { 'no luck', exit_code = 3 }")
      fails("u.lua", 3, "error: u.lua:3: no luck\n")
      assert.matches("%[C%]: in function 'error'\n", run("--traceback=full t.lua").err)
    end)
    it("answers every kind of raised value with one line", function()
      fails("-e 'error()'", 1, "error: (command line):1: (error object is a nil value)\n")
      fails("-e 'error {}'", 1, "error: (command line):1: (error object is a table value)\n")
      fails("-e 'error { message = [[m]] }'", 1, "error: (command line):1: m\n")
      fails("-e 'error(setmetatable({}, { __tostring = function() return [[t]] end }))'", 1, "error: (command line):1: t\n")
      fails("-e 'error([[bare]], 0)'", 1, "error: (command line):1: bare\n")
      fails("-e 'local x <close> = setmetatable({}, { __close = function() error [[late]] end }) error [[early]]'", 1,
        "error: (command line):1: late\n")
      fails("-e 'coroutine.wrap(function() error [[inner]] end)()'", 1, "error: (command line):1: (command line):1: inner\n")
      assert.matches("^error: %(command line%):1: stack overflow", run("-e 'local function f() return 1 + f() end f()'").err)
      local r = sh [[ulimit -v 300000; exec "$N" -e 'local t = {} while true do t[#t + 1] = ("x"):rep(1e6 + #t) end']]
      if not r.err:find("Sanitizer", 1, true) then -- one of those needs more than that to begin
        assert.matches("^error: %(command line%):1: not enough memory\n$", r.err)
      end
    end)
    it("refuses files and options that are not there", function()
      fails("none.lua", 2, "error: cannot open script none.lua: No such file or directory\n")
      fails("./", 2, "error: cannot open script ./: Is a directory\n")
      assert.matches("^error: unexpected argument '%-%-nonsense' found\n", run("--nonsense").err)
      assert.equal(2, run("--nonsense").code)
      fails("-e", 2, "error: option -e needs a value (nxlua --help shows the options)\n")
      fails("--traceback=most", 2,
        "error: option --traceback takes full or user, not most (nxlua --help shows the options)\n")
    end)
    it("does not end well when its output is lost", function()
      local r = sh [["$N" -e 'print(1)' >/dev/full]]
      assert.same({ code = 1, out = "", err = "error: (command line):1: standard output: No space left on device\n" }, r)
      r = sh [["$N" -e 'io.write(1)' >/dev/full]]
      assert.same({ code = 1, out = "", err = "error: standard output: No space left on device\n" }, r)
      r = sh [["$N" -e 'print(1)' >&-]]
      assert.same({ code = 1, out = "", err = "error: (command line):1: standard output: Bad file descriptor\n" }, r)
      r = sh [["$N" -e 'os.exit((io.write(1) and 0))' >/dev/full]]
      assert.same({ code = 1, out = "", err = "error: standard output: No space left on device\n" }, r)
      r = sh [[{ sleep 0.1; "$N" -e 'for i = 1, 1e5 do print(i) end'; echo $? >code; } | true; cat code; rm code]]
      assert.same({ code = 0, out = "1\n", err = "error: (command line):1: standard output: Broken pipe\n" }, r)
      assert.equal(0, sh([["$N" -e 'return 0' >&-]]).code)
      assert.matches("No space left", sh([["$N" --version >/dev/full]]).err)
    end)
  end)

  describe("interrupted", function()
    local busy = "local t <close> = setmetatable({}, { __close = function() print 'closed' end })\n" ..
      "io.popen('kill -%s $PPID'):close()\n"
    it("stops a script that computes", function()
      for name, code in pairs { INT = 130, TERM = 143, HUP = 129, QUIT = 131 } do
        program.write("busy.lua", busy:format(name) .. "while true do end")
        local r = run "busy.lua"
        assert.same({ code = code, out = "closed\n", err = "error: busy.lua:3: interrupted by SIG" .. name .. "\n" }, r)
      end
    end)
    it("stops it inside a coroutine too", function()
      program.write("busy.lua", busy:format "INT" .. "coroutine.wrap(function() while true do end end)()")
      local r = run "busy.lua"
      assert.equal(130, r.code)
      assert.matches("^error: busy.lua:3: interrupted by SIGINT\n", r.err)
      program.write("busy.lua", busy:format "INT" .. "while true do coroutine.wrap(function() end)() end")
      assert.equal(130, run("busy.lua").code)
    end)
    it("raises an error that can be caught", function()
      program.write("busy.lua", busy:format "INT" ..
        "local ok, e = pcall(function() while true do end end) print(ok, e.kind, e.exit_code, e.where)")
      assert.same({ code = 0, out = "false\tinterrupted\t130\tbusy.lua:3\nclosed\n", err = "" }, run "busy.lua")
    end)
  end)

  it("writes the declarations out", function()
    local r = run "types decl"
    assert.equal(0, r.code, r.err)
    assert.same(r.out, program.capture("ls " .. program.dir .. "/decl/nx | wc -l") .. " files of declarations in decl/nx\n")
    assert.equal(2, run("types").code)
  end)
end)
