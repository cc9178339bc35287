"""An endpoint with the faults that no emulator makes: it throttles, fails, refuses, or says nothing at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.loopback import Quiet, listening


@dataclass
class Faults:
    """What the endpoint answers, the last one for ever; 0 keeps silent. `asked` has the requests so far."""

    statuses: list[int]
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def next(self, request: str) -> int:
        """The status for a request."""
        self.asked.append(request)
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def faulty(*statuses: int) -> Iterator[Faults]:
    """An endpoint on loopback that answers one status after another, until the block ends."""
    faults = Faults(list(statuses))
    over = threading.Event()

    class Handler(Quiet):
        def answer(self) -> None:
            self.body()
            status = faults.next(self.requestline)
            if status:
                self.send(status, b'{"error": {"message": "a fault", "code": %d}}' % status)
            else:
                over.wait(60)

        do_GET = do_HEAD = do_POST = answer  # noqa: N815 -- http.server's names

    with listening(Handler) as faults.url:
        try:
            yield faults
        finally:
            over.set()
