/* A host program: results and errors back, what scripts print, interrupts, os.exit, a loop of its own; and a process
   that is afterwards as it was before. */
#include <dirent.h>
#include <lauxlib.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nxlua.h"

static int failures;

#define CHECK(e)              ((e) ? (void)0 : (void)(failures++, fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #e)))
#define CHECK_TEXT(got, want) check_text(__LINE__, got, want)

static void check_text(int line, const char *got, const char *want)
{
  if (strcmp(got, want) == 0) return;
  failures++;
  fprintf(stderr, "%s:%d: got  %s\n     expected  %s\n", __FILE__, line, got, want);
}

static int run(nxlua *s, const char *text)
{
  return nxlua_run_string(s, text, "t", 0, NULL);
}

/* ---- results and errors ---- */

static int host_twice(lua_State *L)
{
  lua_pushinteger(L, 2 * luaL_checkinteger(L, 1));
  return 1;
}

static int open_host(lua_State *L)
{
  const luaL_Reg f[] = { { "twice", host_twice }, { NULL, NULL } };
  luaL_newlib(L, f);
  return 1;
}

static void results(void)
{
  nxlua *s = nxlua_new(NULL);
  const char *argv[] = { "x", "y" };
  CHECK(nxlua_module(s, "host", open_host) == 0);
  CHECK(nxlua_run_string(s, "return { exit_code = 3, n = require 'host'.twice(21) }, ..., arg[0], arg[2]", "t", 2,
                         argv) == 0);
  CHECK(nxlua_results(s) == 4 && nxlua_exit_code(s) == 3);
  lua_State *L = nxlua_lua(s);
  CHECK(lua_gettop(L) == 4);
  lua_getfield(L, 1, "n");
  CHECK(lua_tointeger(L, -1) == 42);
  CHECK_TEXT(lua_tostring(L, 2), "x");
  CHECK_TEXT(lua_tostring(L, 3), "t");
  CHECK_TEXT(lua_tostring(L, 4), "y");
  CHECK_TEXT(nxlua_last_error(s)->kind, "");

  CHECK(run(s, "local function f() require 'nx'.fail { 'bad luck', kind = 'budget', exit_code = 9 } end\nf()") == -1);
  const nxlua_error *e = nxlua_last_error(s);
  CHECK_TEXT(e->kind, "budget");
  CHECK_TEXT(e->message, "bad luck");
  CHECK_TEXT(e->where, "t:1");
  CHECK_TEXT(e->trace, "t:1: in function 'f'\nt:2: in main chunk");
  CHECK(e->exit_code == 9 && nxlua_exit_code(s) == 9 && nxlua_results(s) == 0);
  CHECK(run(s, "return ?") == -1);
  CHECK_TEXT(nxlua_last_error(s)->kind, "user");
  CHECK_TEXT(nxlua_last_error(s)->message, "unexpected symbol near '?'");
  CHECK(nxlua_run_file(s, "/nowhere/x.lua", 0, NULL) == -1);
  CHECK_TEXT(nxlua_last_error(s)->kind, "not_found");
  CHECK(run(s, "local nx = require 'nx' nx.task(function() nx.sleep(0.01) error 'in a task' end)") == -1);
  CHECK_TEXT(nxlua_last_error(s)->message, "in a task");
  CHECK_TEXT(nxlua_last_error(s)->where, "t:1");
  CHECK(run(s, "return require 'nx'.run { 'true' }") == 0 && nxlua_exit_code(s) == 0 && nxlua_results(s) == 1);
  CHECK(run(s, "return require 'nx'.run { 'false' }") == 0 && nxlua_exit_code(s) == 1);
  CHECK(run(s, "return false") == 0 && nxlua_exit_code(s) == 1);
  CHECK(run(s, "") == 0 && nxlua_exit_code(s) == 0);
  nxlua_free(s);
  nxlua_free(NULL);
}

/* ---- what scripts print ---- */

static char printed[2][4096];
static int broken;

static int take(void *ud, int fd, const char *bytes, size_t n)
{
  (void)ud;
  if (broken) return broken;
  strncat(printed[fd - 1], bytes, n);
  return 0;
}

