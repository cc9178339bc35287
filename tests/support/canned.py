"""Answers that no emulator gives, from an HTTP server on a free port of 127.0.0.1."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from tests.support.loopback import Quiet, listening


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

    class Handler(Quiet):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.body()
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

    with listening(Handler) as faulty.url:
        try:
            yield faulty
        finally:
            over.set()
