"""Requests' headers, the format that Accept chooses, redirects, and the answer to OPTIONS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http import Request, Response, negotiated, preflight, redirect

ACCEPT: list[tuple[str, str | None]] = [
    # Browsers send these for an <img>.
    ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "avif"),
    ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "avif"),
    ("image/webp,image/apng,image/*,*/*;q=0.8", "webp"),
    ("image/webp,*/*", "webp"),
    ("image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5", None),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", None),
    # A wildcard does not promise that the client decodes AVIF or WebP.
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
    # A type without a weight has 1.
    ("image/webp;q=1,image/png", "webp"),
    ("image/webp;q=0.999,image/png", None),
    # Other types than images do not compete.
    ("text/html,application/xml;q=0.9,image/webp;q=0.1", "webp"),
    # Zero means not acceptable.
    ("image/avif;q=0,image/webp", "webp"),
    ("image/avif;q=0,image/webp;q=0", None),
    ("image/avif;q=0.000", None),
    ("image/webp;q=0,*/*", None),
    # White space, case and other parameters.
    (" IMAGE/WebP ;Q=0.9 , */* ; q=0.1", "webp"),
    ("image/webp;v=1;q=0.9,image/png;q=0.8", "webp"),
    ("image/webp;v=1;q=0,image/png;q=0.8", None),
    ("image/webp\t;\tq=0.9", "webp"),
    # Weights that the grammar does not have, but whose meaning is clear.
    ("image/avif;q=.9,image/webp;q=.5", "avif"),
    ("image/avif;q=0.33333,image/webp;q=0.33334", "webp"),
    ("image/webp;q=2,image/avif", "avif"),
    ("image/webp;q=1.,image/png;q=0.9", "webp"),
    # An invalid weight counts as zero.
    *((f"image/webp;q={weight}", None) for weight in ["", ".", "high", "-1", "+1", "0x1", "1_0", "1e0"]),
    *((f"image/webp;q={weight}", None) for weight in ["nan", "inf", "infinity", "-0.5", "0..5", "１", "٠.٥", '"1"']),
    ("image/webp;q=high,image/png;q=high", None),
    # Other names.
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
def test_the_other_formats_that_accept_names_follow_in_their_order(
    accept: str, expected: tuple[str | None, ...]
) -> None:
    assert negotiated(accept) == expected


@given(st.text() | st.text(alphabet="image/webpavf*;q=,.01 \t"))
def test_any_accept_header_chooses_only_formats_that_it_names(accept: str) -> None:
    *named, own = negotiated(accept)
    assert own is None
    assert all(name in ("avif", "webp") and f"image/{name}" in accept.lower() for name in named)


def test_a_redirect_is_cached_for_its_age_or_not_at_all() -> None:
    assert redirect(301, "/300x/cat.jpg", 0, vary=False) == Response(
        301, {"Location": "/300x/cat.jpg", "Cache-Control": "no-store"}
    )
    assert redirect(308, "https://cdn/300x/cat.jpg", 60, vary=True) == Response(
        308, {"Location": "https://cdn/300x/cat.jpg", "Cache-Control": "public, max-age=60", "Vary": "Accept"}
    )


def test_pages_of_any_origin_can_send_requests_with_any_header() -> None:
    """Fetch, "CORS protocol": a wildcard does not cover Authorization."""
    allowed = "GET, HEAD, OPTIONS"
    headers = {
        "Allow": allowed,
        "Access-Control-Allow-Methods": allowed,
        "Access-Control-Allow-Headers": "*, Authorization",
        "Access-Control-Max-Age": "86400",
    }
    assert preflight() == Response(204, headers)


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
def test_names_of_headers_can_be_in_any_case(name: str) -> None:
    assert Request.of("HEAD", "/300x/a%20b.jpg", {name: "image/webp", "Cookie": "a=b"}) == Request(
        "HEAD", "/300x/a%20b.jpg", "image/webp"
    )


@pytest.mark.parametrize(
    ("headers", "hosts"),
    [
        ({"Host": "Pictures.example:8080"}, ("pictures.example:8080",)),
        ({"X-Forwarded-Host": "cdn.example, Shop.example"}, ("cdn.example", "shop.example")),
        ({"X-Forwarded-Host": "cdn.example", "host": "origin.example"}, ("origin.example", "cdn.example")),
        ({"Host": ""}, ()),
        ({}, ()),
    ],
)
def test_a_request_was_addressed_to_its_host_and_to_the_hosts_of_proxies(
    headers: dict[str, str], hosts: tuple[str, ...]
) -> None:
    assert Request.of("GET", "/", headers).hosts == hosts
