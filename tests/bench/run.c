/* Programs in one, for the script run beside it.
 *   instant            a test binary that speaks libtest: INSTANT_TESTS tests that end at once; with INSTANT_DUMP, a
 * test writes its environment to that file loop BIN K NAMES ENVIRONMENT the yardstick: runs BIN --exact NAME
 * --nocapture for each line of NAMES, K at a time, with the environment that a runner gives (read from a dump; what
 * names the test is made anew for each), in its own group, both outputs read through pipes, on posix_spawn and epoll
 *   time ERR ARG…      runs a command, standard error to the file ERR; prints wall, cpu, maximal memory, exit code.
 * Small, since what a child shares with its parent before exec counts as its memory */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int instant(int argc, char **argv)
{
  int list = 0, ignored = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--list") == 0) list = 1;
    if (strcmp(argv[i], "--ignored") == 0) ignored = 1;
  }
  const char *dump = getenv("INSTANT_DUMP");
  if (!list && dump) {
    FILE *file = fopen(dump, "w");
    if (!file) return 1;
    for (char **e = environ; *e; e++) {
      if (strncmp(*e, "INSTANT_DUMP=", 13) != 0) fwrite(*e, 1, strlen(*e) + 1, file);
    }
    return fclose(file) != 0;
  }
  if (!list) {
    static const char text[] = "\nrunning 1 test\ntest x ... ok\n\ntest result: ok. 1 passed; 0 failed\n\n";
    return write(1, text, sizeof text - 1) < 0;
  }
  const char *count = getenv("INSTANT_TESTS");
  for (int i = 0; !ignored && i < (count ? atoi(count) : 100); i++) printf("group%02d::test_%06d: test\n", i / 1000, i);
  return 0;
}

/* What a runner makes anew for each test. */
static const char *const per_test[] = { "NEXTEST_TEST_NAME=%s",          "NEXTEST_ATTEMPT_ID=run:bin$%s",
                                        "NEXTEST_TEST_GLOBAL_SLOT=%.1s", "NEXTEST_TOTAL_ATTEMPTS=%.1s",
                                        "NEXTEST_ATTEMPT=%.1s",          "NEXTEST_TEST_GROUP_SLOT=%.1s",
                                        "NEXTEST_STRESS_CURRENT=%.1s",   "NEXTEST_TEST_PHASE=%.1s",
                                        "__NEXTEST_ATTEMPT=%.1s" };
enum { PER_TEST = sizeof per_test / sizeof *per_test, VARIABLES = 1000 };

struct child {
  pid_t pid;
  int fd[3];
  int open;
  char *output;
  size_t length;
};

static void die(const char *what)
{
  perror(what);
  exit(1);
}

static void start(struct child *c, unsigned number, int epoll, const char *bin, const char *name, char **envp)
{
  int out[2], err[2];
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char *argv[] = { (char *)bin, "--exact", (char *)name, "--nocapture", NULL };
  if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0) die("pipe");
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  if (posix_spawn(&c->pid, bin, &actions, &attributes, argv, envp) != 0) die(bin);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(out[1]);
  close(err[1]);
  c->fd[0] = out[0];
  c->fd[1] = err[0];
  c->fd[2] = (int)syscall(SYS_pidfd_open, c->pid, 0);
  c->open = 3;
  c->length = 0;
  for (int i = 0; i < 3; i++) {
    if (i < 2) fcntl(c->fd[i], F_SETFL, O_NONBLOCK);
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = number * 4 + (unsigned)i };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd[i], &e) < 0) die("epoll_ctl");
  }
}

/* The variables of a dump but for those that name the test, in `block`, which has room for `room`. */
static size_t read_environment(const char *dump, char **block, size_t room)
{
  static char text[1 << 20];
  FILE *file = fopen(dump, "r");
  if (!file) die(dump);
  size_t length = fread(text, 1, sizeof text - 1, file), n = 0;
  fclose(file);
  for (char *p = text; p < text + length && n < room; p += strlen(p) + 1) {
    int ours = 0;
    for (size_t k = 0; k < PER_TEST; k++) {
      ours = ours || strncmp(p, per_test[k], strcspn(per_test[k], "=") + 1) == 0;
    }
    if (!ours) block[n++] = p;
  }
  return n;
}

static int loop(const char *bin, int slots, const char *names, const char *dump)
{
  FILE *list = fopen(names, "r");
  int epoll = epoll_create1(EPOLL_CLOEXEC), running = 0, failed = 0;
  struct child *children = calloc((size_t)slots, sizeof *children);
  char line[1024], made[PER_TEST][1200], *block[VARIABLES + PER_TEST + 1];
  if (!list) die(names);
  if (!children || epoll < 0) die("set-up");
  size_t n = read_environment(dump, block, VARIABLES);
  for (int more = 1; more || running;) {
    for (int i = 0; i < slots && more; i++) {
      if (children[i].open) continue;
      if (!fgets(line, sizeof line, list)) {
        more = 0;
        break;
      }
      line[strcspn(line, "\n")] = 0;
      for (size_t k = 0; k < PER_TEST; k++) {
        snprintf(made[k], sizeof made[k], per_test[k], line);
        block[n + k] = made[k];
      }
      block[n + PER_TEST] = NULL;
      start(&children[i], (unsigned)i, epoll, bin, line, block);
      running++;
    }
    struct epoll_event events[32];
    int got = running ? epoll_wait(epoll, events, 32, -1) : 0;
    for (int i = 0; i < got; i++) {
      struct child *c = &children[events[i].data.u64 / 4];
      int which = (int)(events[i].data.u64 % 4);
      if (which < 2) {
        char buffer[65536];
        ssize_t k = read(c->fd[which], buffer, sizeof buffer);
        if (k > 0) {
          c->output = realloc(c->output, c->length + (size_t)k);
          memcpy(c->output + c->length, buffer, (size_t)k);
          c->length += (size_t)k;
          continue;
        }
      } else {
        int status;
        waitpid(c->pid, &status, 0);
        failed += status != 0;
      }
      epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd[which], NULL);
      close(c->fd[which]);
      if (--c->open == 0) running--;
    }
  }
  if (failed) fprintf(stderr, "%d failed\n", failed);
  return failed != 0;
}

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int measure(const char *err, char **argv)
{
  struct rusage u;
  int status;
  double started = now();
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid == 0) {
    int null = open("/dev/null", O_RDWR), file = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(null, 0);
    dup2(null, 1);
    dup2(file, 2);
    execvp(argv[0], argv);
    _exit(127);
  }
  if (wait4(pid, &status, 0, &u) < 0) die("wait4");
  printf("%.4f %.4f %ld %d\n", now() - started,
         (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6,
         u.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}

int main(int argc, char **argv)
{
  if (argc > 3 && strcmp(argv[1], "time") == 0) return measure(argv[2], argv + 3);
  if (argc == 6 && strcmp(argv[1], "loop") == 0) return loop(argv[2], atoi(argv[3]), argv[4], argv[5]);
  return instant(argc, argv);
}
