"""Fixtures of the Cloud Storage adapter: an emulator, a bucket, and the adapter connected to any address."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest
from google.cloud.storage import Bucket

from providers.connections import CALL_SECONDS
from providers.gcp.client import authorized_session, connect
from providers.gcp.storage import GoogleStorage
from tests.support.servers.gcs import Emulator, emulated


class At(Protocol):
    """Makes the adapter for a bucket at an address."""

    def __call__(self, url: str, bucket: str, deadline: float = CALL_SECONDS) -> GoogleStorage: ...


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with emulated() as running:
        yield running


@pytest.fixture(scope="session")
def images(emulator: Emulator) -> Bucket:
    return emulator.bucket("images")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """Makes the adapter as the function does, for a bucket at any endpoint."""
    with ExitStack() as clients:

        def make(url: str, bucket: str, deadline: float = CALL_SECONDS) -> GoogleStorage:
            monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
            session = authorized_session()
            return GoogleStorage(clients.enter_context(connect(session)).bucket(bucket), session, deadline)

        yield make
