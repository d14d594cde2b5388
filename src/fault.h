/* What went wrong on a thread that may not touch Lua: filled in where it happens, raised later. */
#ifndef NX_FAULT_H
#define NX_FAULT_H
#include <stddef.h>

typedef struct nx_fault {
  const char *kind; /* a constant, one of the kinds of the API; NULL: no fault */
  const char *step; /* a constant that says which rule was broken, for callers that word it themselves; may be NULL */
  int errnum;       /* its text is appended when the fault is raised */
  char text[640];
  char name[512]; /* the member or file concerned, raw bytes, cut; "" when none */
} nx_fault;

/* Fills in the fault unless there is one already (the first counts), and returns -1. */
int nx_fault_set(nx_fault *fault, const char *kind, const char *step, int errnum, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same for an errno: the kind is that of nx_error_kind. */
int nx_fault_errno(nx_fault *fault, int errnum, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* `name` for a message: control bytes, backquotes, backslashes and what is not UTF-8 escaped, a long name elided in the
   middle. Returns `out`. */
const char *nx_escape(char *out, size_t size, const char *name, size_t length);

/* Is this text UTF-8 without surrogates? */
int nx_is_utf8(const char *text, size_t length);
#endif
