"""Answers that no emulator gives: a store that throttles, fails, refuses, cuts off its answer or does not answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from tests.support.servers.loopback import Quiet, listening


@dataclass(frozen=True)
class Answer:
    """An answer. With a `content-length` longer than the body, it is cut short."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


SILENCE = Answer(status=0)
"""The request is accepted and never answered."""


@dataclass
class Canned:
    """The server's address, and the method and target of each request so far."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def answering(*answers: Answer) -> Iterator[Canned]:
    """Runs a server on loopback that gives these answers in order, and then repeats the last one."""
    canned, left, over = Canned(), list(answers), Event()

    class Handler(Quiet):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            self.close_connection = True
            if not self.raw_requestline or not self.parse_request():
                return
            self.body()
            canned.asked.append(f"{self.command} {self.path}")
            answer = left.pop(0) if len(left) > 1 else left[0]
            if answer is SILENCE:
                over.wait()
                return
            self.send_response(answer.status)
            own = {"content-length": str(len(answer.body)), "connection": "close"}
            for name, value in (own | dict(answer.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else answer.body)

    with listening(Handler) as canned.url:
        try:
            yield canned
        finally:
            over.set()
