---@meta nx
-- Declarations for editors: the face, from sources to results. Running and tasks are in run.lua, unpacking in extract.lua.

---@class nx
---@field version string
---@field api integer       1
---@field cargo nx.cargo
---@field fs nx.fs
---@field json nx.json
---@field filterset nx.filterset
---@field report nx.report
---@field here nx.Host      this machine
local nx = {}

---@class nx.Error
---@field kind string       usage not_found exists permission io format unsafe_entry limit spawn exit timeout cancelled interrupted
---                         build_failed list_failed config filterset budget mismatch host_lost user internal
---@field message string    one line
---@field exit_code integer what the program exits with when nobody catches it
---@field where? string     "file:line" of the script
---@field path? string
---@field errno? integer
---@field step? string      of starting a program: "chdir", "exec", …
---@field spans? table[]
---@field outcome? nx.Outcome
---@field cause? any

--- Raises an error of the script's own: `nx.fail { "no tests", kind = "user", exit_code = 4 }`.
---@param options string|table
function nx.fail(options) end

-- ---- archives and paths ----

---@class nx.ArchiveEntry
---@field [1] string        a path; a directory means its contents
---@field as? string        the name in the archive
---@field filter? fun(entry: nx.Entry): any
---@field data? string|fun(before: nx.Entry[]): string   instead of a path: the bytes, or (sync) asked for in its turn
---@field mode? string      "0644"
---@field directory? boolean   instead of a path: an empty directory of that name

---@class nx.ArchiveProgress
---@field bytes integer         read so far, of total_bytes
---@field total_bytes integer
---@field files integer         entries done, of total_files
---@field total_files integer
---@field written integer       size of the archive so far
---@field path? string          the entry at work

---@class nx.ArchiveReport
---@field path? string      nil when it went to a function
---@field bytes integer
---@field unpacked_bytes integer
---@field files integer
---@field hash string
---@field seconds number
---@field entries nx.Entry[]

---@class nx.ArchiveOptions
---@field [integer] string|nx.ArchiveEntry
---@field to string|fun(chunk: string)     a file, "-", or (sync) a function
---@field format? "tar.zst"|"tar"|"tar.gz"|"tar.xz"|"zip"   by the name
---@field level? integer                   3
---@field threads? integer                 1: one zstd frame; 0: all processors: a frame for each 128 MiB (tar.zst)
---@field long? integer|false              27
---@field strip? false|"debug"
---@field strip_to? string
---@field base? string
---@field symlinks? "keep"|"follow"
---@field times? "keep"|integer            SOURCE_DATE_EPOCH, or 1
---@field owners? boolean
---@field filter? fun(entry: nx.Entry): any       sync: any true value keeps
---@field rename? fun(entry: nx.Entry): string?   sync: nil leaves the name
---@field progress? fun(progress: nx.ArchiveProgress)   sync: now and then, and at the end

---@param options nx.ArchiveOptions
---@return nx.ArchiveReport
function nx.archive(options) end

---@class nx.Map
---@field pairs string[][]
---@operator call(string): string
local Map = {}
---@param paths string[]
---@return string[]
function Map:list(paths) end
---@param env table<string, string>
---@return table<string, string>
function Map:env(env) end
---@param path string
---@return string
function Map:back(path) end
---@return nx.View
function Map:view(options) end

---@class nx.View
local View = {}
function View:close() end

--- Prefixes of paths, by component, the longest first: `nx.remap { { "/build", "/srv" } } "/build/x"` is "/srv/x".
---@param options table
---@return nx.Map
function nx.remap(options) end

---@class nx.Stat
---@field type "file"|"dir"|"symlink"|"fifo"|"socket"|"device"
---@field bytes integer
---@field mode string       "0644"
---@field mtime integer
---@field link? string
---@field uid integer
---@field gid integer

