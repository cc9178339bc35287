"""Hostile boxes: invalid ones are ignored or refused, and no number in a file makes reading it slow."""

import random
import struct
from contextlib import suppress

import pytest

from core.errors import SizewiseError, TooLarge
from core.imaging.containers.boxes import contents
from tests.support.pictures.cropped import SIDES, avif, heic
from tests.support.pictures.isobmff import box, boxes, cut, in_track, irot, nclx, with_properties

ADDED = [cut(SIDES, 20, 30, 190, 121), irot(1), nclx(12, 13)]
FILES = {
    "AVIF": with_properties(avif("RGBA"), {1: ADDED, 2: ADDED}),
    "sequence": in_track(avif(frames=2), b"".join(ADDED)),
    "bitstream": with_properties(avif(), {}, without=[b"colr"]),
    "HEIC": with_properties(heic("RGBA"), {1: ADDED, 2: ADDED}),
}
SEED = 20261125


def head(data: bytes) -> int:
    """The number of bytes before the pictures' data."""
    return data.index(b"mdat") + 24


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_is_read_or_refused(name: str) -> None:
    data = FILES[name]
    for length in range(head(data)):
        with suppress(SizewiseError):
            contents(data[:length])


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_changed_bytes_is_read_or_refused(name: str) -> None:
    chance = random.Random(f"{SEED} {name}")
    data, changeable = FILES[name], head(FILES[name]) + 64
    for _ in range(4000):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(changeable)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        with suppress(SizewiseError):
            assert len(contents(bytes(changed)).data) == len(data)


def meta(inner: bytes) -> bytes:
    return box(b"meta", bytes(4) + box(b"pitm", bytes([0, 0, 0, 0, 0, 1])) + inner)


MILLION = b"\0\0\0\x08free" * 1_000_000
MANY = {
    "boxes": MILLION,
    "boxes in meta": meta(MILLION),
    "properties": meta(box(b"iprp", box(b"ipco", MILLION))),
    "items with properties": meta(
        box(b"iprp", box(b"ipco", b"") + box(b"ipma", struct.pack(">LL", 0, 2**32 - 1) + b"\0\x02\0" * 1_000_000))
    ),
    "properties of an item": meta(
        box(b"iprp", box(b"ipco", b"") + box(b"ipma", struct.pack(">LL", 0, 4000) + (b"\0\1\xff" + bytes(255)) * 4000))
    ),
    "references": meta(box(b"iref", bytes(4) + box(b"cdsc", struct.pack(">HH", 9, 65535) + bytes(131070)) * 40)),
    "extents": meta(box(b"iloc", struct.pack(">LHH", 0, 0x4400, 65535) + bytes(6) * 1_000_000)),
    "tracks": box(b"moov", box(b"trak", b"") * 1_000_000),
}


READ = [
    *((b"heic", name) for name in MANY if name not in ("extents", "tracks")),
    *((b"avif", name) for name in MANY if name != "tracks"),
    (b"avis", "tracks"),
]
"""The kinds of files in which each of them is read."""


@pytest.mark.parametrize(("brand", "name"), READ)
def test_a_file_of_too_many_parts_is_refused(brand: bytes, name: str) -> None:
    with pytest.raises(TooLarge, match=r"too many parts|more than 16 tracks"):
        contents(box(b"ftyp", brand + bytes(4) + brand) + MANY[name])


def test_deeply_nested_boxes_are_read() -> None:
    deep = b"".join(struct.pack(">L4s", 8 * count, b"meta") for count in range(100_000, 0, -1))
    assert contents(box(b"ftyp", b"heic" + bytes(4) + b"heic") + deep).aperture is None


def test_boxes_of_the_sizes_0_and_1_are_read() -> None:
    start = dict(boxes(avif()))[b"ftyp"]
    for size in (b"\0\0\0\0", b"\0\0\0\1"):
        for tail in (b"", bytes(8), b"\0" * 7 + b"\1", b"\xff" * 8):
            assert contents(box(b"ftyp", start) + size + b"meta" + tail).aperture is None
