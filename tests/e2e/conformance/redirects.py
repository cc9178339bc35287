"""A miss renders and stores a variant, a hit does neither, and each variant has one key."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.e2e.answers import chain
from tests.e2e.deployment import Deployment, RecordProperty
from tests.support.keys import AWKWARD
from tests.support.pictures.samples import CAT, FIG

STEPS = {"check", "read", "render", "write", "total"}

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


class Redirects:
    """Misses, hits, and the keys that requests are redirected to."""

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

    def test_a_deleted_variant_is_rendered_again(self, site: Deployment) -> None:
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

    def test_a_plus_sign_need_not_be_encoded(self, site: Deployment) -> None:
        site.put("bare+plus.jpg", CAT)
        assert site.ask("/200x/bare+plus.jpg").headers["location"] == site.location("200x/bare%2Bplus.jpg")

    @pytest.mark.parametrize("spelling", SPELLINGS)
    def test_one_variant_has_one_key(self, site: Deployment, spelling: str) -> None:
        site.put("cat.jpg", CAT)
        assert site.ask(spelling).headers["location"] == site.location(SPELLINGS[spelling])
        assert site.stored(SPELLINGS[spelling])

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
