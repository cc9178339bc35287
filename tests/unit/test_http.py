"""What the core makes of requests' headers, and what its redirects look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http import Request, Response, negotiated, redirect

ACCEPT: list[tuple[str, str | None]] = [
    # What browsers send for an <img>.
    ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "avif"),
    ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "avif"),
    ("image/webp,image/apng,image/*,*/*;q=0.8", "webp"),
    ("image/webp,*/*", "webp"),
    ("image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5", None),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", None),
    # A wildcard is no promise to decode AVIF or WebP.
    ("", None),
    ("*/*", None),
    ("image/*", None),
    # Quality values rank.
    ("image/avif;q=0.5,image/webp;q=0.9", "webp"),
    ("image/avif;q=0.9,image/webp;q=0.5", "avif"),
    ("image/webp;q=0.8,image/avif;q=0.8", "avif"),
    ("image/webp;q=0.5,image/jpeg;q=0.8", None),
    ("image/webp;q=0.8,image/jpeg;q=0.8", "webp"),
    ("image/avif;q=0.8,image/jpeg;q=0.8", "avif"),
    ("image/avif;q=0.5,image/webp;q=0.6,image/png;q=0.7", None),
    ("image/webp;q=0.5,*/*;q=0.8", None),
    ("image/webp;q=0.5,image/*;q=0.8", None),
    ("image/webp;q=0.001", "webp"),
    ("image/webp;q=1.000", "webp"),
    # What is no image is no rival.
    ("text/html,application/xml;q=0.9,image/webp;q=0.1", "webp"),
    # Zero means: not acceptable.
    ("image/avif;q=0,image/webp", "webp"),
    ("image/avif;q=0,image/webp;q=0", None),
    ("image/avif;q=0.000", None),
    ("image/webp;q=0,*/*", None),
    # White space, case and other parameters.
    (" IMAGE/WebP ;Q=0.9 , */* ; q=0.1", "webp"),
    ("image/webp;v=1;q=0.9,image/png;q=0.8", "webp"),
    ("image/webp;v=1;q=0,image/png;q=0.8", None),
    ("image/webp\t;\tq=0.9", "webp"),
    # Weights beyond the grammar that a client can still mean.
    ("image/avif;q=.9,image/webp;q=.5", "avif"),
    ("image/avif;q=0.33333,image/webp;q=0.33334", "webp"),
    ("image/webp;q=2,image/avif", "avif"),
    ("image/webp;q=1.,image/png;q=0.9", "webp"),
    # What is no weight is no wish.
    *((f"image/webp;q={weight}", None) for weight in ["", ".", "high", "-1", "+1", "0x1", "1_0", "1e0"]),
    *((f"image/webp;q={weight}", None) for weight in ["nan", "inf", "infinity", "-0.5", "0..5", "１", "٠.٥", '"1"']),
    # Names that only look alike.
    ("image/webpx,image/avifs,ximage/webp,webp,avif", None),
    (",,;;,=,;q=1,image/webp", "webp"),
    (";q=0.5", None),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPT)
def test_the_format_is_the_one_that_accept_ranks_best(accept: str, expected: str | None) -> None:
    assert negotiated(accept)[0] == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("image/avif,image/webp,*/*;q=0.8", ("avif", "webp", None)),
        ("image/avif;q=0.5,image/webp", ("webp", "avif", None)),
        ("image/avif,*/*", ("avif", None)),
        ("image/avif,image/webp;q=0.3,image/png;q=0.5", ("avif", None)),
        ("*/*", (None,)),
        ("", (None,)),
    ],
)
def test_formats_that_accept_names_stand_in_for_one_that_is_too_dear(
    accept: str, expected: tuple[str | None, ...]
) -> None:
    assert negotiated(accept) == expected


@given(st.text() | st.text(alphabet="image/webpavf*;q=,.01 \t"))
def test_any_accept_header_comes_to_a_format_that_it_names(accept: str) -> None:
    *named, own = negotiated(accept)
    assert own is None
    assert all(name in ("avif", "webp") and f"image/{name}" in accept.lower() for name in named)


def test_a_redirect_is_kept_for_its_age_or_not_at_all() -> None:
    assert redirect(301, "/300x/cat.jpg", 0, vary=False) == Response(
        301, {"Location": "/300x/cat.jpg", "Cache-Control": "no-store"}
    )
    assert redirect(308, "https://cdn/300x/cat.jpg", 60, vary=True) == Response(
        308, {"Location": "https://cdn/300x/cat.jpg", "Cache-Control": "public, max-age=60", "Vary": "Accept"}
    )


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("traceparent", "trace"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        (f"00-{TRACE}-00f067aa0ba902b7-00", TRACE),
        (f"cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-brings", TRACE),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", ""),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", ""),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", ""),
        (f"00-{TRACE}", ""),
        (f"x00-{TRACE}-00f067aa0ba902b7-01", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_trace_is_the_one_that_traceparent_names(traceparent: str, trace: str) -> None:
    assert Request.of("GET", "/", {"Traceparent": traceparent}).trace_id == trace


@pytest.mark.parametrize("name", ["accept", "Accept", "ACCEPT"])
def test_headers_have_names_in_any_case(name: str) -> None:
    assert Request.of("HEAD", "/300x/a%20b.jpg", {name: "image/webp", "Cookie": "a=b"}) == Request(
        "HEAD", "/300x/a%20b.jpg", "image/webp"
    )
