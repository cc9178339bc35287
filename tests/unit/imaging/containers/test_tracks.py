"""The limits of a sequence: tracks, samples, and entries of the tables that list them."""

import struct
from collections.abc import Callable

import pytest

from core.errors import BrokenOriginal, TooLarge
from core.imaging.containers.boxes import contents
from core.imaging.containers.isobmff import File
from core.imaging.containers.samples import samples
from tests.support.pictures.hostile.avif import picture
from tests.support.pictures.hostile.boxed import Item, avif, coded, heic, packed
from tests.support.pictures.isobmff import box, boxes, changed, shifted

TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
MOVING = picture(64, 64, 4)


def with_table(kind: bytes, table: bytes, data: bytes = MOVING) -> bytes:
    return shifted(data, changed(data, (*TABLE, kind), lambda _: table))


def rows(count: int, row: bytes, before: bytes = bytes(4)) -> bytes:
    return before + struct.pack(">L", count) + row * count


ROWS = {
    b"stts": struct.pack(">LL", 1, 1),
    b"ctts": struct.pack(">LL", 1, 1),
    b"stsc": struct.pack(">LLL", 1, 1, 1),
    b"stss": struct.pack(">L", 1),
}


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("original", [MOVING, None], ids=["AVIF", "HEIC"])
def test_a_table_has_up_to_10000_entries(original: bytes | None, kind: bytes) -> None:
    for count in (10_000, 10_001):
        table = rows(count, ROWS[kind])
        if original:
            stbl = changed(original, TABLE, lambda stbl, row=table: without(stbl, kind) + box(kind, row))  # type: ignore[misc]
            data = shifted(original, stbl)
        else:
            movie = box(b"moov", nested(box(kind, table)))
            data = packed(b"heic", {1: coded(heic(64, 64)).item((64, 64))}, before=movie)
        if count == 10_000:
            assert contents(data).coded >= 4096
        else:
            with pytest.raises(TooLarge, match="10,000 frames"):
                contents(data)


def nested(tables: bytes) -> bytes:
    return box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", tables))))


def without(stbl: bytes, kind: bytes) -> bytes:
    return b"".join(box(each, inner) for each, inner in boxes(stbl) if each != kind)


@pytest.mark.parametrize("count", [10_000, 10_001])
def test_a_track_has_up_to_10000_samples(count: int) -> None:
    """All have one size and are in one chunk, so that their tables are short."""
    data = with_table(b"stsz", struct.pack(">LLL", 0, 1, 4))
    data = with_table(b"stsc", rows(1, struct.pack(">LLL", 1, count, 1)), data)
    if count == 10_000:
        assert contents(data)
    else:
        with pytest.raises(TooLarge, match="10,000 frames"):
            contents(data)


def test_samples_are_found_in_every_chunk() -> None:
    table = (
        box(b"stsz", struct.pack(">LLL", 0, 0, 6) + struct.pack(">6L", 1, 2, 3, 1, 2, 9))
        + box(b"stsc", rows(0, b"", bytes(4))[:4] + struct.pack(">L", 2) + struct.pack(">6L", 1, 2, 1, 3, 1, 1))
        + box(b"stco", struct.pack(">LL", 0, 4) + struct.pack(">4L", 0, 10, 20, 5))
    )
    data = bytes(range(40)) + box(b"stbl", table)
    file = File(data)
    stbl = next(iter(file.inside(file.whole, 40)))
    found = [bytes(range(start, start + size)) for start, size in ((0, 1), (1, 2), (10, 3), (13, 1), (20, 2))]
    assert list(samples(file, stbl)) == [*found, data[5:14]]


@pytest.mark.parametrize("count", [16, 17])
def test_a_file_has_up_to_16_tracks(count: int) -> None:
    track = box(b"trak", dict(boxes(dict(boxes(MOVING))[b"moov"]))[b"trak"])
    data = shifted(MOVING, changed(MOVING, (b"moov",), lambda moov: moov + track * (count - 1)))
    if count == 16:
        assert contents(data)
    else:
        with pytest.raises(TooLarge, match="16 tracks"):
            contents(data)


