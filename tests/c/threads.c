/* States in several threads at once, and one that another thread interrupts. Also run under the thread sanitizer. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nxlua.h"

enum { THREADS = 3, ROUNDS = 4 };

static const char script[] =
    "local nx, n = require 'nx', ...\n"
    "local d <close> = nx.temp_dir {}\n"
    "local out = nx.map { { 1, 2, 3, 4 }, function(i) return nx.run { 'echo', n .. i }.stdout end, limit = 2 }\n"
    "assert(table.concat(out) == ('%s1\\n%s2\\n%s3\\n%s4\\n'):gsub('%%s', n))\n"
    "local a = nx.archive { { data = n:rep(100000), as = 'f', mode = '0644' }, to = d.path .. '/a.tar.zst' }\n"
    "local e = nx.extract { d.path .. '/a.tar.zst', data = true }\n"
    "assert(e.entries[1].data == n:rep(100000))\n"
    "require 'nx.archive'.segment = 30000\n"
    "nx.archive { { data = n:rep(100000), as = 'f', mode = '0644' }, to = d.path .. '/a.tar.zst', threads = 3 }\n"
    "e = nx.extract { d.path .. '/a.tar.zst', data = true }\n"
    "assert(e.entries[1].data == n:rep(100000))\n"
    "print(n)\n"
    "return 40 + tonumber(n)\n";

/* What a thread returns: NULL when all went well. */
static void *fail(const char *what)
{
  return (void *)what;
}

static int take(void *ud, int fd, const char *bytes, size_t n)
{
  char *text = ud;
  if (fd == 1) strncat(text, bytes, n);
  return 0;
}

static void *work(void *number)
{
  char name[2] = { (char)('0' + *(int *)number), 0 };
  const char *argv[] = { name };
  for (int i = 0; i < ROUNDS; i++) {
    char text[64] = "", want[8];
    nxlua *s = nxlua_new(&(nxlua_options){ .size = sizeof(nxlua_options), .write = take, .ud = text });
    if (!s) return fail("no state");
    if (nxlua_run_string(s, script, "t", 1, argv) < 0) {
      fprintf(stderr, "%s: %s\n", nxlua_last_error(s)->where, nxlua_last_error(s)->message);
      return fail("a run failed");
    }
    if (nxlua_exit_code(s) != 40 + *(int *)number) return fail("a wrong exit code");
    snprintf(want, sizeof want, "%s\n", name);
    if (strcmp(text, want) != 0) return fail("wrong output");
    nxlua_free(s);
  }
  return NULL;
}

/* The script makes and drops coroutines and call frames all the time, so that a careless walk over them would be seen.
 */
static void *churn(void *s)
{
  int failed = nxlua_run_string(s,
                                "local function deep(n) if n > 0 then return 1 + deep(n - 1) end return 0 end\n"
                                "local n = 0\n"
                                "while true do\n"
                                "  local ok, e = pcall(function()\n"
                                "    while true do coroutine.wrap(function() deep(150) end)() deep(20) end\n"
                                "  end)\n"
                                "  assert(e.kind == 'interrupted', e) n = n + 1\n"
                                "  if n == 5 then return 5 end\n"
                                "end",
                                "churn", 0, NULL);
  if (failed) fprintf(stderr, "%s: %s\n", nxlua_last_error(s)->where, nxlua_last_error(s)->message);
  return failed || nxlua_exit_code(s) != 5 ? fail("the interrupted script failed") : NULL;
}

int main(void)
{
  pthread_t threads[THREADS], churning;
  int numbers[THREADS], failures = 0;
  for (int i = 0; i < THREADS; i++) {
    numbers[i] = i + 1;
    pthread_create(&threads[i], NULL, work, &numbers[i]);
  }
  nxlua *s = nxlua_new(NULL);
  pthread_create(&churning, NULL, churn, s);
  for (int i = 0; i < 5; i++) {
    nanosleep(&(struct timespec){ .tv_nsec = 400000000 }, NULL);
    nxlua_interrupt(s);
  }
  void *result;
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], &result);
    if (result) failures++, fprintf(stderr, "thread %d: %s\n", i + 1, (char *)result);
  }
  pthread_join(churning, &result);
  if (result) failures++, fprintf(stderr, "%s\n", (char *)result);
  nxlua_free(s);
  printf("%d failures\n", failures);
  return failures != 0;
}
