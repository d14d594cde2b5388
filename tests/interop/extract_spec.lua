-- Archives that other tools write, read by us: the same files with the same contents, modes and times, by hash.
local nx = require "nx"
local need = require "require"

local base

local function sh(text)
  local ok = os.execute(("cd '%s' && { %s ; } >/dev/null 2>log </dev/null"):format(base, text))
  if not ok then
    local f <close> = io.open(base .. "/log")
    error("failed: " .. text .. "\n" .. (f and f:read "a" or ""), 2)
  end
end

-- A line for each thing below a directory: type, mode, time, link, and the hash of its contents.
local function inventory(dir, what)
  local format = what or [[%y %m %T@ %l %P\n]]
  local pipe <close> = io.popen(([[cd '%s/%s' && { find . -mindepth 1 ! -type d -printf '%s' | sed 's/\(\.[0-9]*\) / /' | LC_ALL=C sort
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum; }]]):format(base, dir, format))
  return pipe:read "a"
end

-- Equal, or an error that shows the first line that is not.
local function same(want, got)
  if want == got then return end
  local a, b = want:gmatch "[^\n]*", got:gmatch "[^\n]*"
  while true do
    local x, y = a(), b()
    if x ~= y then error(("wanted %s\ngot    %s"):format(x, y), 2) end
  end
end

describe("reading what others write:", function()
  setup(function()
    local pipe <close> = io.popen "mktemp -d"
    base = pipe:read "l"
    -- long and odd names, holes, links, an empty file, a large one
    sh([[mkdir -p src/target/debug/deps src/target/empty "src/target/$(printf 'd%.0s' $(seq 90))/$(printf 'e%.0s' $(seq 90))"
      cd src/target
      head -c 3000000 /dev/urandom > debug/deps/bin; chmod 755 debug/deps/bin; : > nothing; chmod 600 nothing
      seq 100000 > text; touch -d '2001-02-03 04:05:06 UTC' text
      for i in $(seq 40); do printf "$i" | dd of=holes bs=1 seek=$((i * 100000)) conv=notrunc; done
      truncate -s 5000000 holes; truncate -s 3000000 hole
      echo x > "$(printf 'd%.0s' $(seq 90))/$(printf 'e%.0s' $(seq 90))/$(printf 'f%.0s' $(seq 90))"
      echo 1 > "$(printf '\303\251')"; echo 2 > "$(printf 'e\314\201')"; echo 3 > "$(printf 'a\nb')"; echo 4 > "$(printf '\377')"
      ln -s debug/deps/bin link; ln -s /nowhere/at/all away; ln debug/deps/bin hard]])
  end)
  teardown(function() os.execute(("rm -rf '%s'"):format(base)) end)

  local python = [[python3 -c 'import tarfile
with tarfile.open("made", "%s", format=tarfile.%s_FORMAT) as t: t.add("src/target", "target")']]
  -- name, program needed, command that writes `made` from src
  local writers = {
    { "GNU tar, gnu", "tar", "tar --format=gnu -C src -cf made target" },
    { "GNU tar, gnu, sparse", "tar", "tar --format=gnu -S -C src -cf made target" },
    { "GNU tar, pax", "tar", "tar --format=pax -C src -cf made target" },
    { "GNU tar, pax, sparse 0.0", "tar", "tar --format=pax -S --sparse-version=0.0 -C src -cf made target" },
    { "GNU tar, pax, sparse 0.1", "tar", "tar --format=pax -S --sparse-version=0.1 -C src -cf made target" },
    { "GNU tar, pax, sparse 1.0", "tar", "tar --format=pax -S --sparse-version=1.0 -C src -cf made target" },
    { "GNU tar, dot in front", "tar", "tar -C src -cf made ." },
    { "GNU tar, incremental", "tar", "tar --listed-incremental=snapshot -C src -cf made target; rm snapshot" },
    { "GNU tar, label", "tar", "tar --label=hello -C src -cf made target" },
    { "GNU tar, gzip", "tar", "tar -C src -czf made target" },
    { "GNU tar, xz", "tar", "tar -C src -cJf made target" },
    { "GNU tar, zstd", "zstd", "tar -C src -cf - target | zstd -q > made" },
    { "GNU tar, zstd -19 long", "zstd", "tar -C src -cf - target | zstd -q -19 --long=27 > made" },
    { "GNU tar, zstd, three frames", "zstd",
      "tar -C src -cf t target; { head -c 2000000 t | zstd -q; tail -c +2000001 t | head -c 700 | zstd -q; tail -c +2000701 t | zstd -q; } > made" },
    { "bsdtar, pax restricted", "bsdtar", "bsdtar -C src -cf made target" },
    { "bsdtar, pax", "bsdtar", "bsdtar --format=pax -C src -cf made target" },
    { "bsdtar, gnutar", "bsdtar", "bsdtar --format=gnutar -C src -cf made target" },
    { "bsdtar, zstd", "bsdtar", "bsdtar --zstd -C src -cf made target" },
    { "Python, gnu", "python", python:format("w", "GNU") },
    { "Python, pax", "python", python:format("w:gz", "PAX") },
  }
  for _, writer in ipairs(writers) do
    it(writer[1], function()
      need(writer[2])
      sh("rm -rf made out t; " .. writer[3])
      nx.extract { base .. "/made", to = base .. "/out" }
      local want = inventory "src"
      assert(#want > 1000)
      same(want, inventory "out")
      if writer[1]:find "sparse" then
        local pipe <close> = io.popen(("du -k '%s/out/target/holes' '%s/out/target/hole' | awk '{s += $1} END {print s}'"):format(base, base))
        assert(tonumber(pipe:read "a") < 1000, "the holes were filled")
      end
    end)
  end
  it("bsdtar, zip (contents and modes)", function()
    need "bsdtar"
    sh "rm -rf made out; rm -f src/target/away; bsdtar --format=zip -C src -cf made target; ln -s /nowhere/at/all src/target/away"
    sh "mv src/target/away away"
    nx.extract { base .. "/made", to = base .. "/out" }
    local want, got = inventory("src", [[%y %m %l %P\n]]), inventory("out", [[%y %m %l %P\n]])
    sh "mv away src/target/away"
    same(want, got)
  end)
  it("Python, zip (contents)", function()
    need "python"
    sh "rm -rf made out; cd src && python3 -m zipfile -c ../made target/text target/debug"
    nx.extract { base .. "/made", to = base .. "/out" }
    assert(os.execute(("cmp -s '%s/src/target/text' '%s/out/text' && cmp -s '%s/src/target/debug/deps/bin' '%s/out/debug/deps/bin'"):format(
      base, base, base, base)))
  end)
  it("the peer's archive of a real workspace, as the peer itself extracts it", function()
    need "peer"
    sh(([[rm -rf ws; cp -r '%s/tests/fixtures/ws' ws; chmod -R u+w ws; cd ws
      CARGO_TARGET_DIR='%s/peer-target' cargo nextest archive --archive-file ../peer.tar.zst
      mkdir ../theirs; cargo nextest list --archive-file ../peer.tar.zst --workspace-remap . --extract-to ../theirs -E 'none()']]):format(os.getenv "NXLUA_SOURCE", base))
    local r = nx.extract { base .. "/peer.tar.zst", to = base .. "/ours" }
    assert.is_true(r.files > 3)
    same(inventory "theirs", inventory "ours")
    os.execute(("rm -rf '%s/peer-target'"):format(base))
  end)
end)
