"""Answers that no emulator gives, from an HTTP server on a free port of 127.0.0.1."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Faulty:
    """What a server answers to everything, and what it was asked.

    With `silent` it takes requests and says nothing. A `content-length` longer than the body makes
    an answer that is cut short.
    """

    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    silent: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def answering(faulty: Faulty) -> Iterator[Faulty]:
    """Serves it until the block ends."""
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("content-length", 0)))
            faulty.asked.append(f"{self.command} {self.path}")
            self.close_connection = True
            if faulty.silent:
                over.wait()
                return
            self.send_response(faulty.status)
            own = {"content-length": str(len(faulty.body)), "connection": "close"}
            for name, value in (own | dict(faulty.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else faulty.body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- its name in the base class
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        faulty.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield faulty
        finally:
            over.set()
            server.shutdown()
            thread.join()
