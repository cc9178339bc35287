"""Stored variants that the public can't read: a missing tag is repaired, anything else is an error, never a loop."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.aws.site import AwsSite
from tests.support.browser import Browser
from tests.support.pictures.samples import CAT

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import PublicAccessBlockConfigurationTypeDef

TAGS = [{"Key": "sizewise", "Value": "variant"}]


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    return {}


def calls(site: AwsSite) -> int:
    """The number of calls of the function so far."""
    return len(re.findall(r'"message": "request"', site.log()))


def view(site: AwsSite, key: str) -> tuple[list[httpx.Response], int]:
    """The answers of each hop to a viewer of a variant, and how often the function was called."""
    before = calls(site)
    answers = Browser(site.aws.web).get(f"{site.website}/{key}")
    return answers, calls(site) - before


def tags(site: AwsSite, key: str) -> list[object]:
    return list(site.aws.s3.get_object_tagging(Bucket=site.bucket, Key=key)["TagSet"])


@contextmanager
def closed(site: AwsSite) -> Iterator[None]:
    """Switches Block Public Access on while the block runs."""
    before = site.aws.s3.get_public_access_block(Bucket=site.bucket)["PublicAccessBlockConfiguration"]
    everything: PublicAccessBlockConfigurationTypeDef = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    site.aws.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration=everything)
    try:
        yield
    finally:
        site.aws.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration=before)


def test_a_variant_that_has_lost_its_tag_is_tagged_again(site: AwsSite) -> None:
    site.put("lost.jpg", CAT)
    view(site, "300x200/lost.jpg")
    site.aws.s3.put_object_tagging(
        Bucket=site.bucket, Key="300x200/lost.jpg", Tagging={"TagSet": [{"Key": "restored", "Value": "yes"}]}
    )
    answers, called = view(site, "300x200/lost.jpg")
    assert [answer.status_code for answer in answers] == [307, 301, 200]
    assert called == 1
    assert answers[1].headers["x-sizewise"] == "hit"
    assert tags(site, "300x200/lost.jpg") == [{"Key": "restored", "Value": "yes"}, *TAGS]


def test_a_copy_without_tags_and_metadata_stays_private(site: AwsSite) -> None:
    """It may be an original that a user has put there."""
    site.put("albums/cat.jpg", CAT)
    site.aws.s3.put_object(Bucket=site.bucket, Key="300x200/albums/cat.jpg", Body=CAT)
    answers, called = view(site, "300x200/albums/cat.jpg")
    assert [answer.status_code for answer in answers] == [307, 502]
    assert called == 1
    assert tags(site, "300x200/albums/cat.jpg") == []
    assert re.search(r"originaletag: Sizewise did not write it", site.log())


@pytest.mark.parametrize("is_stored", [True, False], ids=["a stored variant", "a new variant"])
def test_a_bucket_with_blocked_public_access_causes_an_error_and_no_loop(site: AwsSite, is_stored: bool) -> None:
    key = f"30{int(is_stored)}x/closed.jpg"
    site.put("closed.jpg", CAT)
    if is_stored:
        view(site, key)
    with closed(site):
        answers, called = view(site, key)
    assert answers[-1].status_code == 502
    assert called == (1 if is_stored else 2)
    assert "the public can't read it" in site.log()
    assert view(site, key)[0][-1].status_code == 200


def test_a_variant_encrypted_with_a_kms_key_causes_an_error(site: AwsSite) -> None:
    site.put("kms.jpg", CAT)
    view(site, "300x200/kms.jpg")
    stored = site.stored("300x200/kms.jpg")
    assert stored
    site.aws.s3.put_object(
        Bucket=site.bucket,
        Key="300x200/kms.jpg",
        Body=stored.data,
        Metadata=dict(stored.metadata),
        Tagging="sizewise=variant",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="a-key",
    )
    answers, called = view(site, "300x200/kms.jpg")
    assert [answer.status_code for answer in answers] == [307, 502]
    assert called == 1
    assert "KMS key" in site.log()


def test_a_variant_that_the_function_can_not_read_is_not_rendered_again(site: AwsSite) -> None:
    site.put("denied.jpg", CAT)
    view(site, "300x200/denied.jpg")
    with closed(site), site.forbidden("s3:GetObject"):
        answers, called = view(site, "300x200/denied.jpg")
    assert [answer.status_code for answer in answers] == [307, 502]
    assert called == 1


def test_twenty_simultaneous_viewers_of_a_new_variant_all_get_the_picture(site: AwsSite) -> None:
    site.put("raced.jpg", CAT)
    before = calls(site)
    together = Barrier(20)

    def look(_: int) -> int:
        together.wait()
        return Browser(site.aws.web).get(f"{site.website}/300x200/raced.jpg")[-1].status_code

    with ThreadPoolExecutor(20) as viewers:
        assert set(viewers.map(look, range(20))) == {200}
    assert calls(site) - before <= 20
