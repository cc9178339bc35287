"""The website's half: what is stored is served as a bucket's website serves it."""

import json
from uuid import uuid4

import pytest

from tests.e2e.local.conftest import LocalSite
from tests.support.pictures.hostile import tiff
from tests.support.pictures.samples import CAT


def test_an_original_is_served_as_it_is(site: LocalSite) -> None:
    site.put("web/cat.jpg", CAT)
    answer = site.ask("/web/cat.jpg")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/jpeg", CAT)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_browser_that_has_it_gets_a_304(site: LocalSite) -> None:
    site.put("web/known.jpg", CAT)
    first = site.ask("/web/known.jpg")
    for header, value in {
        "If-None-Match": first.headers["etag"],
        "If-Modified-Since": first.headers["last-modified"],
    }.items():
        again = site.ask("/web/known.jpg", headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
    assert site.ask("/web/known.jpg", headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_range_of_it_can_be_asked_for(site: LocalSite) -> None:
    site.put("web/part.jpg", CAT)
    part = site.ask("/web/part.jpg", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CAT[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(CAT)}"
    beyond = site.ask("/web/part.jpg", headers={"Range": f"bytes={len(CAT)}-"})
    assert beyond.status_code == 416


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
