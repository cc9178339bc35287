"""Redirect on miss over a bucket in memory: how often storage is asked, and who waits for whom."""

import time
from contextlib import closing
from functools import partial
from threading import Barrier, Event

import pytest

from core.http import Response
from core.rendering import renderer
from core.rendering.renderer import Renderer
from tests.support.memory import TAKEN, Site
from tests.support.settings import settings
from tests.support.threads import PATIENCE, background, results


def test_a_hit_waits_for_one_round_trip() -> None:
    site = Site()
    site.variants.objects["60x/cat.jpg"] = TAKEN
    slow = site.originals.holds["read"] = Event()
    for _ in range(3):  # The first comes where a miss is expected, and an original may be on its way.
        before = site.trips.longest
        (answer,) = results([background(partial(site.ask, "/60x/cat.jpg"))])
        assert answer.headers["X-Sizewise"] == "hit"
        assert site.trips.longest == before + 1
    assert site.trips.names.count("find") == 3
    slow.set()


def test_a_miss_takes_two_round_trips_one_after_another() -> None:
    """The stored check and the read of the original overlap: here each waits for the other to begin."""
    site = Site()
    site.variants.holds["find"] = site.originals.started["read"]
    site.originals.holds["read"] = site.variants.started["find"]
    assert site.ask("/60x/cat.jpg").status == 301
    assert sorted(site.trips.names) == ["create", "find", "read"]
    assert site.trips.longest == 2


def test_a_miss_that_follows_a_hit_takes_three_round_trips_one_after_another() -> None:
    """After a hit no original is read on trial: the check comes first, then the read, then the write."""
    site = Site()
    site.variants.objects["60x/cat.jpg"] = TAKEN
    # The first comes where a miss is expected: here the check waits until the read has begun.
    site.variants.holds["find"] = site.originals.started["read"]
    site.ask("/60x/cat.jpg")
    assert sorted(site.trips.names) == ["find", "read"]
    del site.variants.holds["find"]
    site.trips.names.clear()
    before = site.trips.longest
    assert site.ask("/61x/cat.jpg").status == 301
    assert site.trips.names == ["find", "read", "create"]
    assert site.trips.longest == before + 3


def test_a_hit_does_not_wait_for_renders_that_take_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
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
    # Whoever does not wait for the one that renders has time to come to its own write.
    second = site.variants.started["create"] = Event()
    assert not second.wait(0.5)
    written.set()
    answers = results(calls)
    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {(301, "/60x/cat.jpg")}
    assert site.trips.names.count("create") == 1


def test_losing_the_race_for_the_key_is_a_redirect_all_the_same() -> None:
    site = Site()
    site.variants.holds["create"] = lost = Event()
    call = background(partial(site.ask, "/60x/cat.jpg"))
    assert site.variants.started["create"].wait(PATIENCE)
    site.variants.objects["60x/cat.jpg"] = TAKEN
    lost.set()
    (answer,) = results([call])
    assert (answer.status, answer.headers["Location"]) == (301, "/60x/cat.jpg")
    assert site.variants.objects == {"60x/cat.jpg": TAKEN}
