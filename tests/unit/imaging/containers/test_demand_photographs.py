"""Typical files of cameras and telephones are within the limits."""

from io import BytesIO

import pytest
from PIL import Image

from core.imaging.containers.boxes import contents
from core.imaging.original import opened
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse
from tests.support.pictures.hostile.boxed import (
    ALPHA,
    BRANDS,
    DEPTH,
    Item,
    auxiliary,
    flat,
    grid,
    packed,
)
from tests.support.pictures.isobmff import clap, icc, imir, irot


def test_a_photograph_of_a_telephone_is_opened() -> None:
    """192 tiles, a turn, a profile, a thumbnail, depth and a gain map of 48 tiles each, Exif and XMP."""
    tile = flat(b"heic", 512).item((512, 512), hidden=True)
    tiles, map_tiles = dict.fromkeys(range(100, 292), tile), dict.fromkeys(range(300, 348), tile)
    gains = grid(6, 8, (4032, 3024), auxiliary("urn:com:apple:photo:2020:aux:hdrgainmap"))
    items = {
        1: grid(12, 16, (8064, 6048), icc(bytes(548)), irot(3)),
        2: gains,
        3: flat(b"heic", 256).item((256, 256)),
        4: flat(b"heic", 1024).item((1024, 1024), auxiliary(DEPTH)),
        5: Item(b"Exif", bytes(4) + b"MM\0*\0\0\0\x08\0\0\0\0\0\0"),
        6: Item(b"mime", b"<x:xmpmeta/>", texts=b"application/rdf+xml\0"),
    }
    references = [
        *((b"dimg", 1, list(tiles)), (b"dimg", 2, list(map_tiles)), (b"thmb", 3, [1])),
        *((b"auxl", 2, [1]), (b"auxl", 4, [1]), (b"cdsc", 5, [1]), (b"cdsc", 6, [1, 2])),
    ]
    file = packed(b"heic", {**items, **tiles, **map_tiles}, references)
    assert opened(file, Settings().imaging).sides == (6048, 8064)


@pytest.mark.parametrize("brand", BRANDS)
def test_a_thousand_tiles_with_alpha_are_rendered(brand: bytes) -> None:
    across = 31 if brand == b"avif" else 20
    tile = flat(brand, 64)
    tiles = dict.fromkeys(range(1000, 1000 + across**2), tile.item((64, 64), hidden=True))
    planes = dict.fromkeys(range(3000, 3000 + across**2), tile.item((64, 64), hidden=True))
    sides = (64 * across, 64 * across)
    items = {1: grid(across, across, sides), 2: grid(across, across, sides, auxiliary(ALPHA)), **tiles, **planes}
    references = [(b"dimg", 1, list(tiles)), (b"dimg", 2, list(planes)), (b"auxl", 2, [1])]
    variant = render(packed(brand, items, references), parse("62x.png"), Settings().imaging)
    assert Image.open(BytesIO(variant.data)).size == (62, 62)


def test_a_burst_with_crops_is_read() -> None:
    shot = flat(b"heic", 256).item((256, 256), clap(200, 200), imir(1))
    shots = dict.fromkeys(range(1, 101), shot)
    exifs = {number + 200: Item(b"Exif", bytes(64 * 1024)) for number in shots}
    file = packed(b"heic", {**shots, **exifs}, [(b"cdsc", number + 200, [number]) for number in shots])
    assert contents(file).coded == 65536
