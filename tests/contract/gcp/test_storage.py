"""The Cloud Storage adapter under the contract."""

import socket
from collections.abc import Callable, Iterator

import pytest
from google.cloud.storage import Bucket

from core.storage import Storage
from tests.contract.faults import DEADLINE, FaultContract
from tests.contract.gcp.conftest import At
from tests.contract.suite import FailureContract, StorageContract
from tests.support.servers.dialects.gcs import gcs
from tests.support.servers.faulty import Faulty, faulty
from tests.support.servers.gcs import Emulator


class TestCloudStorageFaults(FaultContract):
    """Without `ArchiveContract`: every storage class of Cloud Storage can be read without a restore."""

    @pytest.fixture
    def store(self) -> Iterator[Faulty]:
        with faulty(gcs) as store:
            yield store

    @pytest.fixture
    def impatient(self, store: Faulty, at: At) -> Storage:
        return at(store.url, "images", DEADLINE)

    @pytest.fixture
    def patient(self, store: Faulty, at: At) -> Storage:
        return at(store.url, "images")


class TestCloudStorage(StorageContract, FailureContract):
    @pytest.fixture
    def bucket(self, at: At, emulator: Emulator, images: Bucket) -> Storage:
        for blob in images.list_blobs():
            blob.delete()
        return at(emulator.url, images.name)

    @pytest.fixture
    def absent(self, at: At, emulator: Emulator) -> Storage:
        return at(emulator.url, "nobody-made-this")

    @pytest.fixture
    def unreachable(self, at: At) -> Iterator[Storage]:
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            yield at(f"http://127.0.0.1:{deaf.getsockname()[1]}", "images")

    @pytest.fixture
    def overwrite(self, images: Bucket) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            images.blob(key).upload_from_string(data)

        return write
