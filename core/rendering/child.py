"""One child process, as its parent sees it."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
import weakref
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from core.deadline import seconds_left
from core.imaging.settings import ImagingSettings
from core.rendering.limits import Limits
from core.rendering.messages import Kind, Message, received

PROGRAM = "core.rendering.program"
"""The module that a child runs. It is named and not imported: the parent loads no decoder."""

_START: Final = (
    # The garbage collector would scan all imported objects again and again: a fifteenth of the start's time.
    "import gc, sys; gc.disable(); sys.path = {path}; import {program}; gc.enable(); "
    "{program}.main({settings}, {limits})"
)

_KEPT_ENVIRONMENT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Paths of the interpreter's own libraries, on Lambda for example. Nothing else is passed on: no credential may be in a
process that decodes originals."""

_ONE_ARENA: Final = {"MALLOC_ARENA_MAX": "1"}
"""Otherwise glibc reserves 64 MiB of address space for each thread of a codec, and the memory limit counts address
space."""

_PIPE: Final = 64 * 1024
"""The bytes that a pipe holds."""

_MOST_SAID: Final = 4096
"""The most bytes of its last output that are reported when a child ends."""


class Child:
    """A process that does one job at a time. It ends when its parent ends, for whatever reason.

    `ready` is true after `ask` has received the child's greeting, during its first job.
    """

    def __init__(self, settings: ImagingSettings, limits: Limits) -> None:
        self._limits = limits
        self.ready = False
        self._socket, theirs = socket.socketpair()
        start = _START.format(
            path=[str(Path(folder).absolute()) for folder in sys.path],
            program=PROGRAM,
            settings=asdict(settings),
            limits=asdict(limits),
        )
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- nothing in it comes from a request
                (sys.executable, "-I", "-S", "-c", start),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=kept | _ONE_ARENA,
                start_new_session=True,  # Ctrl-C in a terminal must reach only the server, which then ends the child.
            )
        # `_ended` also runs when the object is freed, and when the interpreter ends.
        self._end = weakref.finalize(self, _ended, self._process, self._socket)

    @property
    def runs(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def ask(self, kind: Kind, text: str, data: bytes) -> Message:
        """The answer to a job.

        Raises TimeoutError at the deadline, OSError or EOFError if the process dies, and ValueError if it sends an
        invalid message. After any exception the process must be ended.
        """
        job = Message(os.urandom(8), kind, text, data)
        deadline = time.monotonic() + min(self._limits.deadline, seconds_left())
        if not self.ready and self._received(deadline).kind != "ready":
            raise ValueError("no greeting")
        self.ready = True
        _read_now(self._process)  # Drops output about earlier jobs.
        for piece in job.pieces():
            self._socket.settimeout(_left(deadline))
            self._socket.sendall(piece)
        answer = self._received(deadline)
        if answer.number != job.number:
            raise ValueError("an answer to another job")
        return answer

    def end(self) -> tuple[int, str]:
        """Ends the process if it still runs. Returns its status, as in subprocess, and its last output."""
        return self._end() or (-signal.SIGKILL, "")

    def _received(self, deadline: float) -> Message:
        def read(most: int) -> bytes:
            self._socket.settimeout(_left(deadline))
            return self._socket.recv(most)

        return received(read, self._limits.memory)


def _ended(process: "subprocess.Popen[bytes]", connection: socket.socket) -> tuple[int, str]:
    connection.close()
    # The process has its own process group. Any process that it started must end too, and must not keep the pipe open.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    said = _read_now(process)
    if process.stderr:
        process.stderr.close()
    return process.returncode, said[-_MOST_SAID:].decode(errors="replace")


def _read_now(process: "subprocess.Popen[bytes]") -> bytes:
    """What a process has written to standard error, without waiting for more."""
    stream = process.stderr
    return os.read(stream.fileno(), _PIPE) if stream and select.select([stream], [], [], 0)[0] else b""


def _left(deadline: float) -> float:
    """Seconds to a deadline, never 0: a timeout of 0 makes a socket non-blocking."""
    return max(deadline - time.monotonic(), 1e-6)
