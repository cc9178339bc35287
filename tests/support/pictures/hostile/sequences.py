"""Hostile AVIF: items and tracks that exceed what their header states (MIAF; AV1 in ISOBMFF; AV1 specification)."""

import struct
from collections.abc import Iterator

from tests.support.pictures.hostile import nested
from tests.support.pictures.hostile.boxed import ALPHA, Coded, Item, Reference, auxiliary, flat, grid, packed, tiled
from tests.support.pictures.hostile.case import SMALL, Case
from tests.support.pictures.hostile.png import MIB
from tests.support.pictures.isobmff import box, boxes, changed, icc, irot, ispe, shifted

MOST = 6200
"""Pixels: a square with this side is about the largest AVIF that the default settings allow."""

TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def still_bombs() -> Iterator[Case]:
    """AVIF with many items, or with items that decode to more than they show."""
    yield from nested.bombs(b"avif", flat(b"avif", 64))
    yield from _streams()
    yield from _tiles()
    yield from _items()
    yield from _extents()


def _items() -> Iterator[Case]:
    tile = flat(b"avif", 64)
    first = {1: tile.item((64, 64))}
    for count in (4097, 20_000, 80_000):
        yield f"{count} items", packed(b"avif", {number: tile.item((64, 64)) for number in range(1, count + 1)}), SMALL
        yield (
            f"{count} items of nothing",
            packed(b"avif", {**first, **dict.fromkeys(range(2, count), Item(b"abcd"))}),
            SMALL,
        )
    many = dict.fromkeys(range(2, 4000), Item(b"abcd"))
    for kind in (b"cdsc", b"thmb", b"auxl", b"prem", b"dimg"):
        one = [(kind, number, [1] * 3) for number in many]
        yield f"4,000 items, {kind.decode()} of one", packed(b"avif", {**first, **many}, one), SMALL
        yield f"60,000 {kind.decode()} of one item", packed(b"avif", first, [(kind, 1, list(range(2, 60_000)))]), SMALL
        unknown: list[Reference] = [(kind, number, [number + 1]) for number in range(2, 30_000)]
        yield f"30,000 {kind.decode()} between unknown items", packed(b"avif", first, unknown), SMALL
    crowded = {number: tile.item((64, 64), *[irot(1)] * 250) for number in range(1, 300)}
    yield "300 items of 250 properties", packed(b"avif", crowded), SMALL


def _extents() -> Iterator[Case]:
    """Many extents at the same place, and other metadata that is much larger than the picture."""
    tile = flat(b"avif", 64)
    first = {1: tile.item((64, 64))}
    thirty = dict.fromkeys(range(2, 902), Item(b"Exif", b"", extents=[(0, MIB)] * 30))
    about: list[Reference] = [(b"cdsc", number, [1]) for number in thirty]
    yield "30 extents of 900 Exif", packed(b"avif", {**first, **thirty}, about, shared=bytes(MIB)), SMALL
    long = Item(b"Exif", b"", extents=[(0, MIB)] * 4000)
    yield "4,000 extents", packed(b"avif", {**first, 2: long}, [(b"cdsc", 2, [1])], shared=bytes(MIB)), SMALL
    pieces = Item(tile.kind, b"", tile.item((64, 64)).properties, extents=[(0, len(tile.data))] + [(0, MIB)] * 31)
    yield "a picture of 31 MB of a megabyte", packed(b"avif", {1: pieces}, shared=tile.data.ljust(MIB, b"\0")), SMALL
    tones = {**first, **dict.fromkeys(range(2, 3000), Item(b"tmap", bytes(62)))}
    group = box(b"altr", struct.pack(">LLL", 0, 1, 60_000) + struct.pack(">L", 1) * 60_000)
    both: list[Reference] = [(b"dimg", number, [1, number + 1]) for number in range(2, 2999)]
    yield "3,000 tone maps in a group of 60,000", packed(b"avif", tones, both, inside=box(b"grpl", group)), SMALL
    yield "two meta", packed(b"avif", first, meta=2), SMALL
    yield "a profile of 60 MB", packed(b"avif", {1: tile.item((64, 64), icc(bytes(60_000_000)))}), SMALL


