"""Conditional requests and ranges: the rules of RFC 9110 as a table."""

import pytest
from werkzeug.datastructures import Headers

from core.errors import SizewiseError
from providers.local.conditional import Validators, select

LENGTH = 1000
WHOLE = (200, range(LENGTH))

ETAG, WEAK, OTHER = '"one"', 'W/"one"', '"two"'
BEFORE, AT, AFTER = (f"Sun, 06 Nov 1994 08:49:{second} GMT" for second in (36, 37, 38))
AT_IN_1036, AT_IN_C = "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"
"""The obsolete forms of a date, which recipients must read too (RFC 9110, section 5.6.7)."""
STORED = Validators(ETAG, 784_111_777)
PART = "bytes=10-19"
NO_DATES = (
    *("", "0", "-1", "tomorrow", "Sun, 06 Nov {year} 08:49:37 +0200", "6 Nov {year}", "{year}-11-06T08:49:37Z"),
    *("Sun, 32 Nov {year} 08:49:37 GMT", "Sun, 06 Nov {year} 99:49:37 GMT", "sun, 06 nov {year} 08:49:37 gmt"),
    *("Sun, 06 Nov {year}999999999999999 08:49:37 GMT", "Sun, 06 Nov {year} 08:49:37 GMT; length=9"),
)

RANGES = {
    "bytes=0-0": (206, range(1)),
    "bytes=100-199": (206, range(100, 200)),
    "bytes=0-": (206, range(LENGTH)),
    "bytes=999-": (206, range(999, LENGTH)),
    "bytes=990-5000": (206, range(990, LENGTH)),
    "bytes=990-" + "9" * 90: (206, range(990, LENGTH)),
    "bytes=0-999": (206, range(LENGTH)),
    "bytes=-1": (206, range(999, LENGTH)),
    "bytes=-1000": (206, range(LENGTH)),
    "bytes=-5000": (206, range(LENGTH)),
    "bytes=007-008": (206, range(7, 9)),
    "Bytes=5-6": (206, range(5, 7)),
    # No byte of the range exists.
    "bytes=1000-": (416, None),
    "bytes=1000-2000": (416, None),
    "bytes=-0": (416, None),
    "bytes=" + "9" * 90 + "-": (416, None),
    # Several ranges, another unit.
    "bytes=0-1,3-4": WHOLE,
    "bytes=5000-,0-1": WHOLE,
    "bytes=0-1,": WHOLE,
    "lines=0-1": WHOLE,
    # Malformed.
    "bytes=199-100": WHOLE,
    "bytes=5000-4000": WHOLE,
    "bytes=": WHOLE,
    "bytes=-": WHOLE,
    "bytes": WHOLE,
    "": WHOLE,
    "bytes=a-b": WHOLE,
    "bytes=--1": WHOLE,
    "bytes=1--2": WHOLE,
    "bytes=+1-2": WHOLE,
    "bytes=1_0-2_0": WHOLE,
    "bytes=1.5-2": WHOLE,
    "bytes= 0-1": WHOLE,
    "bytes =0-1": WHOLE,
    "bytes=0 - 1": WHOLE,
    "bytes=\u0660-\u0661": WHOLE,
    "bytes=" + "9" * 5000 + "-": WHOLE,
}


@pytest.mark.parametrize("text", RANGES)
def test_a_valid_range_is_a_part_and_an_unreadable_one_is_ignored(text: str) -> None:
    assert selected("GET", Headers({"Range": text})) == RANGES[text]


@pytest.mark.parametrize("text", RANGES)
def test_head_ignores_a_range(text: str) -> None:
    assert selected("HEAD", Headers({"Range": text})) == WHOLE


@pytest.mark.parametrize(("text", "status"), [("bytes=0-", 416), ("bytes=-0", 416), ("bytes=-1", 200)])
def test_an_empty_file_has_no_part(text: str, status: int) -> None:
    """RFC 9110, section 14.1.2, allows a request for its last bytes, but no Content-Range can describe the answer."""
    assert selected("GET", Headers({"Range": text}), 0)[0] == status


