"""A child that dies, hangs or leaks during one request: the answer to that request. The next one succeeds."""

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
    """The status for an original that makes the child fail. Nothing is stored then, and the next request succeeds."""
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
def test_a_child_that_dies_fails_only_its_own_request(site: Site, step: str, fault: str, status: int) -> None:
    assert ask(site, step, fault) == status


@pytest.mark.parametrize("step", stumbling.STEPS)
def test_a_child_that_computes_for_ever_is_killed(site: Site, step: str) -> None:
    assert ask(site, step, "spin") == 413


@pytest.mark.parametrize(("step", "fault"), [*((step, "SIGSTOP") for step in stumbling.STEPS), ("scale", "sleep")])
def test_a_stopped_child_is_not_blamed_on_the_original(impatient: Site, step: str, fault: str) -> None:
    started = time.monotonic()
    assert ask(impatient, step, fault) == 503
    assert IMPATIENT.deadline <= time.monotonic() - started < IMPATIENT.deadline + PATIENCE


def test_a_render_has_no_more_time_than_its_request_has_left(site: Site) -> None:
    """After a slow store, the variant could not be stored in time."""
    with pytest.raises(Interrupted), within(1):
        site.renderer.render(stumbling.told("scale", "sleep", CAT), parse("60x"))


def test_a_child_that_closes_its_connection_and_keeps_running_is_killed(site: Site) -> None:
    assert ask(site, "scale", "hang up") == 503


@pytest.mark.parametrize("step", stumbling.STEPS)
def test_a_bug_in_a_child_is_shown_in_the_log_only(site: Site, step: str, log: StringIO) -> None:
    site.originals.put("bad.jpg", stumbling.told(step, "bug", CAT))
    answer = site.ask("/60x/bad.jpg")
    if step != "answer":  # In that step it counts as a crash.
        assert answer.status == 500
    assert b"Zero" not in answer.body
    assert b"secret" not in answer.body
    assert "ZeroDivisionError: secret" in entries(log)[0]["reason"]
    assert site.ask("/60x/cat.jpg").status == 301


def test_a_child_that_leaks_is_replaced_before_it_can_fail_another_request(site: Site) -> None:
    site.originals.put("bad.jpg", stumbling.told("encode", "leak", CAT))
    # Four such leaks need more memory than a child has.
    assert [site.ask(f"/{width}x/bad.jpg").status for width in range(60, 68)] == [301] * 8


def test_each_render_has_its_own_time(site: Site) -> None:
    """Four of them need more time than one may use."""
    site.originals.put("slow.jpg", stumbling.told("scale", "work", CAT))
    assert [site.ask(f"/{width}x/slow.jpg").status for width in range(60, 64)] == [301] * 4


def test_a_decoder_with_endless_warnings_does_not_block(site: Site) -> None:
    site.originals.put("odd.jpg", stumbling.told("decode", "chatter", CAT))
    assert [site.ask(f"/{width}x/odd.jpg").status for width in range(60, 63)] == [301] * 3


def test_warnings_about_one_original_do_not_count_for_the_next(site: Site) -> None:
    site.originals.put("odd.jpg", stumbling.told("decode", "out of memory almost", CAT))
    assert site.ask("/60x/odd.jpg").status == 301
    site.originals.put("bad.jpg", stumbling.told("decode", "SIGSEGV", CAT))
    assert site.ask("/60x/bad.jpg").status == 422