static void output(void)
{
  nxlua *s = nxlua_new(&(nxlua_options){ .size = sizeof(nxlua_options), .write = take });
  CHECK(run(s, "print('a', 1) io.write 'b' io.stdout:write 'c' io.stderr:write 'd'") == 0);
  CHECK_TEXT(printed[0], "a\t1\nbc");
  CHECK_TEXT(printed[1], "d");
  broken = 28;
  CHECK(run(s, "\nprint 'x'") == -1);
  CHECK_TEXT(nxlua_last_error(s)->kind, "limit");
  CHECK_TEXT(nxlua_last_error(s)->message, "standard output: No space left on device");
  CHECK_TEXT(nxlua_last_error(s)->where, "t:2");
  CHECK(run(s, "io.write 'x'") == -1 && nxlua_exit_code(s) == 1);
  broken = 0;
  CHECK(run(s, "print 'y'") == 0);
  nxlua_free(s);
}

/* ---- entering twice ---- */

static nxlua *inner;

static int host_enter(lua_State *L)
{
  lua_pushinteger(L, run(inner, "return 1"));
  lua_pushstring(L, nxlua_last_error(inner)->kind);
  return 2;
}

static int host_misuse(lua_State *L)
{
  (void)L;
  CHECK(nxlua_step(inner, 0) == -1);
  nxlua_free(inner); /* does nothing here */
  return 0;
}

static void reentry(void)
{
  nxlua *a = nxlua_new(NULL), *b = nxlua_new(NULL);
  inner = a;
  nxlua_module(a, "enter", host_enter);
  nxlua_module(a, "misuse", host_misuse);
  lua_State *L = nxlua_lua(a);
  CHECK(run(a, "package.preload.misuse() return 0, package.preload.enter()") == 0);
  CHECK(lua_tointeger(L, 2) == -1);
  CHECK_TEXT(lua_tostring(L, 3), "usage");
  CHECK_TEXT(nxlua_last_error(a)->kind, "");
  nxlua_module(b, "enter", host_enter); /* another state may be entered */
  CHECK(run(b, "X = 1 return 0, package.preload.enter()") == 0);
  CHECK(lua_tointeger(nxlua_lua(b), 2) == 0);
  CHECK(run(a, "return X == nil") == 0 && nxlua_exit_code(a) == 0);
  nxlua_free(a);
  nxlua_free(b);
}

/* ---- the end from inside and from outside ---- */

static void exits(void)
{
  nxlua *s = nxlua_new(NULL);
  const char *ways[] = { "os.exit(7)",
                         "pcall(os.exit, 7) X = 1",
                         "xpcall(os.exit, function() X = 1 end, 7) X = 1",
                         "coroutine.wrap(function() pcall(os.exit, 7) end)() X = 1",
                         "print(coroutine.resume(coroutine.create(os.exit), 7)) X = 1",
                         "local t = nx.task(function() nx.sleep(0.01) os.exit(7) end) pcall(t.wait, t) X = 1",
                         "nx.task(function() os.exit(7) end) nx.sleep(5) X = 1",
                         "table.sort({ 1, 2 }, function() os.exit(7) end) X = 1" };
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    char text[512];
    snprintf(text, sizeof text,
             "nx = require 'nx' X, C = nil, nil\nlocal p = nx.start { 'sleep', '100' } P = p.pid\n"
             "local c <close> = setmetatable({}, { __close = function() C = 1 end })\n%s",
             ways[i]);
    CHECK(run(s, text) == 0);
    CHECK(nxlua_exit_code(s) == 7);
    CHECK(run(s, "return X == nil and C == 1") == 0);
    if (nxlua_exit_code(s) != 0) fprintf(stderr, "after: %s\n", ways[i]);
    CHECK(nxlua_exit_code(s) == 0);
    lua_getglobal(nxlua_lua(s), "P");
    CHECK(kill((pid_t)lua_tointeger(nxlua_lua(s), -1), 0) == -1);
  }
  CHECK(run(s, "os.exit()") == 0 && nxlua_exit_code(s) == 0);
  CHECK(run(s, "os.exit(false)") == 0 && nxlua_exit_code(s) == 1);
  nxlua_free(s);
}

