---@meta nx
-- Declarations for editors: running programs, and tasks.

---@class nx.RunOptions
---@field [integer] string|number           the program and its arguments
---@field cwd? string
---@field env? table<string, string|false>  added to our environment; false removes
---@field clear_env? boolean
---@field view? nx.View
---@field timeout? number|string
---@field grace? number|string              between TERM and KILL, 10 s
---@field leak_timeout? number|string       0.1 s
---@field stdin? "null"|"inherit"|"pipe"|{ data: string }|{ path: string }
---@field stdout? "capture"|"inherit"|"null"|{ path: string, append?: boolean }|fun(chunk: string?)
---@field stderr? "capture"|"inherit"|"null"|"stdout"|{ path: string, append?: boolean }|fun(chunk: string?)
---@field max_output? integer|string        64 MiB a stream
---@field check? boolean                    raise unless it is ok

---@class nx.Outcome
---@field ok boolean
---@field exit_code integer                 128 + n after a signal
---@field reason "exit"|"signal"|"timeout"|"cancelled"
---@field signal? string
---@field stdout string
---@field stderr string
---@field truncated? integer                bytes that were dropped
---@field leaked boolean
---@field seconds number
---@field user_seconds number
---@field system_seconds number
---@field max_rss integer
---@field started_at number
---@field argv string[]

---@class nx.Process
---@field pid integer
---@field started_at number
local Process = {}

---@return nx.Outcome
function Process:wait() end

---@param name string
---@return boolean anyone
function Process:signal(name) end

---@param bytes string?
---@return boolean read  false: nobody reads it any more
function Process:write(bytes) end

function Process:close() end

---@class nx.Task
local Task = {}

---@return any ...
function Task:wait() end

function Task:cancel() end

function Task:close() end

---@class nx.Closable
local Closable = {}

function Closable:close() end

---@class nx.TempDir : nx.Closable
---@field path string

---@class nx
local nx = {}

--- Runs a program until its end.
---@param options nx.RunOptions|string
---@return nx.Outcome
function nx.run(options) end

--- Starts a program.
---@param options nx.RunOptions|string
---@return nx.Process
function nx.start(options) end

--- Fills in the rest of an outcome: for doubles.
---@param fields table
---@return nx.Outcome
function nx.outcome(fields) end

--- A sink for stdout or stderr that cuts lines.
---@param fn fun(line: string)
---@return fun(chunk: string?)
function nx.lines(fn) end

--- Runs functions at the same time: { FN…, limit = nil }.
---@param options table
---@return any[] results  the first result of each
function nx.all(options) end

--- Runs a function for each item of a list: { LIST, FN, limit = nil }.
---@param options table
---@return any[]
function nx.map(options) end

---@param fn function
---@return nx.Task
function nx.task(fn) end

---@param duration number|string
function nx.sleep(duration) end

--- { FN, timeout = "10s", every = "50ms" }: the first true value.
---@param options table|function
---@return any
function nx.wait_for(options) end

---@param fn function
---@return nx.Closable
function nx.defer(fn) end

---@param options? table
---@return nx.TempDir
function nx.temp_dir(options) end
