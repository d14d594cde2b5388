/* The program: arguments, script look-up, exit status. The only room that touches process-wide state. */
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua-cjson.h>
#include <lua-rex-pcre2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "repl.h"
#include "state.h"

int luaopen_lxp(lua_State *L);

static const char usage_text[] =
    "usage: nxlua [OPTIONS] FILE [ARGUMENTS]      run a script (a FILE has a '/' or ends in .lua; '-' is standard "
    "input)\n"
    "       nxlua [OPTIONS] COMMAND [ARGUMENTS]   run a command: nxlua help lists them\n"
    "       nxlua [OPTIONS]                       a prompt, or the script on standard input\n"
    "options:\n"
    "  -e CODE            run CODE first; may be repeated\n"
    "  -l NAME            require NAME into the global NAME\n"
    "  -i                 prompt after the script\n"
    "  -E                 ignore LUA_INIT, LUA_PATH and LUA_CPATH\n"
    "  --traceback=full   with an error, show all frames, not only the script's\n"
    "  --lua-dir DIR      use the Lua files of DIR instead of those inside the program\n"
    "  --version          show the version\n"
    "  --help             show this text\n";

enum { USAGE = 2 };

typedef struct work {
  const char *kind; /* "-e", "-l" */
  const char *text;
} work;

typedef struct command_line {
  int argc;
  const char *const *argv;
  int script; /* index of the file or command, argc: none */
  int is_command, is_cargo;
  int whole_line; /* from `script` on: the words of a command line, options in front of the command among them */
  int interactive, no_environment, full_trace;
  const char *lua_dir;
  work *before;
  int before_count;
} command_line;

/* ---- the end ---- */

/* A standard descriptor that is closed would be taken by the next file that is opened, and what is printed would go
   there. Opened the wrong way round it gives an error instead. */
