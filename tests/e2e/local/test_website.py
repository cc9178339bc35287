"""The website's half: what is stored is served as a bucket's website serves it."""

import json
import os
import re
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.e2e.local.conftest import LocalSite
from tests.support.browser import NAVIGATION
from tests.support.pictures.hostile import tiff
from tests.support.pictures.samples import CAT


def test_an_original_is_served_as_it_is(site: LocalSite) -> None:
    site.put("web/cat.jpg", CAT)
    answer = site.ask("/web/cat.jpg")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/jpeg", CAT)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_browser_that_has_it_gets_a_304(site: LocalSite) -> None:
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


def test_who_asks_for_another_version_gets_a_problem_and_nothing_of_the_image(site: LocalSite) -> None:
    site.put("web/version.jpg", CAT)
    site.ask("/204x/web/version.jpg")
    for header, value in {
        "If-Match": '"another"',
        "If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT",
    }.items():
        before = len(site.server.lines)
        assert_refused(site.ask("/204x/web/version.jpg", headers={header: value}), 412)
        (line,) = site.server.printed(1, "/204x/web/version.jpg", before)
        assert (json.loads(line)["status"], json.loads(line)["bytes_out"]) == (412, 0)
        page = site.ask("/204x/web/version.jpg", headers={header: value, "Accept": NAVIGATION})
        assert (page.status_code, page.headers["content-type"]) == (412, "text/html; charset=utf-8")
        head = site.ask("/204x/web/version.jpg", "HEAD", headers={header: value})
        assert (head.status_code, head.content) == (412, b"")


def test_who_asks_for_this_version_gets_it(site: LocalSite) -> None:
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


def test_a_download_goes_on_only_if_it_is_of_the_same_version(site: LocalSite) -> None:
    site.put("web/on.jpg", CAT)
    first = site.ask("/web/on.jpg")
    for same in (first.headers["etag"], first.headers["last-modified"]):
        answer = site.ask("/web/on.jpg", headers={"Range": "bytes=100-", "If-Range": same})
        assert (answer.status_code, answer.content) == (206, CAT[100:])
    for other in ('"another"', f"W/{first.headers['etag']}", "Sun, 06 Nov 1994 08:49:37 GMT"):
        answer = site.ask("/web/on.jpg", headers={"Range": "bytes=100-", "If-Range": other})
        assert (answer.status_code, answer.content) == (200, CAT)


def test_a_file_of_the_future_is_not_modified_later_than_now(site: LocalSite) -> None:
    """RFC 9110, section 8.8.2.1; a clock may have been wrong, and a year of five digits is no date."""
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
def test_a_range_of_it_can_be_asked_for(site: LocalSite, text: str, part: slice) -> None:
    site.put("web/part.jpg", CAT)
    answer = site.ask("/web/part.jpg", headers={"Range": f"bytes={text}"})
    first, last, _ = part.indices(len(CAT))
    assert (answer.status_code, answer.content) == (206, CAT[part])
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(CAT)}"
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("text", ["bytes=0-1,3-4", "lines=0-1", "bytes=9-1", "bytes=a-b", "bytes"])
def test_a_range_that_is_not_understood_is_ignored(site: LocalSite, text: str) -> None:
    site.put("web/part.jpg", CAT)
    answer = site.ask("/web/part.jpg", headers={"Range": text})
    assert (answer.status_code, answer.content) == (200, CAT)
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("text", [f"bytes={len(CAT)}-", "bytes=-0"])
def test_a_range_that_is_not_there_is_a_problem_with_the_length(site: LocalSite, text: str) -> None:
    site.put("web/part.jpg", CAT)
    before = len(site.server.lines)
    refused = site.ask("/web/part.jpg", headers={"Range": text})
    assert_refused(refused, 416)
    assert refused.headers["content-range"] == f"bytes */{len(CAT)}"
    assert str(len(CAT)) in refused.json()["detail"]
    (line,) = site.server.printed(1, "/web/part.jpg", before)
    assert (json.loads(line)["status"], json.loads(line)["bytes_out"]) == (416, 0)
    page = site.ask("/web/part.jpg", headers={"Range": text, "Accept": NAVIGATION})
    assert (page.status_code, page.headers["content-type"]) == (416, "text/html; charset=utf-8")
    assert site.ask("/web/part.jpg", "HEAD", headers={"Range": text}).status_code == 200


