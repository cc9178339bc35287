"""Follows a function's log: its last lines, then new ones."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_LAST: Final = 20
"""Lines shown at first."""

_BEFORE: Final = timedelta(hours=1)
_POLL_SECONDS: Final = 5.0

_LATE: Final = timedelta(minutes=10)
"""A line can appear in the log this long after it was written. Azure says three minutes on average:
https://learn.microsoft.com/azure/azure-monitor/logs/data-ingestion-time."""


@dataclass(frozen=True)
class Line:
    """A line of the log. Its `identity` is unique, so that the line is shown once."""

    time: datetime
    identity: str
    text: str


def follow(lines_since: Callable[[datetime], list[Line]]) -> None:
    """Prints the last lines of the last hour, then new ones until it is interrupted."""
    asked = datetime.now(UTC)
    since, last = asked - _BEFORE, _LAST
    shown: set[str] = set()
    while True:
        found = sorted(lines_since(since), key=lambda line: line.time)
        new = [line for line in found if line.identity not in shown]
        for line in new[-last:] if last else new:
            print(f"{line.time:%H:%M:%S} {line.text.rstrip()}", flush=True)
        if last and not new:
            print("No lines in the last hour. Waiting for new ones; Ctrl-C stops it.", flush=True)
        last = 0
        shown = {line.identity for line in found}
        since = asked - _LATE
        time.sleep(_POLL_SECONDS)
        asked = datetime.now(UTC)
