"""A command on its own terminal, as a user runs it, and a check that none of its processes is left."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

SECONDS = 20


@dataclass
class Terminal:
    """The master side of a terminal, and the process that runs on it."""

    process: subprocess.Popen[bytes]
    master: int
    shown: str = ""

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Reads until the output matches the pattern."""
        deadline = time.monotonic() + SECONDS
        while not (match := re.search(pattern, self.shown)):
            if time.monotonic() > deadline or not self._read():
                raise RuntimeError(f"the terminal did not show {pattern!r}, but:\n{self.shown}")
        return match

    def rest(self) -> str:
        """The output from now until the process ends."""
        before = len(self.shown)
        while self._read():
            pass
        self.process.wait(SECONDS)
        return self.shown[before:]

    def close(self) -> None:
        """Closes the terminal's window."""
        os.close(self.master)
        self.master = -1

    def _read(self) -> bool:
        if not select.select([self.master], [], [], SECONDS)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # EIO: no process has the other side open.
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


@contextmanager
def on_a_terminal(command: Sequence[str], env: Mapping[str, str]) -> Iterator[Terminal]:
    """Runs a command with a new controlling terminal; all its processes end with the block."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        command,
        env={"PATH": os.environ["PATH"], **env},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 -- one system call
    )
    os.close(slave)
    terminal = Terminal(process, master)
    try:
        yield terminal
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if terminal.master >= 0:
            terminal.close()


def wait_until_gone(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Waits until no process of the group is left."""
    process.wait(SECONDS)
    deadline = time.monotonic() + SECONDS
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(0.05)
        raise AssertionError(f"processes of the group {process.pid} are left")
