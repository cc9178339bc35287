"""Hostile HEIC: grids, overlays and auxiliary pictures that decode to more than they show (ISO/IEC 23008-12)."""

from collections.abc import Iterator

from tests.support.pictures.hostile.boxed import ALPHA, Item, auxiliary, flat, grid, overlay, packed, tiled
from tests.support.pictures.hostile.case import SMALL, Case
from tests.support.pictures.isobmff import box, ispe


def bombs() -> Iterator[Case]:
    yield from _tiles()
    yield from _canvases()
    yield from _auxiliaries()
    yield from _kinds()


def _tiles() -> Iterator[Case]:
    large = flat(b"heic", 8192)
    for side, across in ((8192, 31), (8192, 2), (4096, 16), (1024, 31)):
        yield f"{across}x{across} tiles of {side} for 64x64", tiled(b"heic", across, side, 64), SMALL
    one = [(b"dimg", 1, [2] * 900)]
    yield (
        "900 times the same tile",
        packed(b"heic", {1: grid(30, 30, (64, 64)), 2: large.item((8192, 8192))}, one),
        SMALL,
    )


def _canvases() -> Iterator[Case]:
    tile, large = flat(b"heic", 64), flat(b"heic", 8192)
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
        "an overlay of 1,600 MP stated as 64x64",
        packed(b"heic", {1: canvas, 2: tile.item((64, 64))}, [(b"dimg", 1, [2])]),
        SMALL,
    )
    canvas = Item(b"grid", grid(1, 1, (40000, 40000)).data, [ispe(64, 64)])
    yield (
        "a grid of 1,600 MP stated as 64x64",
        packed(b"heic", {1: canvas, 2: tile.item((64, 64))}, [(b"dimg", 1, [2])]),
        SMALL,
    )


def _auxiliaries() -> Iterator[Case]:
    tile, large = flat(b"heic", 64), flat(b"heic", 8192)
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


def _kinds() -> Iterator[Case]:
    """Grids with a tile that is not HEVC."""
    tile = flat(b"heic", 64)
    for kind in (b"tili", b"unci", b"av01", b"avc1", b"jpeg", b"lhv1", b"abcd"):
        other = {1: grid(1, 2, (64, 64)), 2: tile.item((64, 64)), 3: Item(kind, tile.data, [ispe(20000, 20000)])}
        yield f"a second tile of {kind.decode()}", packed(b"heic", other, [(b"dimg", 1, [2, 3])]), SMALL
