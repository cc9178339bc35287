"""The deadline of a request. Code that waits during the request checks here how long it can wait."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Final

_end: Final[ContextVar[float]] = ContextVar("end", default=inf)
"""The deadline of this thread, as time.monotonic measures it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Sets this thread's deadline for the block: `seconds` from now, or the current deadline if that is earlier."""
    token = _end.set(min(_end.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def seconds_left() -> float:
    """The seconds until the deadline: 0 after it, and infinity if none is set."""
    return max(0.0, _end.get() - time.monotonic())


def extend(seconds: float) -> None:
    """Postpones the deadline by time that does not count towards it."""
    _end.set(_end.get() + seconds)
