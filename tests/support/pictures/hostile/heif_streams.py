"""Hostile HEIC: bitstreams with other sizes, or more units, than their file states (ITU-T H.265)."""

import struct
from collections.abc import Iterator

from tests.support.pictures.hostile.boxed import Coded, Item, flat, packed
from tests.support.pictures.hostile.case import SMALL, Case
from tests.support.pictures.isobmff import ispe


def bombs() -> Iterator[Case]:
    yield from _sizes()
    yield from _pieces()


def _sizes() -> Iterator[Case]:
    small, large = flat(b"heic", 64), flat(b"heic", 8192)
    sets = b"".join(unit for unit in _units(large.configuration))
    yield (
        "a large picture after a small one's configuration",
        packed(b"heic", {1: Item(b"hvc1", sets + large.data, [small.configuration, ispe(64, 64)])}),
        SMALL,
    )
    yield (
        "a small configuration after a large one",
        packed(b"heic", {1: Item(b"hvc1", large.data, [large.configuration, small.configuration, ispe(64, 64)])}),
        SMALL,
    )
    yield (
        "a small one and a large one",
        packed(b"heic", {1: Item(b"hvc1", small.data + sets + large.data, [small.configuration, ispe(64, 64)])}),
        SMALL,
    )
    yield (
        "two stated sizes",
        packed(b"heic", {1: Item(b"hvc1", large.data, [large.configuration, ispe(8192, 8192), ispe(64, 64)])}),
        SMALL,
    )


def _pieces() -> Iterator[Case]:
    small = flat(b"heic", 64)
    sliced = flat(b"heic", 4096, slices=8)
    again = _last_unit(sliced.data)
    for count in (500, 50_000):
        repeated = Coded(b"hvc1", sliced.configuration, sliced.data + again * count)
        yield f"{count} repeated slices", packed(b"heic", {1: repeated.item((4096, 4096))}), SMALL
    yield (
        "50 pictures",
        packed(b"heic", {1: Coded(b"hvc1", sliced.configuration, sliced.data * 50).item((4096, 4096))}),
        SMALL,
    )
    empty = Coded(b"hvc1", small.configuration, bytes(4) * 1_000_000 + small.data)
    yield "a million empty units", packed(b"heic", {1: empty.item((64, 64))}), SMALL
    short = Coded(b"hvc1", small.configuration, b"\0\0\0\3\x28\1\0" * 1_000_000 + small.data)
    yield "a million short units", packed(b"heic", {1: short.item((64, 64))}), SMALL


def _last_unit(data: bytes) -> bytes:
    """The last unit of an item's data, with its length."""
    at = 0
    while True:
        end = at + 4 + int.from_bytes(data[at : at + 4])
        if end >= len(data):
            return data[at:]
        at = end


def _units(configuration: bytes) -> Iterator[bytes]:
    """The units of an `hvcC`, in the format of an item's data."""
    at, data = 23, configuration[8:]
    for _ in range(data[22]):
        count, at = int.from_bytes(data[at + 1 : at + 3]), at + 3
        for _ in range(count):
            size = int.from_bytes(data[at : at + 2])
            yield struct.pack(">L", size) + data[at + 2 : at + 2 + size]
            at += 2 + size
