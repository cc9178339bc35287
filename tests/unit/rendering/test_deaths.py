"""A child that dies, hangs or leaks over one request: what that one is answered, and that the next one succeeds."""

import time
from io import StringIO

import pytest

from core.deadline import within
from core.errors import Interrupted
from core.size import parse
from tests.support import stumbling
from tests.support.entries import entries
from tests.support.memory import Site
from tests.support.pictures.samples import CAT
from tests.support.threads import PATIENCE
from tests.unit.rendering.conftest import IMPATIENT


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
