---@meta nx
-- Declarations for editors: unpacking.

---@class nx.Entry
---@field path string      clean (no "./", no final slash) where that is possible, and after `rename`
---@field raw? string      the name in the archive, when it is another one
---@field type "file"|"dir"|"symlink"|"hardlink"|"device"|"fifo"|"other"
---@field bytes integer    of the file, holes included
---@field mode string      "0644"
---@field mtime integer
---@field link? string     where a link leads
---@field unsafe? string   unpacking: why it cannot be written; keeping it while writing raises `unsafe_entry`
---@field data? string     unpacking with data = true
---@field source? string   archiving: the file that it comes from
---@field hash? string     archiving: XXH3-128 of the content, 32 hexadecimal digits

---@class nx.ExtractReport
---@field path string      the archive; "-" for standard input, "function" for a function
---@field to? string
---@field bytes integer    of the files, unpacked
---@field files integer    entries kept that are no directories
---@field skipped integer
---@field seconds number
---@field entries nx.Entry[]

---@class nx.ExtractOptions
---@field [1] string|fun():string?   the archive: a file, "-" for standard input, or (sync) a function that gives chunks
---@field to? string                 the directory; one that is not there appears as a whole. nil: nothing is written
---@field filter? fun(entry: nx.Entry): any       sync: any true value keeps
---@field rename? fun(entry: nx.Entry): string?   sync: nil leaves the name
---@field data? boolean              true: the bytes into entry.data
---@field overwrite? boolean         true: files that exist are replaced
---@field threads? integer           1: decodes and writes on one thread; else (0) files are decoded ahead on a second one
---@field max_bytes? integer|string
---@field max_files? integer
---@field max_ratio? number

---@class nx
local nx = {}

--- Unpacks an archive, or lists it when `to` is not given.
---@param options nx.ExtractOptions|string
---@return nx.ExtractReport
function nx.extract(options) end
