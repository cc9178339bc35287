"""Single flight: one call does the work, the others wait for its result, and nothing is kept afterwards."""

import weakref
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from threading import Barrier, Event

import pytest

from core.flight import Flights
from tests.support.threads import PATIENCE, background, results

CALLERS = 16


class Key(str):
    """A key that records when it is looked up. From then on its call does the work or waits for it."""

    def __init__(self, _: str) -> None:
        self.joined = Event()

    def __hash__(self) -> int:
        self.joined.set()
        return super().__hash__()


def fly(outcome: Callable[[], object]) -> tuple[list[Future[object]], int]:
    """Concurrent calls for one key, and how often the work was done. It ends after all calls have looked up the key."""
    flights = Flights[object]()
    keys = [Key("600x/cat.jpg") for _ in range(CALLERS)]
    done: list[bool] = []

    def work() -> object:
        done.append(all(key.joined.wait(PATIENCE) for key in keys))
        return outcome()

    calls = [background(partial(flights.run, key, work)) for key in keys]
    assert not wait(calls, PATIENCE).not_done
    assert all(done)
    return calls, len(done)


def test_one_call_does_the_work_and_all_get_its_result() -> None:
    calls, times = fly(lambda: ["the result"])
    assert times == 1
    assert calls[0].result() == ["the result"]
    assert all(call.result() is calls[0].result() for call in calls)


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt()], ids=["an error", "an interrupt"])
def test_an_exception_is_raised_in_all_calls(error: BaseException) -> None:
    def fail() -> object:
        raise error

    calls, times = fly(fail)
    assert times == 1
    assert all(call.exception() is error for call in calls)


def test_a_later_call_does_the_work_again() -> None:
    flights = Flights[int]()
    results = iter([1, 2])
    assert flights.run("key", lambda: next(results)) == 1
    assert flights.run("key", lambda: next(results)) == 2


def test_a_call_after_a_failure_does_the_work_again() -> None:
    flights = Flights[float]()
    with pytest.raises(ZeroDivisionError):
        flights.run("key", lambda: 1 / 0)
    assert flights.run("key", lambda: 1 / 2) == 0.5


def test_work_for_different_keys_runs_at_the_same_time() -> None:
    flights = Flights[str]()
    together = Barrier(CALLERS, timeout=PATIENCE)

    def work(key: str) -> str:
        together.wait()
        return key.upper()

    keys = [f"key{number}" for number in range(CALLERS)]
    calls = [background(partial(flights.run, key, partial(work, key))) for key in keys]
    assert results(calls) == [key.upper() for key in keys]


def test_no_result_is_kept_after_its_calls() -> None:
    class Result:
        """An object that weak references can point to."""

    flights = Flights[Result]()
    result = weakref.ref(flights.run("key", Result))
    assert result() is None
