"""Fixtures of the Blob Storage adapter: Azurite, and the adapter connected to any address."""

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
"""The SDK leaves the answer of a failed try, and its connection, to the garbage collector."""


@pytest.fixture(scope="session")
def service() -> Iterator[BlobServiceClient]:
    """The function app's client, connected to Azurite."""
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
    """The adapter over a server that answers every request with `answer`, and that server."""
    with answering(answer) as canned, storage_at({EMULATOR: connection_string(f"{canned.url}/{ACCOUNT}")}) as storage:
        yield storage, canned
