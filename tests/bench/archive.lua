-- Archives beside the peer's, alternating, of the same workspaces, which are built before:
--   nxlua tests/bench/archive.lua ROUNDS DIRECTORY [NAME…]     DIRECTORY is kept: sources and builds are made there once
-- The workspaces are crates of the registry with the tests that they publish, each of 300 MB and more of binaries. Like for
-- like: `cargo nextest archive` against `nxlua archive` with the same arguments; both ask Cargo for the build (nothing is to
-- be built any more) and for the metadata. What Cargo costs alone is measured too and taken off both for the column
-- "writing". The last column is nx.archive alone on the files of the peer's archive, against the peer's writing.
-- The peer compresses on all processors, we by default on one: wall times are shown with `--zstd-threads 0` too.
-- Ends with 1 when a ratio is missed: size x0.70 (threads 0: x0.80), user + system x1.10; peak memory 200 MiB (threads 0:
-- as much for each processor).
local nx = require "nx"

local rounds, dir = math.tointeger(tonumber(arg[1])), arg[2]
assert(rounds and dir, "usage: archive.lua ROUNDS DIRECTORY [NAME…]")
nx.fs.mkdir(dir)
dir = nx.run { "realpath", dir, check = true }.stdout:gsub("\n", "")
local program = nx.run { "realpath", os.getenv "NXLUA" or arg[-1], check = true }.stdout:gsub("\n", "")

