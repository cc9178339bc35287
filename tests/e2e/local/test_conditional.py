"""Range and conditional requests over HTTP; tests/unit/providers/local tests every rule."""

import json
import os
import time
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.e2e.local.conftest import LocalSite
from tests.support.browser import NAVIGATION
from tests.support.pictures.samples import CAT


def test_a_browser_with_the_current_version_gets_a_304(site: LocalSite) -> None:
    site.put("web/known.jpg", CAT)
    site.ask("/203x/web/known.jpg")
    first = site.ask("/203x/web/known.jpg")
    for header, value in {
        "If-None-Match": first.headers["etag"],
        "If-Modified-Since": first.headers["last-modified"],
    }.items():
        again = site.ask("/203x/web/known.jpg", headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == "public, max-age=31536000"
        assert not {"content-type", "content-length", "content-range"} & set(again.headers)
        head = site.ask("/203x/web/known.jpg", "HEAD", headers={header: value})
        assert head.status_code == 304
    assert site.ask("/203x/web/known.jpg", headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"), [("If-Match", '"another"'), ("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")]
)
def test_a_request_for_another_version_gets_a_problem_without_the_image(
    site: LocalSite, header: str, value: str
) -> None:
    site.put(f"web/{header}.jpg", CAT)
    variant = f"/204x/web/{header}.jpg"
    site.ask(variant)
    assert_refused(site.ask(variant, headers={header: value}), 412)
    (line,) = [line for line in map(json.loads, site.server.printed(2, variant)) if line["status"] == 412]
    assert (line["outcome"], line["bytes_out"]) == ("hit", 0)
    page = site.ask(variant, headers={header: value, "Accept": NAVIGATION})
    assert (page.status_code, page.headers["content-type"]) == (412, "text/html; charset=utf-8")
    head = site.ask(variant, "HEAD", headers={header: value})
    assert (head.status_code, head.content) == (412, b"")


def test_a_request_for_the_current_version_gets_it(site: LocalSite) -> None:
    site.put("web/this.jpg", CAT)
    first = site.ask("/web/this.jpg")
    for headers in (
        {"If-Match": first.headers["etag"]},
        {"If-Match": "*"},
        {"If-Unmodified-Since": first.headers["last-modified"]},
        {"If-Modified-Since": "no date"},
    ):
        answer = site.ask("/web/this.jpg", headers=headers)
        assert (answer.status_code, answer.content) == (200, CAT)


def test_a_download_continues_only_if_the_version_is_the_same(site: LocalSite) -> None:
    site.put("web/on.jpg", CAT)
    first = site.ask("/web/on.jpg")
    for same in (first.headers["etag"], first.headers["last-modified"]):
        answer = site.ask("/web/on.jpg", headers={"Range": "bytes=100-", "If-Range": same})
        assert (answer.status_code, answer.content) == (206, CAT[100:])
    for other in ('"another"', f"W/{first.headers['etag']}", "Sun, 06 Nov 1994 08:49:37 GMT"):
        answer = site.ask("/web/on.jpg", headers={"Range": "bytes=100-", "If-Range": other})
        assert (answer.status_code, answer.content) == (200, CAT)


def test_last_modified_is_never_in_the_future(site: LocalSite) -> None:
    """RFC 9110, section 8.8.2.1. A clock may have been wrong, and a year of five digits is not a valid date."""
    site.put("web/future.jpg", CAT)
    for seconds in (time.time() + 10_000, 300_000_000_000):
        os.utime(site.root / "web" / "future.jpg", (seconds, seconds))
        answer = site.ask("/web/future.jpg")
        assert answer.status_code == 200
        now = parsedate_to_datetime(answer.headers["date"])
        assert parsedate_to_datetime(answer.headers["last-modified"]) <= now


@pytest.mark.parametrize(
    ("text", "part"),
    [("100-199", slice(100, 200)), ("40-", slice(40, None)), ("-40", slice(-40, None)), ("0-", slice(0, None))],
)
def test_a_range_is_served(site: LocalSite, text: str, part: slice) -> None:
    site.put("web/part.jpg", CAT)
    answer = site.ask("/web/part.jpg", headers={"Range": f"bytes={text}"})
    first, last, _ = part.indices(len(CAT))
    assert (answer.status_code, answer.content) == (206, CAT[part])
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(CAT)}"
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("text", ["bytes=0-1,3-4", "lines=0-1", "bytes=9-1", "bytes=a-b", "bytes"])
def test_an_invalid_range_is_ignored(site: LocalSite, text: str) -> None:
    site.put("web/part.jpg", CAT)
    answer = site.ask("/web/part.jpg", headers={"Range": text})
    assert (answer.status_code, answer.content) == (200, CAT)
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("text", [f"bytes={len(CAT)}-", "bytes=-0"])
def test_an_unsatisfiable_range_is_a_problem_that_names_the_length(site: LocalSite, text: str) -> None:
    key = f"/web/{text}.jpg"
    site.put(key[1:], CAT)
    refused = site.ask(key, headers={"Range": text})
    assert_refused(refused, 416)
    assert refused.headers["content-range"] == f"bytes */{len(CAT)}"
    assert str(len(CAT)) in refused.json()["detail"]
    (line,) = map(json.loads, site.server.printed(1, key))
    assert (line["status"], line["outcome"], line["bytes_out"]) == (416, "hit", 0)
    page = site.ask(key, headers={"Range": text, "Accept": NAVIGATION})
    assert (page.status_code, page.headers["content-type"]) == (416, "text/html; charset=utf-8")
    assert site.ask(key, "HEAD", headers={"Range": text}).status_code == 200


def assert_refused(answer: httpx.Response, status: int) -> None:
    """Expects a problem that is not cached and that any page may read, without anything of the image."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "total;dur=" in answer.headers["server-timing"]
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers
