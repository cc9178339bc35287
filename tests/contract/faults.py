"""The obligations of every adapter that uses a network, when the store or the network misbehaves.

A harness subclasses `FaultContract` and defines its fixtures: `store`, a stand-in that speaks the store's HTTP, and two
adapters connected to it. Calls of `impatient` have DEADLINE seconds, those of `patient` have the usual time.
"""

import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final

import pytest

from core.encodings import decoded
from core.errors import SizewiseError, StorageRefused, StorageUnavailable, TooLarge, UnsupportedFormat
from core.storage import Storage
from tests.contract.suite import MIB, RecordProperty, call
from tests.support.pictures.samples import CAT
from tests.support.servers.faulty import ARCHIVED, BROTLI, CAT_KEY, PACKED, Faulty

DEADLINE: Final = 1.0
"""Seconds that a call of `impatient` has."""

GRACE: Final = 3.0
"""Seconds for the SDKs' pauses before retries, which then fail at once, and for a busy machine."""

LIMIT: Final = 4 * MIB

EVERY: Final = ("find", "read", "create")

UNAVAILABLE: Final = [
    *((fault, "read") for fault in ("cut", "cut, in chunks", "cut, length unsaid", "corrupt", "silent in its body")),
    *((fault, "read") for fault in ("trickles its body", "trickles its chunks")),
    *((fault, method) for fault in ("trickles its headers", "silent", "no HTTP") for method in EVERY),
]


class FaultContract:
    """The obligations of `core.storage.Storage` when an answer contradicts its own headers or does not end."""

    @pytest.mark.parametrize(("fault", "method"), UNAVAILABLE)
    def test_a_wrong_or_stalled_answer_is_unavailable_within_the_deadline(
        self, store: Faulty, impatient: Storage, fault: str, method: str, record_property: RecordProperty
    ) -> None:
        store.fault = fault
        before = set(threading.enumerate())
        start = time.monotonic()
        with pytest.raises(StorageUnavailable) as raised:
            call(impatient, method)
        seconds = time.monotonic() - start
        assert raised.value.__cause__ is not None
        assert seconds < DEADLINE + GRACE
        left = {thread.name for thread in set(threading.enumerate()) - before}
        assert all("process_request" in name for name in left), "the adapter has left a thread"
        record_property("store", f"{fault}\t{method}\t503\t{seconds:.1f}")

    def test_an_endless_answer_is_not_read_beyond_the_limit(
        self, store: Faulty, impatient: Storage, record_property: RecordProperty
    ) -> None:
        store.fault = "endless"
        tracemalloc.start()
        start = time.monotonic()
        try:
            with pytest.raises((StorageUnavailable, TooLarge)) as raised:
                impatient.read(CAT_KEY, LIMIT)
            seconds, peak = time.monotonic() - start, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 4 * LIMIT
        assert store.sent < 8 * LIMIT, "this includes the bytes in the system's buffers"
        record_property("store", f"endless\tread\t{raised.value.status}\t{seconds:.1f}")

    @pytest.mark.parametrize("method", EVERY)
    def test_a_call_succeeds_at_the_second_try_when_all_pooled_connections_are_dead(
        self, store: Faulty, patient: Storage, method: str, record_property: RecordProperty
    ) -> None:
        """The client can't know that its whole pool is dead. The retry opens a new connection."""
        together = Barrier(6)

        def ask(method: str) -> object:
            together.wait()
            return call(patient, method)

        with ThreadPoolExecutor(6) as pool:
            assert all(pool.map(ask, ["find"] * 6))
            assert store.freeze() > 1, "the test needs more than one connection in the pool"
            start = time.monotonic()
            assert all(pool.map(ask, [method] * 6))
            seconds = time.monotonic() - start
        assert seconds < 3
        record_property("store", f"all connections dead\t{method}\tsucceeds\t{seconds:.1f}")

    def test_a_compressed_original_is_decoded(self, store: Faulty, impatient: Storage) -> None:
        stored = impatient.read(PACKED, LIMIT)
        assert decoded(PACKED, stored, LIMIT) == CAT
        assert store.asked
        with pytest.raises(TooLarge):
            decoded(PACKED, stored, len(CAT) - 1)

    def test_an_unsupported_content_encoding_is_named(self, store: Faulty, impatient: Storage) -> None:
        stored = impatient.read(BROTLI, LIMIT)
        assert store.asked
        with pytest.raises(UnsupportedFormat, match="br"):
            decoded(BROTLI, stored, LIMIT)


class ArchiveContract:
    """The obligations when a store has an archive tier, whose objects can't be read."""

    @pytest.mark.parametrize("method", ["find", "read"])
    def test_the_refusal_of_an_archived_object_names_it(
        self, store: Faulty, impatient: Storage, method: str, record_property: RecordProperty
    ) -> None:
        with pytest.raises(StorageRefused, match=f"{ARCHIVED}.*archived") as raised:
            call(impatient, method, ARCHIVED)
        assert isinstance(raised.value, SizewiseError)
        assert len(store.asked) == 1, "no second request is needed"
        record_property("store", f"archived\t{method}\t502\t0.0")
