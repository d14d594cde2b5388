/* Faults and the escaping of names in their texts. */
#include "fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "err.h"

static int set(nx_fault *fault, const char *kind, const char *step, int errnum, const char *format, va_list arguments)
{
  if (fault->kind) return -1;
  fault->kind = kind;
  fault->step = step;
  fault->errnum = errnum;
  vsnprintf(fault->text, sizeof fault->text, format, arguments);
  return -1;
}

int nx_fault_set(nx_fault *fault, const char *kind, const char *step, int errnum, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  set(fault, kind, step, errnum, format, arguments);
  va_end(arguments);
  return -1;
}

int nx_fault_errno(nx_fault *fault, int errnum, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  set(fault, nx_error_kind(errnum), NULL, errnum, format, arguments);
  va_end(arguments);
  return -1;
}

/* Length of the UTF-8 sequence at s (n bytes left), 0 if there is none. */
static size_t sequence(const unsigned char *s, size_t n)
{
  static const unsigned least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
  if (s[0] < 0x80) return 1;
  size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC2 ? 2 : 0;
  if (!length || s[0] > 0xF4 || length > n) return 0;
  unsigned code = s[0] & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((s[i] & 0xC0) != 0x80) return 0;
    code = code << 6 | (s[i] & 0x3Fu);
  }
  return code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0 : length;
}

int nx_is_utf8(const char *text, size_t length)
{
  const unsigned char *s = (const unsigned char *)text;
  for (size_t at = 0; at < length;) {
    size_t n = sequence(s + at, length - at);
    if (!n) return 0;
    at += n;
  }
  return 1;
}

/* Escapes as much as fits; returns the number of bytes written. */
static size_t escape(char *out, size_t size, const unsigned char *s, size_t length)
{
  size_t used = 0;
  for (size_t at = 0; at < length && used + 5 < size;) {
    size_t n = sequence(s + at, length - at);
    int plain = n > 1 ? !(n == 2 && s[at] == 0xC2 && s[at + 1] < 0xA0) /* no C1 control */
                      : n == 1 && s[at] >= 0x20 && s[at] != 0x7F && s[at] != '\\' && s[at] != '`';
    if (plain) {
      memcpy(out + used, s + at, n);
      used += n;
      at += n;
    } else if (s[at] == '\n' || s[at] == '\t' || s[at] == '\\') {
      out[used++] = '\\';
      out[used++] = s[at] == '\n' ? 'n' : s[at] == '\t' ? 't' : '\\';
      at++;
    } else {
      static const char hex[] = "0123456789abcdef";
      out[used++] = '\\';
      out[used++] = 'x';
      out[used++] = hex[s[at] >> 4];
      out[used++] = hex[s[at] & 15];
      at++;
    }
  }
  out[used] = '\0';
  return used;
}

const char *nx_escape(char *out, size_t size, const char *name, size_t length)
{
  const unsigned char *s = (const unsigned char *)name;
  enum { most = 160 };
  if (length <= most) {
    escape(out, size, s, length);
    return out;
  }
  size_t head = most / 2, tail = length - most / 2;
  while (tail < length && (s[tail] & 0xC0) == 0x80) tail++; /* not into the middle of a sequence */
  while (head && (s[head] & 0xC0) == 0x80) head--;
  size_t used = escape(out, size / 2, s, head);
  used += (size_t)snprintf(out + used, size - used, "…");
  escape(out + used, size - used, s + tail, length - tail);
  return out;
}
