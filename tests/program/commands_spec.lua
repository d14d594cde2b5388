-- The commands as the program runs them: help, completion, words in front, `cargo nxlua`, mistakes, a full standard output.
local need = require "require"
local program = require "program"

describe("commands", function()
  setup(program.setup)
  teardown(program.teardown)

  local commands = require "nx.cli.commands"

  it("have a short and a long help that names every option, on standard output", function()
    for _, command in ipairs(commands) do
      if not command.hidden then
        local short, long = program.run(command.name .. " -h"), program.run(command.name .. " --help")
        assert.equal(0, short.code, short.err)
        assert.equal(0, long.code)
        assert.equal("", short.err .. long.err)
        assert.is_true(#long.out >= #short.out, command.name)
        for _, row in ipairs(command.commands and {} or command.rows) do
          local name = row.no_long and "-" .. row.short or "--" .. row[1]
          assert.is_truthy(short.out:find(name, 1, true), command.name .. " -h: " .. name)
          assert.is_truthy(long.out:find(name, 1, true), command.name .. " --help: " .. name)
        end
        for line in (short.out .. long.out):gmatch "[^\n]+" do
          assert.is_true((utf8.len(line) or #line) <= 100, line)
        end
        assert.equal(long.out, program.run("help " .. command.name).out)
      end
    end
  end)
  it("are listed by help, with the topics", function()
    local r = program.run "help"
    assert.equal(0, r.code)
    for _, name in ipairs { "list", "run", "archive", "extract", "show-config", "completion" } do assert.matches("\n  " .. name:gsub("%-", "%%-"), r.out) end
    local topic = r.out:match "Help topics[^\n]*\n  (%S+)"
    if topic then assert.is_true(#program.run("help " .. topic).out > 500) end
    assert.equal(2, program.run("help frobnicate").code)
  end)
  it("take options in front, and nextest as the first word", function()
    for _, words in ipairs { "-P x show-config version -h", "--color never show-config version -h", "nextest show-config version -h",
      "nextest -P x show-config version -h", "r -h", "ntr -h", "nextest r -h" } do
      local r = program.run(words)
      assert.equal(0, r.code, words .. "\n" .. r.err)
      assert.matches("^[^\n]+%.\n\nUsage: nxlua ", r.out)
    end
  end)
  it("are what `cargo nxlua` runs", function()
    program.sh "mkdir -p bin && ln -sf $N bin/cargo-nxlua"
    for _, words in ipairs { "nxlua list -h", "nxlua nextest list -h", "nxlua -v list -h", "nextest list -h" } do
      local r = program.sh("bin/cargo-nxlua " .. words)
      assert.equal(0, r.code, words .. r.err)
      assert.matches("^List the tests", r.out)
    end
    assert.equal(2, program.sh("bin/cargo-nxlua nxlua frob").code)
  end)
  it("refuse mistakes with 2, and say what is near", function()
    local r = program.run "list --achive-file x"
    assert.equal(2, r.code)
    assert.equal("", r.out)
    assert.matches("^error: unexpected argument '%-%-achive%-file' found\n\n  tip: a similar argument exists: '%-%-archive%-file'\n", r.err)
    r = program.run "run --no-run --fail-fast"
    assert.equal(2, r.code)
    assert.equal("error: the argument '--no-run' cannot be used with '--fail-fast'\n\n"
      .. "Usage: nxlua run --no-run [FILTERS]... [-- <FILTERS_AND_ARGS>...]\n\nFor more information, try '--help'.\n", r.err)
  end)
  it("that are not there yet say so in one line, and fail", function()
    for words, code in pairs { bench = 95, replay = 95, ["store list"] = 95, ["self update"] = 93, debug = 96 } do
      local r = program.run(words)
      assert.equal(code, r.code, words)
      assert.matches("^error: [^\n]+\n$", r.err)
    end
  end)
  it("complete in bash", function()
    need "bash"
    local function complete(words, at)
      local r = program.sh(([[bash -c 'source <("$0" completion bash); COMP_WORDS=(%s); COMP_CWORD=%d; _nxlua; echo "${COMPREPLY[@]}"' $N]])
        :format(words, at))
      return (r.out:gsub("\n$", ""))
    end
    assert.equal("--no-capture", complete("nxlua run --no-c", 2))
    assert.equal("default only all", complete('nxlua list --run-ignored ""', 3))
    assert.equal("show-config", complete("nxlua sh", 1))
    assert.equal("bash zsh fish", complete('nxlua completion ""', 2):gsub("%-%S+ ", ""):match "bash.*")
    assert.equal(0, program.sh("$N completion bash | bash -n").code)
  end)
  it("complete in zsh and fish: every option is in the script", function()
    for _, shell in ipairs { "zsh", "fish" } do
      local text = program.run("completion " .. shell).out
      for _, row in ipairs(commands.find("run").rows) do
        assert.is_truthy(text:find(row.no_long and row.short or row[1], 1, true), shell .. ": " .. row[1])
      end
    end
    assert.equal(2, program.run("completion tcsh").code)
  end)
  it("tell when standard output is full (110)", function()
    assert.equal(110, program.sh("$N help list >/dev/full").code)
  end)
  it("read an archive that is not one, or not there, with one clear complaint (96)", function()
    program.write("junk.tar.zst", "this is no archive")
    for _, words in ipairs { "list --archive-file junk.tar.zst", "run --archive-file junk.tar.zst", "list --archive-file none.tar.zst",
      "list --archive-file junk.txt", "extract --archive-file junk.tar.zst --extract-to .", "extract --archive-file junk.tar.zst --extract-to none" } do
      local r = program.run(words)
      assert.equal(96, r.code, words .. "\n" .. r.err)
      assert.matches("^error: [^\n]*junk%.t[^\n]*\n", r.err:gsub("none%.tar", "junk.tar"))
      assert.equal("", r.out)
    end
  end)
end)
