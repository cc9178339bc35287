"""A child that dies, hangs or leaks over one request: what that one is answered, and that the next one succeeds."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from core.deadline import within
from core.errors import Interrupted
from core.rendering import child, renderer
from core.rendering.limits import Limits
from core.rendering.renderer import Renderer
from core.size import parse
from tests.support import stumbling
from tests.support.entries import entries
from tests.support.memory import TAKEN, Site
from tests.support.pictures.samples import CAT
from tests.support.servers.processes import ROOT
from tests.support.settings import settings
from tests.support.threads import PATIENCE, background, results

LIMITS = Limits(memory=512 * 2**20, cpu=1, deadline=60)
"""A busy machine takes long for a second's work."""
IMPATIENT = replace(LIMITS, deadline=4)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site with one child at a time, which stumbles where an original says so."""
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, LIMITS)) as own:
        yield Site(own)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The same with an early deadline."""
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, IMPATIENT)) as own:
        yield Site(own)


def ask(site: Site, step: str, fault: str) -> int:
    """The status for an original that makes the child stumble, after which nothing is stored and the next succeeds."""
    site.originals.put("bad.jpg", stumbling.told(step, fault, CAT))
    status = site.ask("/60x/bad.jpg").status
    stored = [key for key in site.variants.objects if "bad" in key]
    assert len(stored) == (status == 301)
    assert site.ask(f"/{60 + len(site.variants.objects)}x/cat.jpg").status == 301
    return status


@pytest.mark.parametrize("step", stumbling.STEPS)
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("SIGKILL", 503),
        ("SIGTERM", 503),
        ("SIGSEGV", 422),
        ("SIGABRT", 422),
        ("SIGBUS", 422),
        ("SIGFPE", 422),
        ("SIGXCPU", 413),
        ("exit", 422),
        ("leak it all", 413),
        ("abort without memory", 413),
    ],
)
def test_a_child_that_dies_costs_the_one_request_it_died_over(site: Site, step: str, fault: str, status: int) -> None:
    assert ask(site, step, fault) == status


@pytest.mark.parametrize("step", stumbling.STEPS)
def test_a_child_that_computes_for_ever_is_ended(site: Site, step: str) -> None:
    assert ask(site, step, "spin") == 413


@pytest.mark.parametrize(("step", "fault"), [*((step, "SIGSTOP") for step in stumbling.STEPS), ("scale", "sleep")])
def test_a_child_that_stands_still_is_no_fault_of_the_original(impatient: Site, step: str, fault: str) -> None:
    started = time.monotonic()
    assert ask(impatient, step, fault) == 503
    assert IMPATIENT.deadline <= time.monotonic() - started < IMPATIENT.deadline + PATIENCE


def test_a_render_has_no_more_time_than_its_request_has_left(site: Site) -> None:
    """A store that was slow has used it up: the variant could not be stored any more."""
    with pytest.raises(Interrupted), within(1):
        site.renderer.render(stumbling.told("scale", "sleep", CAT), parse("60x"))


def test_a_child_that_hangs_up_and_goes_on_is_ended(site: Site) -> None:
    assert ask(site, "scale", "hang up") == 503


@pytest.mark.parametrize("step", stumbling.STEPS)
def test_a_bug_in_a_child_is_in_the_log_and_nowhere_else(site: Site, step: str, log: StringIO) -> None:
    site.originals.put("bad.jpg", stumbling.told(step, "bug", CAT))
    answer = site.ask("/60x/bad.jpg")
    if step != "answer":  # There, it is a crash like any other.
        assert answer.status == 500
    assert b"Zero" not in answer.body
    assert b"secret" not in answer.body
    assert "ZeroDivisionError: secret" in entries(log)[0]["reason"]
    assert site.ask("/60x/cat.jpg").status == 301


def test_a_child_that_leaks_is_replaced_before_it_can_fail_another_request(site: Site) -> None:
    site.originals.put("bad.jpg", stumbling.told("encode", "leak", CAT))
    # Four of them are more memory than a child has.
    assert [site.ask(f"/{width}x/bad.jpg").status for width in range(60, 68)] == [301] * 8


def test_each_render_has_its_own_time(site: Site) -> None:
    """Four of them take more than one may."""
    site.originals.put("slow.jpg", stumbling.told("scale", "work", CAT))
    assert [site.ask(f"/{width}x/slow.jpg").status for width in range(60, 64)] == [301] * 4


def test_a_decoder_that_complains_without_end_is_not_held_up(site: Site) -> None:
    site.originals.put("odd.jpg", stumbling.told("decode", "chatter", CAT))
    assert [site.ask(f"/{width}x/odd.jpg").status for width in range(60, 63)] == [301] * 3


def test_what_was_said_over_one_original_is_not_taken_for_the_next_ones(site: Site) -> None:
    site.originals.put("odd.jpg", stumbling.told("decode", "out of memory almost", CAT))
    assert site.ask("/60x/odd.jpg").status == 301
    site.originals.put("bad.jpg", stumbling.told("decode", "SIGSEGV", CAT))
    assert site.ask("/60x/bad.jpg").status == 422


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


def test_a_child_whose_request_was_given_up_is_used_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_hits_and_other_renders_go_on_while_a_child_computes(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_request_that_waits_for_a_place_holds_no_original(monkeypatch: pytest.MonkeyPatch) -> None:
    """One original is in the child, and the next one is read; the others wait before they read theirs."""
    monkeypatch.setattr(renderer, "processors", lambda: 1)
    monkeypatch.setattr(child, "PROGRAM", stumbling.__name__)
    with closing(Renderer(settings().imaging, LIMITS)) as own:
        site = Site(own)
        site.originals.put("bad.jpg", stumbling.told("decode", "spin", CAT))
        asked = [background(partial(site.ask, f"/{width}x/bad.jpg")) for width in range(60, 64)]
        wait(asked, PATIENCE, FIRST_COMPLETED)
        assert site.trips.names.count("read") <= 3
        assert [answer.status for answer in results(asked)] == [413] * 4


def test_a_child_that_died_while_nobody_asked_costs_no_request(site: Site) -> None:
    assert site.ask("/60x/cat.jpg").status == 301
    for idle in site.renderer._idle:
        idle._process.kill()
        idle._process.wait()
    assert site.ask("/61x/cat.jpg").status == 301


@pytest.mark.parametrize("fault", ["spin", "sleep", "none"])
def test_no_child_outlives_a_parent_that_is_killed(fault: str) -> None:
    """Whether it is idle, computes in one call or waits."""
    command = [sys.executable, "-m", stumbling.__name__]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin
        assert parent.stdout
        orphan = int(parent.stdout.readline())
        parent.stdin.write(stumbling.told("decode", fault, CAT))
        parent.stdin.close()
        if fault == "none":
            assert parent.stdout.readline() == b"idle\n"
        else:
            time.sleep(0.5)  # It has no way to say that it has begun.
        os.kill(orphan, 0)
        parent.kill()
    deadline = time.monotonic() + PATIENCE
    try:
        while runs(orphan):
            assert time.monotonic() < deadline, "it goes on"
            time.sleep(0.01)
    finally:
        with suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGKILL)


def runs(process: int) -> bool:
    """Whether a process is there, and is more than an entry that nobody has looked at yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
