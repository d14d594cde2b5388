-- Filtersets at random, the same for the same seed: right ones that choose among the tests of filterset_ws, regular
-- expressions with names to match, and broken ones of every kind of diagnostic.

local M = {}

--- The kinds of diagnostics that a broken filterset must have been made for, each at least ten times.
M.kinds = {
  "invalid_regex", "invalid_glob", "banned_predicate", "expected_close_regex", "invalid_or_operator",
  "invalid_and_operator", "unexpected_argument", "unexpected_comma", "invalid_string", "expected_open_parenthesis",
  "expected_close_parenthesis", "invalid_escape_character", "expected_expression", "found_binary_operator",
  "found_unary_operator", "expected_end", "no_package_match", "no_group_match", "no_binary_id_match",
  "no_binary_name_match", "invalid_platform",
}

---@class filterset_gen.Random
local Random = {}
Random.__index = Random

--- A generator of numbers that is the same on every machine.
function M.random(seed)
  return setmetatable({ state = (seed * 2862933555777941757 + 3037000493) | 1 }, Random)
end

function Random:below(n)
  self.state = self.state * 6364136223846793005 + 1442695040888963407
  return (self.state >> 33) % n
end

function Random:chance(percent) return self:below(100) < percent end
function Random:pick(list) return list[self:below(#list) + 1] end

local names = {
  package = { "alpha", "alpha-ext", "beta", "util", "gen", "gamma", "omega", "names" },
  binary = { "alpha", "tool", "integ", "smoke-test", "speed", "demo", "alpha-ext", "alpha_ext", "beta", "use_beta", "util",
    "gamma", "cli", "omega", "late", "names" },
  binary_id = { "alpha", "alpha::integ", "alpha::bin/alpha", "alpha::bin/tool", "alpha::smoke-test", "alpha::bench/speed",
    "alpha::example/demo", "alpha-ext", "alpha-ext::integ", "beta", "beta::use_beta", "util", "gen", "gamma::bin/gamma",
    "gamma::cli", "omega", "omega::late", "names" },
  kind = { "lib", "bin", "test", "bench", "proc-macro" },
  group = { "serial", "db-group", "@global" },
  test = { "tests::adds", "adds", "tests::", "connects", "net::", "smoke::all", "slow_restart", "starts", "hash::fnv",
    "path::joins", "last", "cli::help", "sort_10", "a b c", "a,b(c)", "uses", "e", "s", "foo::bar", "été", "cli::run/one" },
}
names.deps, names.rdeps = names.package, names.package

local function escape(text) return (text:gsub("[\\,)]", "\\%0")) end

-- Part of a name, whole characters.
local function part(r, text)
  local length = utf8.len(text)
  local first = r:below(length) + 1
  local last = first + r:below(length - first + 1)
  return text:sub(utf8.offset(text, first), utf8.offset(text, last + 1) - 1)
end

local function glob_of(r, text)
  local shape = r:below(9)
  if shape == 0 then return escape(text) end
  local piece = part(r, text)
  if piece:find "[][{}*?!^-]" then return "*" end
  if shape == 1 then return "*" .. escape(piece) .. "*" end
  if shape == 2 then return escape(text:match(utf8.charpattern)) .. "*" end
  if shape == 3 then return "*" .. escape(text:match "[^\128-\191][\128-\191]*$") end
  if shape == 4 then return "[" .. r:pick { "a-f", "!a-f", "^g-z", "a-z" } .. "]*" end
  if shape == 5 then return "{" .. escape(text) .. "\\,*" .. escape(piece) .. "*}" end
  if shape == 6 then return "*" .. r:pick { "?", "??", "[!e]", "[a-t]" } end
  if shape == 7 then return r:pick { "**/", "*::", "**" } .. r:pick { "*", "a*", "[a-m]*" } end
  return "**" .. escape(piece) .. "**"
end

local function regex_of(r, text)
  local piece = part(r, text):gsub("[][(){}.*+?^$|\\-]", "\\%0"):gsub("/", "\\/")
  return r:pick { "^%s", "%s$", "%s", "%s.*[a-s]$", "^[a-m].*%s", "(%s|tests)", "%s.", "\\b%s", "(?i)%s" }:gsub("%%s",
    (piece:gsub("%%", "%%%%")))
end

local function matcher(r, predicate)
  local text = r:pick(names[predicate])
  local shape = r:below(10)
  if shape < 3 then
    if predicate == "test" then return escape(part(r, text)) end
    if predicate == "kind" then return escape(text) end
    return glob_of(r, text)
  end
  if shape < 5 then return "=" .. escape(text) end
  if shape < 6 then return "~" .. escape(part(r, text)) end
  if shape < 8 then return "#" .. glob_of(r, text) end
  return "/" .. regex_of(r, text) .. "/" .. r:pick { "", "", " " }
end

local spaces = { "", " ", " ", " ", "  ", "\n", "\r\n" }
local function space(r) return r:pick(spaces) end

local function predicate(r)
  local roll = r:below(100)
  if roll < 3 then return r:pick { "all()", "none()", "all( )", "none()" } end
  if roll < 8 then return "default()" end
  if roll < 12 then return r:pick { "platform(host)", "platform(target)", "platform( host )" } end
  local name = r:pick { "test", "test", "test", "test", "package", "package", "deps", "rdeps", "kind", "binary",
    "binary_id", "group" }
  return name .. r:pick { "(", "(", "(", " (", "( " } .. matcher(r, name) .. ")"
end

local function expression(r, depth)
  local roll = r:below(10)
  if depth == 0 or roll < 3 then return predicate(r) end
  if roll < 4 then return r:pick { "not ", "!", "! ", "not\n" } .. expression(r, 0) end
  if roll < 5 then return "(" .. space(r) .. expression(r, depth - 1) .. space(r) .. ")" end
  if roll < 6 then return r:pick { "not(", "!(" } .. expression(r, depth - 1) .. ")" end
  local op = r:pick { "&", "&", "and", "-", "|", "+", "or" }
  local left, right = expression(r, depth - 1), expression(r, depth - 1)
  if #op > 1 then return left .. " " .. op .. " " .. right end
  return left .. space(r) .. op .. space(r) .. right
end

--- A filterset that says what it means.
function M.right(r) return space(r) .. expression(r, r:below(4)) .. space(r) end

-- Regular expressions ---------------------------------------------------------------------------------------------------

local regex

local class_items = { "a", "b", "z", "_", "0", "-", "é", "α", "a-f", "0-9", "A-Z", "b-y", "À-ÿ", "\\d", "\\w", "\\s", "\\D",
  "\\W", "\\S", "\\pL", "\\p{Lu}", "\\p{Greek}", "\\P{L}", "\\x41", "\\u00e9", "\\n", "[:alpha:]", "[:^digit:]", "[:word:]",
  "k", "s", "\\.", "\\-" }

local function class(r, depth)
  local parts = {}
  for _ = 0, r:below(3) do
    if depth > 0 and r:chance(15) then parts[#parts + 1] = class(r, depth - 1) else parts[#parts + 1] = r:pick(class_items) end
  end
  local inner = table.concat(parts)
  if r:chance(20) then
    inner = inner .. r:pick { "&&", "--", "~~" } .. (r:chance(50) and class(r, 0) or r:pick { "a-m", "\\w", "[aeiou]", "\\d" })
  end
  return "[" .. (r:chance(25) and "^" or "") .. inner .. "]"
end

local atoms = { "a", "b", "e", "o", "x", "foo", "bar", "1", "_", "::", "é", "α", "k", "S", "ß", ".", ".", "\\d", "\\w", "\\s",
  "\\W", "\\D", "\\.", "\\pL", "\\p{Lu}", "\\p{Ll}", "\\PL", "\\p{Han}", "\\p{Cyrillic}", "\\p{scx=Greek}", "\\p{Nd}",
  "\\p{Alphabetic}", "\\p{gc=Sm}", "\\p{Emoji}", "\\b", "\\B", "^", "$", "\\A", "\\z", "\\b{start}", "\\b{end}", "\\<", "\\>",
  "\\b{start-half}", "\\b{end-half}", "\\x61", "\\x{e9}", "\\u{3b1}", "(?:)", " ", "~", "日" }

local function atom(r, depth)
  local roll = r:below(100)
  if roll < 55 or depth == 0 then return r:pick(atoms) end
  if roll < 70 then return class(r, 1) end
  return r:pick { "(", "(?:", "(?P<n%d>", "(?i:", "(?s:", "(?m:", "(?U:", "(?-u:", "(?x:", "(?i-s:", "(?mR:" }
    :gsub("%%d", tostring(r:below(1000))) .. regex(r, depth - 1) .. ")"
end

local repeats = { "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}", "{2,}", "{1,2}?", "{0}" }

function regex(r, depth)
  local rows = {}
  for _ = 0, (r:chance(20) and 1 or 0) do
    local row = {}
    for _ = 0, r:below(3) do
      local one = atom(r, depth)
      if r:chance(25) then one = one .. r:pick(repeats) end
      row[#row + 1] = one
    end
    rows[#rows + 1] = table.concat(row)
  end
  return table.concat(rows, "|")
end

--- A filterset of one regular expression on test names; most of them are right.
function M.regex(r)
  local text = (r:chance(25) and r:pick { "(?i)", "(?x)", "(?s)", "(?m)", "(?i-u)", "(?R)" } or "") .. regex(r, 2)
  return "test(/" .. text:gsub("/", "\\/") .. "/)"
end

-- Broken ones -----------------------------------------------------------------------------------------------------------

local broken_regexes = { "(", ")", "a(b", "[a", "[]", "a**b{", "*", "a{2,1}", "\\q", "\\1", "\\x{110000}", "(?=a)", "(?<!a)",
  "(?P<1>a)", "(?P<a>x)(?P<a>y)", "(?z)", "(?i-i)", "(?", "[z-a]", "[a-\\d]", "\\p{Foo}", "\\pX", "(?-u:.)", "(?-u:\\W)", "a{",
  "a{,2}", "\\b{foo}", "\\b{", "(?P<n", "(?-)", "\\xG", "[\\b]", "\\", "é(", "[é-a]", "(?i)*", "x{99999999999}", "[[:alpha:]",
  "\\p{sc=Foo}", "\\p{foo=Greek}", "(?P<>a)", "\\u12", "\\x{}", "(?--i)", "\\d{3000}", "(a{1000}){1000}" }
local broken_globs = { "[a", "{a", "a}", "[z-a]", "{a{b}", "[]", "[!", "{a\\,b", "x[é-a]", "}}", "*[", "a{b}c}" }

local templates = {
  function(r) return "test(/" .. r:pick(broken_regexes) .. "/)" end,
  function(r) return r:pick { "test(#", "package(", "binary(#", "group(" } .. r:pick(broken_globs) .. ")" end,
  function(r) return "test(/" .. r:pick { "a", "(", "", "a\\/", "a b" } .. r:pick { "", ")", ") | all()", "\\/)" } end,
  function(r) return predicate(r) .. r:pick { " || ", " OR ", "||", "\nOR\n" } .. predicate(r) end,
  function(r) return predicate(r) .. r:pick { " && ", " AND ", "&&" } .. predicate(r) end,
  function(r) return r:pick { "all", "none", "default" } .. "(" .. r:pick { "x", " x ", ",", "all(", "é",
    "\t\u{a0}x" } .. ")" end,
  function(r) return r:pick { "test(a,b)", "package(alpha, beta)", "test(=a , b)", "kind(lib,)", "platform(host,target)",
    "test(/a/,/b/)", "test(,)", "deps(alpha , )", "group(serial,x)" } end,
  function(r) return r:pick { "test()", "test(=)", "test( )", "kind(~)", "package(#)", "test(=,a)", "platform()", "deps()",
    "binary(  )" } end,
  function(r) return r:pick { "test", "package", "all", "kind", "platform", "binary_id", "default", "rdeps" }
    .. r:pick { "", " ", "x(a)", "=a)", "[a]", " & all()", "s(a)", "\t(a)" } end,
  function(r) return r:pick { "test(a", "(all()", "((all())", "not(all()", "package(alpha", "all(", "platform(host",
    "(test(a) | test(b", "kind(=lib" } end,
  function(r) return "test(" .. r:pick { "", "=", "~", "#" }
    .. r:pick { "\\q", "a\\x", "\\u{110000}", "\\u{}", "\\u{1234567}", "\\", "\\é", "a\\(b", "\\u{d800}", "\\z\\y" } .. ")" end,
  function(r) return r:pick { "", " ", "()", "!", "not ", "all() |", "all() -", "all() & ", "not", "(", "| all()", "- all()",
    "xyz", "notall()", "NOTall()", "all() + + all()", "foo(bar)", "tets(a)", "\t", "all() | \tall()", "é", "all()|é(x)" } end,
  function(r) return r:pick { "and", "or", "AND", "OR", "&&", "||" } .. " " .. predicate(r) end,
  function(r) return predicate(r) .. r:pick { " | ", " & " } .. r:pick { "and", "or", "AND", "OR", "&&", "||" } .. " all()" end,
  function(r) return r:pick { "", "all() | ", "(" } .. "NOT " .. predicate(r) end,
  function(r) return predicate(r) .. r:pick { " xyz", ")", " all()", " not all()", "\t", " é\nü", "x", " (all())", " \n\n)" } end,
  function(r) return r:pick { "package", "deps", "rdeps" } .. "(" .. r:pick { "nope", "=nope", "alpa", "/^x/", "#q*", "~qq",
    "é" } .. ")" end,
  function(r) return "group(" .. r:pick { "nope", "=serial2", "/^x/", "#z*", "~qq", "seriel", "global" } .. ")" end,
  function(r) return "binary_id(" .. r:pick { "nope", "=alpha::", "/^x/", "#z*", "~qq", "alpha::bin/tol" } .. ")" end,
  function(r) return "binary(" .. r:pick { "nope", "=alpha::integ", "/^x/", "#z*", "~qq", "integr",
    "build-script-build" } .. ")" end,
  function(r) return "platform(" .. r:pick { "x", "Host", "host target", "=host", "/host/", "\\u{68}osts", "targe t" } .. ")" end,
}

local noise = { "(", ")", "&", "|", "!", "-", "+", ",", "/", "#", "=", "~", "\\", " ", "\t", "\n", "[", "{", "}", "]", "and",
  "not", "OR", "é", "日", "x", "()", "\u{301}" }

-- A right one with one or two small accidents.
local function damage(r)
  local text = expression(r, 1 + r:below(3))
  for _ = 0, r:below(2) do
    local at = utf8.offset(text, r:below(utf8.len(text)) + 1)
    local after = utf8.offset(text, 2, at)
    local roll = r:below(3)
    if roll == 0 then
      text = text:sub(1, at - 1) .. text:sub(after)
    elseif roll == 1 then
      text = text:sub(1, at - 1) .. r:pick(noise) .. text:sub(at)
    else
      text = text:sub(1, at - 1)
    end
    text = text:gsub("\r%f[^\r\n]", ""):gsub("\r$", "") -- a carriage return alone is a known difference
    if text == "" then text = "(" end
  end
  return text
end

--- A broken filterset (a damaged one may happen to be right). With `turn` every third one is of the next kind in turn, so
--- that a long run is sure to have enough of each.
function M.broken(r, turn)
  if turn and turn % 3 == 0 then return templates[turn // 3 % #templates + 1](r) end
  local roll = r:below(100)
  if roll < 30 then return damage(r) end
  if roll < 40 then return M.broken_regex(r) end
  local text = r:pick(templates)(r)
  if roll < 70 then return text end
  if roll < 80 then return predicate(r) .. r:pick { " | ", " & ", " - ", "\n|\n" } .. text end
  if roll < 90 then return "(" .. text .. ")" .. r:pick { " + ", " & " } .. predicate(r) end
  return r:pick(templates)(r) .. r:pick { " | ", " and ", "\n-\n" } .. text
end

local regex_noise = { "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "\\", "^", "$", "-", "&&", "--", "~~", ",",
  ":", "(?", "(?i", "(?x)", "(?P<", ">", "<", "=", "!", "\\p", "\\p{", "\\b{", "\\x", "\\u{", "{2", "{,3}", "{3,1}",
  "[:", ":]", "#", " ", "\n", "é", "0", "R", "-i", "(?-u:", "(?-u)", "\\W", "\\pL", "\\k", "\\Q", }

--- A regular expression with one to three accidents.
function M.broken_regex(r)
  local text = regex(r, 2)
  for _ = 0, r:below(3) do
    if text == "" then text = "a" end
    local at = utf8.offset(text, r:below(utf8.len(text)) + 1)
    if r:chance(30) then
      text = text:sub(1, at - 1) .. text:sub(utf8.offset(text, 2, at))
    else
      text = text:sub(1, at - 1) .. r:pick(regex_noise) .. text:sub(at)
    end
  end
  return "test(/" .. text:gsub("/", "\\/") .. "/)"
end

--- One that is banned where it stands: text and kind.
function M.banned(r)
  local kind = r:pick { "archive-filter", "override-filter", "default-filter" }
  local bad = { ["archive-filter"] = { "test(a)", "group(serial)", "test(/x/)" },
    ["override-filter"] = { "group(serial)", "group(@global)" },
    ["default-filter"] = { "default()", "group( x )", "default( )" } }
  local text = r:pick(bad[kind])
  local roll = r:below(4)
  if roll == 1 then text = "package(alpha) & " .. text end
  if roll == 2 then text = "not (" .. text .. ")\n| " .. r:pick(bad[kind]) end
  if roll == 3 then text = predicate(r) .. " - " .. text end
  return text, kind
end

return M
