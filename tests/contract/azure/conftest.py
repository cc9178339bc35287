"""What the tests of the Blob Storage adapter share: Azurite, and that nothing of the SDK is left."""

import gc
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient

from core.storage import Storage
from providers.azure.account import EMULATOR, connect
from providers.azure.storage import BlobStorage
from tests.contract.suite import LIMIT
from tests.support.servers.azurite import ACCOUNT, azurite, connection_string, container
from tests.support.servers.canned import Answer, Canned, answering

UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
"""The SDK leaves the answer to a failed try, and its connection, to the garbage collector."""


@pytest.fixture(scope="session")
def service() -> Iterator[BlobServiceClient]:
    """Azurite, through the client that the function app makes."""
    with azurite() as endpoint, connect({EMULATOR: connection_string(endpoint)}, LIMIT) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def blobs(service: BlobServiceClient) -> ContainerClient:
    return container(service, f"images-{uuid.uuid4()}")


@contextmanager
def storage_at(environ: Mapping[str, str]) -> Iterator[Storage]:
    with connect(environ, LIMIT) as service:
        yield BlobStorage(service.get_container_client("images"))


@contextmanager
def storage_answering(answer: Answer) -> Iterator[tuple[Storage, Canned]]:
    """Storage that answers everything so, and what it was asked."""
    with answering(answer) as canned, storage_at({EMULATOR: connection_string(f"{canned.url}/{ACCOUNT}")}) as storage:
        yield storage, canned
