"""The path of a WSGI request, as it was on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.keys import from_path, to_path
from providers.wsgi import wire_path

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
    # Bytes that were not encoded, decoded as Latin-1 (PEP 3333).
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
    # The asterisk and the authority form, which no GET has.
    "*": "/",
    "images.example:443": "/",
}


@pytest.mark.parametrize("target", RAW_URIS)
def test_the_path_is_that_of_the_request_target_as_it_was_sent(target: str) -> None:
    assert wire_path({"RAW_URI": target, "PATH_INFO": "/elsewhere"}) == RAW_URIS[target]


@pytest.mark.parametrize("missing", [{}, {"RAW_URI": ""}, {"RAW_URI": None}])
def test_without_a_request_target_the_decoded_path_is_encoded_again(missing: dict[str, object]) -> None:
    decoded = "/300x/100% é?#+.jpg".encode().decode("latin-1")
    assert wire_path({**missing, "PATH_INFO": decoded}) == "/300x/100%25%20%C3%A9%3F%23%2B.jpg"
    assert wire_path({**missing, "PATH_INFO": ""}) == "/"


@given(st.text())
def test_a_key_survives_both_forms(key: str) -> None:
    path = f"/300x/{to_path(key)}"
    assert from_path(wire_path({"RAW_URI": path})) == f"/300x/{key}"
    assert from_path(wire_path({"PATH_INFO": f"/300x/{key}".encode().decode("latin-1")})) == f"/300x/{key}"
