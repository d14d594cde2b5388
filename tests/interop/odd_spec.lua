-- Odd workspaces beside the real peer: what build scripts leave behind, harnesses that list strange names or die, surroundings
-- that Cargo accepts. One package, built once; its harness and its build script do what files tell them.
local nx = require "nx"
local need = require "require"
local workspace = require "workspace"
local quote = workspace.quote

local harness = [=[
use std::io::Write;
extern "C" { fn raise(signal: i32) -> i32; }
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = std::env::var("ODD_DIR").unwrap_or_default();
    if args.iter().any(|a| a == "--list") {
        let name = if args.iter().any(|a| a == "--ignored") { "ignored" } else { "list" };
        std::io::stdout().write_all(&std::fs::read(format!("{dir}/{name}")).unwrap_or_default()).unwrap();
        if let Ok(n) = std::fs::read_to_string(format!("{dir}/{name}.signal")) { unsafe { raise(n.trim().parse().unwrap()) }; }
        return;
    }
    let script = format!("{dir}/run.sh");
    if std::path::Path::new(&script).exists() {
        use std::os::unix::process::CommandExt;
        panic!("{}", std::process::Command::new("bash").arg(script).args(&args).exec());
    }
}
]=]
local build_script = [=[
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let script = format!("cd '{out}' && rm -rf -- * .h* && {}", std::fs::read_to_string("b.sh").unwrap());
    assert!(std::process::Command::new("bash").arg("-c").arg(script).status().unwrap().success());
    for line in std::fs::read_to_string("b.out").unwrap().lines() { println!("{}", line.replace("@O", &out)); }
    println!("cargo:rerun-if-changed=b.sh\ncargo:rerun-if-changed=b.out");
}
]=]