def test_a_large_original_is_sent_without_being_held_in_memory(site: LocalSite) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells the most memory that a process had")
    large = 192 * 2**20
    site.put("web/large.bin", b"")
    os.truncate(site.root / "web" / "large.bin", large)
    before = peak_of(site)
    with httpx.stream("GET", f"{site.address}/web/large.bin") as answer:
        assert sum(map(len, answer.iter_raw())) == large
    assert peak_of(site) - before < large / 4


def test_head_says_how_much_get_would_bring(site: LocalSite) -> None:
    site.put("web/head.jpg", CAT)
    head = site.ask("/web/head.jpg", "HEAD")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CAT)), b"")


def test_a_variant_keeps_the_cache_control_it_was_stored_with(site: LocalSite) -> None:
    site.put("web/cached.jpg", CAT)
    site.ask("/200x/web/cached.jpg")
    assert site.ask("/200x/web/cached.jpg").headers["cache-control"] == "public, max-age=31536000"


@pytest.mark.parametrize("key", [".env", ".git/config", "albums/.cat.jpg", ".sizewise/x.part"])
def test_a_hidden_file_is_not_served(site: LocalSite, key: str) -> None:
    site.put(key, CAT)
    answer = site.ask(f"/{key}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_hit_names_its_trace_in_the_log(site: LocalSite) -> None:
    trace = uuid4().hex
    site.put("web/traced.jpg", CAT)
    site.ask("/web/traced.jpg", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    (line,) = site.server.printed(1, trace)
    assert (json.loads(line)["trace"], json.loads(line)["outcome"]) == (trace, "hit")


def test_no_decoder_speaks_into_the_log(site: LocalSite) -> None:
    """Errors of libtiff, Pillow's warnings and its own log: each of these originals makes one of them speak."""
    remarkable = {
        "strip.tif": (tiff.strip(9, b"junk", tiff.basics(9, 9, tiff.DEFLATE)), 422),
        "samples.tif": (tiff.strip(9, bytes(81), {**tiff.basics(9, 9), 277: tiff.short(65535)}), 415),
        "exif.jpg": (CAT[:2] + b"\xff\xe1\0\x12Exif\0\0MM\0*\0\0\xff\xff\0\0" + CAT[2:], 301),
    }
    before = len(site.server.lines)
    for name, (data, status) in remarkable.items():
        site.put(f"log/{name}", data)
        assert site.ask(f"/202x/log/{name}").status_code == status
    assert len(site.server.printed(len(remarkable), "/202x/log/", before)) == len(remarkable)
    assert all(json.loads(line) for line in site.server.lines[before:])


def test_every_request_is_one_line_of_the_log_whatever_it_says(site: LocalSite) -> None:
    site.put("web/logged.jpg", CAT)
    before = len(site.server.lines)
    forged = "/web/x%0A%7B%22status%22%3A200%7D%E2%80%A8"
    for target in ("/201x/web/logged.jpg", "/201x/web/logged.jpg", forged):
        site.ask(target)
    lines = [json.loads(line) for line in site.server.printed(3, "{", before)]
    assert [(line["status"], line["outcome"]) for line in lines] == [(301, "miss"), (200, "hit"), (400, "miss")]
    assert lines[0]["bytes_in"] == len(CAT)
    assert lines[0]["bytes_out"] == lines[1]["bytes_out"] > 0
    assert set(lines[0]["ms"]) == {"check", "read", "render", "write", "total"}


def assert_refused(answer: httpx.Response, status: int) -> None:
    """A problem that no cache keeps and that any page may read, with nothing of the image."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "total;dur=" in answer.headers["server-timing"]
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers


def peak_of(site: LocalSite) -> int:
    """The most bytes of memory that any process of the server has had (Linux's VmHWM)."""
    peaks = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, FileNotFoundError):
            if os.getpgid(int(path.name)) == site.server.process.pid:
                peaks += re.findall(r"VmHWM:\s+(\d+) kB", (path / "status").read_text())
    return max(map(int, peaks)) * 1024
