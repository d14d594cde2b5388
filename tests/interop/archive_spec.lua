-- Our archives, read by other tools: the same names, contents, modes and links, by hash.
local nx = require "nx"
local archive = require "nx.archive"
local need = require "require"
local ws = require "workspace"

local base

local function sh(text)
  local ok = os.execute(("cd '%s' && { %s ; } >out 2>log </dev/null"):format(base, text))
  if not ok then error("failed: " .. text .. "\n" .. ws.read(base .. "/log"), 2) end
  return ws.read(base .. "/out")
end

-- A line for each thing below a directory: type, permissions, link, and the hash of its contents. Ours are 0644 and 0755.
local function inventory(dir)
  return sh(([[cd '%s' && { find . -mindepth 1 \( -type d -printf 'd %%P\n' -o -type l -printf 'l %%l %%P\n' \
      -o -perm /111 -printf 'x %%P\n' -o -printf 'f %%P\n' \) | LC_ALL=C sort
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum; }]]):format(dir))
end

describe("our archives in other tools:", function()
  setup(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
    sh([[mkdir -p src/debug/deps src/empty "src/$(printf 'd%.0s' $(seq 90))/$(printf 'e%.0s' $(seq 90))"
      cd src
      head -c 3000000 /dev/urandom > debug/deps/bin; chmod 755 debug/deps/bin; : > nothing; chmod 600 nothing
      seq 100000 > text; truncate -s 5000000 holes; echo x | dd of=holes bs=1 seek=2000000 conv=notrunc; truncate -s 3000000 hole
      echo x > "$(printf 'd%.0s' $(seq 90))/$(printf 'e%.0s' $(seq 90))/$(printf 'f%.0s' $(seq 90))"
      head -c 98 /dev/zero | tr '\0' n > n98; mv n98 "$(head -c 98 /dev/zero | tr '\0' n)"
      : > "$(head -c 100 /dev/zero | tr '\0' o)"; : > "$(head -c 101 /dev/zero | tr '\0' p)"
      echo 1 > "$(printf '\303\251')"; echo 2 > "$(printf 'e\314\201')"; echo 3 > "$(printf 'a\nb')"; echo 4 > "$(printf '\377')"
      ln -s debug/deps/bin link; ln -s /nowhere/at/all away; ln -s "$(head -c 150 /dev/zero | tr '\0' q)" longlink
      ln debug/deps/bin hard]])
  end)
  teardown(function() os.execute(("rm -rf '%s'"):format(base)) end)

  local python = [[python3 -c 'import tarfile; t = tarfile.open("made", encoding="utf-8", errors="surrogateescape"); t.extractall("back")']]
  local readers = {
    { "GNU tar", "tar", "tar", "tar -C back -xf made" },
    { "GNU tar, zstd", "tar.zst", "zstd", "zstd -dc made | tar -C back -x" },
    { "GNU tar, zstd without long-distance matching", "tar.zst", "zstd", "zstd -dc made | tar -C back -x", { long = false } },
    { "GNU tar, zstd -7", "tar.zst", "zstd", "zstd -dc made | tar -C back -x", { level = -7 } },
    { "GNU tar, zstd 19", "tar.zst", "zstd", "zstd -dc made | tar -C back -x", { level = 19 } },
    { "GNU tar, zstd in several frames", "tar.zst", "zstd", "tar -C back -I zstd -xf made", { threads = 2 } },
    { "zstd in several frames, tested", "tar.zst", "zstd", "zstd -tq made && zstd -dc made | tar -C back -x", { threads = 0, long = false } },
    { "GNU tar, gzip", "tar.gz", "tar", "tar -C back -xzf made" },
    { "GNU tar, xz", "tar.xz", "tar", "tar -C back -xJf made", { level = 1 } },
    { "bsdtar", "tar", "bsdtar", "bsdtar -C back -xf made" },
    { "bsdtar, zstd", "tar.zst", "bsdtar", "bsdtar -C back -xf made" },
    { "bsdtar, zstd in several frames", "tar.zst", "bsdtar", "bsdtar -C back -xf made", { threads = 3 } },
    { "bsdtar, gzip", "tar.gz", "bsdtar", "bsdtar -C back -xf made", { level = 9 } },
    { "Python", "tar", "python", python },
    { "Python, gzip", "tar.gz", "python", python },
    { "Python, xz", "tar.xz", "python", python },
  }
  for _, r in ipairs(readers) do
    it(r[1], function()
      need(r[3])
      sh "rm -rf made back; mkdir back"
      local o = { base .. "/src", to = base .. "/made", format = r[2] }
      for key, value in pairs(r[5] or {}) do o[key] = value end
      archive.segment = 1 << 20
      local report = nx.archive(o)
      archive.segment = nil
      sh(r[4])
      local want = inventory "src"
      assert(#want > 1000)
      assert.equal(want, inventory "back")
      -- and by ourselves
      sh "rm -rf back"
      local again = nx.extract { base .. "/made", to = base .. "/back" }
      assert.equal(report.files, again.files)
      assert.equal(want, inventory "back")
    end)
  end

  it("bsdtar and Python, zip", function()
    need "bsdtar"
    need "python"
    -- zip has names in UTF-8 or in no known form
    local o = { base .. "/src", to = base .. "/made.zip", filter = function(e) return not e.path:find "[^ -~]" end }
    nx.archive(o)
    sh [[rm -rf plain back; cp -a src plain; cd plain
      rm -f "$(printf 'a\nb')" "$(printf '\303\251')" "$(printf 'e\314\201')" "$(printf '\377')"]]
    sh "mkdir back; bsdtar -C back -xf made.zip"
    assert.equal(inventory "plain", inventory "back")
    sh "rm -rf back; mkdir back; python3 -m zipfile -e made.zip back"
    assert.equal(sh "cd plain; sha256sum text debug/deps/bin holes", sh "cd back; sha256sum text debug/deps/bin holes")
    assert.equal(sh "cat made.zip | sha256sum", (nx.archive(o) and sh "cat made.zip | sha256sum"))
  end)

  it("a file of more than 8 GiB", function()
    need "tar"
    sh "truncate -s 8590000000 big"
    local head
    pcall(nx.archive, { { base .. "/big", as = "big" }, format = "tar", to = function(chunk)
      head = chunk:sub(1, 512)
      error "that is enough"
    end })
    assert.equal(0x80, head:byte(125))
    assert.equal(8590000000, (string.unpack(">I8", head, 129)))
    ws.write(base .. "/head.tar", head .. ("\0"):rep(512))
    assert.matches("8590000000", sh "tar -tvf head.tar 2>/dev/null || true")
    os.remove(base .. "/big")
  end)

  it("the peer takes what we have written for its own", function()
    need "peer"
    local here = ws.copy "ws"
    here:must "cargo nextest archive --archive-file ../peer.tar.zst"
    nx.extract { here.base .. "/peer.tar.zst", to = here.base .. "/x" }
    -- another order, other headers, one frame with a large window, long names added
    local long = "target/" .. ("long-name/"):rep(25) .. "file"
    nx.archive { { here.base .. "/x", filter = function(e) return e.type == "file" and e.path:find "^target/debug" end },
      { data = "x", as = long }, here.base .. "/x", filter = function(e) return e.type ~= "dir" end,
      to = here.base .. "/ours.tar.zst" }
    local list = "cargo nextest list --workspace-remap . --message-format json --archive-file "
    local theirs, ours = here:must(list .. "../peer.tar.zst"), here:must(list .. "../ours.tar.zst --extract-to ..")
    local function comparable(text)
      return (text:gsub("/tmp/nextest%-archive%-%w+", here.base))
    end
    assert.equal(nx.json.encode(nx.json.decode(comparable(theirs))["rust-suites"]),
      nx.json.encode(nx.json.decode(comparable(ours))["rust-suites"]))
    assert.equal("x", ws.read(here.base .. "/" .. long))
    local run = "cargo nextest run --archive-file ../ours.tar.zst --workspace-remap . --no-fail-fast -E 'package(alpha)'"
    local code, out, problems = here:sh(run)
    assert(code == 0 or code == 100, out .. problems)
    here:remove()
  end)

  it("the peer reads a build in several frames", function()
    need "peer"
    local here = ws.copy "ws"
    archive.segment = 2 << 20
    local build = nx.cargo.build { cwd = here.dir, output = "null" }
    local report = build:archive { to = here.base .. "/frames.tar.zst", threads = 2 }
    archive.segment = nil
    assert.is_true(report.unpacked_bytes > 8 << 20)
    build:archive { to = here.base .. "/one.tar.zst" }
    local frames = nx.run { "zstd", "-lv", here.base .. "/frames.tar.zst" }.stdout:match "Frames: (%d+)"
    if frames then assert.is_true(tonumber(frames) > 4) end
    local list = "cargo nextest list --message-format json --workspace-remap . --archive-file "
    local function suites(file)
      return nx.json.encode(nx.json.decode((here:must(list .. file):gsub("/tmp/nextest%-archive%-%w+", "")))["rust-suites"])
    end
    assert.equal(suites "../one.tar.zst", suites "../frames.tar.zst")
    local code, out, problems = here:sh [[cargo nextest run --archive-file ../frames.tar.zst --workspace-remap . --no-fail-fast -E 'package(alpha)']]
    assert(code == 0 or code == 100, out .. problems)
    nx.extract { here.base .. "/frames.tar.zst", to = here.base .. "/x" }
    assert.equal(report.hash, nx.archive { here.base .. "/x", to = "/dev/null", format = "tar",
      filter = function(e) return e.type ~= "dir" end }.hash)
    -- and the command makes the same, when it is asked to
    ws.write(here.base .. "/command.lua", 'require "nx.archive".segment = 2 << 20\n'
      .. ws.read(os.getenv "NXLUA_SOURCE" .. "/scripts/archive.lua"))
    local program = ws.quote(os.getenv "NXLUA") .. " ../command.lua --archive-file ../command.tar.zst "
    for words, same in pairs { [""] = "one", ["--zstd-threads 1"] = "one", ["--zstd-threads 0"] = "frames",
      ["--zstd-threads=3"] = "frames" } do
      here:must(program .. words)
      assert(ws.read(here.base .. "/command.tar.zst") == ws.read(here.base .. "/" .. same .. ".tar.zst"), words)
    end
    here:remove()
  end)
end)
