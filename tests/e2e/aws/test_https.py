"""The stack with HTTPS, which is the default: CloudFront in front of a private bucket and of the API.

The distribution is deployed to the emulator, whose own distributions have no failover. tests/e2e/aws/edge.py serves
the deployed one instead.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from tests.e2e.answers import chain
from tests.e2e.aws.forms import FORMS
from tests.e2e.aws.site import AwsSite
from tests.e2e.deployment import RecordProperty
from tests.support.browser import IMAGE, NAVIGATION, Browser, EndlessRedirect
from tests.support.keys import AWKWARD
from tests.support.pictures.samples import CAT

WORST = "albums/2026/50% blé + riz.jpg"
WORST_PATH = "albums/2026/50%25%20bl%C3%A9%20%2B%20riz.jpg"


@pytest.fixture(scope="module")
def form() -> Mapping[str, str]:
    return FORMS["https"]


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    return {}


@pytest.fixture
def address(site: AwsSite) -> str:
    found = site.stack.outputs["Address"]
    assert found.startswith("https://")
    return found


@pytest.mark.parametrize(("key", "path"), [(WORST, WORST_PATH), *AWKWARD.items()])
def test_a_miss_is_redirected_to_the_stored_variant(
    site: AwsSite, address: str, key: str, path: str, record_property: RecordProperty
) -> None:
    site.put(key, CAT)
    url = f"{address}/300x200/{path}"
    made, image = Browser(site.aws.web).get(url)
    assert (made.status_code, made.headers["location"], made.headers["cache-control"]) == (301, url, "no-store")
    assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
    assert image.headers["cache-control"] == "public, max-age=31536000"
    record_property("chain", chain(url, made, image))


def test_a_hit_runs_no_code(site: AwsSite, address: str) -> None:
    """Whether the edge has cached it or not: the edge caches each spelling of a path separately."""
    site.put("hit.jpg", CAT)
    Browser(site.aws.web).get(f"{address}/300x200/hit.jpg")
    before = site.log()
    for spelling in ("hit.jpg", "h%69t.jpg"):
        (image,) = Browser(site.aws.web).get(f"{address}/300x200/{spelling}")
        assert (image.status_code, image.headers["cache-control"]) == (200, "public, max-age=31536000")
    assert site.log() == before


def test_a_hit_of_a_signed_variant_runs_no_code(site: AwsSite, address: str) -> None:
    site.put("albums/cat.jpg", CAT)
    with site.changed({"WIDTHS": "250,600"}):
        url = f"{address}/613x409-skymmdmfm4df54acf/albums/cat.jpg"
        assert [answer.status_code for answer in Browser(site.aws.web).get(url)] == [301, 200]
        before = site.log()
        (image,) = Browser(site.aws.web).get(url.replace("/cat.jpg", "/c%61t.jpg"))
        assert (image.status_code, image.headers["content-type"]) == (200, "image/jpeg")
        assert site.log() == before


def test_twenty_simultaneous_viewers_of_a_new_variant_all_get_the_picture(site: AwsSite, address: str) -> None:
    site.put("raced.jpg", CAT)
    together = Barrier(20)

    def look(_: int) -> int:
        together.wait()
        return Browser(site.aws.web).get(f"{address}/300x200/raced.jpg")[-1].status_code

    with ThreadPoolExecutor(20) as viewers:
        assert set(viewers.map(look, range(20))) == {200}


def test_a_deleted_variant_that_the_edge_has_not_cached_causes_no_endless_redirect(site: AwsSite, address: str) -> None:
    site.put("again.jpg", CAT)
    browser = Browser(site.aws.web)
    assert browser.get(f"{address}/300x200/again.jpg")[-1].status_code == 200
    site.delete("300x200/again.jpg")
    # S3 reads this as the same object; the edge has cached only the first spelling.
    assert [answer.status_code for answer in browser.get(f"{address}/300x200/%61gain.jpg")] == [301, 200]


def test_a_cache_policy_with_a_minimum_time_causes_an_endless_redirect(site: AwsSite, address: str) -> None:
    """Proves that the tests above can fail. AWS's own policy CachingOptimized has a minimum of one second."""
    cloudfront = site.aws.sdk("cloudfront")
    items = cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]["Items"]
    (policy,) = (item["CachePolicy"]["Id"] for item in items if site.stack.stage in str(item))
    found = cloudfront.get_cache_policy(Id=policy)
    config = found["CachePolicy"]["CachePolicyConfig"]
    site.put("loop.jpg", CAT)
    cloudfront.update_cache_policy(Id=policy, IfMatch=found["ETag"], CachePolicyConfig={**config, "MinTTL": 60})
    try:
        with pytest.raises(EndlessRedirect):
            Browser(site.aws.web).get(f"{address}/300x200/loop.jpg")
    finally:
        etag = cloudfront.get_cache_policy(Id=policy)["ETag"]
        cloudfront.update_cache_policy(Id=policy, IfMatch=etag, CachePolicyConfig=config)


