"""Servers as child processes: started on a free port, ready when they print a certain line, ended with the block."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
START_SECONDS = 60
LINE_SECONDS = 10


@dataclass
class Server:
    """A running child process and the lines that it has printed so far, including standard error."""

    process: subprocess.Popen[str]
    match: re.Match[str]
    lines: list[str] = field(default_factory=list)

    def printed(self, count: int, words: str, since: int = 0) -> list[str]:
        """The lines with the words. Waits for `count` of them, up to a limit: a line can arrive after the answer."""
        deadline = time.monotonic() + LINE_SECONDS
        while True:
            found = [line for line in self.lines[since:] if words in line]
            if len(found) >= count or time.monotonic() > deadline:
                return found
            time.sleep(0.01)

    def kill(self) -> None:
        """Ends the process and its children at once, as `kill -9` does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class _Output:
    """Reads a process's output on a thread and looks for the line that says that it is ready."""

    def __init__(self, process: subprocess.Popen[str], ready: str) -> None:
        assert process.stdout
        self.lines: list[str] = []
        self._stream = process.stdout
        self._ready = ready
        self._match: re.Match[str] | None = None
        self._turned = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def match(self, seconds: float) -> re.Match[str] | None:
        """The match of the ready line, or None if the process ended or the time passed without that line."""
        self._turned.wait(seconds)
        return self._match

    def close(self) -> None:
        self._thread.join(5)
        self._stream.close()

    def _read(self) -> None:
        for line in self._stream:
            self.lines.append(line.rstrip("\n"))
            if self._match is None:
                self._match = re.search(self._ready, line)
                if self._match:
                    self._turned.set()
        self._turned.set()


@contextmanager
def running(
    command: Sequence[str],
    ready: str,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    preexec: Callable[[], None] | None = None,
) -> Iterator[Server]:
    """Runs a command until the block ends; the block starts when a printed line matches `ready`.

    The environment is `env` and only a few variables of this one, such as PATH and HOME, so that none of the
    developer's settings applies. If the process does not get ready, the error shows what it printed.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**kept, "PYTHONUNBUFFERED": "1", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=preexec,  # noqa: PLW1509 -- the tests' own threads hold no lock at a start
    )
    output = _Output(process, ready)
    try:
        match = output.match(START_SECONDS)
        if not match:
            raise RuntimeError(f"{command[0]} did not get ready; it printed:\n" + "\n".join(output.lines))
        yield Server(process, match, output.lines)
    finally:
        _end(process)
        output.close()


def _end(process: subprocess.Popen[str]) -> None:
    """Ends a process and then its children, which would keep its output open."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def python(*arguments: str) -> list[str]:
    """The command that runs this environment's Python."""
    return [sys.executable, *arguments]


def free_port() -> int:
    """A free port of 127.0.0.1, for a server that can't choose one itself."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
