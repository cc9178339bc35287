"""Which Accept headers get a page instead of problem details."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import prefers_page

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
SAFARI_IMAGE = "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml"

ACCEPT = [
    # What Chrome, Firefox and Safari send when they navigate; then Internet Explorer 9, old WebKit, w3m and Lynx.
    (f"{CHROME},application/signed-exchange;v=b3;q=0.7", True),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", True),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
    ("text/html, application/xhtml+xml, */*", True),
    ("application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5", True),
    ("text/html, text/*;q=0.5, image/*, application/*", True),
    ("text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01", True),
    # What Chrome, Firefox and Safari send for an <img>, and for a style sheet.
    ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", False),
    ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", False),
    (f"{SAFARI_IMAGE},image/*;q=0.8,*/*;q=0.5", False),
    ("text/css,*/*;q=0.1", False),
    # curl, fetch() and no header: a wildcard does not request a page.
    ("*/*", False),
    ("", False),
    ("text/*", False),
    ("text/*,*/*;q=0.1", False),
    # Programs that want problem details, or any JSON.
    ("application/problem+json", False),
    ("application/json, text/plain, */*", False),
    ("application/json", False),
    # Both are named: the weights decide, in any order. Equal weights get the page.
    ("text/html,application/json", True),
    ("application/problem+json,text/html", True),
    ("application/problem+json;q=0.9,text/html;q=0.9", True),
    ("text/html;q=0.9,application/problem+json", False),
    ("application/json;q=0.9,text/html;q=0.8", False),
    ("application/json;q=0.8,text/html;q=0.9", True),
    ("application/problem+json;q=0.1,application/json;q=0.9,text/html;q=0.5", False),
    ("application/problem+json;q=0,application/json;q=0,text/html;q=0.1", True),
    # A wildcard stands for problem details that are not named. The narrower wildcard counts first.
    ("text/html;q=0.5,*/*;q=0.8", False),
    ("text/html;q=0.5,application/*;q=0.8,*/*;q=0.1", False),
    ("text/html;q=0.5,application/*;q=0.1,*/*;q=0.8", True),
    ("text/html;q=0.5,application/problem+json;q=0.1,application/json;q=0.1,*/*", True),
    # Zero means: not acceptable.
    ("text/html;q=0", False),
    ("text/html;q=0.000,*/*", False),
    ("text/html;q=0.001", True),
    # White space, case and other parameters.
    (" TEXT/HTML ; charset=utf-8 ;\tQ=0.9 , */* ; q=0.1", True),
    ("text/html;level=1", True),
    # An invalid weight counts as 0. An invalid media range is ignored.
    *((f"text/html;q={weight}", False) for weight in ["", "high", "-1", "nan", "inf", "1e0", '"1"']),
    ("text/htmlx,xtext/html,html,text", False),
    ("<text/html>", False),
    (",,;;,=,;q=1,text/html", True),
    (";q=0.5", False),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPT)
def test_a_header_that_names_html_and_does_not_prefer_json_gets_a_page(accept: str, expected: bool) -> None:
    assert prefers_page(accept) is expected


@given(st.text() | st.text(alphabet="text/htmlapicon*;q=,.01 \t"))
def test_any_header_that_does_not_name_html_gets_problem_details(accept: str) -> None:
    assert "text/html" in accept.lower() or not prefers_page(accept)
