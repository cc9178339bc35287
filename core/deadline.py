"""When a request's time is over. Whoever waits for something on its behalf asks here for how long it may."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Final

_end: Final[ContextVar[float]] = ContextVar("end", default=inf)
"""By time.monotonic, for this thread."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Gives what this thread does in the block so many seconds, or those that are left if they are fewer."""
    token = _end.set(min(_end.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def seconds_left() -> float:
    """The seconds that are left, 0 if it is over, and infinity where nobody has set an end."""
    return max(0.0, _end.get() - time.monotonic())


def extend(seconds: float) -> None:
    """Puts the end off: what these seconds went by for does not count."""
    _end.set(_end.get() + seconds)