def _tiles() -> Iterator[Case]:
    tile, large, most = flat(b"avif", 64), flat(b"avif", 8192), flat(b"avif", MOST)
    yield "as large as it may be", packed(b"avif", {1: most.item((MOST, MOST))}), SMALL
    planes = {1: most.item((MOST, MOST)), 2: most.item((MOST, MOST), auxiliary(ALPHA))}
    yield "as large as it may be, with alpha", packed(b"avif", planes, [(b"auxl", 2, [1])]), SMALL
    for across, side in ((255, 64), (64, 64), (31, 8192), (2, 8192)):
        for shown in (64, across * side):
            yield f"{across}x{across} tiles of {side} for {shown}", tiled(b"avif", across, side, shown), SMALL
    tiles = {number: tile.item((64, 64), hidden=True) for number in range(2, 902)}
    alphas = {number + 2000: tile.item((64, 64), auxiliary(ALPHA), hidden=True) for number in tiles}
    beside: list[Reference] = [(b"auxl", number + 2000, [number]) for number in tiles]
    with_alpha = {1: grid(30, 30, (1920, 1920)), **tiles, **alphas}
    yield "900 tiles with alpha", packed(b"avif", with_alpha, [(b"dimg", 1, list(tiles)), *beside]), SMALL
    canvas = Item(b"grid", grid(1, 1, (40000, 40000)).data, [ispe(64, 64)])
    yield (
        "a grid of 1,600 MP stated as 64x64",
        packed(b"avif", {1: canvas, 2: tile.item((64, 64))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    plane = {1: tile.item((64, 64)), 2: large.item((64, 64), auxiliary(ALPHA))}
    yield "alpha of 64 MP stated as 64x64", packed(b"avif", plane, [(b"auxl", 2, [1])]), SMALL
    plane = {1: tile.item((64, 64)), 2: large.item((8192, 8192), auxiliary(ALPHA))}
    yield "alpha of 64 MP", packed(b"avif", plane, [(b"auxl", 2, [1])]), SMALL
    yield (
        "64 MP shown as 64x64",
        packed(b"avif", {1: Item(b"iden", b"\0", [ispe(64, 64)]), 2: large.item((8192, 8192))}, [(b"dimg", 1, [2])]),
        SMALL,
    )


def _streams() -> Iterator[Case]:
    """Bitstreams that are larger, or have more pictures, than their file states."""
    small, large, middle = flat(b"avif", 64), flat(b"avif", 8192), flat(b"avif", 4096)
    yield "64 MP stated as 64x64", packed(b"avif", {1: large.item((64, 64))}), SMALL
    for name, data in {
        "a small picture before": small.data + large.data,
        "a small picture after": large.data + small.data,
        "a delimiter of 30 bytes before": b"\x7a\x1e" + bytes(30) + large.data,
        "a forbidden bit before": b"\xfa\x01\0" + large.data,
    }.items():
        stream = Coded(b"av01", small.configuration, data)
        yield f"64 MP with {name}", packed(b"avif", {1: stream.item((64, 64))}), SMALL
    for count in (9, 100, 3000):
        stream = Coded(b"av01", middle.configuration, middle.data * count)
        yield f"{count} pictures of 16 MP", packed(b"avif", {1: stream.item((4096, 4096))}), SMALL
    padded = Coded(b"av01", small.configuration, b"\x7a\0" * 2_000_000 + small.data)
    yield "two million empty units", packed(b"avif", {1: padded.item((64, 64))}), SMALL
    # A width and a height of 16 bits each, after the five bits of a reduced header.
    stated = Coded(b"av01", small.configuration, b"\x0a\x0b\x18\xff" + b"\xff" * 9 + small.data)
    yield "65536x65536 stated as 64x64", packed(b"avif", {1: stated.item((64, 64))}), SMALL


def moving_bombs(moving: bytes, large: bytes) -> Iterator[Case]:
    """Sequences of large pictures with small sides in their headers, and tables with many entries."""
    sizes = struct.pack(">LL", 64 << 16, 64 << 16)
    trak = changed(large, (b"moov", b"trak", b"tkhd"), lambda tkhd: tkhd[:-8] + sizes)
    small = changed(
        trak, (*TABLE, b"stsd", b"av01"), lambda entry: entry[:24] + struct.pack(">HH", 64, 64) + entry[28:]
    )
    yield "a sequence of 16 MP stated as 64x64", small, SMALL
    many = {
        b"stts": struct.pack(">LL", 0, 60_000) + struct.pack(">LL", 1, 1) * 60_000,
        b"stsc": struct.pack(">LL", 0, 60_000) + b"".join(struct.pack(">LLL", n, 1, 1) for n in range(1, 60_001)),
        b"stsz": struct.pack(">LLL", 0, 0, 200_000) + struct.pack(">L", 9) * 200_000,
        b"stco": struct.pack(">LL", 0, 100_000) + struct.pack(">L", 99) * 100_000,
        b"stss": struct.pack(">LL", 0, 100_000) + struct.pack(">L", 1) * 100_000,
    }
    for kind, table in many.items():
        yield f"many entries in {kind.decode()}", _with_table(moving, kind, table), SMALL
    both = _with_table(_with_table(moving, b"stsc", many[b"stsc"]), b"stco", many[b"stco"])
    yield "many entries in stsc and stco", both, SMALL
    none = struct.pack(">LL", 0, 7000) + struct.pack(">LL", 0, 1) * 6999 + struct.pack(">LL", 4, 1)
    yield "times of no samples", _with_table(moving, b"stts", none), SMALL
    chunk = struct.pack(">LLLLL", 0, 1, 1, 2**31, 1)
    yield "2^31 samples in a chunk", _with_table(moving, b"stsc", chunk), SMALL
    track = next(contents for kind, contents in boxes(dict(boxes(moving))[b"moov"]) if kind == b"trak")
    described = struct.pack(">LL", 0, 90_000) + b"\0\0\0\x08free" * 90_000
    yield "90,000 descriptions", _with_table(moving, b"stsd", described), SMALL
    crowd = packed(b"avif", dict.fromkeys(range(1, 20_000), Item(b"abcd")))
    inside = box(b"meta", dict(boxes(crowd))[b"meta"])
    yield "20,000 items in a track", _in_track(moving, inside), SMALL
    extents = packed(b"avif", {1: Item(b"Exif", b"", extents=[(0, 1000)] * 60_000)})
    yield "60,000 extents in a track", _in_track(moving, box(b"meta", dict(boxes(extents))[b"meta"])), SMALL
    for count in (17, 20_000):
        more = changed(moving, (b"moov",), lambda moov, by=count: moov + box(b"trak", track) * by)  # type: ignore[misc]
        # To shift 20,000 tables would be slow, and no reader should look into them.
        yield f"{count} tracks", shifted(moving, more) if count < 100 else more, SMALL


def _with_table(data: bytes, kind: bytes, table: bytes) -> bytes:
    return changed(data, (*TABLE, kind), lambda _: table)


def _in_track(data: bytes, added: bytes) -> bytes:
    return changed(data, (b"moov", b"trak"), lambda trak: trak + added)
