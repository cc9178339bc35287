"""Calls in threads of their own, for tests that could wait for ever: a call that hangs fails its test alone."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")
PATIENCE = 20
"""Seconds; a test that waits this long has failed."""


def background(function: Callable[[], Result]) -> Future[Result]:
    """What a call comes to, made in a thread that ends with the process."""
    future = Future[Result]()

    def call() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=call, daemon=True).start()
    return future


def results(calls: Iterable[Future[Result]]) -> list[Result]:
    """What calls come to, in their order."""
    return [call.result(PATIENCE) for call in calls]
