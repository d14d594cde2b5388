-- The workflow that the peer's documentation points at (build once, run the parts on many machines) with the one word changed,
-- job by job: each job on a machine of its own, here a fresh checkout at the same place; the machines that run have no Cargo.
local need = require "require"
local workspace = require "workspace"

-- Its jobs, steps, names and commands; what triggers it is left out.
local workflow = [[
name: CI
env:
  CARGO_TERM_COLOR: always

jobs:
  build-test-artifacts:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - uses: actions-rs/toolchain@v1
        with:
          toolchain: stable
          override: true
      - name: Install nextest
        uses: taiki-e/install-action@nextest
      - name: Build and archive tests
        run: cargo nextest archive --archive-file nextest-archive.tar.zst
      - name: Upload archive to workflow
        uses: actions/upload-artifact@v4
        with:
          name: nextest-archive
          path: nextest-archive.tar.zst

  run-tests-partitioned:
    runs-on: ubuntu-latest
    needs: build-test-artifacts
    strategy:
      matrix:
        partition: [1, 2]
    steps:
      - uses: actions/checkout@v4
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: mkdir -p ~/.cargo/bin
      - name: Install nextest
        uses: taiki-e/install-action@nextest
      - name: Download archive
        uses: actions/download-artifact@v4
        with:
          name: nextest-archive
      - name: Run tests
        run: |
          ~/.cargo/bin/cargo-nextest nextest run --archive-file nextest-archive.tar.zst \
            --partition count:${{ matrix.partition }}/2
]]

-- Jobs in order: name, steps { uses =, run =, path = }, the matrix's partitions. Reads what the text above needs of YAML.
local function jobs_of(text)
  local jobs, job, step, block = {}, nil, nil, nil
  for line in text:match("\njobs:\n(.*)$"):gmatch "[^\n]+" do
    local name = line:match "^  ([%w-]+):$"
    local key, value = line:match "^ +%-? ?(%l+): *(.*)$"
    if block and line:find "^          " then
      block.run = block.run .. line:sub(11) .. "\n"
    elseif name then
      job, block = { name = name, steps = {} }, nil
      jobs[#jobs + 1] = job
    else
      block = nil
      if line:find "^      %- " then
        step = {}
        job.steps[#job.steps + 1] = step
      end
      if key == "run" and value == "|" then
        step.run, block = "", step
      elseif key == "partition" then
        job.matrix = {}
        for n in value:gmatch "%d+" do job.matrix[#job.matrix + 1] = n end
      elseif step and key then
        step[key] = value
      end
    end
  end
  return jobs
end

describe("the workflow with one word changed", function()
  if not need "cargo" then return end
  local here, tests

  setup(function()
    here = workspace.scratch()
    here:must "mkdir -p ../artifacts ../bare"
    -- a machine without Cargo has what every system has
    for _, program in ipairs { "sh", "cat", "env", "ls", "true", "mkdir" } do here:must(("ln -s $(command -v %s) ../bare/"):format(program)) end
  end)
  teardown(function() if here then here:remove() end end)

  -- A job on a fresh machine: the same directory with a fresh checkout, an empty home. Where Rust is set up there is Cargo's
  -- directory for programs; else a step makes it.
  local function run_job(job, partition)
    local said, machine, rust = {}, here.base .. "/work", false
    here:must("rm -rf ../work ../home && mkdir ../home")
    for _, step in ipairs(job.steps) do
      local what = step.uses or ""
      if what:find "checkout" then
        here:must(("cp -r %s/tests/fixtures/demo ../work"):format(workspace.quote(os.getenv "NXLUA_SOURCE")))
      elseif what:find "toolchain" then
        rust = true
        here:must "mkdir -p ../home/.cargo/bin"
      elseif what:find "install" then
        here:must(("ln -s %s ../home/.cargo/bin/cargo-nxlua"):format(workspace.quote(os.getenv "NXLUA")))
      elseif what:find "upload" then
        here:must(("mkdir ../artifacts/%s && cp ../work/%s ../artifacts/%s/"):format(step.name, step.path, step.name))
      elseif what:find "download" then
        here:must(("cp ../artifacts/%s/* ../work/"):format(step.name))
      elseif step.run then
        local line = step.run:gsub("%${{ matrix.partition }}", partition or "")
        local surroundings = rust
          and ("PATH=%s/home/.cargo/bin:$PATH RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}"):format(here.base)
          or ("PATH=%s/bare"):format(here.base)
        local code, out, problems = here:sh(("cd %s && CARGO_TERM_COLOR=always %s HOME=%s/home sh -c %s"):format(machine, surroundings,
          here.base, workspace.quote(line)))
        assert.equal(0, code, line .. "\n" .. out .. problems)
        said[#said + 1] = out .. problems
      end
    end
    return (table.concat(said):gsub("\27%[[%d;]*m", ""))
  end

  local changed, count = workflow:gsub("cargo nextest", "cargo nxlua"):gsub("cargo%-nextest", "cargo-nxlua")
  local jobs = jobs_of(changed)

  it("changes one word a command", function()
    assert.equal(1, count)
    assert.equal("cargo nxlua archive --archive-file nextest-archive.tar.zst", jobs[1].steps[4].run)
    assert.equal("~/.cargo/bin/cargo-nxlua nextest run --archive-file nextest-archive.tar.zst \\\n"
      .. "  --partition count:${{ matrix.partition }}/2\n", jobs[2].steps[5].run)
  end)
  it("builds and archives", function()
    local said = run_job(jobs[1])
    assert.matches("Archiving %d+ binaries .* to nextest%-archive.tar.zst", said)
    assert.matches("Archived %d+ files to nextest%-archive.tar.zst in ", said)
    tests = {}
    for line in here:must("cd ../work && " .. workspace.quote(os.getenv "NXLUA") .. " list"):gmatch "[^\n]+" do tests[line] = 0 end
    assert.is_not_nil(next(tests))
  end)
  it("runs each part on its own machine, every test once", function()
    for _, partition in ipairs(jobs[2].matrix) do
      local said, ran = run_job(jobs[2], partition), 0
      for test in said:gmatch "\n +PASS %[[^%]]*%] %([^)]*%) ([^\n]*)" do
        assert.is_not_nil(tests[test], test)
        tests[test] = tests[test] + 1
        ran = ran + 1
      end
      assert.matches(("Summary %%[ *[%%d.]+s%%] %d tests? run: %d passed"):format(ran, ran), said)
    end
    for test, times in pairs(tests) do assert.equal(1, times, test) end
  end)
end)