static void pause_ms(long ms)
{
  nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

static void *interrupter(void *s)
{
  pause_ms(100);
  nxlua_interrupt(s);
  return NULL;
}

static nxlua *alarmed;

static void on_alarm(int number)
{
  (void)number;
  nxlua_interrupt(alarmed);
}

static void interrupts(void)
{
  nxlua *s = nxlua_new(NULL);
  const char *ways[] = {
    "require 'nx'.sleep(30)",
    "require 'nx'.run { 'sleep', '30' }",
    "while true do end",
    "for i = 1, 1e12 do local t = { i } end",
    "coroutine.wrap(function() while true do coroutine.yield() end end)() while true do end",
    "local w = coroutine.wrap(function() while true do coroutine.yield() end end) while true do w() end",
    "require 'nx'.task(function() while true do end end) require 'nx'.sleep(30)",
    "while true do local s = ('x'):rep(100000) s = s:upper() end"
  };
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, interrupter, s);
    CHECK(run(s, ways[i]) == -1);
    pthread_join(thread, NULL);
    CHECK_TEXT(nxlua_last_error(s)->kind, "interrupted");
    CHECK_TEXT(nxlua_last_error(s)->where, "t:1");
    CHECK(nxlua_exit_code(s) == 130);
    CHECK(run(s, "require 'nx'.run { 'true' } return 5") == 0 && nxlua_exit_code(s) == 5);
  }
  struct sigaction old;
  alarmed = s;
  sigaction(SIGALRM, &(struct sigaction){ .sa_handler = on_alarm }, &old);
  for (size_t i = 0; i < 3; i++) {
    alarm(1);
    CHECK(run(s, ways[i]) == -1);
    CHECK_TEXT(nxlua_last_error(s)->kind, "interrupted");
  }
  sigaction(SIGALRM, &old, NULL);
  nxlua_free(s);
}

/* ---- a loop of the host's own ---- */

static void own_loop(void)
{
  nxlua *s = nxlua_new(NULL);
  int turns = 0, left;
  struct pollfd fd = { .fd = nxlua_fd(s), .events = POLLIN };
  CHECK(fd.fd >= 0);
  CHECK(nxlua_start_string(s,
                           "local nx = require 'nx' nx.sleep(0.05) local o = nx.run { 'echo', 'hi' }\n"
                           "nx.all { function() nx.sleep(0.02) end, function() nx.sleep(0.03) end } return 6, o.stdout",
                           "t", 0, NULL) == 0);
  do {
    CHECK(poll(&fd, 1, 5000) == 1);
    left = nxlua_step(s, 0);
  } while (left == 1 && ++turns < 1000);
  CHECK(left == 0 && nxlua_exit_code(s) == 6 && nxlua_results(s) == 2);
  CHECK_TEXT(lua_tostring(nxlua_lua(s), 2), "hi\n");
  CHECK(turns > 2 && turns < 100);
  CHECK(nxlua_start_string(s, "require 'nx'.sleep(0.01) error 'late'", "t", 0, NULL) == 0);
  while ((left = nxlua_step(s, -1)) == 1) continue;
  CHECK(left == -1);
  CHECK_TEXT(nxlua_last_error(s)->message, "late");
  CHECK(nxlua_start_string(s, "require 'nx'.sleep(0.01) os.exit(4)", "t", 0, NULL) == 0);
  while ((left = nxlua_step(s, -1)) == 1) continue;
  CHECK(left == 0 && nxlua_exit_code(s) == 4);
  CHECK(nxlua_start_string(s, "X = 1 require 'nx'.sleep(30)", "t", 0, NULL) == 0);
  CHECK(nxlua_step(s, 0) == 1);
  CHECK(run(s, "return 1") == -1); /* while the other script has not ended */
  CHECK_TEXT(nxlua_last_error(s)->kind, "usage");
  nxlua_interrupt(s);
  while ((left = nxlua_step(s, -1)) == 1) continue;
  CHECK(left == -1);
  CHECK_TEXT(nxlua_last_error(s)->kind, "interrupted");
  CHECK(nxlua_start_string(s, "local p = require 'nx'.start { 'sleep', '100' } P = p.pid require 'nx'.sleep(30)", "t",
                           0, NULL) == 0);
  CHECK(nxlua_step(s, 0) == 1);
  lua_getglobal(nxlua_lua(s), "P");
  pid_t child = (pid_t)lua_tointeger(nxlua_lua(s), -1);
  CHECK(child > 0 && kill(child, 0) == 0);
  nxlua_free(s);
  CHECK(kill(child, 0) == -1);
}

