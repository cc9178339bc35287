"""Single flight: of concurrent calls for one key, only the first does the work, and all calls get its result."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Flights(Generic[Result]):
    """The work in progress in this process, by key. Can be used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flying: dict[str, Future[Result]] = {}

    def run(self, key: str, work: Callable[[], Result]) -> Result:
        """Calls `work` and returns its result, or the result of a call for the key that is already in progress.

        An exception from `work` is raised in every call that waited for it.
        """
        with self._lock:
            flight = self._flying.get(key)
            is_first = flight is None
            if flight is None:
                flight = self._flying[key] = Future()
        if is_first:
            try:
                flight.set_result(work())
            except BaseException as error:
                flight.set_exception(error)
            finally:
                with self._lock:
                    del self._flying[key]
        return flight.result()
