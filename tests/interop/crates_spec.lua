-- Real crates with integration tests and build scripts, fetched by Cargo now: one archive of each, made by the peer and by us,
-- taken to another place and listed and run there by both.
local need = require "require"
local workspace = require "workspace"

local crates = { { "semver", "1.0.23" }, { "num-traits", "0.2.19" }, { "num-bigint", "0.4.4" } }

-- A test of our own in each: writes down the environment that it sees.
local dumping = [[
use std::io::Write;
#[test]
fn dump_environment() {
    let Ok(path) = std::env::var("DUMP_TO") else { return };
    let mut lines: Vec<String> = std::env::vars().map(|(k, v)| format!("{k}={v}")).collect();
    lines.push(format!("cwd={}", std::env::current_dir().unwrap().display()));
    lines.push(format!("argv={:?}", std::env::args().collect::<Vec<_>>()));
    lines.sort();
    std::fs::File::create(path).unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
}
]]

describe("real crates:", function()
  if not need "peer" or not need "crates" then return end
  local scratch
  local ours_program = workspace.quote(os.getenv "NXLUA" or "nxlua")

  setup(function()
    scratch = workspace.scratch()
    local manifest = { "[package]\nname = \"fetcher\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\npath = \"lib.rs\"\n[dependencies]" }
    for _, crate in ipairs(crates) do manifest[#manifest + 1] = ("%s = \"=%s\""):format(crate[1], crate[2]) end
    workspace.write(scratch.dir .. "/Cargo.toml", table.concat(manifest, "\n") .. "\n")
    workspace.write(scratch.dir .. "/lib.rs", "")
    scratch:must "cargo vendor --quiet vendored"
    for _, crate in ipairs(crates) do
      local name = crate[1]
      scratch:must(("cp -r vendored/%s ../%s && rm -f ../%s/.cargo-checksum.json ../%s/Cargo.lock"):format(name, name, name, name))
      local file = scratch.base .. "/" .. name .. "/Cargo.toml"
      local text = workspace.read(file) .. "\n[workspace]\n"
      if text:find "autotests = false" then text = text .. '[[test]]\nname = "dumping"\npath = "tests/dumping.rs"\n' end
      workspace.write(file, text)
      scratch:must(("mkdir -p ../%s/tests"):format(name))
      workspace.write(scratch.base .. "/" .. name .. "/tests/dumping.rs", dumping)
    end
  end)
  teardown(function() if scratch then scratch:remove() end end)

  local function verdicts(text)
    local list = {}
    for label, test in text:gmatch "\n +(%u[%u ]*%u) %[[^%]]*%] %([^)]*%) ([^\n]*)" do list[#list + 1] = label .. " " .. test end
    table.sort(list)
    return table.concat(list, "\n"), #list
  end

  for _, crate in ipairs(crates) do
    it(crate[1] .. ": one archive, the same list, verdicts and environment either way", function()
      local built, moved = scratch.base .. "/" .. crate[1], scratch.base .. "/moved-" .. crate[1]
      local archives = { peer = scratch.base .. "/peer.tar.zst", ours = scratch.base .. "/ours.tar.zst" }
      scratch:must(("cd %s && cargo nextest archive --archive-file %s"):format(built, archives.peer))
      scratch:must(("cd %s && %s archive --archive-file %s"):format(built, ours_program, archives.ours))
      assert.matches('"build%-script%-out%-dirs": {%s*"path', scratch:must(("zstd -dcq %s | tar -xO target/nextest/binaries-metadata.json"):format(archives.ours)))
      scratch:must(("rm -rf %s && mv %s %s && rm -rf %s/target && mkdir -p %s"):format(moved, built, moved, moved, scratch.base .. "/cwd"))
      local lists, runs, environments, count = {}, {}, {}, nil
      for _, by in ipairs { "peer", "ours" } do
        for _, with in ipairs { "cargo-nextest nextest", ours_program } do
          local function command(words)
            return ("cd %s && DUMP_TO=%s %s %s --archive-file %s --workspace-remap %s"):format(scratch.base .. "/cwd",
              scratch.base .. "/dump", with, words, archives[by], moved)
          end
          lists[#lists + 1] = workspace.normal(scratch:must(command "list --message-format json"))
          local code, _, said = scratch:sh(command "run --no-fail-fast")
          runs[#runs + 1], count = verdicts(said)
          runs[#runs] = runs[#runs] .. "\nexit " .. code
          environments[#environments + 1] = workspace.normal(workspace.read(scratch.base .. "/dump"))
            :gsub("\n_=[^\n]*", ""):gsub("\n[%w_]*SLOT=[^\n]*", "")
        end
      end
      assert.is_true(count > 10, "too few tests: " .. tostring(count))
      for i = 2, 4 do
        assert.equal(lists[1], lists[i])
        assert.equal(runs[1], runs[i])
        assert.equal(environments[1], environments[i])
      end
    end)
  end
end)
