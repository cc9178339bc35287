"""Fixtures of AWS's adapters: moto's server, and a client of S3 at any address."""

from collections.abc import Iterator

import pytest

from tests.support.servers.moto import Reach, moto_server, reaching


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    with moto_server() as address:
        yield address


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> Reach:
    return reaching(monkeypatch)
