"""What the core makes of requests' headers and paths, and what its answers look like."""

import json
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import errors
from core.errors import BadSize, MethodRefused, SizewiseError, StorageUnavailable
from core.http import Response, negotiated, problem, redirect, wsgi_path
from core.keys import decode, encode

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
    assert negotiated(accept) == expected


@given(st.text() | st.text(alphabet="image/webpavf*;q=,.01 \t"))
def test_any_accept_header_comes_to_a_format_that_it_names(accept: str) -> None:
    format_ = negotiated(accept)
    assert format_ is None or (format_ in ("avif", "webp") and f"image/{format_}" in accept.lower())


ERRORS = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, SizewiseError)]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_a_problem_that_no_cache_keeps(error: type[SizewiseError]) -> None:
    answer = problem(error('What was "wrong", and\nwhat would be right: ×'))
    assert answer.status == error.status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("Retry-After" in answer.headers) == (error is StorageUnavailable)
    assert ("Allow" in answer.headers) == (error is MethodRefused)
    assert json.loads(answer.body) == {
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": 'What was "wrong", and\nwhat would be right: ×',
    }
    assert answer.body.isascii()
    assert answer.body.count(b"\n") == 1


def test_the_statuses_are_those_of_the_designs_table() -> None:
    assert {error.__name__: error.status for error in ERRORS} == {
        "SizewiseError": 500,
        "BadSize": 400,
        "BadKey": 400,
        "SizeRefused": 403,
        "NotFound": 404,
        "MethodRefused": 405,
        "TooLarge": 413,
        "UnsupportedFormat": 415,
        "BrokenOriginal": 422,
        "StorageRefused": 502,
        "StorageUnavailable": 503,
    }


def test_a_problem_says_when_to_retry_and_what_is_allowed() -> None:
    assert int(problem(StorageUnavailable()).headers["Retry-After"]) > 0
    assert problem(MethodRefused("no")).headers["Allow"] == "GET, HEAD"


def test_a_problem_of_any_text_is_json() -> None:
    assert json.loads(problem(BadSize("a\ud800b\0")).body)["detail"] == "a\ud800b\0"


def test_a_redirect_is_kept_for_its_age_or_not_at_all() -> None:
    assert redirect(301, "/300x/cat.jpg", 0, vary=False) == Response(
        301, {"Location": "/300x/cat.jpg", "Cache-Control": "no-store"}
    )
    assert redirect(308, "https://cdn/300x/cat.jpg", 60, vary=True) == Response(
        308, {"Location": "https://cdn/300x/cat.jpg", "Cache-Control": "public, max-age=60", "Vary": "Accept"}
    )


RAW_URIS = {
    "/300x/cat.jpg": "/300x/cat.jpg",
    "/300x/a%20b.jpg": "/300x/a%20b.jpg",
    "/300x/a%2Fb%2520c.jpg": "/300x/a%2Fb%2520c.jpg",
    "/300x/a+b.jpg": "/300x/a+b.jpg",
    "/300x/cat.jpg?a=b&c=/d?e": "/300x/cat.jpg",
    "/300x/cat.jpg?": "/300x/cat.jpg",
    "/300x/100%.jpg": "/300x/100%.jpg",
    "/300x/a#b.jpg": "/300x/a#b.jpg",
    "/300x//cat.jpg": "/300x//cat.jpg",
    "//evil.example/cat.jpg": "//evil.example/cat.jpg",
    "/300x/http://other/cat.jpg": "/300x/http://other/cat.jpg",
    # Bytes that were not encoded, in the Latin-1 clothes of PEP 3333.
    "/300x/caf\u00c3\u00a9.jpg": "/300x/caf%C3%A9.jpg",
    "/300x/caf\u00e9.jpg": "/300x/caf%E9.jpg",
    "/300x/\u3042.jpg": "/300x/%3F.jpg",
    "/300x/a\r\nb\0.jpg": "/300x/a%0D%0Ab%00.jpg",
    # The absolute form.
    "http://images.example/300x/a%20b.jpg?c=d": "/300x/a%20b.jpg",
    "HTTPS://images.example:8443//300x/cat.jpg": "//300x/cat.jpg",
    "http://images.example": "/",
    "http://images.example?/300x/cat.jpg": "/",
    "http://[broken/300x/cat.jpg": "/300x/cat.jpg",
    # What no GET has: the asterisk and the authority form.
    "*": "/",
    "images.example:443": "/",
}


@pytest.mark.parametrize("target", RAW_URIS)
def test_the_path_is_taken_from_the_request_target_as_it_was_sent(target: str) -> None:
    assert wsgi_path({"RAW_URI": target, "PATH_INFO": "/elsewhere"}) == RAW_URIS[target]


@pytest.mark.parametrize("missing", [{}, {"RAW_URI": ""}, {"RAW_URI": None}])
def test_without_a_request_target_the_decoded_path_is_encoded_again(missing: dict[str, object]) -> None:
    clothed = "/300x/100% é?#+.jpg".encode().decode("latin-1")
    assert wsgi_path({**missing, "PATH_INFO": clothed}) == "/300x/100%25%20%C3%A9%3F%23%2B.jpg"
    assert wsgi_path({**missing, "PATH_INFO": ""}) == "/"


@given(st.text())
def test_a_key_comes_back_from_either_form(key: str) -> None:
    path = f"/300x/{encode(key)}"
    assert decode(wsgi_path({"RAW_URI": path})) == f"/300x/{key}"
    assert decode(wsgi_path({"PATH_INFO": f"/300x/{key}".encode().decode("latin-1")})) == f"/300x/{key}"
