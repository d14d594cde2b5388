/* Makes the n-th allocation fail, of Lua and of our own, for rising n, through every primitive: the run fails with one
   clean error or succeeds, the state can be used again, and nothing is left behind. Built with the sanitizers this also
   finds what is lost or used too late.  sweep [NAME] runs one scenario. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lua.h>

#include "mem.h"
#include "nxlua.h"

static const struct scenario {
  const char *name, *text;
} scenarios[] = {
  { "run", "local o = nx.run { 'sh', '-c', 'echo out; echo err >&2; exit 3', env = { A = '1' }, timeout = '10s' }\n"
           "assert(o.stdout == 'out\\n' and o.stderr == 'err\\n' and o.exit_code == 3)" },
  { "spawn error",
    "local ok, e = pcall(nx.run, { '/none/such' }) assert(not ok and e.kind == 'spawn' or e.kind == 'not_found', e)" },
  { "sink", "local n = 0 nx.run { 'echo', 'x', stdout = nx.lines(function(l) n = n + 1 end) } assert(n == 1)" },
  { "stdin", "local o = nx.run { 'cat', stdin = { data = ('x'):rep(100000) } } assert(#o.stdout == 100000)" },
  { "tasks",
    "local r = nx.map { { 1, 2, 3 }, function(i) nx.sleep(0.001) return i end, limit = 2 } assert(r[3] == 3)" },
  { "started", "local p <close> = nx.start { 'sleep', '60' } nx.sleep(0.001)" },
  { "temp_dir", "local d <close> = nx.temp_dir {} assert(d.path)" },
  { "archive",
    "nx.archive { { 'in', as = 'x' }, { data = ('y'):rep(3000), as = 'y', mode = '0644' }, to = 'out.tar.zst' }" },
  { "archive segments", "local a = require 'nx.archive' a.segment = 60000\n"
                        "local ok, e = pcall(nx.archive, { { 'in', as = 'x' }, to = 'out.tar.zst', threads = 2 })\n"
                        "a.segment = nil if not ok then error(e, 0) end" },
  { "archive plain", "nx.archive { { 'in', as = 'x' }, to = 'out.tar' }" },
  { "archive to function",
    "local n = 0 nx.archive { { 'in', as = 'x' }, to = function(c) n = n + #c end, format = 'tar.gz' } assert(n > 0)" },
  { "extract", "local r = nx.extract { 'a.tar.zst', to = 'dest', overwrite = true } assert(r.files > 0)" },
  { "extract data", "local r = nx.extract { 'a.tar.zst', data = true, filter = function(e) return e.path == 'y' end }\n"
                    "assert(#r.entries[1].data == 3000)" },
  { "extract zip", "local r = nx.extract { 'a.zip', to = 'dest', overwrite = true } assert(r.files > 0)" },
  { "extract gz", "local r = nx.extract { 'a.tar.gz' } assert(r.files > 0)" },
  { "extract segments",
    "local r = nx.extract { 'segments.tar.zst', to = 'dest', overwrite = true } assert(r.files > 0)" },
  { "extract broken",
    "local ok, e = pcall(nx.extract, { 'broken.tar.zst', to = 'dest', overwrite = true }) assert(not ok)" },
  { "remap", "local m = nx.remap { { '/a', '/b' }, { '/a/c', '/d' } } assert(m '/a/x' == '/b/x' and m.pairs)" },
  { "json", "assert(nx.json.decode(nx.json.encode { 1, 'x', { a = 2 } })[3].a == 2)" },
};

static const char prelude[] = "local nx = require 'nx'\n";

static const char preparation[] =
    "local nx = require 'nx'\n"
    "os.execute 'mkdir -p in/sub && echo text >in/f && head -c 200000 /dev/urandom >in/sub/g && ln -s f in/l'\n"
    "local data = { data = ('y'):rep(3000), as = 'y', mode = '0644' }\n"
    "for _, name in ipairs { 'a.tar.zst', 'a.tar.gz', 'a.zip' } do nx.archive { 'in', data, to = name } end\n"
    "require 'nx.archive'.segment = 60000 nx.archive { 'in', data, to = 'segments.tar.zst', threads = 2 }\n"
    "require 'nx.archive'.segment = nil\n"
    "os.execute 'head -c 100000 a.tar.zst >broken.tar.zst'\n";

int luaopen_cjson(lua_State *L);

/* lua-cjson keeps a buffer of its own when Lua has no memory while it decodes. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
  return "leak:strbuf_new\nleak:strbuf_init\n";
}

static int failures;
static char base[] = "/tmp/nxlua-sweep-XXXXXX", temporary[64], work[64];

static void wrong(const char *name, long n, const char *what, const char *more)
{
  if (++failures < 400)
    fprintf(stderr, "%s, allocation %ld%s: %s: %s\n", name, n, atomic_load(&nx_mem_once) ? " only" : "", what, more);
}

static int entries(const char *path)
{
  int n = 0;
  DIR *d = opendir(path);
  while (d && readdir(d)) n++;
  if (d) closedir(d);
  return n;
}

static int has_children(void)
{
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static nxlua *new_state(const char *text)
{
  nxlua *s = nxlua_new(NULL);
  if (!s || nxlua_module(s, "cjson", luaopen_cjson) < 0) return s;
  if (nxlua_run_string(s, text, "t", 0, NULL) < 0)
    wrong("warming up", 0, nxlua_last_error(s)->kind, nxlua_last_error(s)->message);
  return s;
}

static void free_state(nxlua *s, const char *name, long n, int descriptors)
{
  nxlua_free(s);
  if (has_children()) wrong(name, n, "left", "a process");
  if (entries("/proc/self/fd") != descriptors) wrong(name, n, "left", "a descriptor");
  if (entries(temporary) != 2) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'/*", temporary);
    wrong(name, n, "left", "a temporary file");
    if (system(command) != 0) failures++;
  }
  int inside = 0;
  DIR *d = opendir(".");
  for (struct dirent *e; d && (e = readdir(d));)
    if (strstr(e->d_name, "tmp") || strstr(e->d_name, ".nx")) inside++;
  if (d) closedir(d);
  if (inside) wrong(name, n, "left", "a half-written file");
}

/* One scenario in states that have run it before, so that what fails is its own work and not the loading of modules. */
static void sweep(const struct scenario *c, int once)
{
  char text[1024];
  int descriptors = entries("/proc/self/fd"), succeeded = 0;
  snprintf(text, sizeof text, "%s%s", prelude, c->text);
  nxlua *s = NULL;
  long n;
  atomic_store(&nx_mem_once, once);
  for (n = 1; succeeded < 3 && n < 20000; n++) {
    if (!s) s = new_state(text);
    atomic_store(&nx_mem_countdown, n);
    int result = nxlua_run_string(s, text, "t", 0, NULL);
    long left = atomic_exchange(&nx_mem_countdown, -1);
    if (result < 0) {
      const nxlua_error *e = nxlua_last_error(s);
      if (strcmp(e->kind, "limit") != 0) wrong(c->name, n, e->kind, e->message);
      if (!e->exit_code) wrong(c->name, n, "no exit code", e->message);
    }
    succeeded = left > 0 ? succeeded + 1 : 0;
    if (nxlua_run_string(s, "return 7", "again", 0, NULL) < 0 || nxlua_exit_code(s) != 7)
      wrong(c->name, n, "cannot be used again", nxlua_last_error(s)->message);
    if (n % 16 == 0 || succeeded == 3) {
      free_state(s, c->name, n, descriptors);
      s = NULL;
    }
  }
  if (s) free_state(s, c->name, n, descriptors);
  printf("%-20s %s %ld allocations\n", c->name, once ? "one fails " : "all fail  ", n - 3);
  fflush(stdout);
}