def test_an_image_is_available_as_soon_as_its_original_is_uploaded(site: AwsSite, address: str) -> None:
    url = f"{address}/300x200/late.jpg"
    assert site.aws.web.get(url).status_code == 404
    site.put("late.jpg", CAT)
    assert [answer.status_code for answer in Browser(site.aws.web).get(url)] == [301, 200]


def test_a_variant_that_has_lost_its_tag_is_tagged_again(site: AwsSite, address: str) -> None:
    site.put("lost.jpg", CAT)
    browser = Browser(site.aws.web)
    browser.get(f"{address}/300x200/lost.jpg")
    site.aws.s3.delete_object_tagging(Bucket=site.bucket, Key="300x200/lost.jpg")
    # S3 reads this as the same object; the edge has cached only the first spelling.
    assert [answer.status_code for answer in browser.get(f"{address}/300x200/l%6Fst.jpg")] == [301, 200]


def test_a_copy_without_tags_and_metadata_stays_private(site: AwsSite, address: str) -> None:
    """It may be an original that a user has put there."""
    site.put("albums/cat.jpg", CAT)
    site.aws.s3.put_object(Bucket=site.bucket, Key="300x201/albums/cat.jpg", Body=CAT)
    (refused,) = Browser(site.aws.web).get(f"{address}/300x201/albums/cat.jpg")
    assert refused.status_code == 502
    assert "originaletag: Sizewise did not write it" in site.log()


def test_a_canvas_may_use_an_image_that_an_img_element_has_cached(site: AwsSite, address: str) -> None:
    """S3 itself sends this header only if the request has Origin; a cached answer without it is useless to a canvas."""
    site.put("canvas.jpg", CAT)
    for answer in Browser(site.aws.web).get(f"{address}/300x200/canvas.jpg"):
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]


@pytest.mark.parametrize("path", ["/300x200/stored.jpg", "/300x201/stored.jpg"], ids=["a hit", "a miss"])
def test_a_page_may_send_a_custom_header(site: AwsSite, address: str, path: str) -> None:
    site.put("stored.jpg", CAT)
    Browser(site.aws.web).get(f"{address}/300x200/stored.jpg")
    asked = {"Origin": "https://www.example.com", "Access-Control-Request-Method": "GET"}
    answer = site.aws.web.options(f"{address}{path}", headers={**asked, "Access-Control-Request-Headers": "x-own"})
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] in ("x-own", "*, Authorization")


def test_a_problem_is_a_page_in_a_browser_and_json_for_an_img(site: AwsSite, address: str) -> None:
    """One right after the other, from the same URL: neither gets the other's cached answer."""
    for accept, form in ((NAVIGATION, "text/html; charset=utf-8"), (IMAGE, "application/problem+json")):
        answer = site.aws.web.get(f"{address}/300x200/nobody.jpg", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, form)
        assert answer.headers["vary"] == "Accept"


def test_an_original_can_not_be_read(site: AwsSite, address: str) -> None:
    site.put("albums/private.jpg", CAT)
    assert site.aws.web.get(f"{address}/albums/private.jpg").status_code == 400


def test_the_bucket_is_closed_to_the_public(site: AwsSite) -> None:
    site.put("closed.jpg", CAT)
    assert site.ask("/300x200/closed.jpg").status_code == 301
    assert site.stored("300x200/closed.jpg")
    bucket = f"{site.aws.address}/{site.bucket}"
    for address in (bucket, f"{bucket}/closed.jpg", f"{bucket}/300x200/closed.jpg"):
        assert httpx.get(address, trust_env=False).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nobody_writes_without_credentials(site: AwsSite, method: str) -> None:
    site.put("albums/mine.jpg", CAT)
    url = f"{site.aws.address}/{site.bucket}/albums/mine.jpg"
    assert httpx.request(method, url, trust_env=False).status_code == 403


def test_osls_info_prints_the_addresses(site: AwsSite) -> None:
    assert site.stack.outputs["Address"].endswith(".cloudfront.net")
    assert site.stack.outputs["FrontAddress"] == site.stack.outputs["Address"]
    assert site.stack.outputs["ServiceEndpoint"] == str(site.api)
    assert site.stack.outputs["OriginalsBucketName"] == site.bucket
