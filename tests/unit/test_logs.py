"""The log: one JSON object per line, whatever the text in it."""

import json
import logging
import re
from contextlib import redirect_stdout
from io import StringIO

import pytest

from core.errors import NotFound, SizewiseError, StorageRefused, StorageUnavailable
from core.logs import _MOST_OF_A_PATH, LOGGER, JsonFormatter, Trace, configure, log_request, log_settings
from tests.support.entries import entries
from tests.support.settings import settings


def test_a_request_is_one_entry_with_its_steps_and_bytes(log: StringIO) -> None:
    trace = Trace(key="600x/cat.jpg", steps={"check": 1.26, "read": 20.0}, bytes_in=1000, bytes_out=100)
    log_request("GET", "/600x/cat.jpg", 301, trace)
    (entry,) = entries(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry.pop("time"))
    assert entry == {
        "severity": "INFO",
        "message": "request",
        "method": "GET",
        "path": "/600x/cat.jpg",
        "key": "600x/cat.jpg",
        "status": 301,
        "outcome": "miss",
        "ms": {"check": 1.3, "read": 20.0},
        "bytes_in": 1000,
        "bytes_out": 100,
    }


def test_a_time_is_in_utc_to_the_millisecond() -> None:
    record = logging.makeLogRecord({"created": 951_782_400.007, "msecs": 7.0})
    assert JsonFormatter().entry(record)["time"] == "2000-02-29T00:00:00.007Z"


FORGERIES = {
    "a line break": '/x\n{"severity": "ERROR", "message": "forged"}',
    "a carriage return": "/x\r\nforged",
    "quotes": '/x", "status": 200, "forged": "yes',
    "a backslash": '/x\\", "forged": "yes',
    "every other line end": "/x\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029forged",
    "a terminal's escapes": "/x\x1b[2J\x9b2J\x07\x7f",
    "a NUL": "/x\0",
    "text that is not Unicode": "/x\ud800",
    "letters": "/été/ねこ/🐈",
}


@pytest.mark.parametrize("text", FORGERIES.values(), ids=FORGERIES)
def test_text_from_a_request_can_not_forge_a_line(log: StringIO, text: str) -> None:
    error = StorageRefused()
    error.__cause__ = OSError(text)
    log_request(text, text, 502, Trace(key=text, error=error))
    printed = log.getvalue()
    assert printed.isascii()
    assert printed.rstrip("\n").isprintable()
    assert printed.count("\n") == 1
    entry = json.loads(printed)
    assert (entry["method"], entry["path"], entry["key"], entry["status"]) == (text, text, text, 502)
    assert entry["reason"].endswith(f"(OSError: {text})")
    assert entry["message"] == "request"
    assert "forged" not in entry


def test_a_long_path_is_cut(log: StringIO) -> None:
    log_request("GET", "/" + "a" * 10_000, 400, Trace())
    (entry,) = entries(log)
    assert entry["path"] == "/" + "a" * (_MOST_OF_A_PATH - 1)


@pytest.mark.parametrize(
    ("error", "severity", "reason"),
    [
        (NotFound("There is no image."), "INFO", "There is no image."),
        (StorageRefused("Refused."), "ERROR", "Refused. (PermissionError: no key)"),
        (StorageUnavailable("Unavailable."), "ERROR", "Unavailable. (PermissionError: no key)"),
    ],
)
def test_a_failure_is_logged_with_its_reason_and_no_traceback(
    log: StringIO, error: SizewiseError, severity: str, reason: str
) -> None:
    try:
        raise error from (PermissionError("no key") if error.status > 500 else None)
    except SizewiseError:
        log_request("GET", "/600x/cat.jpg", error.status, Trace(error=error))
    (entry,) = entries(log)
    assert (entry["severity"], entry["reason"]) == (severity, reason)
    assert "exception" not in entry


def test_a_bug_is_logged_with_its_traceback(log: StringIO) -> None:
    trace = Trace()
    try:
        raise ZeroDivisionError("the\nbug")
    except ZeroDivisionError as error:
        trace.error = error
    log_request("GET", "/600x/cat.jpg", 500, trace)
    (entry,) = entries(log)
    assert entry["severity"] == "ERROR"
    assert entry["reason"] == "the\nbug"
    assert entry["exception"].startswith("Traceback (most recent call last):\n")
    assert "test_logs.py" in entry["exception"]
    assert entry["exception"].endswith("ZeroDivisionError: the\nbug")


def test_the_effective_settings_are_one_entry(log: StringIO) -> None:
    log_settings(settings(widths=(250, 600), public_url="https://images.example", signing_keys=(b"secret" * 3,) * 2))
    (entry,) = entries(log)
    assert entry["message"] == "settings"
    assert entry["settings"]["bucket"] == "photos"
    assert entry["settings"]["widths"] == [250, 600]
    assert entry["settings"]["public_url"] == "https://images.example"
    assert entry["settings"]["signing_keys"] == 2
    assert "secret" not in log.getvalue()


@pytest.mark.parametrize(("bound", "count"), [({}, 2), ({"widths": (600,)}, 1), ({"sizes": ("1x1",)}, 1)])
def test_signing_keys_that_have_no_effect_are_a_warning(log: StringIO, bound: dict[str, object], count: int) -> None:
    log_settings(settings(signing_keys=(b"secret" * 3,), **bound))
    _, *warnings = entries(log)
    assert [entry["severity"] for entry in warnings] == ["WARNING"] * (count - 1)


def test_a_platforms_own_handlers_do_not_repeat_an_entry(log: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    platforms = StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(platforms)])
    LOGGER.addHandler(logging.StreamHandler(platforms))
    with redirect_stdout(log):
        configure(JsonFormatter())
    LOGGER.info("once")
    assert [entry["message"] for entry in entries(log)] == ["once"]
    assert platforms.getvalue() == ""


def test_steps_are_timed_in_order_including_failed_ones() -> None:
    trace = Trace()
    with trace.step("check"):
        pass
    with pytest.raises(NotFound), trace.step("read"):
        raise NotFound("no")
    assert list(trace.steps) == ["check", "read"]
    assert all(duration >= 0 for duration in trace.steps.values())


def test_server_timing_has_the_form_of_its_specification() -> None:
    assert Trace().server_timing() == ""
    trace = Trace(steps={"check": 0.04, "read": 12.345, "total": 1234.0})
    assert trace.server_timing() == "check;dur=0.0, read;dur=12.3, total;dur=1234.0"


def test_an_outcome_is_a_miss_until_it_is_known_to_be_a_hit() -> None:
    assert Trace().outcome == "miss"
    assert Trace(hit=True).outcome == "hit"
