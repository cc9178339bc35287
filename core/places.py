"""Places for originals in memory, which requests wait for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, BoundedSemaphore
from typing import Final

from core.deadline import extend, seconds_left
from core.errors import StorageUnavailable

_SLOW: Final = 1.0
"""Seconds of a call after which the store counts as slow."""

_LOOK: Final = 0.5
"""Seconds after which a request whose time is over looks again whether it is the store that holds it up."""


class Places:
    """So many places, each for as long as an original is read and rendered.

    To wait for renders takes as long as it takes, and is not counted in a request's time. To wait for a store that
    holds the others up is counted. May be used from any thread.
    """

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(count)
        self._slow_at = 0.0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place, for the block. Raises StorageUnavailable if the request's time is over before there is one."""
        began = time.monotonic()
        while not self._free.acquire(timeout=min(max(_LOOK, seconds_left()), TIMEOUT_MAX)):
            if self._slow_at > began and not seconds_left():
                raise StorageUnavailable from TimeoutError("the store holds up other requests")
        try:
            if self._slow_at <= began:
                extend(time.monotonic() - began)
            yield
        finally:
            self._free.release()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Notes whether the store takes long for what it is asked in the block."""
        began = time.monotonic()
        try:
            yield
        finally:
            if time.monotonic() - began > _SLOW:
                self._slow_at = time.monotonic()