local function tests(text)
  local args = {}
  for name in text:gmatch "%S+" do table.move({ "--test", name }, 1, 2, #args + 1, args) end
  return args
end

local workspaces = {
  { name = "ripgrep", crates = { ripgrep = "15.1.0" }, args = { "--workspace" },
    members = { "ripgrep", "globset", "ignore", "grep", "grep-cli", "grep-matcher", "grep-printer", "grep-regex",
      "grep-searcher" } },
  { name = "tokio", crates = { tokio = "1.47.1" }, features = { tokio = "full" }, members = { "tokio" },
    args = table.move(tests [[_require_full fs_canonicalize_dir fs_remove_dir_all io_async_read io_driver_drop io_read io_repeat
      io_write_all_buf macros_select net_unix_pipe process_kill_after_wait rt_handle_block_on rt_unstable_metrics signal_no_rt
      sync_broadcast sync_notify sync_semaphore_owned task_id tcp_accept tcp_socket time_rt uds_cred]], 1, 44, 5,
      { "-p", "tokio", "--features", "full" }) },
  { name = "small-crates", args = { "--workspace" },
    crates = { rayon = "1.11.0", itertools = "0.14.0", chrono = "0.4.41", bytes = "1.10.1", indexmap = "2.11.0",
      ["crossbeam-utils"] = "0.8.21", regex = "1.11.2", semver = "1.0.26", serde_json = "1.0.145", petgraph = "0.8.2" },
    members = { "rayon", "itertools", "chrono", "bytes", "indexmap", "crossbeam-utils", "regex", "semver", "serde_json",
      "petgraph" } },
}

local function cargo(cwd, argv)
  table.insert(argv, 1, "cargo")
  argv.cwd, argv.check = cwd, true
  return nx.run(argv)
end

-- Sources out of the registry, as members of a workspace.
local function prepare(w)
  w.root = ("%s/%s"):format(dir, w.name)
  if not nx.fs.stat(w.root .. "/ready") then
    io.stderr:write(w.name, ": fetching and building\n")
    local get = w.root .. "-get"
    nx.fs.remove { get, w.root, recursive = true }
    nx.fs.mkdir(get .. "/src")
    nx.fs.write { get .. "/src/lib.rs", data = "" }
    local manifest = { '[package]\nname = "get"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]' }
    for name, version in pairs(w.crates) do manifest[#manifest + 1] = ('%s = "=%s"'):format(name, version) end
    nx.fs.write { get .. "/Cargo.toml", data = table.concat(manifest, "\n") .. "\n" }
    cargo(get, { "vendor", "-q" })
    local lines, patches = { '[workspace]\nresolver = "2"\nmembers = [' }, { "]\n[patch.crates-io]" }
    nx.fs.mkdir(w.root)
    for _, name in ipairs(w.members) do
      nx.run { "cp", "-r", ("%s/vendor/%s"):format(get, name), w.root, check = true }
      nx.fs.remove { ("%s/%s/.cargo-checksum.json"):format(w.root, name), ("%s/%s/Cargo.lock"):format(w.root, name) }
      lines[#lines + 1] = ('  "%s",'):format(name)
      patches[#patches + 1] = ('%s = { path = "%s" }'):format(name, name)
    end
    nx.fs.write { w.root .. "/Cargo.toml", data = table.concat(lines, "\n") .. "\n" .. table.concat(patches, "\n") .. "\n" }
    cargo(w.root, { "test", "--no-run", table.unpack(w.args) })
    nx.fs.remove { get, recursive = true }
    nx.fs.write { w.root .. "/ready", data = "" }
  end
end

local function cost(o) return { cpu = o.user_seconds + o.system_seconds, wall = o.seconds, rss = o.max_rss } end

local function median(list, key)
  local t = {}
  for i, r in ipairs(list) do t[i] = r[key] end
  table.sort(t)
  local m = #t % 2 == 1 and t[#t // 2 + 1] or (t[#t // 2] + t[#t // 2 + 1]) / 2
  return m, t[1], t[#t]
end

local writer = dir .. "/writer.lua"
nx.fs.write { writer, data = [[require "nx".archive { arg[1], to = arg[2], filter = function(e) return e.type ~= "dir" end }]] }

local missed = false
local function ratio(label, a, b, limit)
  local r = a / b
  if limit and r > limit then missed = true end
  return ("%s x%.3f%s"):format(label, r, limit and r > limit and " (MISSED)" or "")
end

local function bench(w)
  prepare(w)
  local theirs, ours, files = dir .. "/theirs.tar.zst", dir .. "/ours.tar.zst", dir .. "/files"
  local several = dir .. "/several.tar.zst"
  local peer, own, side, alone, fixed = {}, {}, {}, {}, {}
  nx.fs.remove { files, recursive = true }
  for round = 0, rounds do -- round 0 warms up
    local p = cost(cargo(w.root, { "nextest", "archive", "--archive-file", theirs, table.unpack(w.args) }))
    local function command(file, threads)
      local list = { program, "archive", "--archive-file", file, "--zstd-threads", threads, cwd = w.root, check = true }
      return cost(nx.run(table.move(w.args, 1, #w.args, #list + 1, list)))
    end
    local o = command(ours, 1)
    local s = command(several, 0)
    if round == 0 then nx.extract { theirs, to = files } end
    local a = cost(nx.run { program, writer, files, dir .. "/alone.tar.zst", check = true })
    local c = cost(cargo(w.root, { "test", "--no-run", "-q", "--message-format", "json", table.unpack(w.args) }))
    local m = cost(cargo(w.root, { "metadata", "--format-version", "1" }))
    c.cpu, c.wall = c.cpu + m.cpu, c.wall + m.wall
    if round > 0 then peer[round], own[round], side[round], alone[round], fixed[round] = p, o, s, a, c end
  end
  local size, unpacked = {}, nx.extract(theirs).bytes
  for i, name in ipairs { theirs, ours, dir .. "/alone.tar.zst", several } do size[i] = nx.fs.stat(name).bytes end
  local pc, p1, p2 = median(peer, "cpu")
  local oc, o1, o2 = median(own, "cpu")
  local ac, a1, a2 = median(alone, "cpu")
  local base = median(fixed, "cpu")
  local _, _, rss = median(own, "rss")
  if rss > 200 << 20 then missed = true end
  print(("%s: %.0f MB of files, the peer's archive %.1f MB, ours %.1f MB: %s, nx.archive alone %s"):format(w.name,
    unpacked / 1e6, size[1] / 1e6, size[2] / 1e6, ratio("size", size[2], size[1], 0.70), ratio("size", size[3], size[1])))
  print(("  user+system s: peer %.2f (%.2f-%.2f), ours %.2f (%.2f-%.2f), nx.archive alone %.2f (%.2f-%.2f), Cargo %.2f: %s, %s, %s")
    :format(pc, p1, p2, oc, o1, o2, ac, a1, a2, base, ratio("whole", oc, pc, 1.10),
    ratio("writing", oc - base, pc - base, 1.10), ratio("nx.archive alone", ac, pc - base)))
  print(("  wall: %s; peak memory: ours %.0f MiB, the peer's %.0f MiB"):format(
    ratio("whole", (median(own, "wall")), (median(peer, "wall"))), rss / 2 ^ 20, select(3, median(peer, "rss")) / 2 ^ 20))
  local cpus = require "nx.core.place".cpus()
  local _, _, side_rss = median(side, "rss")
  if side_rss > cpus * 200 << 20 then missed = true end
  local pw, sw, bw = median(peer, "wall"), median(side, "wall"), median(fixed, "wall")
  local s1, s2 = select(2, median(side, "wall"))
  print(("  threads 0, of %d processors: %s; wall s %.2f (%.2f-%.2f), Cargo %.2f: %s, %s, %s one thread's; %s; peak memory %.0f MiB")
    :format(cpus, ratio("size", size[4], size[1], 0.80), sw, s1, s2, bw, ratio("whole", sw, pw),
    ratio("writing", sw - bw, pw - bw), ratio("writing", sw - bw, median(own, "wall") - bw),
    ratio("user+system, whole", median(side, "cpu"), pc, 1.10), side_rss / 2 ^ 20))
  nx.fs.remove { theirs, ours, several, files, dir .. "/alone.tar.zst", recursive = true }
end

for _, w in ipairs(workspaces) do
  local wanted = not arg[3]
  for i = 3, #arg do wanted = wanted or arg[i] == w.name end
  if wanted then bench(w) end
end
nx.fs.remove(writer)
return not missed
