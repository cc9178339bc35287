"""Faults of a reply: it is cut short, corrupt, slow, endless, missing or not HTTP."""

import threading
from collections.abc import Callable, Mapping

from tests.support.servers.messages import Reply

PACE = 0.2
"""Seconds between two bytes of a slow reply, shorter than the client's read timeouts."""


class Wire:
    """The server's side of a connection; `over` ends every wait."""

    def __init__(self, send: Callable[[bytes], object], over: threading.Event) -> None:
        self.send = send
        self._over = over

    def trickle(self, data: bytes) -> None:
        for byte in data:
            if self._over.wait(PACE):
                return
            self.send(bytes([byte]))

    def wait(self) -> None:
        self._over.wait()


def _cut(wire: Wire, reply: Reply) -> None:
    wire.send(reply.head() + reply.body[: len(reply.body) // 2])


def _cut_chunked(wire: Wire, reply: Reply) -> None:
    half = reply.body[: len(reply.body) // 2]
    wire.send(reply.head(content_length=None, transfer_encoding="chunked") + b"%x\r\n%s\r\n" % (len(half), half))


def _cut_unsaid(wire: Wire, reply: Reply) -> None:
    wire.send(reply.head(content_length=None, connection="close") + reply.body[: len(reply.body) // 2])


def _corrupt(wire: Wire, reply: Reply) -> None:
    middle = len(reply.body) // 2
    wire.send(reply.head() + reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :])


def _endless(wire: Wire, reply: Reply) -> None:
    wire.send(reply.head(content_length=None, connection="close"))
    while True:
        wire.send(bytes(1024 * 1024))


def _trickled_body(wire: Wire, reply: Reply) -> None:
    wire.send(reply.head())
    wire.trickle(reply.body)


def _trickled_headers(wire: Wire, reply: Reply) -> None:
    wire.trickle(reply.head(x_padding="x" * 1000))


def _trickled_chunks(wire: Wire, reply: Reply) -> None:
    wire.send(reply.head(content_length=None, transfer_encoding="chunked"))
    for byte in reply.body:
        wire.trickle(b"1;padding=%s\r\n%c\r\n" % (b"x" * 20, byte))


def _half_silent(wire: Wire, reply: Reply) -> None:
    _cut(wire, reply)
    wire.wait()


def _silent(wire: Wire, _: Reply) -> None:
    wire.wait()


def _noise(wire: Wire, _: Reply) -> None:
    wire.send(b"\0\1\2 this is no HTTP at all\r\n\r\n")


FAULTS: Mapping[str, Callable[[Wire, Reply], None]] = {
    "cut": _cut,
    "cut, in chunks": _cut_chunked,
    "cut, length unsaid": _cut_unsaid,
    "corrupt": _corrupt,
    "endless": _endless,
    "trickles its body": _trickled_body,
    "trickles its headers": _trickled_headers,
    "trickles its chunks": _trickled_chunks,
    "silent in its body": _half_silent,
    "silent": _silent,
    "no HTTP": _noise,
}
