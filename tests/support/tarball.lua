-- Archives byte by byte, for tests: whatever can be written down, right or wrong. No program is needed.

local M = {}

local function octal(n, width) return ("%0" .. width - 1 .. "o\0"):format(n) end
M.octal = octal

--- A base-256 field.
function M.base256(n, width)
  local s = (">I8"):pack(n)
  return (n < 0 and "\xff" or "\x80") .. (n < 0 and "\xff" or "\0"):rep(width - 9) .. s
end

local function pad(s, n) return s .. ("\0"):rep(n - #s) end

--- A header block. Fields: name, mode, uid, gid, size, mtime (numbers or raw bytes), type, link, magic ("ustar" | "gnu" |
--- "v7" | raw 8 bytes), prefix, tail (raw bytes from offset 345), sum (raw checksum field).
function M.header(h)
  local function number(value, width)
    return type(value) == "string" and pad(value, width) or octal(value, width)
  end
  local magic = ({ ustar = "ustar\00000", gnu = "ustar  \0", v7 = ("\0"):rep(8) })[h.magic or "ustar"] or h.magic
  local front = pad(h.name:sub(1, 100), 100) .. number(h.mode or 420, 8) .. number(h.uid or 0, 8) .. number(h.gid or 0, 8)
    .. number(h.size or 0, 12) .. number(h.mtime or 1000000000, 12)
  local back = (h.type or "0") .. pad((h.link or ""):sub(1, 100), 100) .. magic .. ("\0"):rep(64) .. ("\0"):rep(16)
    .. (h.tail and pad(h.tail, 167) or pad((h.prefix or ""):sub(1, 155), 167))
  local sum = 0
  for _, part in ipairs { front, "        ", back } do
    for i = 1, #part do sum = sum + part:byte(i) end
  end
  return front .. (h.sum or ("%06o\0 "):format(sum)) .. back
end

--- Data padded to whole blocks.
function M.blocks(data)
  return data .. ("\0"):rep(-#data % 512)
end

--- A member: a header with its data. `h.data` sets the size.
function M.member(h)
  local data = h.data or ""
  local copy = {}
  for k, v in pairs(h) do copy[k] = v end
  copy.size = h.size or #data
  return M.header(copy) .. M.blocks(data)
end

function M.file(name, data, more)
  local h = { name = name, data = data or "x" }
  for k, v in pairs(more or {}) do h[k] = v end
  return M.member(h)
end

--- A GNU long name (type "L") or link ("K") before a member.
function M.long(text, type)
  return M.member { name = "././@LongLink", type = type or "L", data = text .. "\0", magic = "gnu", mtime = 0 }
end

--- A pax record, its length in front.
function M.record(key, value)
  local rest = " " .. key .. "=" .. value .. "\n"
  local n = #rest + 1
  while #tostring(n) + #rest ~= n do n = #tostring(n) + #rest end
  return n .. rest
end

--- A pax header: { { key, value }… } or raw text.
function M.pax(records, type)
  local text = records
  if _G.type(records) == "table" then
    local t = {}
    for i, r in ipairs(records) do t[i] = M.record(r[1], r[2]) end
    text = table.concat(t)
  end
  return M.member { name = "PaxHeaders/x", type = type or "x", data = text }
end

local function pairs_of(list, count)
  local t = {}
  for _, p in ipairs(list) do t[#t + 1] = octal(p[1], 12) .. octal(p[2], 12) end
  return pad(table.concat(t), count * 24)
end

--- A GNU sparse member: `list` of { offset, size } (four in the header, 21 in each block that follows), its parts' bytes
--- and the real size.
function M.sparse(name, list, data, real, more)
  local first, rest, n = table.move(list, 1, math.min(4, #list), 1, {}), {}, 5
  while n <= #list do
    local part = table.move(list, n, math.min(n + 20, #list), 1, {})
    n = n + 21
    rest[#rest + 1] = pad(pairs_of(part, 21) .. (n <= #list and "\1" or "\0"), 512)
  end
  local h = { name = name, type = "S", magic = "gnu", size = #data,
    tail = ("\0"):rep(41) .. pairs_of(first, 4) .. (#rest > 0 and "\1" or "\0") .. octal(real, 12) }
  for k, v in pairs(more or {}) do h[k] = v end
  return M.header(h) .. table.concat(rest) .. M.blocks(data)
end

M.finish = ("\0"):rep(1024)

--- A whole archive of parts.
function M.tar(...)
  return table.concat { ... } .. M.finish
end

-- zstd: frames of stored blocks.
local function block(data, last)
  return ("<I3"):pack(#data << 3 | (last and 1 or 0)) .. data
end

--- A zstd frame that holds the data as they are. `o.window`: its window as a power of two; `o.cut`: no last block.
function M.zstd(data, o)
  o = o or {}
  local parts = { "\x28\xb5\x2f\xfd", "\0", string.char(((o.window or 20) - 10) << 3) }
  for at = 1, #data, 65536 do parts[#parts + 1] = block(data:sub(at, at + 65535)) end
  if not o.cut then parts[#parts + 1] = block("", true) end
  return table.concat(parts)
end

--- A frame of one byte repeated n times, in a few bytes.
function M.zstd_repeat(byte, n)
  local parts = { "\x28\xb5\x2f\xfd", "\0", string.char(10 << 3) }
  while n > 0 do
    local part = math.min(n, 131072)
    parts[#parts + 1] = ("<I3"):pack(part << 3 | 1 << 1) .. byte
    n = n - part
  end
  parts[#parts + 1] = block("", true)
  return table.concat(parts)
end

function M.zstd_skippable(data, kind)
  return ("<I4I4"):pack(0x184D2A50 + (kind or 0), #data) .. data
end

local crc_table = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do c = c & 1 == 1 and 0xEDB88320 ~ (c >> 1) or c >> 1 end
  crc_table[i] = c
end
function M.crc32(data)
  local c = 0xFFFFFFFF
  for i = 1, #data do c = crc_table[(c ~ data:byte(i)) & 0xFF] ~ (c >> 8) end
  return c ~ 0xFFFFFFFF
end

--- Deflate with stored blocks.
function M.deflate(data)
  local parts, at = {}, 1
  repeat
    local piece = data:sub(at, at + 65534)
    at = at + 65535
    parts[#parts + 1] = ("<BI2I2"):pack(at > #data and 1 or 0, #piece, ~#piece & 0xFFFF) .. piece
  until at > #data
  return table.concat(parts)
end

function M.gzip(data, o)
  o = o or {}
  return "\x1f\x8b\8\0\0\0\0\0\0\3" .. M.deflate(data) .. ("<I4I4"):pack(o.crc or M.crc32(data), #data & 0xFFFFFFFF)
end

--- zip: members { name=, data=, mode=, method = 0|8, crc=, size=, flags=, unix = true, extra=, comment= }.
function M.zip(members, o)
  o = o or {}
  local parts, directory, at = { o.front or "" }, {}, #(o.front or "")
  for _, m in ipairs(members) do
    local data = m.data or ""
    local packed = m.method == 8 and (m.packed or M.deflate(data)) or data
    local crc, size, method, flags = m.crc or M.crc32(data), m.size or #data, m.method or 0, m.flags or 0
    local time, date = 0, (40 << 9) | (1 << 5) | 1
    local head = ("<c4I2I2I2I2I2I4I4I4I2I2"):pack("PK\3\4", 20, flags, method, time, date, crc, #packed, size, #m.name, 0)
    parts[#parts + 1] = head .. m.name .. packed
    local extra = m.extra or ""
    directory[#directory + 1] = ("<c4I2I2I2I2I2I2I4I4I4I2I2I2I2I2I4I4"):pack("PK\1\2", m.dos and 20 or 0x031E, 20, flags,
      method, time, date, crc, m.packed_size or #packed, m.wide and 0xFFFFFFFF or size, #m.name, #extra, 0, 0, 0,
      (m.mode or 0x81A4) << 16, m.offset or at) .. m.name .. extra
    at = at + #head + #m.name + #packed
  end
  local dir = table.concat(directory)
  parts[#parts + 1] = dir
  parts[#parts + 1] = ("<c4I2I2I2I2I4I4I2"):pack("PK\5\6", 0, 0, #members, o.count or #members, #dir, o.offset or at,
    #(o.comment or "")) .. (o.comment or "")
  return table.concat(parts)
end

return M
