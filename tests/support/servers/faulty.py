"""A store whose replies are cut short, corrupt, slow or missing, unlike an emulator's.

A dialect makes the replies, as one cloud's storage does.
"""

import gzip
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import ClassVar

from tests.support.pictures.samples import CAT
from tests.support.servers.faults import FAULTS, Wire
from tests.support.servers.messages import Dialect, Request


@dataclass(frozen=True)
class Stored:
    """An object in the store."""

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


@dataclass
class Faulty:
    """A running store. `fault` names the fault of its replies; `over` ends every wait.

    `asked` lists the requests, `sent` counts the bytes that it has sent, `connections` all connections so far.
    """

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
        """Makes all open connections dead without a sign, as when an instance is frozen. Returns their number."""
        self._dead |= self._open
        return len(self._open)

    def is_dead(self, connection: int) -> bool:
        """Whether a connection has died."""
        return connection in self._dead

    @contextmanager
    def connection(self) -> Iterator[int]:
        """Counts a new connection, yields its number, and lists it as open until the block ends."""
        self.connections += 1
        number = self.connections
        self._open.add(number)
        try:
            yield number
        finally:
            self._open.discard(number)


class _Handler(socketserver.StreamRequestHandler):
    """A connection. It answers each request with the fault of the store."""

    store: ClassVar[Faulty]

    def handle(self) -> None:
        with self.store.connection() as number, suppress(OSError):
            while request := self._request():
                if self.store.is_dead(number):
                    self.store.over.wait()
                    return
                self.store.asked.append(f"{request.method} {request.target}")
                reply = self.store.dialect(request)
                wire = Wire(self._send, self.store.over)
                if self.store.fault in FAULTS:
                    FAULTS[self.store.fault](wire, reply)
                    return
                wire.send(reply.head() + reply.body)

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.store.sent += len(data)

    def _request(self) -> Request | None:
        method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
        headers = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._skip_body(headers)
        return Request(method, rest.rpartition(" ")[0], headers) if method else None

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
    """Runs a store on loopback until the block ends. It has no fault until `fault` is set."""
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
