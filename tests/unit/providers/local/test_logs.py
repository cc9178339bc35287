"""The log as people read it on a terminal."""

import logging
import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from core.errors import BrokenOriginal, SizewiseError, StorageRefused
from core.logs import LOGGER, Trace, log_request, log_settings
from providers.local.logs import log_to_stdout
from tests.support.entries import entries
from tests.support.settings import settings


class Screen(StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(log: StringIO, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The text on a terminal. The fixture `log` restores everything afterwards."""
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    log_to_stdout()
    assert not log.getvalue()
    return screen


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "       -"),
        (1, "     1 B"),
        (999, "   999 B"),
        (1000, "  1.0 kB"),
        (12_345, " 12.3 kB"),
        (999_949, "999.9 kB"),
        (999_950, "  1.0 MB"),
        (67_108_864, " 67.1 MB"),
    ],
)
def test_bytes_are_short_and_aligned(screen: Screen, count: int, shown: str) -> None:
    log_request("GET", "/300x/cat.jpg", 301, Trace(steps={"total": 47.6}, bytes_out=count))
    assert screen.getvalue() == f"301  miss     48 ms  {shown}  /300x/cat.jpg\n"


def test_the_ignored_text_and_the_reason_follow_the_path(screen: Screen) -> None:
    error = StorageRefused("Refused.")
    error.__cause__ = OSError("read-only")
    trace = Trace(steps={"total": 1.0}, ignored="focal: 300x70", error=error)
    log_request("GET", "/300x/cat.jpg", 502, trace)
    assert screen.getvalue().endswith("  /300x/cat.jpg  ignored: focal: 300x70  Refused. (OSError: read-only)\n")


@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\r", "\n", "\x7f", "\0", "\u202e", "\u2028", "\udcff"])
def test_no_text_of_a_request_or_an_image_controls_the_terminal(screen: Screen, character: str) -> None:
    error = BrokenOriginal(f"a{character}[2J")
    error.__cause__ = ValueError(f"b{character}[2J")
    log_request("GET", f"/c{character}[2J", 422, Trace(steps={"total": 1.0}, error=error, ignored=f"d{character}[2J"))
    assert screen.getvalue()[:-1].isprintable()


def test_a_bug_is_shown_with_its_traceback(screen: Screen) -> None:
    try:
        raise ZeroDivisionError("over\x1b[2J\n200  hit")
    except ZeroDivisionError as error:
        log_request("GET", "/300x/cat.jpg", 500, Trace(steps={"total": 1.0}, error=error))
    first, *lines = screen.getvalue().splitlines()
    assert first.startswith("500  miss")
    assert lines[0].strip() == "Traceback (most recent call last):"
    assert any("test_logs.py" in line for line in lines)
    assert "\x1b" not in screen.getvalue()
    # None of its lines looks like a request's.
    assert all(line.startswith("    ") for line in lines)


def test_the_settings_are_not_shown_but_warnings_are(screen: Screen) -> None:
    log_settings(settings())
    LOGGER.log(logging.WARNING, "the disk is full")
    assert screen.getvalue() == "WARNING: the disk is full\n"


@pytest.mark.usefixtures("log")
def test_the_log_is_json_outside_a_terminal() -> None:
    with redirect_stdout(StringIO()) as stream:
        log_to_stdout()
    log_settings(settings())
    log_request("GET", "/", 400, Trace(steps={"total": 1.0}, error=SizewiseError("no")))
    assert [entry["message"] for entry in entries(stream)] == ["settings", "request"]
