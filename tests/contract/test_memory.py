"""The in-memory storage of the unit tests passes the contract too, so it promises no more than real stores do.

It never fails by itself: unit tests choose its failures.
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
