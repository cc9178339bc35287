"""Calls in separate threads, for tests that could wait for ever: a call that hangs fails only its own test."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")
PATIENCE = 20
"""Seconds after which a waiting test fails."""


def background(function: Callable[[], Result]) -> Future[Result]:
    """The future result of a call in a thread that ends with the process."""
    future = Future[Result]()

    def call() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=call, daemon=True).start()
    return future


def results(calls: Iterable[Future[Result]]) -> list[Result]:
    """The results of calls, in order."""
    return [call.result(PATIENCE) for call in calls]
