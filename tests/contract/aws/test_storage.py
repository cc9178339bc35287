"""The S3 adapter under the contract, against moto's server."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from core.errors import StorageUnavailable
from core.storage import NewObject, Storage
from providers.aws.storage import S3Storage
from tests.contract.faults import DEADLINE, ArchiveContract, FaultContract
from tests.contract.suite import FailureContract, StorageContract
from tests.support.servers.dialects.s3 import s3
from tests.support.servers.faults import FAULTS
from tests.support.servers.faulty import CAT_KEY, Faulty, faulty
from tests.support.servers.moto import REGION, Reach
from tests.support.servers.processes import free_port

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class TestS3Faults(FaultContract, ArchiveContract):
    @pytest.fixture
    def store(self) -> Iterator[Faulty]:
        with faulty(s3) as store:
            yield store

    @pytest.fixture
    def impatient(self, store: Faulty, reach: Reach) -> Storage:
        return S3Storage(reach(store.url), "images", DEADLINE)

    @pytest.fixture
    def patient(self, store: Faulty, reach: Reach) -> Storage:
        return S3Storage(reach(store.url), "images")

    @pytest.mark.parametrize("fault", sorted({*FAULTS} - {"corrupt"}))
    def test_finding_succeeds_or_is_unavailable_when_the_first_byte_fails(
        self, store: Faulty, impatient: Storage, fault: str
    ) -> None:
        """Headers alone are enough, and only the port's errors are raised."""
        store.fault = fault
        with suppress(StorageUnavailable):
            assert impatient.find(CAT_KEY)


class TestS3(StorageContract, FailureContract):
    @pytest.fixture
    def name(self) -> str:
        return f"images-{uuid4()}"

    @pytest.fixture
    def client(self, moto: str, reach: Reach, name: str) -> "S3Client":
        client = reach(moto)
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return client

    @pytest.fixture
    def bucket(self, client: "S3Client", name: str) -> Storage:
        return S3Storage(client, name)

    @pytest.fixture
    def absent(self, client: "S3Client", name: str) -> Storage:
        return S3Storage(client, f"{name}-mistyped")

    @pytest.fixture
    def unreachable(self, reach: Reach) -> Storage:
        return S3Storage(reach(f"http://127.0.0.1:{free_port()}"), "images")

    @pytest.fixture
    def overwrite(self, client: "S3Client", name: str) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            client.put_object(Bucket=name, Key=key, Body=data)

        return write

    def test_a_created_object_is_tagged_as_a_variant(self, bucket: Storage, client: "S3Client", name: str) -> None:
        bucket.create("600x/cat.jpg", NewObject(b"cat"))
        tags = client.get_object_tagging(Bucket=name, Key="600x/cat.jpg")["TagSet"]
        assert tags == [{"Key": "sizewise", "Value": "variant"}]