describe("odd workspaces:", function()
  if not need "peer" then return end
  package.path = os.getenv "NXLUA_SOURCE" .. "/tests/diff/?.lua;" .. package.path
  local compare = require "cli_compare"
  local program = quote(os.getenv "NXLUA" or "nxlua")
  local tools = { "cargo-nextest nextest", program }
  local ws

  local function write(name, text) workspace.write(ws.dir .. "/" .. name, text) end
  setup(function()
    ws = workspace.scratch()
    ws:must "mkdir -p tests src odd .cargo"
    write("Cargo.toml", '[package]\nname = "odd"\nversion = "0.1.0"\nedition = "2021"\n[[test]]\nname = "h"\nharness = false\n[lib]\ntest = false\n')
    write("src/lib.rs", "")
    write("tests/h.rs", harness)
    write("build.rs", build_script)
    write("b.sh", "true")
    write("b.out", "")
    write("odd/list", "a: test\n")
    ws:must "mkdir -p .config"
    write(".config/nextest.toml", '[profile.stop]\nslow-timeout = { period = "300ms", terminate-after = 1, on-timeout = "pass" }\n')
    ws:must "cargo nextest list"
  end)
  teardown(function() if ws then ws:remove() end end)

  -- Lines in order where the file system decides about it.
  local function normal(text, sorted)
    local lines = {}
    for line in compare.said(text):gsub("%[ *>?[%d.]+s%]", "[T]"):gmatch "[^\n]*" do
      if not (line:find "Blocking" or line:find " Finished" or line:find "Compiling") then lines[#lines + 1] = line end
    end
    if sorted then table.sort(lines) end
    return table.concat(lines, "\n")
  end
  local function both(line, variables)
    local results = {}
    for i, tool in ipairs(tools) do
      local code, out, said = ws:sh(("export ODD_DIR=%s/odd RUST_BACKTRACE=0 %s; %s %s"):format(ws.dir, variables or "", tool, line))
      results[i] = { code = code, out = workspace.normal(out), said = normal(said) }
    end
    return results[1], results[2]
  end
  local function same(line, variables)
    local peer, ours = both(line, variables)
    assert.same(peer, ours, line)
  end

  -- Both archives: messages, members with kind, permissions and content, and either is read by both.
  local function same_archive(words)
    local seen = {}
    for i, tool in ipairs(tools) do
      local file = ("%s/%d.tar.zst"):format(ws.base, i)
      local code, _, said = ws:sh(("%s archive --archive-file %s %s"):format(tool, file, words or ""))
      said = normal(said, true):gsub("/%d%.tar%.zst", "/N.tar.zst")
        :gsub("Archived (%d+)", function(n) return "Archived " .. math.tointeger(n) - i + 1 end) -- our own member
      local members = {}
      if code == 0 then
        for _, e in ipairs(nx.extract { file }.entries) do
          if not e.path:find "metadata%.json$" and e.path ~= "target/nxlua/archive.json" then
            members[#members + 1] = ("%s %s %s %d"):format(e.path, e.type, e.mode, e.bytes)
          end
        end
        table.sort(members)
      end
      seen[i] = { code = code, said = said, members = members }
    end
    assert.same(seen[1], seen[2])
    for i = 1, seen[1].code == 0 and 2 or 0 do same(("list -T json --archive-file %s/%d.tar.zst"):format(ws.base, i)) end
    return seen[1].code
  end

  it("OUT_DIR and linked paths with everything that a file system knows", function()
    write("b.sh", [[mkdir empty d l1 l2 'l 3' && echo x >d/x && echo 1 >l1/a.so && echo 2 >l2/b.so && mkdir l1/sub && echo 3 >'l 3/x'
      echo a >a; ln -s a link; ln -s link link2; ln -s d dirlink; ln -s . self; echo r >ro; chmod 400 ro; echo k >key; chmod 600 key
      echo w >w; chmod 777 w; : >.hidden; echo n >"$(printf 'new\nline')"; mkfifo pipe; touch -d 1960-01-01 old; ln -s l2 ll]])
    write("b.out", [[cargo:rustc-env=EMPTY=
cargo::rustc-env=EQ=a=b=c
cargo:rustc-link-search=@O/l1
cargo:rustc-link-search=native=@O/l2
cargo:rustc-link-search=all=@O/l 3
cargo:rustc-link-search=@O/gone
cargo:rustc-link-search=@O//l1/
cargo:rustc-link-search=@O/a
cargo:rustc-link-search=@O/ll
]])
    assert.equal(0, same_archive())
    assert.equal(0, same_archive "-v")
  end)
  it("what cannot be archived: a dangling link, a path through `..`, a name that is not UTF-8, a directory that is gone", function()
    for _, case in ipairs { { "ln -s nope dangling", "" }, { "mkdir l l2 && ln -s nope l/dangling", "cargo:rustc-link-search=@O/l" },
      { "mkdir l l2 && echo x >l2/x", "cargo:rustc-link-search=@O/l/../l2" }, { [[mkdir "$(printf 'bad\xff')"]], "" } } do
      write("b.sh", case[1])
      write("b.out", case[2])
      assert.equal(103, same_archive())
    end
    write("b.sh", "true")
    write("b.out", "")
  end)
  it("archive.include: links, fifos, read-only files, what lies below a file", function()
    ws:must [[cd target && mkdir -p x/a x/b && echo 1 >x/1 && ln -s ../a x/b/l && ln -s x lx && mkfifo ff && echo r >ro && chmod 444 ro]]
    local function include(text)
      write("c.toml", ("[profile.default]\narchive.include = [ { %s, relative-to = \"target\" } ]\n"):format(text))
      return same_archive "-v --config-file c.toml"
    end
    for _, text in ipairs { 'path = "x"', 'path = "lx"', 'path = "ff", on-missing = "error"', 'path = "ro", depth = 0',
      'path = "nope", on-missing = "ignore"' } do
      assert.equal(0, include(text))
    end
    assert.equal(103, include 'path = "x/1/nope"')
  end)

  local odd_names = { "a", "with space", "tab\there", "ünï::cödé", "a: test", "", "quote\"'`$(ls)\\", "-dash", "💥", "\27[31mred", "%s%d",
    "a\0b", "cr\rmid", "=x", "[a]{b}!^", "a~b", "#1" }
  it("names of all kinds, listed and run", function()
    write("odd/list", table.concat(odd_names, ": test\n") .. ": test\n")
    for _, line in ipairs { "list", "list -T human -v", "list -T json", "run -j1 -v --no-fail-fast", "run -j1 --color always --no-fail-fast" } do same(line) end
    write("odd/list", "a: test\n")
  end)
  it("harnesses that die while listing", function()
    for _, signal in ipairs { 1, 6, 9, 10, 34 } do
      write("odd/list.signal", tostring(signal))
      same "list"
    end
    os.remove(ws.dir .. "/odd/list.signal")
  end)
  it("tests that end in every way, with output of every kind", function()
    local function run(script, words)
      write("odd/run.sh", script)
      same("run -j1 " .. (words or ""))
      same("run -j1 --color always --retries 1 --success-output immediate-final --failure-output immediate-final " .. (words or ""))
    end
    run [[printf 'a\tb\rc\ad\n'; exit 1]]
    run "kill -34 $$"
    run "kill -64 $$"
    run "sleep 0.6 &"
    write("odd/run.sh", "echo out; exec sleep 30")
    same "run -P stop --color always --success-output immediate" -- passes by its timeout
    local seen = {}
    for i, tool in ipairs(tools) do -- what was tried before an interrupt is shown
      local code, _, said = ws:sh(("export ODD_DIR=%s/odd; timeout --foreground --preserve-status -s INT 3 %s run --retries 2"):format(ws.dir, tool))
      seen[i] = { code = code, said = normal(said) }
    end
    assert.same(seen[1], seen[2])
    os.remove(ws.dir .. "/odd/run.sh")
  end)
  it("the environment: library paths as they are, relative values, names that are none", function()
    write(".cargo/config.toml", '[env]\nREL = { value = "", relative = true }\n"a=b" = "y"\n"" = "x"\n')
    write("odd/run.sh", "env | grep -E '^(LD_LIBRARY_PATH|NEXTEST_LD_LIBRARY_PATH|REL|a)=' | sort >$ODD_DIR/env\n")
    local seen = {}
    for i, tool in ipairs(tools) do
      ws:must(("export ODD_DIR=%s/odd LD_LIBRARY_PATH=/x::/x:; %s run"):format(ws.dir, tool))
      seen[i] = workspace.read(ws.dir .. "/odd/env")
    end
    assert.equal(seen[1], seen[2])
    ws:must "rm .cargo/config.toml odd/run.sh"
  end)
  it("a working directory that has been removed", function()
    ws:must(("cargo nextest archive --archive-file %s/w.tar.zst"):format(ws.base))
    same(("list --archive-file %s/w.tar.zst"):format(ws.base), "; mkdir gone && cd gone && rmdir ../gone")
  end)
  it("Cargo or rustc that are not there, or say nothing", function()
    for _, variable in ipairs { "CARGO=/nope", "CARGO=/", "CARGO=true", "CARGO=echo", "RUSTC=/nope", "RUSTC=true", "RUSTC=false" } do same("list", variable) end
    same "list --manifest-path /nope/Cargo.toml"
    for _, triple in ipairs { "nope", "nope.json", "x86_64-pc-windows-gnuu", "x86_64-linux" } do same("list --target " .. triple) end
  end)
  it("metadata in files that are no such documents, or say strange things", function()
    local dir = ws.base .. "/meta"
    ws:must(("cargo nextest archive --archive-file %s.tar.zst"):format(dir))
    local documents = {}
    for _, e in ipairs(nx.extract { dir .. ".tar.zst", data = true, filter = function(e) return e.path:find "%-metadata%.json$" end }.entries) do
      documents[e.path:match "nextest/(%a+)%-"] = e.data
    end
    local function with(name, text)
      for key, document in pairs(documents) do workspace.write(("%s-%s.json"):format(dir, key), key == name and text or document) end
      same(("list -T json --binaries-metadata %s-binaries.json --cargo-metadata %s-cargo.json"):format(dir, dir))
    end
    local function replaced(name, from, to)
      local text, n = documents[name]:gsub(from, to)
      assert.equal(1, n, from)
      with(name, text)
    end
    for _, name in ipairs { "binaries", "cargo" } do
      for _, text in ipairs { "", "{", "[]", "null", "5", '"x"', "1.5", "{}", documents[name] .. "x" } do with(name, text) end
    end
    for from, to in pairs { ['"target%-directory": "[^"]*"'] = '"target-directory": 5', ['"linked%-paths": %[%]'] = '"linked-paths": [5]',
      ['"base%-output%-directories": %b[]'] = '"base-output-directories": {}', ['"build%-platform": "target"'] = '"build-platform": "moon"',
      ['"status": "available"'] = '"status": "x"', ['"platforms": %b{}'] = '"platforms": null', ['"targets": %[%]'] = '"targets": {}',
      ['"binary%-name": "h",'] = "", ['"kind": "test"'] = '"kind": null', ['"package%-id": "[^"]*"'] = '"package-id": "nope"',
      ['"non%-test%-binaries": {}'] = '"non-test-binaries": []' } do replaced("binaries", from, to) end
    for from, to in pairs { ['"workspace_root":"[^"]*"'] = '"workspace_root":5', ['"workspace_members":%b[]'] = '"workspace_members":["x"]',
      ['"packages":%b[]'] = '"packages":[]', ['"authors":%[%]'] = '"authors":null', ['"features":{},'] = "", ['"version":1'] = '"version":"x"',
      ['"resolve":%b{}'] = '"resolve":{}' } do replaced("cargo", from, to) end
    local both_named = (" --binaries-metadata %s-binaries.json --cargo-metadata %s-cargo.json"):format(dir, dir)
    with "none"
    same("list --target-dir-remap src/lib.rs" .. both_named)
    same("list -T json --target-dir-remap / --build-dir-remap target" .. both_named)
    same("list --workspace-remap ''" .. both_named)
    same "list --binaries-metadata /nope --cargo-metadata /nope"
  end)
  it("configuration that is no text, or a directory", function()
    local own = workspace.read(ws.dir .. "/.config/nextest.toml")
    for _, text in ipairs { "\xff", "x", "[profile.default]\nretries = 'x'\n", 'nextest-version = "x"\n' } do
      write(".config/nextest.toml", text)
      same "list"
      same "list --config-file .config/nextest.toml"
      same("list --tool-config-file t:" .. ws.dir .. "/.config/nextest.toml")
    end
    ws:must "rm .config/nextest.toml && mkdir .config/nextest.toml"
    same "list"
    ws:must "rmdir .config/nextest.toml"
    write(".config/nextest.toml", own)
  end)
  it("output that cannot be written", function()
    same "list >/dev/full"
    same "list -T json >/dev/full"
    ws:must(("cargo nextest archive --archive-file %s/w.tar.zst && mkdir %s/to"):format(ws.base, ws.base))
    -- the peer is ended by the limit's signal, so the words are those that it has for other reasons
    local code, _, said = ws:sh(("ulimit -f 100; %s list --archive-file %s/w.tar.zst --extract-to %s/to"):format(program, ws.base, ws.base))
    assert.equal(96, code)
    assert.matches("Caused by:\n  error writing file `target/debug/deps/h%-%x+` to disk\n\nCaused by:\n  failed to unpack `" .. ws.base:gsub("%p", "%%%0")
      .. "/to/target/debug/deps/h%-%x+`\n\nCaused by:\n  File too large %(os error 27%)", said)
  end)
  it("colours asked for by the environment", function()
    for _, variable in ipairs { "FORCE_COLOR=1", "FORCE_COLOR=0 CLICOLOR_FORCE=1", "FORCE_COLOR= NO_COLOR=1", "CLICOLOR_FORCE=", "NO_COLOR=0" } do
      same("run -E 'none()'", variable)
    end
  end)
end)
