"""The Blob Storage adapter under the contract, against Azurite."""

import socket
from collections.abc import Callable, Iterator

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient

from core.storage import Storage
from providers.azure.account import EMULATOR, connect
from providers.azure.storage import BlobStorage
from tests.contract.azure.conftest import UNCLOSED, storage_at
from tests.contract.faults import DEADLINE, ArchiveContract, FaultContract
from tests.contract.suite import LIMIT, FailureContract, StorageContract
from tests.support.servers.azurite import ACCOUNT, connection_string
from tests.support.servers.dialects.blob import blob
from tests.support.servers.faulty import Faulty, faulty

pytestmark = UNCLOSED


class TestBlobStorageFaults(FaultContract, ArchiveContract):
    @pytest.fixture
    def store(self) -> Iterator[Faulty]:
        with faulty(blob) as store:
            yield store

    @pytest.fixture
    def impatient(self, store: Faulty) -> Iterator[Storage]:
        with connect({EMULATOR: connection_string(f"{store.url}/{ACCOUNT}")}, LIMIT) as service:
            yield BlobStorage(service.get_container_client("images"), deadline=DEADLINE)

    @pytest.fixture
    def patient(self, store: Faulty) -> Iterator[Storage]:
        with storage_at({EMULATOR: connection_string(f"{store.url}/{ACCOUNT}")}) as storage:
            yield storage


class TestBlobStorage(StorageContract, FailureContract):
    @pytest.fixture
    def bucket(self, blobs: ContainerClient) -> Storage:
        return BlobStorage(blobs)

    @pytest.fixture
    def absent(self, service: BlobServiceClient) -> Storage:
        return BlobStorage(service.get_container_client("nowhere"))

    @pytest.fixture
    def unreachable(self) -> Iterator[Storage]:
        """A port that is bound and not listened on, so that nobody else can take it."""
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}/devstoreaccount1"
            with storage_at({EMULATOR: connection_string(endpoint)}) as storage:
                yield storage

    @pytest.fixture
    def overwrite(self, blobs: ContainerClient) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            blobs.upload_blob(key, data, overwrite=True)

        return write