static void guard_descriptors(void)
{
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* The exit status, when all that was printed could be written. */
static int finish(int status)
{
  errno = 0;
  int lost = fflush(stdout) != 0 || ferror(stdout);
  if (!lost || status != 0) return status;
  fprintf(stderr, "error: standard output: %s\n", strerror(errno ? errno : EIO));
  return 1;
}

static void leave(int status)
{
  exit(finish(status));
}

/* A handler that does nothing: writes to a closed pipe fail with EPIPE, and children start with the default. */
static void ignore(int number)
{
  (void)number;
}

static void print_error(const nxlua_error *e)
{
  fflush(stdout);
  fprintf(stderr, "error: %s%s%s\n", e->where, *e->where ? ": " : "", e->message);
  for (const char *line = e->trace; *line;) {
    size_t length = strcspn(line, "\n");
    fprintf(stderr, "  %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static int usage(const char *format, const char *what)
{
  fprintf(stderr, "error: ");
  fprintf(stderr, format, what);
  fprintf(stderr, " (nxlua --help shows the options)\n");
  return USAGE;
}

/* ---- arguments ---- */

static int is_file_name(const char *word)
{
  size_t n = strlen(word);
  return strcmp(word, "-") == 0 || strchr(word, '/') || (n > 4 && strcmp(word + n - 4, ".lua") == 0);
}

/* Words that stand for a command line of cargo nextest as a whole. */
static int is_alias(const char *word)
{
  static const char *const aliases[] = { "r", "b", "ntr", "self", "replay", "store", "debug", NULL };
  for (const char *const *a = aliases; *a; a++)
    if (strcmp(*a, word) == 0) return 1;
  return 0;
}

/* The value of an option that is `name VALUE`, `name=VALUE`, or for a short one `-nVALUE`; NULL: there is none. */
static const char *value_of(const command_line *c, int *i, size_t name_length)
{
  const char *rest = c->argv[*i] + name_length;
  if (*rest == '=' && name_length > 2) return rest + 1;
  if (*rest) return rest;
  return *i + 1 < c->argc ? c->argv[++*i] : NULL;
}

static int is_option(const char *word, const char *name)
{
  size_t n = strlen(name);
  return strncmp(word, name, n) == 0 && (word[n] == 0 || word[n] == '=');
}

/* -1: go on; else the exit status. */
static int parse(command_line *c)
{
  int i = 1;
  for (; i < c->argc; i++) {
    const char *word = c->argv[i], *value;
    if (word[0] != '-' || word[1] == 0) break;
    if (strcmp(word, "--") == 0) {
      i++;
      break;
    } else if (strcmp(word, "--version") == 0 || strcmp(word, "-v") == 0) {
      printf("nxlua %s (%s)\n", NXLUA_VERSION_TEXT, LUA_RELEASE);
      return finish(0);
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
      fputs(usage_text, stdout);
      return finish(0);
    } else if (strncmp(word, "-e", 2) == 0 || strncmp(word, "-l", 2) == 0) {
      if (!(value = value_of(c, &i, 2))) return usage("option %s needs a value", word);
      c->before[c->before_count++] = (work){ word[1] == 'e' ? "-e" : "-l", value };
    } else if (strcmp(word, "-i") == 0) {
      c->interactive = 1;
    } else if (strcmp(word, "-E") == 0) {
      c->no_environment = 1;
    } else if (is_option(word, "--lua-dir")) {
      if (!(value = value_of(c, &i, 9))) return usage("option %s needs a value", word);
      c->lua_dir = value;
    } else if (is_option(word, "--traceback")) {
      if (!(value = value_of(c, &i, 11))) return usage("option %s needs a value", word);
      if (strcmp(value, "full") != 0 && strcmp(value, "user") != 0)
        return usage("option --traceback takes full or user, not %s", value);
      c->full_trace = *value == 'f';
    } else if (!c->before_count && !c->interactive) {
      c->whole_line = 1; /* an option of the commands, in front of one */
      break;
    } else {
      return usage("unknown option %s", word);
    }
  }
  c->script = i;
  if (i < c->argc && is_alias(c->argv[i])) c->whole_line = 1;
  c->is_command = i < c->argc && !is_file_name(c->argv[i]);
  return -1;
}

/* ---- running ---- */

/* Runs one piece of the command line: its exit status, the error printed. */
static int run(nxlua *s, const command_line *c, nx_script script)
{
  script.all = c->argv;
  script.all_count = c->argc;
  script.all_zero = c->script < c->argc ? c->script : 0;
  if (nx_state_run(s, &script) < 0) print_error(nxlua_last_error(s));
  return nxlua_exit_code(s);
}

static int run_init(nxlua *s, const command_line *c)
{
  const char *name = "=LUA_INIT_5_4", *init = getenv(name + 1);
  if (!init) init = getenv((name = "=LUA_INIT") + 1);
  if (!init) return 0;
  if (*init == '@') return run(s, c, (nx_script){ .path = init + 1 });
  return run(s, c, (nx_script){ .text = init, .name = name });
}

static int run_before(nxlua *s, const command_line *c, const work *w)
{
  if (w->kind[1] == 'e') return run(s, c, (nx_script){ .text = w->text, .name = "=(command line)" });
  static const char text[] = "local name = ... _G[name] = require(name)";
  return run(s, c, (nx_script){ .text = text, .name = "=(command line)", .argc = 1, .argv = &w->text });
}

static int run_all(nxlua *s, const command_line *c)
{
  int status = 0;
  if (!c->no_environment && (status = run_init(s, c))) return status;
  for (int i = 0; i < c->before_count; i++)
    if ((status = run_before(s, c, &c->before[i]))) return status;
  if (c->whole_line) {
    status = run(s, c, (nx_script){ .command = "nextest", .argc = c->argc - c->script, .argv = c->argv + c->script });
  } else if (c->script < c->argc) {
    const char *name = c->argv[c->script];
    nx_script script = { .argc = c->argc - c->script - 1, .argv = c->argv + c->script + 1 };
    if (c->is_command) script.command = name;
    else script.path = name;
    status = run(s, c, script);
  } else if (!c->before_count && !c->interactive && !isatty(STDIN_FILENO)) {
    status = run(s, c, (nx_script){ .path = "-" });
  } else if (!c->before_count) {
    return nx_repl(s);
  }
  return c->interactive && !c->is_command && !c->whole_line ? nx_repl(s) : status;
}

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Here a stopped child may stop us too (lua/nx/process.lua). */
static int set_program(lua_State *L)
{
  lua_pushboolean(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "nx.program");
  return 0;
}

static int set_full_trace(lua_State *L)
{
  lua_pushboolean(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, NX_FULL_TRACE_KEY);
  return 0;
}

int main(int argc, char **argv)
{
  guard_descriptors();
  command_line c = { .argc = argc, .argv = (const char *const *)argv };
  if (argc > 0 && strcmp(base_name(argv[0]), "cargo-nxlua") == 0) {
    c.is_cargo = 1;
    if (argc > 1 && strcmp(argv[1], "nxlua") == 0) {
      argv[1] = argv[0];
      c.argv++, c.argc--;
    }
  }
  c.before = calloc((size_t)argc + 1, sizeof *c.before);
  if (!c.before) return 1;
  int status = -1;
  if (c.is_cargo) c.whole_line = c.script = 1;
  else status = parse(&c);
  if (status >= 0) goto end;
  signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, the kernel would not keep how a child ended */
  sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = ignore, .sa_flags = SA_RESTART }, NULL);
  if (c.is_command || c.whole_line) c.no_environment = 1;
  nxlua *s = nxlua_new(&(nxlua_options){
      .size = sizeof(nxlua_options), .signals = 1, .no_environment = c.no_environment, .lua_dir = c.lua_dir });
  status = 1;
  if (!s) {
    fputs("error: not enough memory\n", stderr);
    goto end;
  }
  s->leave = leave;
  lua_pushcfunction(nxlua_lua(s), set_program);
  lua_pcall(nxlua_lua(s), 0, 0, 0);
  if (c.full_trace) {
    lua_pushcfunction(nxlua_lua(s), set_full_trace);
    lua_pcall(nxlua_lua(s), 0, 0, 0);
  }
  if (nxlua_module(s, "cjson", luaopen_cjson) || nxlua_module(s, "rex_pcre2", luaopen_rex_pcre2) ||
      nxlua_module(s, "lxp", luaopen_lxp))
    print_error(nxlua_last_error(s));
  else status = run_all(s, &c);
  nxlua_free(s);
  status = finish(status);
end:
  free(c.before);
  return status;
}
