"""Requests that are refused, originals that can't be rendered, and storage that fails."""

import struct
import zlib

import pytest

from tests.e2e.answers import assert_problem
from tests.e2e.deployment import Deployment, logged
from tests.support.browser import IMAGE, NAVIGATION
from tests.support.pictures.samples import CAT


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header has these sides, without pixels (PNG specification, section 11.2.2)."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + body + struct.pack(">I", 4) + b"IDAT" + bytes(8)


ORIGINALS = {
    "notes.jpg": b"just some text, whatever its name says",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "empty.jpg": b"",
    "cut.jpg": CAT[: len(CAT) // 2],
    "huge.png": png_header(60_000, 60_000),
    "heavy.jpg": CAT + bytes(2_000_000),
    "cat.jpg": CAT,
}

FAILURES = {
    "a first segment that is not a size": ("/banana/cat.jpg", 400, "600x400"),
    "a size of zero": ("/0x0/cat.jpg", 400, "1 or more"),
    "a size with no number": ("/x/cat.jpg", 400, "600x400"),
    "the Unicode multiplication sign": ("/300%C3%97200/cat.jpg", 400, "600x400"),
    "an unknown option": ("/300x200-blur/cat.jpg", 400, "contain"),
    "a focal point outside the image": ("/300x200-f30x101/cat.jpg", 400, "f100x100"),
    "a colour of three digits": ("/300x200-bgfff/cat.jpg", 400, "bgffffff"),
    "an unknown format": ("/300x200.bmp/cat.jpg", 400, "webp"),
    "no image": ("/300x200/", 400, "/{size}/{image}"),
    "only a size": ("/300x200", 400, "/{size}/{image}"),
    "a variant of a variant": ("/300x200/600x/cat.jpg", 400, "original"),
    "encoded dot segments": ("/300x200/%2e%2e/cat.jpg", 400, "segment"),
    "an encoded slash after dots": ("/300x200/..%2fcat.jpg", 400, "segment"),
    "a double slash": ("/300x200//cat.jpg", 400, "segment"),
    "a leading slash in the key": ("/300x200/%2Fetc/passwd", 400, "segment"),
    "a hidden file": ("/300x200/.env", 400, "dot"),
    "a file in a hidden folder": ("/300x200/.git/config", 400, "dot"),
    "a hidden file in a folder, encoded": ("/300x200/albums/%2Ecat.jpg", 400, "dot"),
    "a backslash": ("/300x200/a%5Ccat.jpg", 400, "backslash"),
    "a NUL": ("/300x200/cat.jpg%00.png", 400, "control"),
    "a line break": ("/300x200/cat.jpg%0d%0aSet-Cookie:%20a=b", 400, "control"),
    "bytes that are not UTF-8": ("/300x200/caf%E9.jpg", 400, "UTF-8"),
    "a path of 10 kB": ("/300x200/" + "a" * 10_000, 400, "too long"),
    "a side over the limit": ("/5000x/cat.jpg", 403, "3000"),
    "a side over the limit by its pixel ratio": ("/1000x-4x/cat.jpg", 403, "3000"),
    "a side of eleven digits": ("/99999999999x1/cat.jpg", 403, "3000"),
    "an original that does not exist": ("/300x200/nobody.jpg", 404, "nobody.jpg"),
    "an original with too many bytes": ("/300x200/heavy.jpg", 413, "2000000"),
    "an original with too many pixels": ("/300x200/huge.png", 413, "60000x60000"),
    "a text file": ("/300x200/notes.jpg", 415, "JPEG"),
    "an SVG": ("/300x200/drawing.svg", 415, "JPEG"),
    "an original that was cut short": ("/300x200/cut.jpg", 422, "cut short"),
    "an empty original": ("/300x200/empty.jpg", 422, "empty"),
}


class Failures:
    """The answers to failures, and their lines of the log."""

    @pytest.mark.parametrize("failure", FAILURES)
    def test_a_failure_says_what_would_be_right_and_stores_nothing(self, site: Deployment, failure: str) -> None:
        target, status, words = FAILURES[failure]
        name = target.rpartition("/")[2]
        if name in ORIGINALS:
            site.put(name, ORIGINALS[name])
        before = site.keys()
        answer = site.ask(target)
        assert_problem(answer, status, words)
        assert site.keys() == before

    def test_a_failure_is_a_page_in_a_browser_and_problem_json_for_an_img(self, site: Deployment) -> None:
        target = "/300x200/%3Cb%3Enobody%3C/b%3E.jpg"
        page = site.ask(target, headers={"Accept": NAVIGATION})
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert page.headers["x-content-type-options"] == "nosniff"
        assert (page.headers["cache-control"], page.headers["vary"]) == ("no-store", "Accept")
        assert "<h1>404 Not Found</h1>" in page.text
        assert "&lt;b&gt;nobody&lt;/b&gt;.jpg" in page.text
        assert_problem(site.ask(target, headers={"Accept": IMAGE}), 404, "nobody")
        head = site.ask(target, "HEAD", headers={"Accept": NAVIGATION})
        assert (head.status_code, head.content) == (404, b"")
        assert head.headers["content-type"] == "text/html; charset=utf-8"

    def test_a_wrong_bucket_is_a_502_with_its_reason_only_in_the_log(self, wrong_bucket: Deployment) -> None:
        answer = wrong_bucket.ask("/300x200/cat.jpg")
        assert_problem(answer, 502, "log")
        assert logged(wrong_bucket, '"reason"')

    def test_unreachable_storage_is_a_503_with_retry_after(self, out_of_reach: Deployment) -> None:
        answer = out_of_reach.ask("/300x200/cat.jpg")
        assert_problem(answer, 503, "again")
        assert int(answer.headers["retry-after"]) > 0
        assert logged(out_of_reach, '"reason"')
