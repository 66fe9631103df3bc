#!/usr/bin/env python3
"""usage: type_keys.py KEYS EXPECTED COMMAND...

Runs COMMAND on a terminal, waits for the prompt "ready> ", types KEYS (\\t is the tabulator) and ends with 0 as soon as
EXPECTED is on the screen, with 1 and what was on it after 15 seconds.
"""

import os
import pty
import re
import select
import signal
import sys
import time


def main():
    keys, expected, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    seen, typed, deadline = b"", False, time.time() + 15
    try:
        while time.time() < deadline:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
            screen = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\r|\x07", b"", seen).decode(errors="replace")
            if not typed and screen.endswith("ready> "):
                time.sleep(0.5)  # a line editor drops what comes before it has set the terminal up
                os.write(terminal, keys.encode().decode("unicode_escape").encode())
                typed = True
                seen = b""
            elif typed and expected in screen:
                return 0
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    print(f"type_keys: {expected!r} did not come after {keys!r}; on the screen:\n{screen}", file=sys.stderr)
    return 1


sys.exit(main())
