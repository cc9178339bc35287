"""Places for originals in memory. Requests wait for a free place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, BoundedSemaphore
from typing import Final

from core.deadline import extend, seconds_left
from core.errors import StorageUnavailable

_SLOW: Final = 1.0
"""A store counts as slow if a call to it takes longer than these seconds."""

_LOOK: Final = 0.5
"""The interval, in seconds, at which a request past its deadline checks whether a slow store is the cause."""


class Places:
    """A number of places. A request holds one while it reads and renders an original.

    Waiting for other requests' renders does not count towards a request's deadline. Waiting for requests that a slow
    store delays does count. Can be used from any thread.
    """

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(count)
        self._slow_at = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds a place for the block. Raises StorageUnavailable if a slow store keeps all places past the deadline."""
        began = time.monotonic()
        while not self._free.acquire(timeout=min(max(_LOOK, seconds_left()), TIMEOUT_MAX)):
            if self._slow_at > began and not seconds_left():
                raise StorageUnavailable from TimeoutError("the store delays other requests")
        try:
            if self._slow_at <= began:
                extend(time.monotonic() - began)
            yield
        finally:
            self._free.release()

    @contextmanager
    def storage_call(self) -> Iterator[None]:
        """Notes whether the store is slow in the block."""
        began = time.monotonic()
        try:
            yield
        finally:
            if time.monotonic() - began > _SLOW:
                self._slow_at = time.monotonic()
