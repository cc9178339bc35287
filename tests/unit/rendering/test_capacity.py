"""The children of one process: how many there are, which requests wait, and which children are used again."""

from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from core.rendering import child, renderer
from core.rendering.renderer import Renderer
from core.size import parse
from tests.support import stumbling
from tests.support.memory import TAKEN, Site
from tests.support.pictures.samples import CAT
from tests.support.settings import settings
from tests.support.threads import PATIENCE, background, results
from tests.unit.rendering.conftest import LIMITS


def test_there_are_never_more_children_than_places(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[child.Child] = []

    class Counted(child.Child):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self)
            assert sum(each.runs for each in started) <= 2

    monkeypatch.setattr(renderer, "processors", lambda: 2)
    monkeypatch.setattr(renderer, "Child", Counted)
    with closing(Renderer(settings().imaging)) as own:
        site = Site(own)
        asked = [background(partial(site.ask, f"/{width}x/cat.jpg")) for width in range(60, 84)]
        assert [answer.status for answer in results(asked)] == [301] * 24
        for each in started:
            each._process.kill()
            each._process.wait()
        assert site.ask("/90x/cat.jpg").status == 301
        assert sum(each.runs for each in started) == 1


def test_a_child_whose_request_was_aborted_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: object) -> None:
        raise KeyboardInterrupt

    with closing(Renderer(settings().imaging)) as own:
        own.render(CAT, parse("60x"))
        (idle,) = own._idle
        with monkeypatch.context() as patched:
            patched.setattr(child.Child, "ask", give_up)
            with pytest.raises(KeyboardInterrupt):
                own.render(CAT, parse("60x"))
        assert not idle.runs
        assert own.render(CAT, parse("60x")).data


def test_hits_and_other_renders_are_answered_while_a_child_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "processors", lambda: 2)
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, replace(LIMITS, cpu=3))) as own:
        site = Site(own)
        site.variants.objects["50x/cat.jpg"] = TAKEN
        site.originals.put("bad.jpg", stumbling.told("decode", "spin", CAT))
        hung = background(partial(site.ask, "/60x/bad.jpg"))
        assert [site.ask(f"/{width}x/cat.jpg").headers["X-Sizewise"] for width in (50, 61, 62)] == [
            "hit",
            "miss",
            "miss",
        ]
        assert not hung.done()
        assert hung.result(PATIENCE).status == 413


def test_a_request_that_waits_for_a_place_has_no_original_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """One original is in the child and one more is read. The other requests wait before they read theirs."""
    monkeypatch.setattr(renderer, "processors", lambda: 1)
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, LIMITS)) as own:
        site = Site(own)
        site.originals.put("bad.jpg", stumbling.told("decode", "spin", CAT))
        asked = [background(partial(site.ask, f"/{width}x/bad.jpg")) for width in range(60, 64)]
        wait(asked, PATIENCE, FIRST_COMPLETED)
        assert site.trips.names.count("read") <= 3
        assert [answer.status for answer in results(asked)] == [413] * 4


def test_a_child_that_died_while_idle_fails_no_request(site: Site) -> None:
    assert site.ask("/60x/cat.jpg").status == 301
    for idle in site.renderer._idle:
        idle._process.kill()
        idle._process.wait()
    assert site.ask("/61x/cat.jpg").status == 301