---@class nx.fs
nx.fs = {}
--- `{ "pattern"… }`: each path once, sorted within each pattern.
---@param options string|table
---@return string[]
function nx.fs.glob(options) end
--- `{ "path", follow = true }`; nil when there is nothing of that name.
---@param options string|table
---@return nx.Stat?
function nx.fs.stat(options) end
--- `{ "path", mode = "0755" }`, with the parents that are missing; did it have to be made?
---@param options string|table
---@return boolean
function nx.fs.mkdir(options) end
--- `{ "path"…, recursive = false }`; was there anything?
---@param options string|table
---@return boolean
function nx.fs.remove(options) end
--- `{ "path", max = nil }`
---@param options string|table
---@return string
function nx.fs.read(options) end
--- `{ "path", data = "bytes", mode = nil }`: the whole file or nothing.
---@param options table
function nx.fs.write(options) end
--- 32 hexadecimal digits, and the size.
---@param options string|table
---@return string, integer
function nx.fs.hash(options) end

---@class nx.json
---@field null any
nx.json = {}
---@param value any
---@param options? { pretty: boolean }
---@return string
function nx.json.encode(value, options) end
---@param text string
---@return any
function nx.json.decode(text) end

-- ---- from sources to tests ----

---@class nx.Suite
---@field id string
---@field name string
---@field path string
---@field package? string
---@field harness string
---@field kind string
---@field platform "target"|"host"
---@field runner string[]
---@field cwd string
---@field env table<string, string>
---@field library_path string[]
---@field bytes? integer
---@field hash? string
---@field meta table

---@class nx.Test
---@field id string         "SUITE NAME"
---@field suite string
---@field name string
---@field ignored boolean
---@field labels table
---@field meta table

---@alias nx.Filter string|table|fun(test: nx.Test): boolean

---@class nx.Build
---@field source string
---@field suites nx.Suite[]
---@field root string
---@field target_dir string
---@field target? string
---@field host string
---@field map nx.Map
---@field hash string
---@field meta table
local Build = {}
---@param options? { filter?: nx.Filter, ignored?: "skip"|"only"|"all", recorded?: boolean, on?: nx.Host }
---@return nx.Tests
function Build:tests(options) end
---@param id string
---@return nx.Suite?
function Build:suite(id) end
---@return table[]
function Build:files(options) end
---@return nx.ArchiveReport
function Build:archive(options) end
function Build:close() end

---@class nx.Tests
---@field [integer] nx.Test
local Tests = {}
---@param filter nx.Filter
---@return nx.Tests
function Tests:select(filter) end
---@param key fun(test: nx.Test): number|string
---@return nx.Tests
function Tests:order(key) end
---@return nx.Test?
function Tests:get(id) end
---@param how string|fun(test: nx.Test, index: integer): boolean
---@return nx.Tests
function Tests:partition(how) end
---@return nx.Tests[]
function Tests:split(options) end
---@return nx.Plan
function Tests:plan(options) end
---@return nx.Result
function Tests:run(options) end

---@class nx.Plan
---@field version integer
---@field build string
---@field items table[]
local Plan = {}
---@return nx.Result
function Plan:run(options) end

---@class nx.Attempt
---@field number integer
---@field status "pass"|"fail"|"timeout"|"exec_fail"|"skip"
---@field exit_code integer
---@field signal? string
---@field stdout string
---@field stderr string
---@field seconds number
---@field started_at number

---@class nx.Result
---@field ok boolean
---@field exit_code integer
---@field seconds number
---@field started_at number
---@field cancelled? "fail_fast"|"signal"|"timeout"
---@field counts table<string, integer>
---@field tests table[]
---@field hosts table
---@field build string
---@field problems nx.Error[]

---@class nx.Host
---@field name string
---@field slots integer
---@field labels string[]
---@field platform string

--- A build of any source.
---@return nx.Build
function nx.build(options) end
--- A build out of an archive.
---@param options string|table
---@return nx.Build
function nx.open(options) end
--- A list of tests as Tests.
---@return nx.Tests
function nx.tests(options) end
--- Results of several runs as one.
---@return nx.Result
function nx.merge(options) end

---@class nx.cargo
nx.cargo = {}
---@return nx.Build
function nx.cargo.build(options) end

---@class nx.filterset
nx.filterset = {}
---@param text string
---@return nx.Filter
function nx.filterset.compile(text) end
---@param name string
---@param predicate fun(test: nx.Test, text?: string): boolean
function nx.filterset.define(name, predicate) end

---@class nx.report
nx.report = {}

return nx
