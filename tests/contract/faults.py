"""What every adapter that talks to its store over a network owes the core where the store, or the network, misbehaves.

A harness subclasses `FaultContract` and gives its fixtures: `store`, a stand-in that speaks the store's HTTP, and
`standing`, the adapter over it, whose calls take up to DEADLINE seconds.
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
"""Seconds that a call may take here."""

GRACE: Final = 3.0
"""Seconds for the SDKs' pauses before further tries, which then fail at once, and for a busy machine."""

LIMIT: Final = 4 * MIB

EVERY: Final = ("find", "read", "create")

UNAVAILABLE: Final = [
    *((fault, "read") for fault in ("cut", "cut, in chunks", "cut, length unsaid", "corrupt", "silent in its body")),
    *((fault, "read") for fault in ("trickles its body", "trickles its chunks")),
    *((fault, method) for fault in ("trickles its headers", "silent", "no HTTP") for method in EVERY),
]


class FaultContract:
    """The obligations of `core.storage.Storage` where an answer is not what it says, or does not end."""

    @pytest.mark.parametrize(("fault", "method"), UNAVAILABLE)
    def test_a_store_that_lies_or_stalls_is_unavailable_soon(
        self, store: Faulty, standing: Storage, fault: str, method: str, record_property: RecordProperty
    ) -> None:
        store.fault = fault
        before = set(threading.enumerate())
        start = time.monotonic()
        with pytest.raises(StorageUnavailable) as raised:
            call(standing, method)
        seconds = time.monotonic() - start
        assert raised.value.__cause__ is not None
        assert seconds < DEADLINE + GRACE
        left = {thread.name for thread in set(threading.enumerate()) - before}
        assert all("process_request" in name for name in left), "what is left is the stand-in's own"
        record_property("store", f"{fault}\t{method}\t503\t{seconds:.1f}")

    def test_an_answer_without_end_is_not_read_beyond_the_limit(
        self, store: Faulty, standing: Storage, record_property: RecordProperty
    ) -> None:
        store.fault = "endless"
        tracemalloc.start()
        start = time.monotonic()
        try:
            with pytest.raises((StorageUnavailable, TooLarge)) as raised:
                standing.read(CAT_KEY, LIMIT)
            seconds, peak = time.monotonic() - start, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 4 * LIMIT
        assert store.sent < 8 * LIMIT, "what a system's buffers take counts too"
        record_property("store", f"endless\tread\t{raised.value.status}\t{seconds:.1f}")

    @pytest.mark.parametrize("method", EVERY)
    def test_connections_that_died_while_frozen_cost_one_try(
        self, store: Faulty, patient: Storage, method: str, record_property: RecordProperty
    ) -> None:
        """The whole pool is dead then, and nobody has said so: the second try is on a connection of its own."""
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
        record_property("store", f"all connections dead\t{method}\tright\t{seconds:.1f}")

    def test_an_original_that_was_compressed_is_decoded(self, store: Faulty, standing: Storage) -> None:
        stored = standing.read(PACKED, LIMIT)
        assert decoded(PACKED, stored, LIMIT) == CAT
        assert store.asked
        with pytest.raises(TooLarge):
            decoded(PACKED, stored, len(CAT) - 1)

    def test_any_other_content_encoding_is_named(self, store: Faulty, standing: Storage) -> None:
        stored = standing.read(BROTLI, LIMIT)
        assert store.asked
        with pytest.raises(UnsupportedFormat, match="br"):
            decoded(BROTLI, stored, LIMIT)


class ArchiveContract:
    """The obligations where a store has a tier that it does not hand out from."""

    @pytest.mark.parametrize("method", ["find", "read"])
    def test_an_archived_object_is_refused_by_its_name(
        self, store: Faulty, standing: Storage, method: str, record_property: RecordProperty
    ) -> None:
        with pytest.raises(StorageRefused, match=f"{ARCHIVED}.*archived") as raised:
            call(standing, method, ARCHIVED)
        assert isinstance(raised.value, SizewiseError)
        assert len(store.asked) == 1, "the answer to the call itself says so"
        record_property("store", f"archived\t{method}\t502\t0.0")
