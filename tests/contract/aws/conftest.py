"""What the tests of AWS's adapters share: moto's server, and a client of any address."""

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
