"""Calls of a store that end in time, whatever the other end does: connections that keep to a deadline.

A socket's own timeout starts anew with every byte, so an answer that trickles never meets it. The SDKs of all three
clouds talk through urllib3, in the thread that calls them: that is where time and bytes are counted here.
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
"""To connect to one address."""

SILENCE_SECONDS: Final = 1.7
"""To wait for the next bytes. A pooled connection that died while its instance was frozen costs a call this long."""

CALL_SECONDS: Final = 4.5
"""For a whole call, its second try included. What it is done for may have less time left: see core.deadline."""

_OVERHEAD: Final = 256 * 1024
"""Bytes of headers and of errors that an answer may have beside an object's own."""

_PIECE: Final = 256 * 1024
"""Bytes that are sent within one timeout."""


class Overrun(OSError):
    """An answer has more bytes than it may have."""


@dataclass
class _Call:
    """One call of a store: when it ends (time.monotonic), and how many bytes each of its answers may have."""

    end: float
    most_bytes: int
    received: int = 0

    def seconds_left(self, most: float | None) -> float:
        """Up to `most` of the seconds that are left. Raises TimeoutError if none are."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call took too long")
        return left if most is None else min(left, most)

    def count(self, received: int) -> None:
        """Raises Overrun once an answer has more bytes than it may have."""
        self.received += received
        if self.received > self.most_bytes:
            raise Overrun("the answer is longer than it may be")


_call: ContextVar[_Call | None] = ContextVar("call", default=None)


@contextmanager
def calling(seconds: float, most_bytes: int = 0) -> Iterator[None]:
    """Gives what this thread does in the block so many seconds in all, and each answer so many bytes of an object.

    If the request that it is done for has less time left, it is that. Beyond that the connection fails, and so do the
    SDK's further tries: with TimeoutError or Overrun, in whatever the SDK makes of them.
    """
    token = _call.set(_Call(time.monotonic() + min(seconds, seconds_left()), most_bytes + _OVERHEAD))
    try:
        yield
    finally:
        _call.reset(token)


class PlainConnection(HTTPConnection):
    """A connection that keeps to the deadline of the call in which it is used, if there is one.

    After a freeze all connections of a pool may be dead. A call's second try is on a new one all the same: urllib3
    puts an empty place for one that failed on top of the pool, and takes the next from there.
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
    """The same over TLS."""


class _Options(list[Any]):
    """Socket options, which urllib3 sets before it tries the next of a host's addresses, if there is time for it."""

    def __init__(self, call: _Call, options: Any) -> None:
        super().__init__(options)
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        self._call.seconds_left(None)
        return super().__iter__()


class _Socket:
    """A connected socket whose reading and writing keep to the call's deadline."""

    def __init__(self, connected: socket.socket) -> None:
        self._connected = connected

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connected, name)

    def makefile(self, _: str, buffering: int = -1) -> io.RawIOBase | io.BufferedReader:
        """What an answer is read from; see http.client, which always opens it with `rb`."""
        reader = _Reader(self._connected)
        return io.BufferedReader(reader) if buffering else reader

    def sendall(self, data: Any) -> None:
        """Sends the data, and needs each piece of it to be taken within the socket's timeout."""
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
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads what there is; see io."""
        call = _call.get()
        if call:
            self._connected.settimeout(call.seconds_left(self._connected.gettimeout()))
        received: int = self._file.readinto(buffer)
        if call:
            call.count(received)
        return received

    def close(self) -> None:
        """Lets the socket go; see io."""
        self._file.close()
        super().close()


def is_over() -> bool:
    """Whether the time of this thread's call is over, so that another try can only fail."""
    call = _call.get()
    return call is not None and call.end <= time.monotonic()


def _seconds(timeout: object) -> float | None:
    # urllib3's default timeout is an object of its own.
    return timeout if isinstance(timeout, int | float) else None
