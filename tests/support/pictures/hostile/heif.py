"""Hostile HEIC (ISO/IEC 23008-12): what libheif follows as it opens a file, and what it decodes for a picture."""

import struct
from collections.abc import Iterator, Sequence

from tests.support.pictures.hostile import boxed, heif_tables, nested
from tests.support.pictures.hostile.boxed import ALPHA, Coded, Item, auxiliary, coded, grid, overlay, packed, same
from tests.support.pictures.hostile.case import LARGE, SMALL, Case
from tests.support.pictures.hostile.icc import PROFILES
from tests.support.pictures.isobmff import box, clap, icc, imir, irot, ispe

MOST = 7000
"""Pixels: a square of it is about as large as a HEIC may be by default."""


def picture(side: int) -> Coded:
    return coded(boxed.heic(side, side))


def bombs() -> Iterator[Case]:
    yield from nested.bombs(b"heic", picture(64))
    yield from _decoded()
    yield from _turned()
    yield from _streams()
    yield from heif_tables.metadata(picture(64))
    yield from heif_tables.tables(picture(64))


def _decoded() -> Iterator[Case]:
    """More is decoded than is shown."""
    tile, large, most = picture(64), picture(8192), picture(MOST)
    yield "as large as it may be", packed(b"heic", {1: most.item((MOST, MOST))}), LARGE
    for chroma, side in ((420, 1400), (422, 1088), (444, 1024)):
        detailed = coded(boxed.detailed(side, side, 10, chroma))
        tiles = {number: detailed.item((side, side), hidden=True) for number in range(2, 27)}
        made = {1: grid(5, 5, (5 * side, 5 * side)), **tiles}
        yield f"as large as it may be, 10 bits, {chroma}", packed(b"heic", made, [(b"dimg", 1, list(tiles))]), LARGE
    alpha = {1: most.item((MOST, MOST)), 2: most.item((MOST, MOST), auxiliary(ALPHA))}
    yield "as large as it may be, with alpha", packed(b"heic", alpha, [(b"auxl", 2, [1])]), SMALL
    yield (
        "64 MP shown as 64x64",
        packed(b"heic", {1: same((64, 64)), 2: large.item((8192, 8192))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    yield "64 MP that say they are 64x64", packed(b"heic", {1: large.item((64, 64))}), SMALL
    yield "64 MP that say nothing", packed(b"heic", {1: Item(b"hvc1", large.data, [large.configuration])}), SMALL
    yield "64x64 that say they are 64 MP", packed(b"heic", {1: tile.item((8192, 8192))}), SMALL
    yield "64x64 that say they are 2^32-1 square", packed(b"heic", {1: tile.item((2**32 - 1, 2**32 - 1))}), SMALL
    cropped = {1: large.item((8192, 8192), clap(64, 64))}
    yield "64 MP cropped to 64x64", packed(b"heic", cropped), SMALL
    for side, across in ((8192, 31), (8192, 2), (4096, 16), (1024, 31)):
        tiles = {number: picture(side).item((side, side), hidden=True) for number in range(2, 2 + across**2)}
        shown = {1: grid(across, across, (64, 64)), **tiles}
        name = f"{across}x{across} tiles of {side} for 64x64"
        yield name, packed(b"heic", shown, [(b"dimg", 1, list(tiles))]), SMALL
    one = [(b"dimg", 1, [2] * 900)]
    yield (
        "900 times the same tile",
        packed(b"heic", {1: grid(30, 30, (64, 64)), 2: large.item((8192, 8192))}, one),
        SMALL,
    )
    parts = {number: large.item((8192, 8192), hidden=True) for number in range(2, 66)}
    laid = {1: overlay(64, (64, 64)), **parts}
    yield "64 parts of 64 MP laid on 64x64", packed(b"heic", laid, [(b"dimg", 1, list(parts))]), SMALL
    yield (
        "an overlay of 64 MP",
        packed(b"heic", {1: overlay(1, (8192, 8192)), 2: tile.item((64, 64))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    canvas = Item(b"iovl", overlay(1, (40000, 40000)).data, [ispe(64, 64)])
    yield (
        "an overlay of 1,600 MP that says 64x64",
        packed(b"heic", {1: canvas, 2: tile.item((64, 64))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    canvas = Item(b"grid", grid(1, 1, (40000, 40000)).data, [ispe(64, 64)])
    yield (
        "a grid of 1,600 MP that says 64x64",
        packed(b"heic", {1: canvas, 2: tile.item((64, 64))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    planes = {1: tile.item((64, 64)), 2: large.item((8192, 8192), auxiliary(ALPHA))}
    yield "alpha of 64 MP on 64x64", packed(b"heic", planes, [(b"auxl", 2, [1])]), SMALL
    tiles = {number: tile.item((64, 64), hidden=True) for number in range(2, 966)}
    wide = {1: grid(31, 31, (1984, 1984)), **tiles, 999: large.item((8192, 8192), auxiliary(ALPHA))}
    several = [(b"dimg", 1, list(tiles)[:961]), (b"auxl", 999, list(tiles)[:961])]
    yield "961 tiles with alpha of 64 MP each", packed(b"heic", wide, several), SMALL
    mask = Item(b"mski", b"", [box(b"mskC", bytes(4) + b"\x08"), ispe(20000, 20000)])
    yield "a mask of 400 MP", packed(b"heic", {1: mask}), SMALL
    yield (
        "a mask as alpha",
        packed(
            b"heic",
            {1: tile.item((64, 64)), 2: Item(b"mski", b"", [*mask.properties, auxiliary(ALPHA)])},
            [(b"auxl", 2, [1])],
        ),
        SMALL,
    )
    for kind in (b"tili", b"unci", b"av01", b"avc1", b"jpeg", b"lhv1", b"abcd"):
        other = {1: grid(1, 2, (64, 64)), 2: tile.item((64, 64)), 3: Item(kind, tile.data, [ispe(20000, 20000)])}
        yield f"a second tile of {kind.decode()}", packed(b"heic", other, [(b"dimg", 1, [2, 3])]), SMALL


def _turned() -> Iterator[Case]:
    """Each crop, turn and reflection is a pass over the picture."""
    large = picture(4096)
    kinds = {
        "irot": irot(1),
        "imir": imir(1),
        "clap": clap(4096, 4096),
        "iscl": box(b"iscl", bytes(4) + b"\0\1\0\1" * 2),
    }
    for name, turn in kinds.items():
        for count in (7, 250):
            yield f"{count} {name}", packed(b"heic", {1: large.item((4096, 4096), *[turn] * count)}), SMALL
    most = picture(MOST)
    yield "6 irot of the largest", packed(b"heic", {1: most.item((MOST, MOST), *[irot(1)] * 6)}), SMALL
    tiles = {number: large.item((4096, 4096), *[irot(1), imir(1)] * 3, hidden=True) for number in range(2, 6)}
    yield (
        "tiles turned six times",
        packed(b"heic", {1: grid(2, 2, (4096, 4096)), **tiles}, [(b"dimg", 1, list(tiles))]),
        SMALL,
    )
    turned = {1: same((64, 64), *[irot(1)] * 6), **{number: same((64, 64), *[irot(1)] * 6) for number in range(2, 6)}}
    chain = [(b"dimg", number, [number + 1]) for number in range(1, 6)]
    yield "turned six times by each of five", packed(b"heic", {**turned, 6: most.item((MOST, MOST))}, chain), SMALL


def _streams() -> Iterator[Case]:
    """Bitstreams that are of other sizes, or of more pieces, than their file says."""
    small, large = picture(64), picture(8192)
    sets = b"".join(unit for unit in _units(large.configuration))
    yield (
        "a large picture behind a small one's configuration",
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
        "a size of its own in two properties",
        packed(b"heic", {1: Item(b"hvc1", large.data, [large.configuration, ispe(8192, 8192), ispe(64, 64)])}),
        SMALL,
    )
    sliced = coded(boxed.heic(4096, 4096, slices=8))
    again = _last_unit(sliced.data)
    for count in (500, 50_000):
        repeated = Coded(b"hvc1", sliced.configuration, sliced.data + again * count)
        yield f"{count} slices once more", packed(b"heic", {1: repeated.item((4096, 4096))}), SMALL
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
    """The units of an `hvcC`, as they stand in an item's data."""
    at, data = 23, configuration[8:]
    for _ in range(data[22]):
        count, at = int.from_bytes(data[at + 1 : at + 3]), at + 3
        for _ in range(count):
            size = int.from_bytes(data[at : at + 2])
            yield struct.pack(">L", size) + data[at + 2 : at + 2 + size]
            at += 2 + size


def lies() -> Iterator[Case]:
    still, alpha = boxed.heic(64, 48), boxed.heic(64, 48, "RGBA")
    for width, height in ((0, 0), (0, 9), (9, 0), (1, 1), (65536, 1), (63, 47), (191, 175), (193, 177), (8192, 8192)):
        yield f"{width}x{height}", packed(b"heic", {1: coded(still).item((width, height))}), SMALL
    for name, data in {"still": still, "alpha": alpha}.items():
        yield from nested.lies(name, data)
    yield "no primary item", packed(b"heic", {1: coded(still).item((64, 48))}, primary=9), SMALL
    yield "a primary item that is Exif", packed(b"heic", {1: Item(b"Exif", bytes(99))}), SMALL
    for extents in _odd_extents(len(coded(still).data)):
        item = coded(still).item((64, 48))
        yield (
            f"extents of {extents}",
            packed(b"heic", {1: Item(item.kind, item.data, item.properties, extents=extents)}),
            SMALL,
        )
    for name, profile in PROFILES.items():
        if profile:
            yield f"profile, {name}", packed(b"heic", {1: coded(still).item((64, 48), icc(profile))}), SMALL


def _odd_extents(length: int) -> Iterator[Sequence[tuple[int, int]]]:
    yield ()
    yield [(0, 0)]
    yield [(0, length - 1)]
    yield [(0, 2**31)]
    yield [(2**31, length)]
    yield [(0, 9), (9, length - 9)]
    yield [(0, length), (0, length)]
