"""Redirect on miss over buckets in memory: the round trips to storage, and which requests wait for others."""

import threading
import time
from contextlib import closing
from functools import partial
from threading import Barrier, Event

import pytest

from core.http import Response
from core.rendering import renderer
from core.rendering.renderer import Renderer
from core.storage import archived
from tests.support.memory import TAKEN, Site, assert_problem
from tests.support.settings import settings
from tests.support.threads import PATIENCE, background, results


def test_a_hit_is_one_round_trip_whatever_came_before() -> None:
    site = Site()
    site.variants.objects["60x/cat.jpg"] = TAKEN
    for path, names in {
        "/60x/cat.jpg": ["find"],
        "/61x/cat.jpg": ["find", "read", "create"],
        "/61x/./cat.jpg": [],
    }.items():
        site.trips.names.clear()
        site.ask(path)
        assert site.trips.names == names
        site.trips.names.clear()
        assert site.ask("/60x/cat.jpg").headers["X-Sizewise"] == "hit"
        assert site.trips.names == ["find"]


def test_nothing_continues_after_an_answer() -> None:
    """The instance can be frozen then: unfinished work would stall, or use memory that another request needs."""
    site = Site()
    site.variants.objects["60x/cat.jpg"] = TAKEN
    site.ask("/61x/cat.jpg")
    before = set(threading.enumerate())
    for _ in range(24):
        site.ask("/60x/cat.jpg")
    assert set(threading.enumerate()) <= before
    assert site.trips.names.count("read") == 1


def test_a_hit_does_not_wait_while_renders_take_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "processors", lambda: 1)
    with closing(Renderer(settings().imaging)) as own:
        site = Site(own)
        site.variants.objects["60x/cat.jpg"] = TAKEN
        held = site.originals.holds["read"] = Event()
        misses = [background(partial(site.ask, f"/{width}x/cat.jpg")) for width in (61, 62)]
        deadline = time.monotonic() + PATIENCE
        while site.trips.names.count("read") < len(misses):
            assert time.monotonic() < deadline
        (hit,) = results([background(partial(site.ask, "/60x/cat.jpg"))])
        assert hit.headers["X-Sizewise"] == "hit"
        held.set()
        assert [answer.status for answer in results(misses)] == [301, 301]


def test_racing_misses_of_one_variant_render_once() -> None:
    site = Site()
    together = Barrier(16)
    written = site.variants.holds["create"] = Event()

    def ask() -> Response:
        together.wait()
        return site.ask("/60x/cat.jpg")

    calls = [background(ask) for _ in range(16)]
    assert site.variants.started["create"].wait(PATIENCE)
    # In this time, a request that did not wait for the first render would reach its own write.
    second = site.variants.started["create"] = Event()
    assert not second.wait(0.5)
    written.set()
    answers = results(calls)
    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {(301, "/60x/cat.jpg")}
    assert site.trips.names.count("create") == 1


def test_a_miss_that_loses_the_race_for_the_key_redirects_too() -> None:
    site = Site()
    site.variants.holds["create"] = lost = Event()
    call = background(partial(site.ask, "/60x/cat.jpg"))
    assert site.variants.started["create"].wait(PATIENCE)
    site.variants.objects["60x/cat.jpg"] = TAKEN
    lost.set()
    (answer,) = results([call])
    assert (answer.status, answer.headers["Location"]) == (301, "/60x/cat.jpg")
    assert site.variants.objects == {"60x/cat.jpg": TAKEN}


@pytest.mark.parametrize(("found", "status"), [(None, 503), (archived("60x/cat.jpg"), 502)], ids=["gone", "archived"])
def test_a_key_taken_by_an_object_that_is_not_served_is_no_redirect(found: Exception | None, status: int) -> None:
    site = Site()
    site.variants.holds["create"] = lost = Event()
    call = background(partial(site.ask, "/60x/cat.jpg"))
    assert site.variants.started["create"].wait(PATIENCE)
    site.variants.lost = True
    if found:
        site.variants.faults["find"] = found
    lost.set()
    (answer,) = results([call])
    assert_problem(answer, status)
    assert "Retry-After" in answer.headers or status == 502
