"""The unit tests' storage in memory under the contract, so that it can't promise what no store keeps.

It has no failures of its own: unit tests say which it has.
"""

from collections.abc import Callable

import pytest

from core.storage import Storage
from tests.contract.suite import StorageContract
from tests.support.memory import MemoryStorage, Trips, described


class TestMemory(StorageContract):
    @pytest.fixture
    def bucket(self) -> Storage:
        return MemoryStorage(Trips())

    @pytest.fixture
    def overwrite(self, bucket: MemoryStorage) -> Callable[[str, bytes], None]:
        def write(key: str, data: bytes) -> None:
            bucket.objects[key] = described(data, '"another"')

        return write
