"""The redirects that a browser sees: a miss goes from the bucket's website to the function and back."""

from collections.abc import Mapping
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.e2e.answers import chain
from tests.e2e.aws.site import AwsSite
from tests.e2e.deployment import RecordProperty
from tests.support.browser import Browser, EndlessRedirect
from tests.support.keys import AWKWARD
from tests.support.pictures.samples import CAT, FIG

WORST = "albums/2026/50% blé + riz.jpg"
WORST_PATH = "albums/2026/50%25%20bl%C3%A9%20%2B%20riz.jpg"
"""Sub-folders, a space, a plus sign, a percent sign and an é."""


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    return {}


@pytest.mark.parametrize(("key", "path"), [(WORST, WORST_PATH), *AWKWARD.items()])
def test_a_miss_goes_from_the_website_to_the_function_and_back(
    site: AwsSite, key: str, path: str, record_property: RecordProperty
) -> None:
    site.put(key, CAT)
    url = f"{site.website}/300x200/{path}"
    missed, made, image = Browser(site.aws.web).get(url)
    assert (missed.status_code, missed.headers["location"]) == (307, f"{site.api}/300x200/{path}")
    assert (made.status_code, made.headers["location"]) == (301, url)
    assert made.headers["cache-control"] == "no-store"
    assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(image.content)).size == (300, 200)
    record_property("chain", chain(url, missed, made, image))


def test_a_hit_runs_no_code(site: AwsSite) -> None:
    site.put("hit.jpg", CAT)
    url = f"{site.website}/300x200/hit.jpg"
    Browser(site.aws.web).get(url)
    before = site.log()
    (image,) = Browser(site.aws.web).get(url)
    assert (image.status_code, image.headers["cache-control"]) == (200, "public, max-age=31536000")
    assert site.log() == before


def test_a_hit_of_a_signed_variant_runs_no_code(site: AwsSite, record_property: RecordProperty) -> None:
    site.put("albums/cat.jpg", CAT)
    url = f"{site.website}/613x409-skymmdmfm4df54acf/albums/cat.jpg"
    with site.changed({"WIDTHS": "250,600"}):
        answers = Browser(site.aws.web).get(url)
        assert [answer.status_code for answer in answers] == [307, 301, 200]
        before = site.log()
        (image,) = Browser(site.aws.web).get(url)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        assert site.log() == before
    record_property("chain", chain(url, *answers) + "\n" + chain(url, image))


def test_a_deleted_variant_causes_no_endless_redirect(site: AwsSite) -> None:
    site.put("again.jpg", CAT)
    browser = Browser(site.aws.web)
    url = f"{site.website}/300x200/again.jpg"
    assert browser.get(url)[-1].status_code == 200
    site.delete("300x200/again.jpg")
    assert [answer.status_code for answer in browser.get(url)] == [307, 301, 200]


def test_a_browser_that_caches_the_301_loops(site: AwsSite) -> None:
    """Proves that the test above can fail: here the function's `no-store` is removed from its answers."""
    site.put("loop.jpg", CAT)

    def careless(request: httpx.Request) -> httpx.Response:
        answer = site.aws.web.send(request)
        answer.headers.pop("cache-control", None)
        return answer

    with httpx.Client(transport=httpx.MockTransport(careless)) as client:
        browser = Browser(client)
        url = f"{site.website}/300x200/loop.jpg"
        assert browser.get(url)[-1].status_code == 200
        site.delete("300x200/loop.jpg")
        with pytest.raises(EndlessRedirect):
            browser.get(url)


def test_no_setting_makes_the_301_cacheable(site: AwsSite) -> None:
    site.put("kept.jpg", CAT)
    with site.changed({"REDIRECT_MAX_AGE": "600"}):
        assert site.ask("/300x200/kept.jpg").headers["cache-control"] == "no-store"


def test_an_original_in_the_bucket_of_variants_is_not_public(site: AwsSite) -> None:
    site.put("albums/private.jpg", CAT)
    missed, refused = Browser(site.aws.web).get(f"{site.website}/albums/private.jpg")
    assert (missed.status_code, refused.status_code) == (307, 400)
    direct = httpx.get(f"{site.aws.address}/{site.bucket}/albums/private.jpg", trust_env=False)
    assert direct.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nobody_writes_without_credentials(site: AwsSite, method: str) -> None:
    site.put("albums/mine.jpg", CAT)
    url = f"{site.aws.address}/{site.bucket}/albums/mine.jpg"
    assert httpx.request(method, url, trust_env=False).status_code == 403
    assert httpx.get(f"{site.aws.address}/{site.bucket}", trust_env=False).status_code == 403


def test_a_missing_original_ends_in_a_404(site: AwsSite) -> None:
    missed, absent = Browser(site.aws.web).get(f"{site.website}/300x200/albums/nobody.jpg")
    assert (missed.status_code, absent.status_code) == (307, 404)


def test_a_page_of_another_origin_may_read_a_variant(site: AwsSite) -> None:
    site.put("cors.png", FIG)
    url = f"{site.website}/300x200/cors.png"
    Browser(site.aws.web).get(url)
    image = site.aws.web.get(url, headers={"Origin": "https://www.example.com"})
    assert image.headers["access-control-allow-origin"] == "*"


def test_the_stacks_outputs_are_its_addresses(site: AwsSite) -> None:
    assert site.stack.outputs["Address"].startswith(f"http://{site.bucket}.s3-website")
    assert site.stack.outputs["ServiceEndpoint"] == str(site.api)
    assert site.stack.outputs["OriginalsBucketName"] == site.bucket
