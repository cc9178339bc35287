"""Hostile HEIC (ISO/IEC 23008-12): costly for libheif when it opens a file, or when it decodes a picture."""

from collections.abc import Iterator, Sequence

from tests.support.pictures.hostile import boxed, heif_derived, heif_streams, heif_tables, nested
from tests.support.pictures.hostile.boxed import ALPHA, Item, auxiliary, coded, flat, grid, packed, same
from tests.support.pictures.hostile.case import SMALL, WIDE, Case
from tests.support.pictures.hostile.icc import PROFILES
from tests.support.pictures.isobmff import box, clap, icc, imir, irot

MOST = 7000
"""Pixels: a square with this side is about the largest HEIC that the default settings allow."""


def bombs() -> Iterator[Case]:
    yield from nested.bombs(b"heic", flat(b"heic", 64))
    yield from _largest()
    yield from _claims()
    yield from heif_derived.bombs()
    yield from _turned()
    yield from heif_streams.bombs()
    yield from heif_tables.metadata(flat(b"heic", 64))
    yield from heif_tables.tables(flat(b"heic", 64))


def _largest() -> Iterator[Case]:
    most = flat(b"heic", MOST)
    yield "as large as it may be", packed(b"heic", {1: most.item((MOST, MOST))}), WIDE
    for chroma, side in ((420, 1400), (422, 1088), (444, 1024)):
        detailed = coded(boxed.detailed(side, side, 10, chroma))
        tiles = {number: detailed.item((side, side), hidden=True) for number in range(2, 27)}
        made = {1: grid(5, 5, (5 * side, 5 * side)), **tiles}
        yield f"as large as it may be, 10 bits, {chroma}", packed(b"heic", made, [(b"dimg", 1, list(tiles))]), WIDE
    alpha = {1: most.item((MOST, MOST)), 2: most.item((MOST, MOST), auxiliary(ALPHA))}
    yield "as large as it may be, with alpha", packed(b"heic", alpha, [(b"auxl", 2, [1])]), SMALL


def _claims() -> Iterator[Case]:
    """The file states another size than its picture has."""
    tile, large = flat(b"heic", 64), flat(b"heic", 8192)
    yield (
        "64 MP shown as 64x64",
        packed(b"heic", {1: same((64, 64)), 2: large.item((8192, 8192))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    yield "64 MP stated as 64x64", packed(b"heic", {1: large.item((64, 64))}), SMALL
    yield "64 MP without a stated size", packed(b"heic", {1: Item(b"hvc1", large.data, [large.configuration])}), SMALL
    yield "64x64 stated as 64 MP", packed(b"heic", {1: tile.item((8192, 8192))}), SMALL
    yield "64x64 stated as 2^32-1 square", packed(b"heic", {1: tile.item((2**32 - 1, 2**32 - 1))}), SMALL
    cropped = {1: large.item((8192, 8192), clap(64, 64))}
    yield "64 MP cropped to 64x64", packed(b"heic", cropped), SMALL


def _turned() -> Iterator[Case]:
    """Each crop, turn and reflection costs a pass over the picture."""
    large = flat(b"heic", 4096)
    kinds = {
        "irot": irot(1),
        "imir": imir(1),
        "clap": clap(4096, 4096),
        "iscl": box(b"iscl", bytes(4) + b"\0\1\0\1" * 2),
    }
    for name, turn in kinds.items():
        for count in (7, 250):
            yield f"{count} {name}", packed(b"heic", {1: large.item((4096, 4096), *[turn] * count)}), SMALL
    most = flat(b"heic", MOST)
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
