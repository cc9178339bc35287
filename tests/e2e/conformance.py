"""The same requests and the same expected answers on every provider.

A provider's test module subclasses `Conformance` and gives the fixtures `site`, a deployment under
`deployment.LIMITS`, `laddered`, one under `deployment.LADDER`, and `wrong_bucket` and `out_of_reach`, deployments whose
storage is not there and does not answer.
"""

import re
import struct
import time
import zlib
from io import BytesIO
from typing import cast
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from core.size import FORMATS
from tests.e2e.deployment import SIGNING_KEYS, Deployment, RecordProperty
from tests.support.browser import IMAGE, NAVIGATION
from tests.support.keys import AWKWARD
from tests.support.pictures.charts import saved
from tests.support.pictures.samples import CAT, DOGS, FIG, SUNSET

STEPS = {"check", "read", "render", "write", "total"}


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels (PNG specification, section 11.2.2)."""
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
    "a first segment that is no size": ("/banana/cat.jpg", 400, "600x400"),
    "a size of nothing": ("/0x0/cat.jpg", 400, "1 or more"),
    "a size with no number": ("/x/cat.jpg", 400, "600x400"),
    "the Unicode multiplication sign": ("/300%C3%97200/cat.jpg", 400, "600x400"),
    "an unknown option": ("/300x200-blur/cat.jpg", 400, "contain"),
    "a focal point outside": ("/300x200-f30x101/cat.jpg", 400, "f100x100"),
    "a colour of three digits": ("/300x200-bgfff/cat.jpg", 400, "bgffffff"),
    "an unknown format": ("/300x200.bmp/cat.jpg", 400, "webp"),
    "no image": ("/300x200/", 400, "/{size}/{image}"),
    "nothing but a size": ("/300x200", 400, "/{size}/{image}"),
    "a variant of a variant": ("/300x200/600x/cat.jpg", 400, "original"),
    "encoded dot segments": ("/300x200/%2e%2e/cat.jpg", 400, "segment"),
    "an encoded slash behind dots": ("/300x200/..%2fcat.jpg", 400, "segment"),
    "a doubled slash": ("/300x200//cat.jpg", 400, "segment"),
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
    "a side of digits without end": ("/99999999999x1/cat.jpg", 403, "3000"),
    "an original that is not there": ("/300x200/nobody.jpg", 404, "nobody.jpg"),
    "an original of too many bytes": ("/300x200/heavy.jpg", 413, "2000000"),
    "an original of too many pixels": ("/300x200/huge.png", 413, "60000x60000"),
    "a text": ("/300x200/notes.jpg", 415, "JPEG"),
    "an SVG": ("/300x200/drawing.svg", 415, "JPEG"),
    "an original cut short": ("/300x200/cut.jpg", 422, "cut short"),
    "an empty original": ("/300x200/empty.jpg", 422, "empty"),
}

SPELLINGS = {
    "/0300x0200/cat.jpg": "300x200/cat.jpg",
    "/300X200/cat.jpg": "300x200/cat.jpg",
    "/300x200-cover-1x/cat.jpg": "300x200/cat.jpg",
    "/300x200-q80/cat.jpg": "300x200/cat.jpg",
    "/300x200-q70-contain/cat.jpg": "300x200-contain-q70/cat.jpg",
    "/300x-contain/cat.jpg": "300x/cat.jpg",
    "/300x200.jpeg/cat.jpg": "300x200.jpg/cat.jpg",
    "/150x100-2x/cat.jpg": "300x200/cat.jpg",
    "/100x-3x.webp/cat.jpg": "300x.webp/cat.jpg",
    "/300x200-BG1E90FF-f030x70/cat.jpg": "300x200-f30x70-bg1e90ff/cat.jpg",
    "/300x200-f0x0/cat.jpg": "300x200-topleft/cat.jpg",
    "/300x-f30x70/cat.jpg": "300x/cat.jpg",
    "/300x200-f30x70-contain/cat.jpg": "300x200-contain/cat.jpg",
    "/300x200-contain-bgffffff.jpg/cat.jpg": "300x200-contain.jpg/cat.jpg",
}

PLACES = {
    "40x40": 100,
    "40x40-topleft": 0,
    "40x40-bottomright": 200,
    "40x40-f30x70": 52,
    "40x40-f50x50": 100,
}
"""Of a crop of 240x40, its leftmost column: percent of 240, less 20."""

ON_LADDER = {
    "/1x/cat.jpg": "250x/cat.jpg",
    "/x100.webp/cat.jpg": "x250.webp/cat.jpg",
    "/999x/cat.jpg": "600x/cat.jpg",
    "/120x80-smart/cat.jpg": "250x167-smart/cat.jpg",
    "/100x100-3x/cat.jpg": "600x600/cat.jpg",
    "/320x200-f30x70/cat.jpg": "320x200-f30x70/cat.jpg",
}
OFF_LADDER = ("600x3", "600x450", "250x-q1", "x250-bg000000", "250x250-f50x50", "250x250-smart-q2-3x", "320x200")

SIGNED = {
    "by the first key": ("/613x409-skymmdmfm4df54acf/albums/cat.jpg", "613x409-skymmdmfm4df54acf"),
    "by another key": ("/613x409-sn5mvmxzxxsx7cdyj/albums/cat.jpg", "613x409-sn5mvmxzxxsx7cdyj"),
    "in a format": ("/613x409-scezqecx6v3i6l4lw.webp/albums/cat.jpg", "613x409-scezqecx6v3i6l4lw.webp"),
    "around a point": ("/613x409-f30x70-s4iakv5gfjcihax25/albums/cat.jpg", "613x409-f30x70-s4iakv5gfjcihax25"),
    "in another spelling": ("/0613X409-SKYMMDMFM4DF54ACF-q80/albums/cat.jpg", "613x409-skymmdmfm4df54acf"),
    "auto, as Accept decides": ("/613x409-saguagsldxw25wmte.auto/albums/cat.jpg", "613x409-scezqecx6v3i6l4lw.webp"),
}
"""Addresses and the sizes of their keys, with the signatures of docs/signing-vectors.json."""

WRONGLY_SIGNED = {
    "nothing in common": "/613x409-saaaaaaaaaaaaaaaa/albums/cat.jpg",
    "another size": "/614x409-skymmdmfm4df54acf/albums/cat.jpg",
    "another image": "/613x409-skymmdmfm4df54acf/cat.jpg",
    "one character": "/613x409-skymmdmfm4df54aca/albums/cat.jpg",
    "auto, by a signature of one format": "/613x409-scezqecx6v3i6l4lw.auto/albums/cat.jpg",
}


class Conformance:
    """Redirect on miss, as `docs/` describes it to users."""

    def test_a_miss_stores_the_variant_and_redirects_to_it(self, site: Deployment) -> None:
        site.put("miss/cat.jpg", CAT)
        answer = site.ask("/300x200/miss/cat.jpg")
        assert answer.status_code == 301
        assert answer.headers["location"] == site.location("300x200/miss/cat.jpg")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-sizewise"] == "miss"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert set(re.findall(r"(\w+);dur=[0-9.]+", answer.headers["server-timing"])) == STEPS
        stored = site.stored("300x200/miss/cat.jpg")
        assert stored
        assert (stored.content_type, stored.cache_control) == ("image/jpeg", "public, max-age=31536000")
        assert stored.metadata["originaletag"]
        assert Image.open(BytesIO(stored.data)).size == (300, 200)

    def test_the_redirect_leads_to_the_stored_bytes(self, site: Deployment) -> None:
        site.put("follow/fig.png", FIG)
        image = site.follow(site.ask("/300x200-contain.webp/follow/fig.png"))
        assert (image.status_code, image.headers["content-type"]) == (200, "image/webp")
        assert image.headers["cache-control"] == "public, max-age=31536000"
        stored = site.stored("300x200-contain.webp/follow/fig.png")
        assert stored
        assert image.content == stored.data
        picture = Image.open(BytesIO(image.content))
        assert (picture.size, picture.mode) == ((300, 200), "RGBA")

    def test_a_hit_renders_nothing(self, site: Deployment) -> None:
        site.put("hit/cat.jpg", CAT)
        site.ask("/300x200/hit/cat.jpg")
        before = site.stored("300x200/hit/cat.jpg")
        again = site.ask("/300x200/hit/cat.jpg")
        assert again.status_code in (200, 301)
        assert again.headers["x-sizewise"] == "hit"
        assert "render" not in again.headers["server-timing"]
        assert site.stored("300x200/hit/cat.jpg") == before

    def test_a_deleted_variant_is_rendered_anew(self, site: Deployment) -> None:
        site.put("again/cat.jpg", CAT)
        site.ask("/300x200/again/cat.jpg")
        site.delete("300x200/again/cat.jpg")
        assert site.stored("300x200/again/cat.jpg") is None
        assert site.follow(site.ask("/300x200/again/cat.jpg")).status_code == 200

    @pytest.mark.parametrize("key", AWKWARD)
    def test_a_name_is_decoded_once_and_encoded_once(
        self, site: Deployment, key: str, record_property: RecordProperty
    ) -> None:
        site.put(key, CAT)
        answer = site.ask(f"/200x/{AWKWARD[key]}")
        assert answer.status_code == 301
        assert answer.headers["location"] == site.location(f"200x/{AWKWARD[key]}")
        assert site.stored(f"200x/{key}")
        image = site.follow(answer)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        record_property("chain", chain(f"/200x/{AWKWARD[key]}", answer, image))

    def test_a_plus_sign_may_stand_for_itself(self, site: Deployment) -> None:
        site.put("bare+plus.jpg", CAT)
        assert site.ask("/200x/bare+plus.jpg").headers["location"] == site.location("200x/bare%2Bplus.jpg")

    @pytest.mark.parametrize("spelling", SPELLINGS)
    def test_one_variant_has_one_key(self, site: Deployment, spelling: str) -> None:
        site.put("cat.jpg", CAT)
        assert site.ask(spelling).headers["location"] == site.location(SPELLINGS[spelling])
        assert site.stored(SPELLINGS[spelling])

    @pytest.mark.parametrize("size", PLACES)
    def test_a_crop_lies_where_its_size_says(self, site: Deployment, size: str) -> None:
        site.put("columns.png", columns())
        assert leftmost(site.follow(site.ask(f"/{size}/columns.png")).content) == PLACES[size]

    def test_a_crop_keeps_the_focal_point_that_is_kept_with_the_original(self, site: Deployment) -> None:
        site.put("aimed.png", columns(), focal="75x20")
        answer = site.ask("/40x40/aimed.png")
        assert answer.headers["location"] == site.location("40x40/aimed.png")
        assert leftmost(site.follow(answer).content) == 160
        assert leftmost(site.follow(site.ask("/40x40-f50x50/aimed.png")).content) == 100
        stored = site.stored("40x40/aimed.png")
        assert stored
        assert "focal" not in {name.lower() for name in stored.metadata}

    def test_a_focal_point_that_can_not_be_read_is_ignored_and_logged(self, site: Deployment) -> None:
        site.put("astray.png", columns(), focal="75,20")
        assert leftmost(site.follow(site.ask("/40x40/astray.png")).content) == 100
        assert logged(site, "focal: 75,20")

    @pytest.mark.parametrize("target", FORMATS)
    def test_a_background_is_beside_and_behind_the_picture(self, site: Deployment, target: str) -> None:
        """A clear picture of 80x40 in a box of 40x40: nothing but the colour is left."""
        site.put("clear.png", saved(Image.new("RGBA", (80, 40), (0, 0, 0, 0)), "PNG"))
        data = site.follow(site.ask(f"/40x40-contain-bg1e90ff.{target}/clear.png")).content
        shown = Image.open(BytesIO(data)).convert("RGBA")
        for place in ((2, 2), (20, 20), (37, 37)):
            shade = cast(tuple[int, ...], shown.getpixel(place))
            assert all(abs(got - want) <= 6 for got, want in zip(shade, (0x1E, 0x90, 0xFF, 255), strict=True))

    def test_a_ladder_bounds_what_strangers_can_have_made(self, laddered: Deployment) -> None:
        laddered.put("cat.jpg", CAT)
        for target, key in ON_LADDER.items():
            assert laddered.ask(target).headers["location"] == laddered.location(key)
            assert laddered.stored(key)
        before = laddered.keys()
        for size in OFF_LADDER:
            assert_problem(laddered.ask(f"/{size}/cat.jpg"), 403, "250, 600 pixels, or a box of one of these widths")
        assert laddered.keys() == before
        # Two widths, two ratios, 13 fits, 6 formats, and one size more.
        assert logged(laddered, f'"variants_per_original": {(2 * 2 + 2 * 2 * 13) * 6 + 1}')

    @pytest.mark.parametrize("case", SIGNED)
    def test_a_signed_size_beyond_the_ladder_is_rendered_once_and_then_a_hit(
        self, laddered: Deployment, case: str
    ) -> None:
        target, size = SIGNED[case]
        laddered.put("albums/cat.jpg", SUNSET)
        answer, again = (laddered.ask(target, headers={"Accept": "image/webp"}) for _ in range(2))
        assert answer.headers["location"] == laddered.location(f"{size}/albums/cat.jpg")
        assert Image.open(BytesIO(laddered.follow(answer).content)).size == (613, 409)
        assert (again.status_code in (200, 301), again.headers["x-sizewise"]) == (True, "hit")

    def test_a_size_that_needs_no_signature_loses_it(self, laddered: Deployment) -> None:
        laddered.put("cat.jpg", CAT)
        answer = laddered.ask("/600x-saaaaaaaaaaaaaaaa/cat.jpg")
        assert answer.headers["location"] == laddered.location("600x/cat.jpg")

    @pytest.mark.parametrize("case", WRONGLY_SIGNED)
    def test_a_wrong_signature_is_refused_and_stores_nothing(self, laddered: Deployment, case: str) -> None:
        laddered.put("albums/cat.jpg", CAT)
        before = laddered.keys()
        assert_problem(laddered.ask(WRONGLY_SIGNED[case]), 403, "The signature is not valid")
        assert laddered.keys() == before

    def test_no_signing_key_is_in_the_log(self, laddered: Deployment) -> None:
        laddered.put("albums/cat.jpg", CAT)
        laddered.ask("/613x409-skymmdmfm4df54acf/albums/cat.jpg")
        assert logged(laddered, '"signing_keys": 2')
        assert not [key for key in SIGNING_KEYS.split(",") if key in laddered.log()]

    def test_auto_is_decided_by_accept_and_never_stored(self, site: Deployment) -> None:
        site.put("auto/cat.jpg", CAT)
        for accept, key in {
            "image/avif,image/webp,*/*": "300x.avif/auto/cat.jpg",
            "image/webp,*/*;q=0.8": "300x.webp/auto/cat.jpg",
            "image/png,*/*": "300x/auto/cat.jpg",
        }.items():
            answer = site.ask("/300x.auto/auto/cat.jpg", headers={"Accept": accept})
            assert answer.headers["location"] == site.location(key)
            assert answer.headers["vary"] == "Accept"
            assert site.stored(key)
        assert site.stored("300x.auto/auto/cat.jpg") is None

    def test_head_answers_like_get_without_a_body(self, site: Deployment) -> None:
        site.put("head/cat.jpg", CAT)
        head = site.ask("/300x200/head/cat.jpg", "HEAD")
        assert (head.status_code, head.content) == (301, b"")
        assert head.headers["location"] == site.location("300x200/head/cat.jpg")
        assert site.stored("300x200/head/cat.jpg")

    @pytest.mark.parametrize("target", ["/banana/cat.jpg", "/300x200/nobody.jpg"])
    def test_head_of_a_failure_does_not_belie_the_answer_to_get(self, site: Deployment, target: str) -> None:
        """RFC 9110, section 8.6: a Content-Length is the one that GET has; there may be none."""
        head, got = site.ask(target, "HEAD"), site.ask(target)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers.get("content-length", str(len(got.content))) == str(len(got.content))

    def test_a_page_of_another_origin_may_ask_with_a_header_of_its_own(self, site: Deployment) -> None:
        """A browser sends OPTIONS first, and then GET with the header: each hop has to allow it."""
        site.put("preflight/cat.jpg", CAT)
        origin = {"Origin": "https://www.example.com"}
        asked = {**origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-own"}
        answer = site.ask("/300x200/preflight/cat.jpg", "OPTIONS", asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "GET" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-allow-headers"].startswith("*")
        assert int(answer.headers["access-control-max-age"]) > 0
        assert site.stored("300x200/preflight/cat.jpg") is None
        got = site.ask("/300x200/preflight/cat.jpg", headers={**origin, "X-Own": "1"})
        assert got.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    def test_any_other_method_is_refused(self, site: Deployment, method: str) -> None:
        site.put("cat.jpg", CAT)
        answer = site.ask("/211x/cat.jpg", method)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert site.stored("211x/cat.jpg") is None

    def test_a_phone_photo_stands_upright_and_tells_no_position(self, site: Deployment) -> None:
        site.put("phone.jpg", DOGS)
        data = site.follow(site.ask("/400x/phone.jpg")).content
        picture = Image.open(BytesIO(data))
        assert picture.height > picture.width
        assert not picture.getexif()
        assert b"GPS" not in data

    def test_a_photo_of_twelve_megapixels_is_rendered(self, site: Deployment) -> None:
        site.put("albums/2026/sunset.jpg", SUNSET)
        image = site.follow(site.ask("/1200x800-top/albums/2026/sunset.jpg"))
        assert Image.open(BytesIO(image.content)).size == (1200, 800)

    def test_an_image_is_never_enlarged(self, site: Deployment) -> None:
        site.put("small/cat.jpg", CAT)
        image = site.follow(site.ask("/2000x/small/cat.jpg"))
        assert Image.open(BytesIO(image.content)).size == (451, 300)

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

    def test_a_failure_opened_in_a_browser_is_a_page_and_to_an_img_it_is_a_problem(self, site: Deployment) -> None:
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

    def test_a_requests_line_of_the_log_names_its_trace(self, site: Deployment) -> None:
        """By traceparent; on AWS by the header of X-Ray, which API Gateway puts on every request."""
        trace = uuid4().hex
        xray = f"Root=1-{trace[:8]}-{trace[8:]}"
        headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "X-Amzn-Trace-Id": xray}
        site.put("traced.jpg", CAT)
        assert site.ask("/213x/traced.jpg", headers=headers).status_code == 301
        assert logged(site, "213x/traced.jpg")
        (line,) = (line for line in site.log().splitlines() if "213x/traced.jpg" in line)
        assert trace in line.replace("-", "")

    def test_a_wrong_bucket_is_a_502_with_its_reason_in_the_log_alone(self, wrong_bucket: Deployment) -> None:
        answer = wrong_bucket.ask("/300x200/cat.jpg")
        assert_problem(answer, 502, "log")
        assert logged(wrong_bucket, '"reason"')

    def test_storage_out_of_reach_is_a_503_with_a_time_to_retry(self, out_of_reach: Deployment) -> None:
        answer = out_of_reach.ask("/300x200/cat.jpg")
        assert_problem(answer, 503, "again")
        assert int(answer.headers["retry-after"]) > 0
        assert logged(out_of_reach, '"reason"')


def columns() -> bytes:
    """A PNG of 240x40, in which each pixel has its column as its level."""
    return saved(Image.frombytes("L", (240, 40), bytes(range(240)) * 40), "PNG")


def leftmost(data: bytes) -> int:
    """The level of a variant's first pixel."""
    return cast(int, Image.open(BytesIO(data)).convert("L").getpixel((0, 0)))


def assert_problem(answer: httpx.Response, status: int, words: str) -> None:
    """An RFC 9457 problem that is not cached, may be read across origins, and gives nothing away."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-sizewise"] == "miss"
    assert "total;dur=" in answer.headers["server-timing"]
    problem = answer.json()
    assert problem["status"] == status
    assert words in problem["detail"]
    assert not re.search(r"Traceback|File \"|/tmp|/var|\.py\b|Error\b|http://", answer.text)


def logged(site: Deployment, words: str) -> bool:
    """Whether the log has the words, or has them soon: a line may come later than the answer that it is about."""
    deadline = time.monotonic() + 5
    while words not in site.log() and time.monotonic() < deadline:
        time.sleep(0.01)
    return words in site.log()


def chain(target: str, *answers: httpx.Response) -> str:
    """A redirect chain, a line a hop."""
    shown = ("location", "cache-control", "x-sizewise", "content-type")
    lines = [f"GET {target}"]
    for answer in answers:
        headers = "  ".join(f"{name}: {answer.headers[name]}" for name in shown if name in answer.headers)
        lines.append(f"  {answer.status_code}  {headers}")
    return "\n".join(lines)
