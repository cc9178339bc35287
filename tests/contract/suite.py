"""The obligations of every storage adapter: one suite, and a harness for each adapter.

A harness subclasses `StorageContract` and `FailureContract` and defines only their fixtures: an adapter for a `bucket`,
a function to `overwrite` an object's bytes, and adapters for an `absent` bucket and for an `unreachable` store.
"""

import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.errors import NotFound, StorageRefused, StorageUnavailable, TooLarge
from core.storage import NewObject, Storage
from tests.support.keys import AWKWARD

RecordProperty = Callable[[str, object], None]
"""pytest's `record_property`. tests/support/stores.py makes a table of the values recorded under the name
`store`."""

MIB = 1024 * 1024
LIMIT = 64 * MIB
PATIENCE = 20
"""Seconds within which a user must have an answer, whatever the store does."""


class StorageContract:
    """The obligations of `core.storage.Storage`."""

    def test_finding_a_missing_key_gives_none(self, bucket: Storage) -> None:
        assert bucket.find("albums/nobody.jpg") is None

    def test_reading_a_missing_key_is_not_found(self, bucket: Storage) -> None:
        with pytest.raises(NotFound, match=r"albums/nobody\.jpg"):
            bucket.read("albums/nobody.jpg", LIMIT)

    def test_a_created_object_is_read_back_with_its_bytes_headers_and_metadata(self, bucket: Storage) -> None:
        metadata = {"originaletag": '"5d41402abc4b2a76b9719d911017c592"'}
        new = NewObject(b"\xff\xd8\xff some bytes", "image/jpeg", "public, max-age=31536000", metadata)
        assert bucket.create("600x/described.jpg", new) is True
        stored = bucket.read("600x/described.jpg", LIMIT)
        assert stored.data == new.data
        assert (stored.content_type, stored.cache_control) == ("image/jpeg", "public, max-age=31536000")
        assert dict(stored.metadata) == metadata
        assert stored.etag

    def test_find_gives_the_same_description_as_read(self, bucket: Storage) -> None:
        new = NewObject(b"bytes", "image/webp", "public, max-age=60", {"originaletag": '"1"', "two": "a b"})
        bucket.create("600x/found.webp", new)
        found, stored = bucket.find("600x/found.webp"), bucket.read("600x/found.webp", LIMIT)
        assert found
        for name in ("etag", "content_type", "cache_control", "metadata"):
            assert getattr(found, name) == getattr(stored, name)

    def test_an_empty_object_is_found(self, bucket: Storage) -> None:
        bucket.create("600x/empty", NewObject(b"", "image/png", metadata={"originaletag": "1"}))
        found = bucket.find("600x/empty")
        assert found
        assert (found.content_type, dict(found.metadata)) == ("image/png", {"originaletag": "1"})

    def test_creating_never_overwrites(self, bucket: Storage) -> None:
        assert bucket.create("600x/first.jpg", NewObject(b"first", content_type="image/jpeg")) is True
        before = bucket.read("600x/first.jpg", LIMIT)
        assert bucket.create("600x/first.jpg", NewObject(b"second", content_type="image/png")) is False
        assert bucket.read("600x/first.jpg", LIMIT) == before

    @pytest.mark.parametrize("size", [1000, 3 * MIB], ids=["small", "3 MiB"])
    def test_exactly_one_of_eight_racing_creators_wins(self, bucket: Storage, size: int) -> None:
        key = f"600x/raced-{size}.jpg"
        together = Barrier(8)

        def create(number: int) -> bool:
            together.wait()
            return bucket.create(key, NewObject(bytes([number]) * size, metadata={"originaletag": str(number)}))

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(create, range(8)))
        assert won.count(True) == 1
        stored = bucket.read(key, LIMIT)
        assert stored.data == bytes([won.index(True)]) * size
        assert dict(stored.metadata) == {"originaletag": str(won.index(True))}

    @pytest.mark.parametrize("key", AWKWARD)
    def test_a_key_is_kept_unchanged(self, bucket: Storage, key: str) -> None:
        assert bucket.create(key, NewObject(key.encode())) is True
        assert bucket.find(key)
        assert bucket.read(key, LIMIT).data == key.encode()

    def test_keys_that_a_careless_encoding_would_confuse_are_different_keys(self, bucket: Storage) -> None:
        alike = ["alike/a b", "alike/a+b", "alike/a%20b", "alike/a%2Bb", "alike/a%2520b", "alike/A b"]
        for key in alike:
            assert bucket.create(key, NewObject(key.encode())) is True
        assert [bucket.read(key, LIMIT).data.decode() for key in alike] == alike

    @pytest.mark.parametrize("size", [0, 1, 8 * MIB + 1, 64 * MIB])
    def test_an_object_of_any_size_comes_back_whole(self, bucket: Storage, size: int) -> None:
        data = bytes(range(251)) * (size // 251 + 1)
        data = data[:size]
        assert bucket.create(f"sized/{size}", NewObject(data)) is True
        assert bucket.read(f"sized/{size}", max(size, 1)).data == data

    def test_an_object_over_the_limit_is_refused_without_being_read(self, bucket: Storage) -> None:
        bucket.create("sized/over", NewObject(bytes(32 * MIB)))
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge, match=str(MIB)):
                bucket.read("sized/over", MIB)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 8 * MIB

    def test_one_byte_over_the_limit_is_over_the_limit(self, bucket: Storage) -> None:
        bucket.create("sized/1001", NewObject(bytes(1001)))
        with pytest.raises(TooLarge):
            bucket.read("sized/1001", 1000)
        assert len(bucket.read("sized/1001", 1001).data) == 1001

    def test_the_etag_changes_when_the_bytes_do(self, bucket: Storage, overwrite: Callable[[str, bytes], None]) -> None:
        bucket.create("albums/changing.jpg", NewObject(b"before"))
        before = bucket.read("albums/changing.jpg", LIMIT).etag
        assert bucket.read("albums/changing.jpg", LIMIT).etag == before
        overwrite("albums/changing.jpg", b"behind")
        assert bucket.read("albums/changing.jpg", LIMIT).etag != before


class FailureContract:
    """The obligations of `core.storage.Storage` when the bucket is missing or the store is unreachable."""

    @pytest.mark.parametrize("method", ["find", "read", "create"])
    def test_a_missing_bucket_is_refused_with_the_reason(self, absent: Storage, method: str) -> None:
        with pytest.raises(StorageRefused) as raised:
            call(absent, method)
        assert raised.value.__cause__ is not None

    @pytest.mark.parametrize("method", ["find", "read", "create"])
    def test_an_unreachable_store_is_unavailable_within_20_seconds(
        self, unreachable: Storage, method: str, record_property: RecordProperty
    ) -> None:
        start = time.monotonic()
        with pytest.raises(StorageUnavailable) as raised:
            call(unreachable, method)
        seconds = time.monotonic() - start
        assert raised.value.__cause__ is not None
        assert seconds < PATIENCE
        record_property("store", f"gone\t{method}\t503\t{seconds:.1f}")


def call(storage: Storage, method: str, key: str = "albums/cat.jpg") -> object:
    """Calls a method of the storage with a key. `create` gets another key, which is not stored."""
    match method:
        case "find":
            return storage.find(key)
        case "read":
            return storage.read(key, LIMIT)
        case _:
            return storage.create("600x/albums/cat.jpg", NewObject(b"bytes"))
