"""A function's log: its last lines, then those that come."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_LAST: Final = 20
"""Lines that are shown at first."""

_BEFORE: Final = timedelta(hours=1)
_POLL_SECONDS: Final = 5.0

_LATE: Final = timedelta(minutes=1)
"""A line may be in the log so much later than it was written; each is shown once."""


@dataclass(frozen=True)
class Line:
    """A line of the log. The cloud's own `identity` tells it from another one of the same time and text."""

    time: datetime
    identity: str
    text: str


def follow(lines_since: Callable[[datetime], list[Line]]) -> None:
    """Prints the last lines of an hour, and new ones until it is interrupted."""
    since = datetime.now(UTC) - _BEFORE
    shown: set[str] = set()
    last = _LAST
    while True:
        lines = [line for line in sorted(lines_since(since), key=lambda line: line.time) if line.identity not in shown]
        for line in lines[-last:] if last else lines:
            print(f"{line.time:%H:%M:%S} {line.text.rstrip()}", flush=True)
        shown.update(line.identity for line in lines)
        if last and not lines:
            print("No line in the last hour. Waiting for one; Ctrl-C ends it.", flush=True)
        last = 0
        since = max(since, datetime.now(UTC) - _LATE)
        time.sleep(_POLL_SECONDS)