CONDITIONS: tuple[tuple[dict[str, str], int], ...] = (
    ({}, 200),
    ({"Range": PART}, 206),
    # If-Match, section 13.1.1: the strong comparison.
    ({"If-Match": ETAG}, 200),
    ({"If-Match": f"{OTHER}, {ETAG}"}, 200),
    ({"If-Match": "*"}, 200),
    ({"If-Match": OTHER}, 412),
    ({"If-Match": WEAK}, 412),
    ({"If-Match": '"*"'}, 412),
    ({"If-Match": '"one,two"'}, 412),
    ({"If-Match": ""}, 412),
    ({"If-Match": ETAG, "Range": PART}, 206),
    ({"If-Match": OTHER, "Range": PART}, 412),
    ({"If-Match": OTHER, "Range": "bytes=1000-"}, 412),
    # If-Unmodified-Since, section 13.1.4.
    ({"If-Unmodified-Since": BEFORE}, 412),
    ({"If-Unmodified-Since": AT}, 200),
    ({"If-Unmodified-Since": AFTER}, 200),
    ({"If-Unmodified-Since": AT_IN_1036}, 200),
    ({"If-Unmodified-Since": AT_IN_C}, 200),
    ({"If-Unmodified-Since": BEFORE, "Range": PART}, 412),
    ({"If-Match": ETAG, "If-Unmodified-Since": BEFORE}, 200),
    ({"If-Match": OTHER, "If-Unmodified-Since": AFTER}, 412),
    # If-None-Match, section 13.1.2: the weak comparison.
    ({"If-None-Match": ETAG}, 304),
    ({"If-None-Match": WEAK}, 304),
    ({"If-None-Match": f'{OTHER}, {WEAK}, "three"'}, 304),
    ({"If-None-Match": "*"}, 304),
    ({"If-None-Match": OTHER}, 200),
    ({"If-None-Match": '"*"'}, 200),
    ({"If-None-Match": ""}, 200),
    ({"If-None-Match": ETAG, "Range": PART}, 304),
    ({"If-None-Match": ETAG, "Range": "bytes=1000-"}, 304),
    ({"If-None-Match": OTHER, "Range": PART}, 206),
    ({"If-None-Match": OTHER, "Range": "bytes=1000-"}, 416),
    # If-Modified-Since, section 13.1.3.
    ({"If-Modified-Since": BEFORE}, 200),
    ({"If-Modified-Since": AT}, 304),
    ({"If-Modified-Since": AFTER}, 304),
    ({"If-Modified-Since": AT_IN_1036}, 304),
    ({"If-Modified-Since": AT_IN_C}, 304),
    ({"If-Modified-Since": AT, "Range": PART}, 304),
    ({"If-None-Match": OTHER, "If-Modified-Since": AFTER}, 200),
    ({"If-None-Match": "", "If-Modified-Since": AFTER}, 200),
    ({"If-None-Match": ETAG, "If-Modified-Since": BEFORE}, 304),
    # Both kinds, section 13.2.2: the others count only if the first ones are true.
    ({"If-Match": ETAG, "If-None-Match": ETAG}, 304),
    ({"If-Match": OTHER, "If-None-Match": ETAG}, 412),
    ({"If-Match": ETAG, "If-Modified-Since": AT}, 304),
    ({"If-Unmodified-Since": AT, "If-None-Match": ETAG}, 304),
    ({"If-Unmodified-Since": BEFORE, "If-Modified-Since": AFTER}, 412),
    # If-Range, section 13.1.5: without it, or if it is true, the range counts.
    ({"If-Range": ETAG, "Range": PART}, 206),
    ({"If-Range": AT, "Range": PART}, 206),
    ({"If-Range": ETAG, "Range": "bytes=1000-"}, 416),
    ({"If-Range": WEAK, "Range": PART}, 200),
    ({"If-Range": OTHER, "Range": PART}, 200),
    ({"If-Range": OTHER, "Range": "bytes=1000-"}, 200),
    ({"If-Range": f"{OTHER}, {ETAG}", "Range": PART}, 200),
    ({"If-Range": "*", "Range": PART}, 200),
    ({"If-Range": "one", "Range": PART}, 200),
    ({"If-Range": BEFORE, "Range": PART}, 200),
    ({"If-Range": AFTER, "Range": PART}, 200),
    ({"If-Range": "", "Range": PART}, 200),
    ({"If-Range": OTHER}, 200),
    ({"If-Range": ETAG}, 200),
    ({"If-Range": OTHER, "If-None-Match": ETAG, "Range": PART}, 304),
    ({"If-Range": ETAG, "If-Match": OTHER, "Range": PART}, 412),
)


@pytest.mark.parametrize(("headers", "status"), CONDITIONS, ids=str)
def test_a_conditional_get_is_answered_by_the_rules_of_rfc_9110(headers: dict[str, str], status: int) -> None:
    parts = {200: range(LENGTH), 206: range(10, 20), 304: range(0), 412: None, 416: None}
    assert selected("GET", Headers(headers)) == (status, parts[status])


@pytest.mark.parametrize(("headers", "status"), CONDITIONS, ids=str)
def test_head_is_answered_like_get_but_has_no_ranges(headers: dict[str, str], status: int) -> None:
    assert selected("HEAD", Headers(headers))[0] == (200 if status in (206, 416) else status)


@pytest.mark.parametrize("date", NO_DATES)
def test_an_invalid_date_is_ignored(date: str) -> None:
    """A valid date would be before or after the time of the representation and change the answer."""
    assert selected("GET", Headers({"If-Unmodified-Since": date.format(year=1993)})) == WHOLE
    assert selected("GET", Headers({"If-Modified-Since": date.format(year=1995)})) == WHOLE


def selected(method: str, headers: Headers, length: int = LENGTH) -> tuple[int, range | None]:
    """The status, and the bytes to send; no bytes for an error."""
    try:
        selection = select(method, headers, STORED, length)
    except SizewiseError as error:
        return error.status, None
    return selection.status, selection.part
