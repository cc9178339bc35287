"""Connections that keep to a deadline, so that a call to a store ends in time, whatever the store does.

A socket's own timeout restarts with every byte, so a very slow answer never reaches the timeout. The SDKs of all three
clouds use urllib3 in the thread that calls them, so urllib3's connections count time and bytes here.
"""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection

from core.deadline import seconds_left

CONNECT_SECONDS: Final = 1.5
"""The limit for connecting to one address."""

SILENCE_SECONDS: Final = 1.7
"""The limit for waiting for the next bytes.

A pooled connection that died while the platform had frozen the process costs this much time.
"""

CALL_SECONDS: Final = 4.5
"""The limit for a whole call, including a second try. The request can have less time left: see core.deadline."""

_OVERHEAD: Final = 256 * 1024
"""Bytes of headers and errors that an answer can have in addition to the object."""

_PIECE: Final = 256 * 1024
"""Bytes that are sent within one timeout."""


class Overrun(OSError):
    """An answer has more bytes than allowed."""


@dataclass
class _Call:
    """One call to a store: its end (time.monotonic), and the most bytes that each of its answers can have."""

    end: float
    most_bytes: int
    received: int = 0

    def seconds_left(self, most: float | None) -> float:
        """The seconds left, but at most `most`. Raises TimeoutError if none are left."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call took too long")
        return left if most is None else min(left, most)

    def count(self, received: int) -> None:
        """Counts received bytes. Raises Overrun once an answer has more than allowed."""
        self.received += received
        if self.received > self.most_bytes:
            raise Overrun("the answer is longer than allowed")


_call: ContextVar[_Call | None] = ContextVar("call", default=None)


@contextmanager
def calling(seconds: float, most_bytes: int = 0) -> Iterator[None]:
    """Limits this thread's calls in the block to `seconds` in all, and the object in each answer to `most_bytes`.

    If the current request has less time left, its time is the limit. Beyond a limit, the connection and the SDK's
    further tries raise TimeoutError or Overrun, which the SDK can turn into its own errors.
    """
    token = _call.set(_Call(time.monotonic() + min(seconds, seconds_left()), most_bytes + _OVERHEAD))
    try:
        yield
    finally:
        _call.reset(token)


class PlainConnection(HTTPConnection):
    """A connection that keeps to the deadline of the `calling` block that uses it, if any.

    After a freeze of the process all connections of a pool can be dead. A call's second try still gets a new
    connection: urllib3 puts an empty slot for a failed connection on top of the pool, and the try takes that slot.
    """

    def connect(self) -> None:
        """Connects; see urllib3."""
        call, options = _call.get(), self.socket_options
        if call:
            self.timeout = call.seconds_left(_seconds(self.timeout))
            self.socket_options = _Options(call, options or ())
        try:
            super().connect()
        finally:
            self.socket_options = options
        self.sock: Any = _Socket(self.sock)

    def request(self, *args: Any, **named: Any) -> None:
        """Sends a request; see urllib3."""
        call = _call.get()
        if call:
            self.timeout = call.seconds_left(_seconds(self.timeout))
            call.received = 0
        super().request(*args, **named)


class TlsConnection(PlainConnection, HTTPSConnection):
    """A TLS connection that keeps to the deadline in the same way."""


class _Options(list[Any]):
    """Socket options. urllib3 reads them for each of a host's addresses. Without time left, reading them fails."""

    def __init__(self, call: _Call, options: Any) -> None:
        super().__init__(options)
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        self._call.seconds_left(None)
        return super().__iter__()


class _Socket:
    """A connected socket that reads and writes within the call's deadline."""

    def __init__(self, connected: socket.socket) -> None:
        self._connected = connected

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connected, name)

    def makefile(self, _: str, buffering: int = -1) -> io.RawIOBase | io.BufferedReader:
        """The file to read an answer from; see http.client, which always opens it with `rb`."""
        reader = _Reader(self._connected)
        return io.BufferedReader(reader) if buffering else reader

    def sendall(self, data: Any) -> None:
        """Sends the data in pieces, each within the socket's timeout."""
        rest, timeout = memoryview(data).cast("B"), self._connected.gettimeout()
        while rest:
            if call := _call.get():
                self._connected.settimeout(call.seconds_left(timeout))
            self._connected.sendall(rest[:_PIECE])
            rest = rest[_PIECE:]


class _Reader(io.RawIOBase):
    """A socket's bytes."""

    def __init__(self, connected: socket.socket) -> None:
        self._connected = connected
        self._file: Any = connected.makefile("rb", 0)

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads the next bytes within the call's deadline; see io."""
        call = _call.get()
        if call:
            self._connected.settimeout(call.seconds_left(self._connected.gettimeout()))
        received: int = self._file.readinto(buffer)
        if call:
            call.count(received)
        return received

    def close(self) -> None:
        """Releases the socket; see io."""
        self._file.close()
        super().close()


def is_over() -> bool:
    """Whether the time of this thread's call is over, so that another try would fail."""
    call = _call.get()
    return call is not None and call.end <= time.monotonic()


def _seconds(timeout: object) -> float | None:
    # urllib3's default timeout is a sentinel object.
    return timeout if isinstance(timeout, int | float) else None