@pytest.mark.parametrize("count", [64, 65])
def test_a_track_has_up_to_64_kinds_of_samples(count: int) -> None:
    entry = dict(boxes(dict(boxes(stbl_of(MOVING)))[b"stsd"][8:]))[b"av01"]
    data = with_table(b"stsd", rows(count, box(b"av01", entry)))
    if count == 64:
        assert contents(data)
    else:
        with pytest.raises(TooLarge, match="64 kinds"):
            contents(data)


def stbl_of(data: bytes) -> bytes:
    for kind in TABLE:
        data = dict(boxes(data))[kind]
    return data


def test_a_picture_larger_than_its_track_states_is_damage() -> None:
    def said(width: int, height: int) -> bytes:
        sides = struct.pack(">LL", width << 16, height << 16)
        large = picture(256, 256, 3)
        header = changed(large, (*TABLE[:2], b"tkhd"), lambda tkhd: tkhd[:-8] + sides)
        entry = struct.pack(">HH", width, height)
        return changed(header, (*TABLE, b"stsd", b"av01"), lambda av01: av01[:24] + entry + av01[28:])

    assert contents(said(128, 128))
    for sides in ((127, 256), (256, 127)):
        with pytest.raises(BrokenOriginal, match="256x256"):
            contents(said(*sides))


DAMAGE: dict[str, tuple[Callable[[], bytes], str]] = {
    "times without a picture": (lambda: with_table(b"stts", rows(2, struct.pack(">LL", 0, 1))), "times"),
    "a table twice": (lambda: changed(MOVING, TABLE, lambda stbl: stbl + box(b"stss", bytes(8)) * 2), "stss"),
    "metadata twice": (
        lambda: changed(MOVING, TABLE[:2], lambda trak: trak + box(b"meta", bytes(4)) * 2),
        "more than one meta",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_an_invalid_track_is_damage(name: str) -> None:
    made, message = DAMAGE[name]
    with pytest.raises(BrokenOriginal, match=message):
        contents(made())


def test_the_metadata_of_a_track_has_the_same_limits() -> None:
    meta = dict(boxes(packed(b"avif", dict.fromkeys(range(1, 4098), Item(b"abcd")))))[b"meta"]
    with pytest.raises(TooLarge, match="4,097 items"):
        contents(changed(MOVING, TABLE[:2], lambda trak: trak + box(b"meta", meta)))


def shown_once(stream: bytes) -> bytes:
    """A still picture, and a track whose only sample is the stream."""

    def movie(at: int) -> bytes:
        sized = box(b"stsz", struct.pack(">LLL", 0, len(stream), 1)) + box(b"stco", struct.pack(">LLL", 0, 1, at))
        chunk = box(b"stsc", rows(1, struct.pack(">LLL", 1, 1, 1)))
        kinds = box(b"stsd", rows(1, box(b"av01", bytes(24) + struct.pack(">HH", 64, 64) + bytes(50))))
        track = box(b"tkhd", bytes(84)) + box(b"mdia", box(b"minf", box(b"stbl", kinds + sized + chunk)))
        return box(b"moov", box(b"trak", track)) + box(b"free", stream)

    start = len(box(b"ftyp", b"avif" + bytes(4) + b"avifmif1"))
    before = movie(start + len(movie(0)) - len(stream))
    return packed(b"avif", {1: coded(avif(64, 64)).item((64, 64))}, before=before)


def test_a_sequence_with_too_many_hidden_pictures_is_refused() -> None:
    """At most twice as many as it shows, plus eight."""
    one = coded(avif(64, 64)).data
    assert contents(shown_once(one * 10))
    with pytest.raises(TooLarge, match="11 pictures, too many for the 1 that it shows"):
        contents(shown_once(one * 11))