/* The making of a state and the first run, which loads the modules, in strides. */
static void sweep_start(long stride)
{
  int descriptors = entries("/proc/self/fd"), done = 0;
  long n;
  atomic_store(&nx_mem_once, 0);
  for (n = 1; !done; n += n < 300 ? 1 : stride) {
    atomic_store(&nx_mem_countdown, n);
    nxlua *s = nxlua_new(NULL);
    int result =
        s ? nxlua_run_string(s, "local nx = require 'nx' nx.run { 'true' } nx.extract { 'a.tar.gz' }", "t", 0, NULL)
          : -1;
    done = atomic_exchange(&nx_mem_countdown, -1) > 0;
    if (s && result < 0 && strcmp(nxlua_last_error(s)->kind, "limit") != 0)
      wrong("start", n, nxlua_last_error(s)->kind, nxlua_last_error(s)->message);
    free_state(s, "start", n, descriptors);
  }
  printf("%-20s all fail   %ld allocations, every %ldth\n", "start", n, stride);
}

int main(int argc, char **argv)
{
  if (!mkdtemp(base) || chdir(base) < 0) return 1;
  snprintf(temporary, sizeof temporary, "%s/tmp", base);
  snprintf(work, sizeof work, "%s/work", base);
  if (mkdir(temporary, 0755) < 0 || mkdir(work, 0755) < 0 || chdir(work) < 0) return 1;
  setenv("TMPDIR", temporary, 1);
  nxlua_free(new_state(preparation));
  for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
    if (argc > 1 && strcmp(argv[1], scenarios[i].name) != 0) continue;
    sweep(&scenarios[i], 0);
    sweep(&scenarios[i], 1);
  }
  if (argc < 2) sweep_start(211);
  char command[128];
  snprintf(command, sizeof command, "rm -rf '%s'", base);
  if (system(command) != 0) failures++;
  printf("%d failures\n", failures);
  return failures != 0;
}
