"""A forward proxy to the fronts, for programs that can't use the tests' client."""

import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import ClassVar
from urllib.parse import urlsplit

CHUNK = 65536


class Proxy(BaseHTTPRequestHandler):
    """Opens tunnels and forwards requests in absolute form. Everything after the first request's head passes unread.

    `ports` maps the port that a client asks for to the port of the front.
    """

    ports: ClassVar[Mapping[int, int]]

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        with self.dial(host, int(port)) as upstream:
            self.send_response_only(200)
            self.end_headers()
            self.relay(upstream)

    def forward(self) -> None:
        url = urlsplit(self.path)
        target = url._replace(scheme="", netloc="").geturl() or "/"
        kept = [f"{name}: {value}" for name, value in self.headers.items() if "connection" not in name.lower()]
        head = "\r\n".join([f"{self.command} {target} HTTP/1.1", *kept, "Connection: close", "\r\n"])
        with self.dial(url.hostname or "", url.port or 80) as upstream:
            upstream.sendall(head.encode("latin-1"))
            self.relay(upstream)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = forward  # noqa: N815

    def dial(self, host: str, port: int) -> socket.socket:
        """A connection to the port itself if the host is this machine, else to the front for that port."""
        return socket.create_connection(("127.0.0.1", port if host in ("127.0.0.1", "localhost") else self.ports[port]))

    def relay(self, upstream: socket.socket) -> None:
        """Forwards what each side sends until both have closed."""
        self.close_connection = True
        # rfile may have read some of it already.
        received = iter(partial(self.rfile.read1, CHUNK), b"")
        sending = threading.Thread(target=passed_on, args=(received, upstream))
        sending.start()
        passed_on(iter(partial(upstream.recv, CHUNK), b""), self.connection)
        sending.join()

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


def passed_on(chunks: Iterable[bytes], to: socket.socket) -> None:
    """Sends the chunks and then closes the sending side."""
    with suppress(OSError):
        for chunk in chunks:
            to.sendall(chunk)
    with suppress(OSError):
        to.shutdown(socket.SHUT_WR)
