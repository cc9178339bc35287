"""The unit tests' storage in memory under the contract, so that it can't promise what no store keeps."""

from collections.abc import Callable

import pytest

from core.errors import StorageRefused, StorageUnavailable
from core.storage import Storage
from tests.contract.suite import StorageContract
from tests.support.memory import MemoryStorage, Trips, described


def failing(error: type[StorageRefused | StorageUnavailable]) -> MemoryStorage:
    """A store of which each method fails as unit tests have it fail."""
    storage = MemoryStorage(Trips())
    for method in ("find", "read", "create"):
        storage.faults[method] = error()
        storage.faults[method].__cause__ = OSError("no such store")
    return storage


class TestMemory(StorageContract):
    @pytest.fixture
    def bucket(self) -> Storage:
        return MemoryStorage(Trips())

    @pytest.fixture
    def absent(self) -> Storage:
        return failing(StorageRefused)

    @pytest.fixture
    def unreachable(self) -> Storage:
        return failing(StorageUnavailable)

    @pytest.fixture
    def overwrite(self, bucket: MemoryStorage) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            bucket.objects[key] = described(data, '"another"')

        return write
