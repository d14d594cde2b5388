"""Types lines at the prompt of a program on a terminal of its own: prompt.py PROGRAM HISTORY LINE…  Shows the screen."""
import os
import pty
import select
import signal
import sys

pid, fd = pty.fork()
if pid == 0:
    os.environ.update(NXLUA_HISTORY=sys.argv[2], TERM="dumb")
    os.execv(sys.argv[1], sys.argv[1:2])


def until(mark, seconds=10):
    """What comes until the screen ends with the mark and rests: then the line editor has the terminal."""
    out = b""
    while select.select([fd], [], [], 0.2 if out.endswith(mark) else seconds)[0]:
        try:
            more = os.read(fd, 4096)
        except OSError:
            break
        if not more:
            break
        out += more
    return out


signal.alarm(60)
screen = until(b"> ")
for line in sys.argv[3:]:
    line = line.encode().decode("unicode_escape").encode()
    if line == b"\x03":
        select.select([], [], [], 0.3)
    os.write(fd, line)
    if not line.endswith(b"(busy)\n"):
        screen += until(b"> ")
print(screen.decode(errors="replace").replace("\r", ""))
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
