"""Errors as answers: problem details for a program, a page for a browser."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import errors
from core.errors import BadSize, MethodRefused, NotFound, SizewiseError, StorageUnavailable
from core.problems import problem
from tests.support.browser import NAVIGATION

ERRORS = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, SizewiseError)]
FORMS = {"application/problem+json": "*/*", "text/html; charset=utf-8": NAVIGATION}
"""The Content-Type of each form, and an Accept header that requests it."""


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("form", FORMS)
def test_an_error_is_never_cached_in_either_form(error: type[SizewiseError], form: str) -> None:
    answer = problem(error("What was wrong."), FORMS[form])
    assert answer.status == error.status
    assert answer.headers["Content-Type"] == form
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Vary"] == "Accept"
    assert ("Retry-After" in answer.headers) == (error.status == HTTPStatus.SERVICE_UNAVAILABLE)
    assert ("Allow" in answer.headers) == (error is MethodRefused)


@pytest.mark.parametrize("accept", FORMS.values())
def test_a_problem_says_when_to_retry_and_what_is_allowed(accept: str) -> None:
    assert int(problem(StorageUnavailable(), accept).headers["Retry-After"]) > 0
    assert problem(MethodRefused("no"), accept).headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("error", ERRORS)
def test_a_program_gets_problem_details(error: type[SizewiseError]) -> None:
    answer = problem(error('What was "wrong", and\nwhat would be right: ×'), "")
    assert json.loads(answer.body) == {
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": 'What was "wrong", and\nwhat would be right: ×',
    }
    assert answer.body.isascii()
    assert answer.body.count(b"\n") == 1


def test_a_problem_of_any_text_is_json() -> None:
    assert json.loads(problem(BadSize("a\ud800b\0"), "").body)["detail"] == "a\ud800b\0"


def test_the_statuses_are_those_of_the_designs_table() -> None:
    assert {error.__name__: error.status for error in ERRORS} == {
        "SizewiseError": 500,
        "BadSize": 400,
        "BadKey": 400,
        "SizeRefused": 403,
        "NotFound": 404,
        "MethodRefused": 405,
        "TooLarge": 413,
        "TooExpensive": 413,
        "Outdone": 500,  # No user sees it.
        "UnsupportedFormat": 415,
        "BrokenOriginal": 422,
        "StorageRefused": 502,
        "StorageUnavailable": 503,
        "Interrupted": 503,
    }


class Page(HTMLParser):
    """A page's tags with their attributes, and the text directly inside each tag."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(body.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts[tag] = ""

    def handle_data(self, data: str) -> None:
        if self.tags:
            self.texts[self.tags[-1][0]] += data

    def handle_endtag(self, tag: str) -> None:
        # White space between two tags follows.
        self.tags.append((f"/{tag}", {}))
        self.texts[f"/{tag}"] = ""


TAGS = [
    ("html", {"lang": "en"}),
    ("head", {}),
    ("meta", {"charset": "utf-8"}),
    ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
    *(("title", {}), ("/title", {}), ("style", {}), ("/style", {}), ("/head", {})),
    *(("body", {}), ("h1", {}), ("/h1", {}), ("p", {}), ("/p", {}), ("/body", {}), ("/html", {})),
]
"""All tags of a page: it has no script and no form, and loads nothing."""

HOSTILE = [
    '</p><script>alert("1")</script>',
    "</style></title><img src=x onerror='alert(1)'>",
    "<!-- & &amp; &lt; &#60; ]]> {title} {0} %s",
    "<svg/onload=alert(1)//",
]


@given(st.text() | st.text(alphabet="<>&\"'/!-=;#apscriptyle {}\0\r\n") | st.sampled_from(HOSTILE))
def test_a_page_shows_any_text_of_an_error_as_text(detail: str) -> None:
    page = Page(problem(NotFound(detail), NAVIGATION).body)
    assert page.tags == TAGS
    assert page.texts["p"] == detail
    assert page.texts["h1"] == page.texts["title"] == "404 Not Found"


@pytest.mark.parametrize("error", ERRORS)
def test_a_page_names_the_status_and_says_what_would_be_right(error: type[SizewiseError]) -> None:
    body = problem(error("Ask for 600x400 × <this>."), NAVIGATION).body.decode()
    assert body.startswith("<!doctype html>\n")
    assert f"<h1>{error.status} {HTTPStatus(error.status).phrase}</h1>" in body
    assert "<p>Ask for 600x400 × &lt;this&gt;.</p>" in body


def test_quotes_are_escaped_too() -> None:
    assert b"<p>&quot;a&quot; &#x27;b&#x27; &amp; c</p>" in problem(NotFound("\"a\" 'b' & c"), NAVIGATION).body


def test_a_page_with_half_a_character_is_valid_utf_8() -> None:
    assert Page(problem(BadSize("a\ud800b"), NAVIGATION).body).texts["p"] == "a\N{REPLACEMENT CHARACTER}b"


def test_a_page_allows_its_own_style_and_nothing_else() -> None:
    answer = problem(NotFound("There is no image."), NAVIGATION)
    (style,) = re.findall(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
    digest = b64encode(sha256(style).digest()).decode()
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    }


def test_problem_details_have_no_policy() -> None:
    assert "Content-Security-Policy" not in problem(NotFound("There is no image."), "").headers


def test_a_page_is_readable_in_light_and_in_dark() -> None:
    """WCAG 2.2, success criterion 1.4.3 (AA): a contrast of at least 4.5."""
    style = Page(problem(NotFound("There is no image."), NAVIGATION).body).texts["style"]
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    for scheme in (light, dark):
        (text,), (behind,) = (re.findall(rf"[ ;]{name}: #([0-9a-f]+);", scheme) for name in ("color", "background"))
        brighter, darker = sorted((luminance(text), luminance(behind)), reverse=True)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """The relative luminance of a CSS colour of three or six hexadecimal digits (WCAG 2.2, definitions)."""
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    levels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
