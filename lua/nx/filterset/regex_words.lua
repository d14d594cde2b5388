-- What the parser of regular expressions says, and the names it knows.

local rex = require "rex_pcre2"

local M = {
  class_escape_invalid = "invalid escape sequence found in character class",
  class_range_invalid = "invalid character class range, the start must be <= the end",
  class_range_literal = "invalid range boundary, must be a literal",
  class_unclosed = "unclosed character class",
  decimal_invalid = "decimal literal invalid",
  hex_empty = "hexadecimal literal empty",
  hex_invalid = "hexadecimal literal is not a Unicode scalar value",
  hex_invalid_digit = "invalid hexadecimal digit",
  escape_unexpected_eof = "incomplete escape sequence, reached end of pattern prematurely",
  escape_unrecognized = "unrecognized escape sequence",
  flag_dangling_negation = "dangling flag negation operator",
  flag_duplicate = "duplicate flag",
  flag_repeated_negation = "flag negation operator repeated",
  flag_unexpected_eof = "expected flag but got end of regex",
  flag_unrecognized = "unrecognized flag",
  group_name_duplicate = "duplicate capture group name",
  group_name_empty = "empty capture group name",
  group_name_invalid = "invalid capture group character",
  group_name_unexpected_eof = "unclosed capture group name",
  group_unclosed = "unclosed group",
  group_unopened = "unopened group",
  nest_limit = "exceed the maximum number of nested parentheses/brackets (250)",
  repetition_invalid = "invalid repetition count range, the start must be <= the end",
  repetition_decimal_empty = "repetition quantifier expects a valid decimal",
  repetition_unclosed = "unclosed counted repetition",
  repetition_missing = "repetition operator missing expression",
  word_boundary_unclosed = "special word boundary assertion is either unclosed or contains an invalid character",
  word_boundary_unrecognized =
    "unrecognized special word boundary assertion, valid choices are: start, end, start-half or end-half",
  word_or_repetition_eof = "found either the beginning of a special word boundary or a bounded repetition on a \\b "
    .. "with an opening brace, but no closing brace",
  unicode_class_invalid = "invalid Unicode character class",
  backreference = "backreferences are not supported",
  lookaround = "look-around, including look-ahead and look-behind, is not supported",
  unicode_not_allowed = "Unicode not allowed here",
  invalid_utf8 = "pattern can match invalid UTF-8",
  property_not_found = "Unicode property not found",
  property_value_not_found = "Unicode property value not found",
}

local alphabetic, alphanumeric

--- May this character stand in the name of a group?
---@param char string
---@param first boolean
---@return boolean
function M.is_capture_char(char, first)
  if char == "_" then return true end
  if not first and (char == "." or char == "[" or char == "]") then return true end
  if #char == 1 then return char:find(first and "^%a$" or "^%w$") ~= nil end
  if not alphabetic then
    local utf = rex.flags().UTF
    alphabetic = rex.new("^\\p{Alphabetic}$", utf)
    alphanumeric = rex.new("^[\\p{Alphabetic}\\p{N}]$", utf)
  end
  return (first and alphabetic or alphanumeric):find(char) ~= nil
end

return M
