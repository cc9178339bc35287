"""A store that cuts, corrupts, trickles and goes silent, as no emulator does. What it says is a cloud's dialect."""

import gzip
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import ClassVar

from tests.support.pictures.samples import CAT

PACE = 0.2
"""Seconds between two bytes of an answer that trickles: none of the client's timeouts for silence ever passes."""


@dataclass(frozen=True)
class Stored:
    """An object of the stand-in."""

    data: bytes
    encoding: str = ""
    archived: bool = False


CAT_KEY, PACKED, BROTLI, ARCHIVED = "albums/cat.jpg", "packed.jpg", "packed.br", "archived.jpg"

OBJECTS = {
    CAT_KEY: Stored(CAT),
    PACKED: Stored(gzip.compress(CAT), "gzip"),
    BROTLI: Stored(CAT, "br"),
    ARCHIVED: Stored(CAT, archived=True),
}


@dataclass(frozen=True)
class Asked:
    """A request. The names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What an honest store says. Without a body it is to HEAD, and the headers tell the length."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def head(self, **changed: str | None) -> bytes:
        """The status line and the headers, some of which are changed or, with None, left out."""
        headers: dict[str, str | None] = {"content-length": str(len(self.body)), **self.headers}
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in headers.items() if value)]
        return "\r\n".join([*lines, "", ""]).encode()


Dialect = Callable[[Asked], Reply]


@dataclass
class Faulty:
    """A running stand-in. `fault` says how it sends what it says; `sent` counts the bytes that it got rid of."""

    dialect: Dialect
    url: str = ""
    fault: str = "none"
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    connections: int = 0
    _dead: set[int] = field(default_factory=set)
    _open: set[int] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def freeze(self) -> int:
        """Lets all open connections die unnoticed, as while an instance is frozen; how many there were."""
        self._dead |= self._open
        return len(self._open)

    def is_dead(self, connection: int) -> bool:
        """Whether a connection has died."""
        return connection in self._dead

    @contextmanager
    def connection(self) -> Iterator[int]:
        """A new connection's number, while it is open."""
        self.connections += 1
        number = self.connections
        self._open.add(number)
        try:
            yield number
        finally:
            self._open.discard(number)


class _Wire:
    """The server's end of a connection."""

    def __init__(self, store: Faulty, write: Callable[[bytes], object]) -> None:
        self._store = store
        self._write = write

    def send(self, data: bytes) -> None:
        self._write(data)
        self._store.sent += len(data)

    def trickle(self, data: bytes) -> None:
        for byte in data:
            if self._store.over.wait(PACE):
                return
            self.send(bytes([byte]))

    def wait(self) -> None:
        self._store.over.wait()


def _cut(wire: _Wire, reply: Reply) -> None:
    wire.send(reply.head() + reply.body[: len(reply.body) // 2])


def _cut_chunked(wire: _Wire, reply: Reply) -> None:
    half = reply.body[: len(reply.body) // 2]
    wire.send(reply.head(content_length=None, transfer_encoding="chunked") + b"%x\r\n%s\r\n" % (len(half), half))


def _cut_unsaid(wire: _Wire, reply: Reply) -> None:
    wire.send(reply.head(content_length=None, connection="close") + reply.body[: len(reply.body) // 2])


def _corrupt(wire: _Wire, reply: Reply) -> None:
    middle = len(reply.body) // 2
    wire.send(reply.head() + reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :])


def _endless(wire: _Wire, reply: Reply) -> None:
    wire.send(reply.head(content_length=None, connection="close"))
    while True:
        wire.send(bytes(1024 * 1024))


def _trickled_body(wire: _Wire, reply: Reply) -> None:
    wire.send(reply.head())
    wire.trickle(reply.body)


def _trickled_headers(wire: _Wire, reply: Reply) -> None:
    wire.trickle(reply.head(x_padding="x" * 1000))


def _trickled_chunks(wire: _Wire, reply: Reply) -> None:
    wire.send(reply.head(content_length=None, transfer_encoding="chunked"))
    for byte in reply.body:
        wire.trickle(b"1;padding=%s\r\n%c\r\n" % (b"x" * 20, byte))


def _half_silent(wire: _Wire, reply: Reply) -> None:
    _cut(wire, reply)
    wire.wait()


def _silent(wire: _Wire, _: Reply) -> None:
    wire.wait()


def _noise(wire: _Wire, _: Reply) -> None:
    wire.send(b"\0\1\2 this is no HTTP at all\r\n\r\n")


FAULTS: Mapping[str, Callable[[_Wire, Reply], None]] = {
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


class _Handler(socketserver.StreamRequestHandler):
    """A connection: request after request, each answered as the fault has it."""

    store: ClassVar[Faulty]

    def handle(self) -> None:
        with self.store.connection() as number, suppress(OSError):
            while asked := self._asked():
                if self.store.is_dead(number):
                    self.store.over.wait()
                    return
                self.store.asked.append(f"{asked.method} {asked.target}")
                reply = self.store.dialect(asked)
                wire = _Wire(self.store, self.wfile.write)
                if self.store.fault in FAULTS:
                    FAULTS[self.store.fault](wire, reply)
                    return
                wire.send(reply.head() + reply.body)

    def _asked(self) -> Asked | None:
        method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
        headers = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._skip_body(headers)
        return Asked(method, rest.rpartition(" ")[0], headers) if method else None

    def _skip_body(self, headers: Mapping[str, str]) -> None:
        if headers.get("transfer-encoding") == "chunked":
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                self.rfile.read(size + 2)
            while self.rfile.readline().strip():
                pass
        else:
            self.rfile.read(int(headers.get("content-length", 0)))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def faulty(dialect: Dialect) -> Iterator[Faulty]:
    """A stand-in on loopback, honest until its `fault` is set, until the block ends."""
    store = Faulty(dialect)
    handler = type("Handler", (_Handler,), {"store": store})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        store.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield store
        finally:
            store.over.set()
            server.shutdown()
            thread.join()


def part(reply: Reply, of: str) -> Reply:
    """The part of a whole answer that a Range asks for, or all of it if it asks for none."""
    if not of:
        return reply
    first, _, last = of.removeprefix("bytes=").partition("-")
    body = reply.body[int(first) : int(last or len(reply.body)) + 1]
    stated = {"content-range": f"bytes {first}-{int(first) + len(body) - 1}/{len(reply.body)}"}
    return replace(reply, status=206, headers={**reply.headers, **stated}, body=body)
