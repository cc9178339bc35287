"""The variants' bucket on AWS: which stored objects are hits, although the website or CloudFront has refused them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import pytest

from core.errors import StorageRefused, StorageUnavailable
from core.storage import NewObject
from providers.aws import variants
from providers.aws.variants import VariantsBucket
from tests.support.servers.canned import Answer, answering
from tests.support.servers.moto import REGION, Reach

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

KEY: Final = "600x/cat.jpg"
WRITTEN: Final = {"originaletag": '"1"'}
TAG: Final = {"Key": "sizewise", "Value": "variant"}


@pytest.fixture
def client(moto: str, reach: Reach) -> "S3Client":
    return reach(moto)


@pytest.fixture
def name(client: "S3Client") -> str:
    name = f"images-{uuid4()}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def store(client: "S3Client", name: str, **kept: Any) -> None:
    """Stores an object without the adapter."""
    client.put_object(Bucket=name, Key=KEY, Body=b"cat", **kept)


def tags(client: "S3Client", name: str) -> list[Any]:
    return list(client.get_object_tagging(Bucket=name, Key=KEY)["TagSet"])


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stored object counts as older than a minute."""
    monkeypatch.setattr(variants, "_RACE", timedelta(-1))


@pytest.mark.parametrize("status", [200, None], ids=["a website", "CloudFront"])
def test_a_variant_that_another_viewers_miss_has_just_made_is_a_hit(
    client: "S3Client", name: str, reach: Reach, status: int | None
) -> None:
    with answering(Answer(200)) as everybody:
        public = (lambda: reach(everybody.url)) if status else None
        bucket = VariantsBucket(client, name, public)
        assert bucket.create(KEY, NewObject(b"cat", metadata=WRITTEN))
        found = bucket.find(KEY)
        assert found
        assert dict(found.metadata) == WRITTEN
        assert everybody.asked == ([f"GET /{name}/{KEY}"] if status else [])


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_variant_that_the_public_can_not_read_is_refused_however_new_it_is(
    client: "S3Client", name: str, reach: Reach, status: int
) -> None:
    """Causes are Block Public Access and a missing policy. A viewer who is redirected there comes back at once."""
    with answering(Answer(status)) as everybody:
        bucket = VariantsBucket(client, name, lambda: reach(everybody.url))
        bucket.create(KEY, NewObject(b"cat", metadata=WRITTEN))
        with pytest.raises(StorageRefused) as raised:
            bucket.find(KEY)
    assert "the public can't read it" in str(raised.value.__cause__)


def test_a_failed_check_of_public_access_is_unavailable(client: "S3Client", name: str, reach: Reach) -> None:
    with answering(Answer(503)) as everybody:
        bucket = VariantsBucket(client, name, lambda: reach(everybody.url))
        bucket.create(KEY, NewObject(b"cat", metadata=WRITTEN))
        with pytest.raises(StorageUnavailable):
            bucket.find(KEY)


def test_an_object_encrypted_with_kms_is_refused_on_a_website(client: "S3Client", name: str, reach: Reach) -> None:
    store(client, name, Metadata=WRITTEN, Tagging="sizewise=variant", ServerSideEncryption="aws:kms")
    with answering(Answer(200)) as everybody, pytest.raises(StorageRefused) as raised:
        VariantsBucket(client, name, lambda: reach(everybody.url)).find(KEY)
    assert "KMS" in str(raised.value.__cause__)
    assert VariantsBucket(client, name, None).find(KEY), "CloudFront can have access to the key"


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("is_website", [True, False])
def test_an_older_variant_that_its_front_refused_is_refused(
    client: "S3Client", name: str, reach: Reach, is_website: bool
) -> None:
    with answering(Answer(200)) as everybody:
        bucket = VariantsBucket(client, name, (lambda: reach(everybody.url)) if is_website else None)
        bucket.create(KEY, NewObject(b"cat", metadata=WRITTEN))
        with pytest.raises(StorageRefused) as raised:
            bucket.find(KEY)
    assert "the website or CloudFront refuses it" in str(raised.value.__cause__)


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("tagging", ["", "restored=yes&by=a%20tool"], ids=["no tags", "other tags"])
def test_a_variant_that_has_lost_its_tag_is_tagged_again(client: "S3Client", name: str, tagging: str) -> None:
    store(client, name, Metadata=WRITTEN, Tagging=tagging)
    before = tags(client, name)
    assert VariantsBucket(client, name, None).find(KEY)
    assert tags(client, name) == [*before, TAG]
    with pytest.raises(StorageRefused):
        VariantsBucket(client, name, None).find(KEY)


def test_a_tag_that_an_operator_has_changed_is_kept(client: "S3Client", name: str) -> None:
    store(client, name, Metadata=WRITTEN, Tagging="sizewise=hidden")
    with pytest.raises(StorageRefused):
        VariantsBucket(client, name, None).find(KEY)
    assert tags(client, name) == [{"Key": "sizewise", "Value": "hidden"}]


def test_a_variant_that_is_deleted_during_the_check_is_a_miss(
    client: "S3Client", name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = VariantsBucket(client, name, None)
    bucket.create(KEY, NewObject(b"cat", metadata=WRITTEN))
    real = client.get_object_tagging

    def deleted_first(**place: Any) -> Any:
        client.delete_object(**place)
        return real(**place)

    monkeypatch.setattr(client, "get_object_tagging", deleted_first)
    assert bucket.find(KEY) is None


def test_an_object_that_sizewise_did_not_write_is_never_made_public(client: "S3Client", name: str) -> None:
    store(client, name, Metadata={"author": "me"})
    with pytest.raises(StorageRefused) as raised:
        VariantsBucket(client, name, None).find(KEY)
    assert "Sizewise did not write it" in str(raised.value.__cause__)
    assert tags(client, name) == []


def test_a_missing_variant_is_a_miss(client: "S3Client", name: str) -> None:
    assert VariantsBucket(client, name, None).find(KEY) is None
