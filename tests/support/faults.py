"""An endpoint with the faults that no emulator makes: it throttles, fails, refuses, or says nothing at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Faults:
    """What the endpoint answers, the last one for ever; 0 keeps silent. `asked` has the requests so far."""

    url: str
    statuses: list[int]
    asked: list[str] = field(default_factory=list)

    def next(self, request: str) -> int:
        """The status for a request."""
        self.asked.append(request)
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def faulty(*statuses: int) -> Iterator[Faults]:
    """An endpoint on loopback that answers one status after another, until the block ends."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = faults.next(self.requestline)
            if not status:
                over.wait(60)
                return
            body = b'{"error": {"message": "a fault", "code": %d}}' % status
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = answer  # noqa: N815 -- http.server's names

        def log_message(self, *_: object) -> None:
            """Nothing: what was asked is in `Faults.asked`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        faults = Faults(f"http://127.0.0.1:{server.server_address[1]}", list(statuses))
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield faults
        finally:
            over.set()
            server.shutdown()
            serving.join()