/* ---- a process that is as it was ---- */

typedef struct process {
  void (*handler[65])(int);
  int flags[65];
  sigset_t mask;
  char directory[4096], locale[256];
  mode_t umask;
  int subreaper, descriptors, children;
} process;

static int entries(const char *path)
{
  int n = 0;
  DIR *d = opendir(path);
  while (d && readdir(d)) n++;
  if (d) closedir(d);
  return n;
}

static void look(process *p)
{
  memset(p, 0, sizeof *p);
  for (int i = 1; i < 65; i++) {
    struct sigaction action = { 0 };
    sigaction(i, NULL, &action);
    p->handler[i] = action.sa_handler;
    p->flags[i] = action.sa_flags & ~0x04000000; /* SA_RESTORER, which the C library adds */
  }
  pthread_sigmask(SIG_SETMASK, NULL, &p->mask);
  CHECK(getcwd(p->directory, sizeof p->directory) != NULL);
  snprintf(p->locale, sizeof p->locale, "%s", setlocale(LC_ALL, NULL));
  umask(p->umask = umask(0));
  prctl(PR_GET_CHILD_SUBREAPER, &p->subreaper);
  p->descriptors = entries("/proc/self/fd");
  siginfo_t info = { 0 };
  p->children = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void unchanged(void)
{
  static process before, after;
  setlocale(LC_ALL, "C.UTF-8");
  umask(027);
  signal(SIGUSR1, SIG_IGN);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &mask, NULL);
  look(&before);
  for (int i = 0; i < 3; i++) {
    nxlua *s = nxlua_new(NULL);
    CHECK(
        run(s,
            "local nx = require 'nx'\n"
            "local d <close> = nx.temp_dir {}\n"
            "nx.run { 'sh', '-c', 'echo x; exit 3' } nx.map { { 1, 2, 3 }, function() return nx.run { 'true' } end }\n"
            "nx.archive { { data = ('x'):rep(1e6), as = 'f', mode = '0644' }, to = d.path .. '/a.tar.zst' }\n"
            "nx.extract { d.path .. '/a.tar.zst', to = d.path .. '/out' }\n"
            "pcall(nx.run, { 'none-such' }) pcall(nx.run, { 'true', cwd = '/none' })\n"
            "nx.start { 'sleep', '100' } nx.remap { { '/a', '/b' } }") == 0);
    if (*nxlua_last_error(s)->kind)
      fprintf(stderr, "%s: %s\n", nxlua_last_error(s)->where, nxlua_last_error(s)->message);
    nxlua_free(s);
  }
  look(&after);
  CHECK(memcmp(&before, &after, sizeof before) == 0);
  CHECK(before.descriptors == after.descriptors);
  CHECK(before.children == after.children && !after.children);
  for (int i = 1; i < 65; i++) CHECK(before.handler[i] == after.handler[i]);
}

static void signals(void)
{
  static process before, after;
  look(&before);
  nxlua *s = nxlua_new(&(nxlua_options){ .size = sizeof(nxlua_options), .signals = 1 });
  CHECK(nxlua_new(&(nxlua_options){ .size = sizeof(nxlua_options), .signals = 1 }) == NULL); /* one at a time */
  CHECK(run(s, "os.execute [[kill -TERM $PPID]] require 'nx'.sleep(30)") == -1);
  CHECK(nxlua_exit_code(s) == 143);
  CHECK(run(s, "os.execute [[kill -TERM $PPID]] while true do end") == -1);
  CHECK(nxlua_exit_code(s) == 143);
  nxlua_free(s);
  look(&after);
  CHECK(memcmp(&before, &after, sizeof before) == 0);
}

int main(void)
{
  unchanged();
  results();
  output();
  reentry();
  exits();
  interrupts();
  own_loop();
  signals();
  printf("%d failures\n", failures);
  return failures != 0;
}
