"""Waiting for a place: how long, and which waiting counts against the request's time."""

import time
from contextlib import ExitStack
from functools import partial

import pytest

from core.deadline import seconds_left, within
from core.errors import StorageUnavailable
from core.http import Response
from core.places import Places
from tests.support.memory import Site, assert_problem
from tests.support.threads import PATIENCE, background, results


def wait(places: Places, seconds: float) -> float:
    """Waits for a place as a request that has `seconds`; returns the seconds left when it gets one."""
    with within(seconds), places.taken():
        return seconds_left()


def slow(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes one call of the store count as slow."""
    monkeypatch.setattr("core.places._SLOW", 0.0)
    with places.storage_call():
        time.sleep(0.01)


def test_waiting_for_renders_does_not_count() -> None:
    places = Places(1)
    with ExitStack() as held:
        held.enter_context(places.taken())
        call = background(partial(wait, places, 0.2))
        time.sleep(1)
        held.close()

    (left,) = results([call])
    assert left > 0


def test_waiting_for_a_slow_store_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(1)
    with places.taken():
        call = background(partial(wait, places, 0.2))
        time.sleep(0.1)
        slow(places, monkeypatch)
        with pytest.raises(StorageUnavailable):
            results([call])


def test_misses_that_wait_for_a_slow_store_are_answered_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each read is slow, and all of them together take longer than one request may."""
    monkeypatch.setattr("core.resizer._FOR_STORAGE", -14.0)
    monkeypatch.setattr("core.places._SLOW", 0.1)
    site = Site()
    read = site.originals.read

    def slowly(key: str, max_bytes: int) -> object:
        time.sleep(0.5)
        return read(key, max_bytes)

    monkeypatch.setattr(site.originals, "read", slowly)

    def ask(width: int) -> tuple[float, Response]:
        start = time.monotonic()
        answer = site.ask(f"/{width}x/cat.jpg")
        return time.monotonic() - start, answer

    told = results([background(partial(ask, 60 + number)) for number in range(24)])
    assert max(seconds for seconds, _ in told) < 4 < PATIENCE
    refused = [answer for _, answer in told if answer.status != 301]
    assert refused
    for answer in refused:
        assert_problem(answer, 503)
