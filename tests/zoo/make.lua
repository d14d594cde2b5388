-- The zoo: odd and hostile archives, each with what has to come of it. Loaded by the spec; run alone it writes them out:
--   nxlua tests/zoo/make.lua DIR
-- A case: { name, bytes, kind = nil (it unpacks) | error kind, step?, text? (pattern of the message), tree? = what lies in
-- the destination, options?, before? = shell commands in the destination, exist = true: they need it to be there }
-- deep = true: the tree is not looked at, only the counts (files, bytes_out)
-- tree: path → "bytes" | { link = "target" } | { dir = true } | { data =, mode = "0755", mtime = n, same = "other name" }

local T = require "tarball"
local file, tar, member, pax, long = T.file, T.tar, T.member, T.pax, T.long

local cases = {}
local function case(name, bytes, want)
  local c = want or {}
  c.name, c.bytes = name, bytes
  cases[#cases + 1] = c
end
local function refused(name, bytes, text, more)
  local c = { kind = "unsafe_entry", text = text }
  for k, v in pairs(more or {}) do c[k] = v end
  case(name, bytes, c)
end
local function broken(name, bytes, step, more)
  local c = { kind = "format", step = step }
  for k, v in pairs(more or {}) do c[k] = v end
  case(name, bytes, c)
end

-- What every tool writes.
case("one file", tar(file("a", "hello")), { tree = { a = "hello" } })
case("empty file", tar(file("a", "")), { tree = { a = "" } })
case("no members", T.finish, { tree = {} })
case("padded to 10240", tar(file("a")) .. ("\0"):rep(8192), { tree = { a = "x" } })
case("one zero block at the end", file("a") .. ("\0"):rep(512), { tree = { a = "x" } })
case("data of one block", tar(file("a", ("b"):rep(512)), file("c")), { tree = { a = ("b"):rep(512), c = "x" } })
case("data of one block and a byte", tar(file("a", ("b"):rep(513)), file("c")), { tree = { a = ("b"):rep(513), c = "x" } })
case("directories", tar(member { name = "d/", type = "5" }, file("d/e/f")), { tree = { ["d/e/f"] = "x" } })
case("a directory after its files", tar(file("d/f"), member { name = "d", type = "5", mode = 448 }),
  { tree = { ["d/f"] = "x", d = { dir = true, mode = "0700", mtime = 1000000000 } } })
case("an empty directory", tar(member { name = "d", type = "5" }), { tree = { d = { dir = true, mode = "0644" } } })
case("a directory that cannot be written to", tar(member { name = "d", type = "5", mode = 365 }, file("d/f")),
  { tree = { ["d/f"] = "x", d = { dir = true, mode = "0555" } } })
case("the root itself", tar(member { name = "./", type = "5", mode = 0 }, file("./a")), { tree = { a = "x" } })
case("dot components", tar(file("./a/./b//c")), { tree = { ["a/b/c"] = "x" } })
case("modes", tar(file("a", "x", { mode = 493 }), file("b", "x", { mode = 256 })),
  { tree = { a = { data = "x", mode = "0755" }, b = { data = "x", mode = "0400" } } })
case("full mode as the peer writes it", tar(file("a", "x", { mode = 33261, magic = "gnu" })), { tree = { a = { data = "x", mode = "0755" } } })
case("setuid, setgid and sticky are dropped", tar(file("a", "x", { mode = 3072 + 493 }), file("b", "x", { mode = 512 + 420 })),
  { tree = { a = { data = "x", mode = "0755" }, b = { data = "x", mode = "0644" } } })
case("mode 0", tar(file("a", "x", { mode = 0 })), { tree = { a = { data = "x", mode = "0000" } } })
case("mtime", tar(file("a", "x", { mtime = 1234567890 })), { tree = { a = { data = "x", mtime = 1234567890 } } })
case("mtime 0 becomes 1", tar(file("a", "x", { mtime = 0 })), { tree = { a = { data = "x", mtime = 1 } } })
case("mtime before 1970", tar(file("a", "x", { mtime = T.base256(-1000, 12) })), { tree = { a = { data = "x", mtime = -1000 } } })
case("mtime after 2106", tar(file("a", "x", { mtime = T.base256(5000000000, 12) })), { tree = { a = { data = "x", mtime = 5000000000 } } })
case("mtime beyond reason", tar(file("a", "x", { mtime = T.base256(1 << 61, 12) })), { tree = { a = "x" } })
case("NUL type flag, NUL fields (the peer's metadata)",
  tar(file("a", "x", { type = "\0", magic = "gnu", uid = "", gid = "" })), { tree = { a = "x" } })
case("all numeric fields NUL but the size", tar(file("a", "x", { mode = "", uid = "", gid = "", mtime = "" })),
  { tree = { a = { data = "x", mode = "0000", mtime = 1 } } })
case("v7 header", tar(file("a", "x", { magic = "v7", type = "\0" })), { tree = { a = "x" } })
case("v7 directory by its slash", tar(member { name = "d/", magic = "v7", type = "\0" }), { tree = { d = { dir = true } } })
case("contiguous file", tar(file("a", "x", { type = "7" })), { tree = { a = "x" } })
case("fields padded with blanks", tar(file("a", "x", { mode = "   644 ", mtime = "  7346545000" , size = "          1 " })), { tree = { a = "x" } })
case("size in base 256", tar(file("a", "xyz", { size = T.base256(3, 12) })), { tree = { a = "xyz" } })
case("ustar prefix", tar(file("f", "x", { prefix = "a/b" })), { tree = { ["a/b/f"] = "x" } })
case("ustar prefix of 155", tar(file(("n"):rep(100), "x", { prefix = ("p"):rep(155) })), { tree = { [("p"):rep(155) .. "/" .. ("n"):rep(100)] = "x" } })
case("a GNU header has no prefix", tar(file("f", "x", { prefix = "a/b", magic = "gnu" })), { tree = { f = "x" } })
case("star's shorter prefix", tar(file("f", "x", { tail = "pre" .. ("\0"):rep(128) .. ("00000000000\0"):rep(2) .. ("\0"):rep(8) .. "tar\0" })),
  { tree = { ["pre/f"] = "x" } })
case("name of 100 bytes", tar(file(("n"):rep(100))), { tree = { [("n"):rep(100)] = "x" } })
case("long name", tar(long("d/" .. ("n"):rep(200)), file(("n"):rep(100), "x", { magic = "gnu" })), { tree = { ["d/" .. ("n"):rep(200)] = "x" } })
case("long name without its NUL", tar(member { name = "././@LongLink", type = "L", data = "abc", magic = "gnu" }, file("z", "x", { magic = "gnu" })), { tree = { abc = "x" } })
case("two long names: the last", tar(long "first", long "second", file("z")), { tree = { second = "x" } })
case("empty long name: the header's", tar(member { name = "././@LongLink", type = "L", data = "\0" }, file("z")), { tree = { z = "x" } })
case("long link", tar(long(("t"):rep(150), "K"), member { name = "l", type = "2", link = "t" }), { tree = { l = { link = ("t"):rep(150) } } })
case("long name and long link", tar(long(("t"):rep(150), "K"), long(("l"):rep(150)), member { name = "l", type = "2", link = "t" }),
  { tree = { [("l"):rep(150)] = { link = ("t"):rep(150) } } })
case("pax path", tar(pax { { "path", "é/b" } }, file("z")), { tree = { ["é/b"] = "x" } })
case("pax path of 300", tar(pax { { "path", ("p/"):rep(150) .. "f" } }, file("z")), { tree = { [("p/"):rep(150) .. "f"] = "x" } })
case("pax path wins over a long name", tar(long "lo", pax { { "path", "pa" } }, file("z")), { tree = { pa = "x" } })
case("pax path wins over a later long name", tar(pax { { "path", "pa" } }, long "lo", file("z")), { tree = { pa = "x" } })
case("empty pax path: the header's", tar(pax { { "path", "q" }, { "path", "" } }, file("z")), { tree = { z = "x" } })
case("pax linkpath", tar(pax { { "linkpath", "over/there" } }, member { name = "l", type = "2", link = "x" }), { tree = { l = { link = "over/there" } } })
case("pax mtime with a fraction", tar(pax { { "mtime", "1234567890.987654321" } }, file("a")), { tree = { a = { data = "x", mtime = 1234567890 } } })
case("pax mtime before 1970", tar(pax { { "mtime", "-2" } }, file("a")), { tree = { a = { data = "x", mtime = -2 } } })
case("pax size", tar(pax { { "size", "3" } }, T.header { name = "a", size = 0 } .. T.blocks "xyz"), { tree = { a = "xyz" } })
case("pax keys that mean nothing here", tar(pax { { "comment", "hi" }, { "SCHILY.xattr.user.a", "\0\1\2\n" }, { "uid", "99999999" } }, file("a")), { tree = { a = "x" } })
case("a pax record with a newline in its value", tar(pax { { "path", "a\nb" } }, file("z")), { tree = { ["a\nb"] = "x" } })
case("two pax headers", tar(pax { { "path", "p" } }, pax { { "mtime", "5" } }, file("z")), { tree = { p = { data = "x", mtime = 5 } } })
case("a global pax header", tar(pax({ { "comment", "0123" }, { "path", "no" } }, "g"), file("a")), { tree = { a = "x" } })
case("a Solaris extended header", tar(pax({ { "path", "p" } }, "X"), file("z")), { tree = { p = "x" } })
case("a volume label", tar(member { name = "label", type = "V", magic = "gnu" }, file("a")), { tree = { a = "x" } })
case("a GNU dump directory", tar(member { name = "d/", type = "D", data = "Yf\0\0", magic = "gnu" }, file("d/f")), { tree = { ["d/f"] = "x" } })
case("the same name twice: the last", tar(file("a", "1"), file("a", "2")), { tree = { a = "2" }, files = 2 })
case("the same name twice, spelled otherwise", tar(file("a", "1"), file("./a", "2")), { tree = { a = "2" } })
case("many files", (function()
  local t = {}
  for i = 1, 300 do t[i] = file(("d%d/f%d"):format(i % 7, i), tostring(i)) end
  return tar(table.unpack(t))
end)(), { files = 300 })

-- Sparse files.
local function holes(list, data, real)
  local t, at, from = {}, 0, 1
  for _, p in ipairs(list) do
    t[#t + 1] = ("\0"):rep(p[1] - at) .. data:sub(from, from + p[2] - 1)
    at, from = p[1] + p[2], from + p[2]
  end
  return table.concat(t) .. ("\0"):rep(real - at)
end
local two = { { 0, 512 }, { 4096, 100 }, { 8192, 0 } }
local two_data = ("A"):rep(512) .. ("B"):rep(100)
case("GNU sparse", tar(T.sparse("s", two, two_data, 8192), file("z")), { tree = { s = holes(two, two_data, 8192), z = "x" } })
case("GNU sparse, all hole", tar(T.sparse("s", { { 5000, 0 } }, "", 5000)), { tree = { s = ("\0"):rep(5000) } })
case("GNU sparse, empty", tar(T.sparse("s", { { 0, 0 } }, "", 0)), { tree = { s = "" } })
case("GNU sparse with a long name", tar(long(("n"):rep(120)), T.sparse("n", two, two_data, 8192)), { tree = { [("n"):rep(120)] = holes(two, two_data, 8192) } })
for _, n in ipairs { 4, 5, 25, 26, 60 } do
  local list, data = {}, {}
  for i = 1, n - 1 do list[i], data[i] = { i * 1024, 10 }, (("%010d"):format(i)) end
  list[n] = { n * 1024, 0 }
  local bytes = table.concat(data)
  case(("GNU sparse with %d pairs"):format(n), tar(T.sparse("s", list, bytes, n * 1024), file("z")), { tree = { s = holes(list, bytes, n * 1024), z = "x" } })
end
case("pax sparse 0.0", tar(pax { { "GNU.sparse.size", "8192" }, { "GNU.sparse.numblocks", "2" }, { "GNU.sparse.offset", "0" },
  { "GNU.sparse.numbytes", "512" }, { "GNU.sparse.offset", "4096" }, { "GNU.sparse.numbytes", "100" } }, file("s", two_data)), { tree = { s = holes(two, two_data, 8192) } })
case("pax sparse 0.1", tar(pax { { "GNU.sparse.size", "8192" }, { "GNU.sparse.numblocks", "2" }, { "GNU.sparse.name", "s" },
  { "GNU.sparse.map", "0,512,4096,100" } }, file("GNUSparseFile.1/s", two_data)), { tree = { s = holes(two, two_data, 8192) } })
local map = T.blocks "2\n0\n512\n4096\n100\n"
local v1 = { { "GNU.sparse.major", "1" }, { "GNU.sparse.minor", "0" }, { "GNU.sparse.name", "s" }, { "GNU.sparse.realsize", "8192" } }
case("pax sparse 1.0", tar(pax(v1), file("GNUSparseFile.1/s", map .. two_data), file("z")), { tree = { s = holes(two, two_data, 8192), z = "x" } })
case("a file of 9 GiB, nearly all hole", tar(pax { { "GNU.sparse.size", tostring((9 << 30) + 3) }, { "GNU.sparse.name", "s" },
  { "GNU.sparse.map", tostring(9 << 30) .. ",3" } }, file("s", "end"), file("z")), { deep = true, files = 2, bytes_out = (9 << 30) + 4 })
broken("GNU sparse: parts overlap", tar(T.sparse("s", { { 0, 512 }, { 100, 100 } }, two_data, 8192)), "sparse")
broken("GNU sparse: parts go back", tar(T.sparse("s", { { 4096, 512 }, { 0, 100 } }, two_data, 8192)), "sparse")
broken("GNU sparse: a part beyond the end", tar(T.sparse("s", { { 0, 512 }, { 8150, 100 } }, two_data, 8192)), "sparse")
broken("GNU sparse: sizes do not add up", tar(T.sparse("s", { { 0, 512 } }, two_data, 8192)), "sparse")
broken("GNU sparse: no number", tar(T.sparse("s", two, two_data, 8192, { tail = ("\0"):rep(41) .. "zzz" .. ("\0"):rep(93) .. "\0" .. T.octal(8192, 12) })), "sparse")
broken("GNU sparse: cut in its extension", T.sparse("s", { { 0, 1 }, { 2, 1 }, { 4, 1 }, { 6, 1 }, { 8, 1 } }, "abcde", 10):sub(1, 700), "truncated")
broken("GNU sparse in a ustar header", tar(T.sparse("s", two, two_data, 8192, { magic = "ustar" })), "sparse")
broken("pax sparse: unknown version", tar(pax { { "GNU.sparse.major", "2" }, { "GNU.sparse.minor", "0" }, { "GNU.sparse.realsize", "1" } }, file("s")), "sparse")
broken("pax sparse 1.0: no number", tar(pax(v1), file("s", T.blocks "2\n0\nx\n" .. two_data)), "sparse")
broken("pax sparse 1.0: more parts than data", tar(pax(v1), file("s", "99999999\n")), "sparse")
broken("pax sparse 1.0: endless digits", tar(pax(v1), file("s", ("9"):rep(600))), "sparse")
broken("pax sparse 0.0: bytes without an offset", tar(pax { { "GNU.sparse.numbytes", "1" } }, file("s")), "pax")
broken("pax sparse 0.1: odd map", tar(pax { { "GNU.sparse.size", "9" }, { "GNU.sparse.map", "0,1,2" } }, file("s")), "pax")
case("a huge hole against max_bytes", tar(T.sparse("s", { { 1 << 32, 0 } }, "", 1 << 32)), { kind = "limit", options = { max_bytes = "1GiB" } })

-- Packings.
local plain = tar(file("a", "hello"), file("b", ("y"):rep(3000)))
local both = { a = "hello", b = ("y"):rep(3000) }
case("zstd", T.zstd(plain), { tree = both })
case("zstd in many frames", T.zstd(plain:sub(1, 700)) .. T.zstd(plain:sub(701, 1100)) .. T.zstd(plain:sub(1101)), { tree = both })
case("zstd with empty frames", T.zstd "" .. T.zstd(plain) .. T.zstd "", { tree = both })
case("skippable frame in front", T.zstd_skippable "index" .. T.zstd(plain), { tree = both })
case("skippable frames everywhere", T.zstd_skippable("", 1) .. T.zstd(plain:sub(1, 999)) .. T.zstd_skippable(("z"):rep(5000), 15) .. T.zstd(plain:sub(1000)) .. T.zstd_skippable("end", 7), { tree = both })
case("window 2^27", T.zstd(plain, { window = 27 }), { tree = both })
broken("window 2^28", T.zstd(plain, { window = 28 }), "window", { text = "window of 256 MiB" })
broken("window 2^31", T.zstd(plain, { window = 31 }), "window", { text = "window of 2048 MiB" })
broken("window 2^28 in the second frame", T.zstd(plain:sub(1, 512)) .. T.zstd(plain:sub(513), { window = 28 }), "window")
broken("zstd without its last block", T.zstd(plain, { cut = true }), "truncated")
broken("zstd cut in its header", T.zstd(plain):sub(1, 5), "truncated")
broken("skippable frame cut", T.zstd(plain) .. T.zstd_skippable("0123456789"):sub(1, -3), "truncated")
broken("junk behind zstd", T.zstd(plain) .. "junk", "corrupt")
broken("a frame that needs a dictionary", "\x28\xb5\x2f\xfd\x01\x50\x07" .. T.zstd(plain):sub(7), "corrupt")
broken("zstd reserved block type", T.zstd(plain):sub(1, 6) .. "\7\0\0" .. T.zstd(plain):sub(10), "corrupt")
broken("zstd of nothing like a tar", T.zstd(("no tar "):rep(200)), "header_checksum")
broken("zstd of nothing", T.zstd "", "truncated")
case("gzip", T.gzip(plain), { tree = both })
case("gzip in two members", T.gzip(plain:sub(1, 900)) .. T.gzip(plain:sub(901)), { tree = both })
case("gzip with zeros behind", T.gzip(plain) .. ("\0"):rep(100), { tree = both })
broken("gzip with a wrong check sum", T.gzip(plain, { crc = 1 }), "corrupt")
broken("gzip with junk behind", T.gzip(plain) .. "junk", "corrupt")
broken("gzip cut", T.gzip(plain):sub(1, -9), "truncated")
broken("gzip cut in its check sum", T.gzip(plain):sub(1, -3), "truncated")
broken("xz that is none", "\xfd7zXZ\0" .. ("\0"):rep(100), "corrupt")
broken("nothing", "", "truncated")
broken("a text", ("This is no archive.\n"):rep(60), "unknown")
broken("a short text", "hi", "unknown")
broken("an ELF file", "\x7fELF" .. ("\1"):rep(2000), "unknown")
broken("zeros that are no tar", ("\0"):rep(100), "unknown")

-- Damage.
broken("cut before the end mark", plain:sub(1, -1025), "truncated")
broken("cut in the data", plain:sub(1, 600), "truncated")
broken("cut in the padding", plain:sub(1, 1000), "truncated")
broken("cut in a header", plain:sub(1, 1200), "truncated")
broken("cut after a long name", long "abc":sub(1, 1024), "truncated")
broken("a long name and no member", tar(long "abc"), "header")
broken("a pax header and no member", tar(pax { { "path", "p" } }), "header")
broken("checksum off by one", tar(file("a"), file("b", "x", { sum = "000001\0 " })), "header_checksum")
broken("checksum of the first header", tar(file("a", "x", { sum = "000001\0 " })), "header_checksum")
broken("checksum blank", tar(file("a"), file("b", "x", { sum = "        " })), "header_checksum")
broken("checksum of letters", tar(file("a"), file("b", "x", { sum = "abcdefg\0" })), "header_checksum")
broken("data in the place of a header", tar(file("a"), ("q"):rep(512)), "header_checksum")
broken("size of letters", tar(file("a", "x", { size = "zzz" })), "header")
broken("size negative", tar(file("a", "x", { size = T.base256(-1, 12) })), "header")
broken("size beyond 2^63", tar(file("a", "x", { size = "\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff" })), "header")
broken("size of exbibytes", tar(file("a", "x", { size = T.base256(1 << 62, 12) })), "truncated")
broken("size of exbibytes under a limit", T.header { name = "a", size = T.base256(1 << 62, 12) } .. T.finish, nil, { kind = "limit", options = { max_bytes = 1000 } })
broken("mode of letters", tar(file("a", "x", { mode = "rwx" })), "header")
broken("mtime of letters", tar(file("a", "x", { mtime = "today" })), "header")
broken("long name of 1 GiB", T.header { name = "L", type = "L", size = 1 << 30 } .. T.finish, "limit")
broken("long name of 65 KiB", tar(long(("n"):rep(66 * 1024)), file("a")), "limit")
broken("pax header of 1 GiB", T.header { name = "x", type = "x", size = 1 << 30 } .. T.finish, "limit")
broken("pax: length too long", tar(pax "99 path=a\n", file("z")), "pax")
broken("pax: length too short", tar(pax "6 path=abc\n", file("z")), "pax")
broken("pax: length 0", tar(pax "0 path=abc\n", file("z")), "pax")
broken("pax: no length", tar(pax " path=abc\n", file("z")), "pax")
broken("pax: length of 30 digits", tar(pax(("1"):rep(30) .. " path=abc\n"), file("z")), "pax")
broken("pax: no newline", tar(pax "11 path=abc ", file("z")), "pax")
broken("pax: no equals sign", tar(pax "11 pathabcd\n", file("z")), "pax")
broken("pax: no key", tar(pax "7 =abc\n", file("z")), "pax")
broken("pax: size of letters", tar(pax { { "size", "12x" } }, file("z")), "pax")
broken("pax: size negative", tar(pax { { "size", "-1" } }, file("z")), "pax")
broken("pax: size beyond 2^64", tar(pax { { "size", "99999999999999999999" } }, file("z")), "pax")
broken("pax: mtime of letters", tar(pax { { "mtime", "noon" } }, file("z")), "pax")
broken("pax: a wrong size puts the next header off", tar(pax { { "size", "600" } }, file("a"), file("b"), file("c")), "header_checksum")
case("bytes behind the end mark", tar(file("a")) .. ("junk"):rep(1000), { tree = { a = "x" } })
case("another archive behind the end mark is not looked at", tar(file("a")) .. tar(file("../b")), { tree = { a = "x" } })

-- Names.
refused("dotdot", tar(file("../evil")), "`..` component")
refused("dotdot inside", tar(file("a/../../evil")), "`..` component")
refused("dotdot that stays inside", tar(file("a/../b")), "`..` component")
refused("dotdot at the end", tar(member { name = "a/..", type = "5" }), "`..` component")
refused("dotdot alone", tar(member { name = "..", type = "5" }), "`..` component")
refused("dotdot in a long name", tar(long("a/" .. ("b/"):rep(100) .. "../../x"), file("z")), "`..` component")
refused("dotdot in a pax name", tar(pax { { "path", "../evil" } }, file("z")), "`..` component")
refused("dotdot in a ustar prefix", tar(file("evil", "x", { prefix = ".." })), "`..` component")
refused("dotdot in a directory", tar(member { name = "../d/", type = "5" }), "`..` component")
refused("dotdot after a good file", tar(file("a"), file("../evil")), "`..` component")
refused("absolute", tar(file("/tmp/evil")), "absolute name")
refused("absolute with two slashes", tar(file("//tmp/evil")), "absolute name")
refused("absolute through a prefix", tar(file("evil", "x", { prefix = "/tmp" })), "absolute name")
refused("empty name", tar(file("")), "empty name")
refused("a file named .", tar(file(".")), "that of the destination")
refused("NUL in a pax name", tar(pax { { "path", "a\0b" } }, file("z")), "NUL byte")
refused("NUL in a long name", tar(long "a\0b", file("z")), "NUL byte")
refused("a component of 256 bytes", tar(long(("n"):rep(256)), file("z")), "longer than 255")
case("a component of 255 bytes", tar(long(("n"):rep(255)), file("z")), { tree = { [("n"):rep(255)] = "x" } })
case("three dots", tar(file(".../a")), { tree = { [".../a"] = "x" } })
case("dots in names", tar(file("..a/b..")), { tree = { ["..a/b.."] = "x" } })
case("newline", tar(file("a\nb")), { tree = { ["a\nb"] = "x" } })
case("control bytes", tar(file("a\1\27[31m\127")), { tree = { ["a\1\27[31m\127"] = "x" } })
case("not UTF-8", tar(file("a\xff\xfe")), { tree = { ["a\xff\xfe"] = "x" } })
case("Latin-1", tar(file("caf\xe9")), { tree = { ["caf\xe9"] = "x" } })
case("an overlong sequence for a slash", tar(file("a\xc0\xafb")), { tree = { ["a\xc0\xafb"] = "x" } })
case("backslashes are no separators", tar(file("a\\..\\b")), { tree = { ["a\\..\\b"] = "x" } })
case("a drive letter is a name", tar(file("C:/a")), { tree = { ["C:/a"] = "x" } })
case("case twins", tar(file("Read", "1"), file("read", "2")), { tree = { Read = "1", read = "2" } })
case("normalisation twins", tar(file("\u{e9}", "1"), file("e\u{301}", "2")), { tree = { ["\u{e9}"] = "1", ["e\u{301}"] = "2" } })
case("normalisation twins in pax", tar(pax { { "path", "\u{e9}" } }, file("z", "1"), pax { { "path", "e\u{301}" } }, file("z", "2")), { tree = { ["\u{e9}"] = "1", ["e\u{301}"] = "2" } })
case("spaces and quotes", tar(file(" a'b\"c$(x) ")), { tree = { [" a'b\"c$(x) "] = "x" } })
case("a name like our temporary files", tar(file(".nxlua-1-1-1.part")), { tree = { [".nxlua-1-1-1.part"] = "x" } })
case("a leading dash", tar(file("-rf")), { tree = { ["-rf"] = "x" } })
case("deep", tar(long(("d/"):rep(1500) .. "f"), file("z")), { deep = true, files = 1 })
refused("a bad name with odd bytes is escaped", tar(file("../a\n`\xff\27")), "member `%.%./a\\n\\x60\\xff\\x1b`: refused", { pattern = true })

-- Kinds.
refused("character device", tar(member { name = "a", type = "3" }), "device")
refused("block device", tar(member { name = "a", type = "4" }), "device")
refused("fifo", tar(member { name = "a", type = "6" }), "fifo")
refused("continuation of a volume", tar(member { name = "a", type = "M", data = "x", magic = "gnu" }), "type that is not known")
refused("unknown type", tar(member { name = "a", type = "Q" }), "type that is not known")
case("a device that the filter drops", tar(member { name = "dev", type = "3" }, file("a")), { tree = { a = "x" }, options = { filter = function(e) return not e.unsafe end } })
case("an unknown type that the filter drops, data and all", tar(member { name = "q", type = "Q", data = ("y"):rep(700) }, file("a")), { tree = { a = "x" }, options = { filter = function(e) return e.path == "a" end } })

-- Symbolic links.
case("symbolic link", tar(member { name = "l", type = "2", link = "a" }, file("a")), { tree = { l = { link = "a" }, a = "x" } })
case("the time of a symbolic link", tar(member { name = "l", type = "2", link = "a", mtime = 77 }), { tree = { l = { link = "a", mtime = 77 } } })
case("symbolic link to nowhere", tar(member { name = "l", type = "2", link = "nowhere" }), { tree = { l = { link = "nowhere" } } })
case("symbolic links are made, not followed", tar(member { name = "l", type = "2", link = "../../outside" }), { tree = { l = { link = "../../outside" } } })
case("a size on a symbolic link is ignored", tar(T.header { name = "l", type = "2", link = "a", size = 4096 }, file("a")), { tree = { l = { link = "a" }, a = "x" } })
refused("writing through a symbolic link of the archive", tar(member { name = "l", type = "2", link = "../outside" }, file("l/evil")), "other members lie below")
refused("writing through an absolute one", tar(member { name = "l", type = "2", link = "/tmp" }, file("l/nx-evil")), "other members lie below")
refused("through two", tar(member { name = "a", type = "2", link = ".." }, member { name = "b", type = "2", link = "a/outside" }, file("b/evil")), "other members lie below")
refused("a link over a directory of the archive", tar(file("d/f"), member { name = "d", type = "2", link = "/tmp" }), "other members lie below")
case("a file after a link of its name", tar(member { name = "a", type = "2", link = "../outside/canary" }, file("a", "mine")), { tree = { a = "mine" } })
case("a link after a file of its name", tar(file("a"), member { name = "a", type = "2", link = "b" }), { tree = { a = { link = "b" } } })
case("link, file, link", tar(member { name = "a", type = "2", link = "1" }, file("a"), member { name = "a", type = "2", link = "2" }), { tree = { a = { link = "2" } } })
case("two links of a name: the last", tar(member { name = "a", type = "2", link = "1" }, member { name = "a", type = "2", link = "2" }), { tree = { a = { link = "2" } } })
refused("empty target", tar(member { name = "l", type = "2", link = "" }), "target is empty")
refused("NUL in a target", tar(pax { { "linkpath", "a\0b" } }, member { name = "l", type = "2", link = "z" }), "NUL byte")
refused("a bad link name", tar(member { name = "../l", type = "2", link = "a" }), "`..` component")

-- Hard links.
case("hard link", tar(file("a"), member { name = "h", type = "1", link = "a" }), { tree = { a = "x", h = { data = "x", same = "a" } } })
case("hard link spelled otherwise", tar(file("./d/a"), member { name = "h", type = "1", link = "d//a" }), { tree = { ["d/a"] = "x", h = { data = "x", same = "d/a" } } })
case("hard link to a hard link", tar(file("a"), member { name = "h", type = "1", link = "a" }, member { name = "i", type = "1", link = "h" }), { tree = { a = "x", h = "x", i = { data = "x", same = "a" } } })
case("hard link to itself after the file", tar(file("a"), member { name = "a", type = "1", link = "a" }), { tree = { a = "x" } })
case("hard link with a size", tar(file("a"), T.header { name = "h", type = "1", link = "a", size = 1 }), { tree = { a = "x", h = "x" } })
case("hard link with data by pax", tar(file("a"), pax { { "size", "1" } }, member { name = "h", type = "1", link = "a", data = "x" }, file("b")), { tree = { a = "x", h = "x", b = "x" } })
case("hard link to a symbolic link", tar(member { name = "l", type = "2", link = "a" }, member { name = "h", type = "1", link = "l" }), { tree = { l = { link = "a" }, h = { link = "a" } } })
case("hard link over an earlier file", tar(file("a", "1"), file("b", "2"), member { name = "b", type = "1", link = "a" }), { tree = { a = "1", b = { data = "1", same = "a" } } })
refused("hard link out", tar(member { name = "h", type = "1", link = "../outside/canary" }), "hard link")
refused("hard link to an absolute name", tar(member { name = "h", type = "1", link = "/etc/passwd" }), "hard link")
refused("hard link to what comes later", tar(member { name = "h", type = "1", link = "a" }, file("a")), "hard link")
refused("hard link to itself", tar(member { name = "a", type = "1", link = "a" }), "hard link")
refused("hard link to a directory", tar(member { name = "d", type = "5" }, member { name = "h", type = "1", link = "d" }), "hard link")
refused("hard link to nothing", tar(member { name = "h", type = "1", link = "" }), "hard link")
refused("hard link to a file that was filtered out", tar(file("a"), member { name = "h", type = "1", link = "a" }), "hard link", { options = { filter = function(e) return e.path ~= "a" end } })
refused("hard link to a file on disk that is not the archive's", tar(member { name = "h", type = "1", link = "there" }), "hard link", { before = "echo x > there" })
refused("hard link through a symbolic link of the archive", tar(member { name = "l", type = "2", link = "../outside" }, member { name = "h", type = "1", link = "l/canary" }), "hard link")

-- Files where directories are, and the reverse.
case("a file, then below it", tar(file("a"), file("a/b")), { kind = "exists", text = "not a directory" })
case("a directory, then a file of its name", tar(file("a/b"), file("a")), { kind = "exists" })
case("an empty directory, then a file", tar(member { name = "a", type = "5" }, file("a")), { kind = "exists" })
case("a file, then a directory of its name", tar(file("a"), member { name = "a", type = "5" }), { kind = "exists", text = "not a directory" })

-- What lies on disk.
case("an existing file", tar(file("a", "new")), { kind = "exists", before = "echo old > a", left = { a = "old\n" } })
case("an existing file, overwrite", tar(file("a", "new")), { before = "echo old > a; chmod 400 a", options = { overwrite = true }, tree = { a = { data = "new", mode = "0644" } } })
case("a link on disk in the place of a file", tar(file("a", "new")), { kind = "exists", before = "ln -s ../outside/canary a" })
case("a link on disk, overwrite: the link goes", tar(file("a", "new")), { before = "ln -s ../outside/canary a", options = { overwrite = true }, tree = { a = "new" } })
refused("a link on disk in the place of a directory", tar(file("d/evil")), "symbolic link", { before = "ln -s ../outside d", exist = true })
refused("the same, overwrite", tar(file("d/evil")), "symbolic link", { before = "ln -s ../outside d", options = { overwrite = true } })
refused("a link on disk deeper down", tar(file("a/b/c/evil")), "`a/b` is a symbolic link", { before = "mkdir a; ln -s ../../outside a/b" })
refused("a directory member over a link on disk", tar(member { name = "d", type = "5" }), "symbolic link", { before = "ln -s ../outside d" })
case("a file on disk in the place of a directory", tar(file("d/f")), { kind = "exists", before = "echo x > d", options = { overwrite = true } })
case("a directory on disk in the place of a file", tar(file("d")), { kind = "exists", before = "mkdir d", options = { overwrite = true }, text = "it is a directory" })
case("an existing directory keeps its mode", tar(member { name = "d", type = "5", mode = 448 }, file("d/f")), { before = "mkdir d; chmod 755 d", tree = { ["d/f"] = "x", d = { dir = true, mode = "0755" } } })
case("a fifo on disk, overwrite", tar(file("p")), { before = "mkfifo p", options = { overwrite = true }, tree = { p = "x" } })
case("a symbolic link over an existing file", tar(member { name = "l", type = "2", link = "t" }), { kind = "exists", before = "echo x > l" })
case("a symbolic link over an existing file, overwrite", tar(member { name = "l", type = "2", link = "t" }), { before = "echo x > l", options = { overwrite = true }, tree = { l = { link = "t" } } })
case("a hard link over an existing file, overwrite", tar(file("a"), member { name = "h", type = "1", link = "a" }), { before = "echo old > h", options = { overwrite = true }, tree = { a = "x", h = { data = "x", same = "a" } } })
case("a hard link over an existing file", tar(file("a"), member { name = "h", type = "1", link = "a" }), { kind = "exists", before = "echo old > h" })
case("overwriting one of two hard links leaves the other", tar(file("a", "new")), { before = "echo old > b; ln b a", options = { overwrite = true }, tree = { a = "new", b = "old\n" } })
case("leftovers of a dead run are removed", tar(file("d/a")), { before = "mkdir d; echo x > d/.nxlua-1-2-3.part", tree = { ["d/a"] = "x" } })

-- Limits.
case("max_bytes", tar(file("a", ("x"):rep(600)), file("b", ("x"):rep(600))), { kind = "limit", options = { max_bytes = 1000 }, text = "max_bytes" })
case("max_bytes just enough", tar(file("a", ("x"):rep(500)), file("b", ("x"):rep(500))), { options = { max_bytes = 1000 } })
case("max_files", tar(file("a"), file("b"), file("c")), { kind = "limit", options = { max_files = 2 }, text = "max_files" })
case("max_files just enough", tar(file("a"), file("b")), { options = { max_files = 2 } })
case("max_files counts what is kept", tar(file("a"), file("b"), file("c")), { options = { max_files = 1, filter = function(e) return e.path == "b" end }, tree = { b = "x" } })
local bomb = T.zstd(T.header { name = "a", size = 64 << 20 }) .. T.zstd_repeat("b", 64 << 20) .. T.zstd(T.finish)
case("a bomb against max_ratio", bomb, { kind = "limit", options = { max_ratio = 100 }, text = "max_ratio" })
case("a bomb that the filter drops, against max_ratio", bomb, { kind = "limit", options = { max_ratio = 100, filter = function() return false end } })
case("a bomb against max_bytes", bomb, { kind = "limit", options = { max_bytes = "32MiB" } })
case("a bomb behind the end mark", T.zstd(tar(file("a"))) .. T.zstd_repeat("\0", 32 << 20), { kind = "limit", options = { max_ratio = 100 } })

-- zip.
local z = T.zip
case("zip", z { { name = "a", data = "hello" }, { name = "d/b", data = ("y"):rep(3000), method = 8 } }, { tree = { a = "hello", ["d/b"] = ("y"):rep(3000) } })
case("zip without members", z {}, { tree = {} })
case("zip with a comment", z({ { name = "a", data = "x" } }, { comment = "PK\5\6 hello" }), { tree = { a = "x" } })
case("zip: modes, directory, link", z { { name = "x", data = "1", mode = 0x81ED }, { name = "d/", mode = 0x41ED }, { name = "l", data = "x", mode = 0xA1FF } },
  { tree = { x = { data = "1", mode = "0755" }, d = { dir = true, mode = "0755" }, l = { link = "x" } } })
case("zip made on DOS", z { { name = "d/", dos = true, mode = 0 }, { name = "d/a", data = "x", dos = true, mode = 0 } }, { tree = { ["d/a"] = { data = "x", mode = "0644" } } })
case("zip: the time of Unix", z { { name = "a", data = "x", extra = ("<I2I2Bi4"):pack(0x5455, 5, 1, 1234567890) } }, { tree = { a = { data = "x", mtime = 1234567890 } } })
case("zip64 size", z { { name = "a", data = "xyz", wide = true, extra = ("<I2I2I8"):pack(1, 8, 3) } }, { tree = { a = "xyz" } })
case("zip: a member twice, the last", z { { name = "a", data = "1" }, { name = "a", data = "2" } }, { tree = { a = "2" } })
case("zip: not UTF-8 and twins", z { { name = "\xe9", data = "1" }, { name = "\u{e9}", data = "2", flags = 2048 }, { name = "e\u{301}", data = "3", flags = 2048 } }, { tree = { ["\xe9"] = "1", ["\u{e9}"] = "2", ["e\u{301}"] = "3" } })
refused("zip: dotdot", z { { name = "../evil", data = "x" } }, "`..` component")
refused("zip: absolute", z { { name = "/tmp/evil", data = "x" } }, "absolute")
refused("zip: fifo", z { { name = "p", mode = 0x11A4 } }, "fifo")
refused("zip: NUL in a name", z { { name = "a\0b", data = "x" } }, "NUL byte")
refused("zip: through a link", z { { name = "l", data = "../outside", mode = 0xA1FF }, { name = "l/evil", data = "x" } }, "other members lie below")
broken("zip: wrong check sum", z { { name = "a", data = "xyz", crc = 1 } }, "corrupt")
broken("zip: wrong check sum, deflated", z { { name = "a", data = "xyz", crc = 1, method = 8 } }, "corrupt")
broken("zip: longer than said", z { { name = "a", data = "xyz", size = 2, method = 8 } }, "corrupt")
broken("zip: shorter than said", z { { name = "a", data = "xyz", size = 4, method = 8 } }, "truncated")
broken("zip: stored, sizes differ", z { { name = "a", data = "xyz", size = 2 } }, "header")
broken("zip: encrypted", z { { name = "a", data = "xyz", flags = 1 } }, "encrypted")
broken("zip: an unknown method", z { { name = "a", data = "xyz", method = 14 } }, "method")
broken("zip: bad deflate", z { { name = "a", data = "xyz", method = 8, packed = "\7\7\7\7" } }, "corrupt")
broken("zip: deflate cut", z { { name = "a", data = "xyz", method = 8, packed = "\1\3\0" } }, "corrupt")
broken("zip: no directory", (z { { name = "a", data = "x" } }):sub(1, -23), "truncated")
broken("zip: directory out of range", z({ { name = "a", data = "x" } }, { offset = 1 << 30 }), "header")
broken("zip: member out of range", z { { name = "a", data = "x", offset = 1 << 30 } }, "header")
broken("zip: member in the wrong place", z { { name = "a", data = "x", offset = 3 } }, "header")
broken("zip: packed size out of range", z { { name = "a", data = "x", method = 8, packed_size = 1 << 30 } }, "header")
broken("zip: more members than there are", z({ { name = "a", data = "x" } }, { count = 2 }), "header")

if arg and arg[0] and arg[0]:match "zoo/make%.lua$" and arg[1] then
  for i, c in ipairs(cases) do
    local f <close> = assert(io.open(("%s/%03d-%s"):format(arg[1], i, c.name:gsub("[^%w]+", "-")), "wb"))
    f:write(c.bytes)
  end
end

return cases
