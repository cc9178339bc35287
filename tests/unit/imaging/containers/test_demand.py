"""What is decoded for a picture counts, and not what is shown of it."""

from io import BytesIO

import pytest
from PIL import Image

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.imaging.containers.boxes import contents
from core.imaging.original import opened
from core.imaging.pipeline import render
from core.settings import Settings
from core.size import parse
from tests.support.pictures.hostile import boxed
from tests.support.pictures.hostile.boxed import (
    ALPHA,
    DEPTH,
    Coded,
    Item,
    auxiliary,
    avif,
    coded,
    grid,
    heic,
    overlay,
    packed,
    same,
)
from tests.support.pictures.isobmff import clap, icc, imir, irot

BRANDS = (b"heic", b"avif")
SETTINGS = Settings(max_original_pixels=1_000_000).imaging


def picture(brand: bytes, side: int, slices: int = 1) -> Coded:
    return coded(heic(side, side, slices=slices) if brand == b"heic" else avif(side, side))


def tiled(brand: bytes, across: int, side: int, shown: int) -> bytes:
    tiles = {number: picture(brand, side).item((side, side), hidden=True) for number in range(2, 2 + across**2)}
    return packed(brand, {1: grid(across, across, (shown, shown)), **tiles}, [(b"dimg", 1, list(tiles))])


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(("across", "shown", "coded"), [(4, 256, 65536), (4, 240, 57600), (4, 64, 52428)])
def test_tiles_count_though_less_is_shown(brand: bytes, across: int, shown: int, coded: int) -> None:
    """A fifth of them may reach over the edge."""
    assert contents(tiled(brand, across, 64, shown)).coded == coded


def test_tiles_of_many_bits_and_all_chroma_count_more_and_so_does_their_canvas() -> None:
    detailed = coded(boxed.detailed(64, 64, 10, 444))
    tiles = {number: detailed.item((64, 64), hidden=True) for number in range(2, 18)}
    made = {1: grid(4, 4, (256, 256)), **tiles}
    assert contents(packed(b"heic", made, [(b"dimg", 1, list(tiles))])).coded == int(65536 * 1.9)


def made(brand: bytes, shown: Item, *properties: bytes) -> bytes:
    return packed(brand, {1: shown, 2: picture(brand, 256).item((256, 256), *properties)}, [(b"dimg", 1, [2])])


MADE = {
    "shown again": (same((64, 64)), 65536),
    "on a small canvas": (overlay(1, (64, 64)), 65536),
    "on a large canvas": (overlay(1, (1000, 1000)), 1_000_000),
    "on a canvas that says it is small": (Item(b"iovl", overlay(1, (1000, 1000)).data), 1_000_000),
    "in a grid that says it is small": (Item(b"grid", grid(1, 1, (1000, 1000)).data), 1_000_000),
}


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("name", MADE)
def test_what_a_picture_is_made_from_counts(name: str, brand: bytes) -> None:
    shown, pixels = MADE[name]
    assert contents(made(brand, shown)).coded == pixels


@pytest.mark.parametrize("brand", BRANDS)
def test_canvases_within_canvases_count_together(brand: bytes) -> None:
    items = {1: overlay(1, (100, 100)), 2: overlay(1, (100, 100)), 3: picture(brand, 64).item((64, 64))}
    assert contents(packed(brand, items, [(b"dimg", 1, [2]), (b"dimg", 2, [3])])).coded == 20_000


@pytest.mark.parametrize("brand", BRANDS)
def test_the_larger_of_colours_and_alpha_counts_and_two_fifths_of_the_other(brand: bytes) -> None:
    for side, pixels in ((64, 16384 + 1638), (256, 65536 + 6553)):
        plane = picture(brand, side).item((side, side), auxiliary(ALPHA))
        file = packed(brand, {1: picture(brand, 128).item((128, 128)), 2: plane}, [(b"auxl", 2, [1])])
        assert contents(file).coded == pixels


@pytest.mark.parametrize("brand", BRANDS)
def test_what_is_not_decoded_does_not_count(brand: bytes) -> None:
    """Thumbnails, depth and the other pictures of a burst; nor is their stream looked at."""
    large = picture(brand, 256)
    items = {
        1: picture(brand, 64).item((64, 64)),
        2: large.item((256, 256), auxiliary(DEPTH)),
        3: large.item((256, 256)),
        4: large.item((9, 9)),
    }
    assert contents(packed(brand, items, [(b"auxl", 2, [1]), (b"thmb", 3, [1])])).coded == 4096


@pytest.mark.parametrize("brand", BRANDS)
def test_the_limit_of_pixels_holds_for_what_is_decoded(brand: bytes) -> None:
    assert opened(tiled(brand, 4, 64, 64), SETTINGS).sides == (64, 64)
    with pytest.raises(TooLarge, match="pixels to decode"):
        opened(tiled(brand, 20, 64, 64), SETTINGS)
    with pytest.raises(TooLarge, match="MB to decode"):
        opened(tiled(brand, 15, 64, 900), SETTINGS)


def test_the_limit_of_memory_holds_for_what_is_decoded() -> None:
    with pytest.raises(TooLarge, match="MB to decode"):
        opened(tiled(b"heic", 16, 64, 64), SETTINGS)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(
    "made", [same((64, 64)), overlay(1, (64, 64)), grid(1, 1, (64, 64))], ids=["iden", "iovl", "grid"]
)
def test_six_items_may_be_made_from_one_another(made: Item, brand: bytes) -> None:
    def chain(deep: int) -> bytes:
        items = {**dict.fromkeys(range(1, deep + 1), made), deep + 1: picture(brand, 64).item((64, 64))}
        return packed(brand, items, [(b"dimg", number, [number + 1]) for number in range(1, deep + 1)])

    assert contents(chain(6))
    with pytest.raises(TooLarge, match="within pictures"):
        contents(chain(7))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_picture_that_is_made_from_itself_is_damage(brand: bytes) -> None:
    for length in (1, 2, 5):
        items = dict.fromkeys(range(1, length + 1), overlay(1, (64, 64)))
        circle = [(b"dimg", number, [number % length + 1]) for number in items]
        with pytest.raises(BrokenOriginal, match="itself"):
            contents(packed(brand, items, circle))
        planes = dict.fromkeys(range(1, length + 1), picture(brand, 64).item((64, 64), auxiliary(ALPHA)))
        with pytest.raises(BrokenOriginal, match="itself"):
            contents(packed(brand, planes, [(b"auxl", number, [number % length + 1]) for number in planes]))


@pytest.mark.parametrize("brand", BRANDS)
def test_visits_count_and_not_items(brand: bytes) -> None:
    def twice(parts: int) -> bytes:
        items = {1: overlay(parts, (64, 64)), 2: overlay(parts, (64, 64)), 3: picture(brand, 64).item((64, 64))}
        return packed(brand, items, [(b"dimg", 1, [2] * parts), (b"dimg", 2, [3] * parts)])

    assert contents(twice(63))
    with pytest.raises(TooLarge, match="too many others"):
        contents(twice(64))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_stream_may_be_128_pixels_larger_than_it_says(brand: bytes) -> None:
    large = picture(brand, 256)
    assert contents(packed(brand, {1: large.item((128, 128))})).coded == 65536
    for sides in ((127, 256), (256, 127), (1, 1)):
        with pytest.raises(BrokenOriginal, match="256x256"):
            contents(packed(brand, {1: large.item(sides)}))


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("place", ["tile", "alpha", "part"])
def test_every_stream_that_is_decoded_is_looked_at(place: str, brand: bytes) -> None:
    honest, lie = picture(brand, 64).item((64, 64)), picture(brand, 256).item((64, 64), auxiliary(ALPHA))
    shown, references = {
        "tile": (grid(1, 2, (128, 64)), [(b"dimg", 1, [2, 3])]),
        "part": (overlay(2, (64, 64)), [(b"dimg", 1, [2, 3])]),
        "alpha": (honest, [(b"auxl", 3, [1])]),
    }[place]
    with pytest.raises(BrokenOriginal, match="64x64 pixels; its data has 256x256"):
        contents(packed(brand, {1: shown, 2: honest, 3: lie}, references))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_picture_has_up_to_eight_layers(brand: bytes) -> None:
    one = picture(brand, 64)
    for count, held in ((1, 4096), (4, 4096 * 8 // 5), (8, 4096 * 12 // 5)):
        stream = Coded(one.kind, one.configuration, one.data * count)
        assert contents(packed(brand, {1: stream.item((64, 64))})).coded == held
    with pytest.raises(TooLarge, match="9 layers"):
        contents(packed(brand, {1: Coded(one.kind, one.configuration, one.data * 9).item((64, 64))}))


def test_slices_and_turns_count_with_the_pixels() -> None:
    large = picture(b"heic", 4096, slices=8)
    last = large.data[large.data.rindex(b"\0\0\2", 0, len(large.data) - 9) :]
    assert int.from_bytes(last[:4]) == len(last) - 4
    for count, turns in ((51, 0), (31, 4)):
        several = Coded(large.kind, large.configuration, large.data + last * count)
        assert contents(packed(b"heic", {1: several.item((4096, 4096), *[irot(1)] * turns)}))
        more = Coded(large.kind, large.configuration, several.data + last)
        with pytest.raises(TooLarge, match="too many pieces"):
            contents(packed(b"heic", {1: more.item((4096, 4096), *[irot(1)] * turns)}))


def test_a_tile_that_is_coded_in_another_way_is_named() -> None:
    tile = picture(b"heic", 64).item((64, 64))
    items = {1: grid(1, 2, (128, 64)), 2: tile, 3: Item(b"unci", b"", tile.properties)}
    with pytest.raises(UnsupportedFormat, match="uncompressed"):
        contents(packed(b"heic", items, [(b"dimg", 1, [2, 3])]))


def test_a_photograph_as_a_telephone_writes_it_is_rendered() -> None:
    """192 tiles, a turn, a profile, a thumbnail, depth and a gain map of 48 tiles each, Exif and XMP."""
    tile = picture(b"heic", 512).item((512, 512), hidden=True)
    tiles, map_tiles = dict.fromkeys(range(100, 292), tile), dict.fromkeys(range(300, 348), tile)
    gains = grid(6, 8, (4032, 3024), auxiliary("urn:com:apple:photo:2020:aux:hdrgainmap"))
    items = {
        1: grid(12, 16, (8064, 6048), icc(bytes(548)), irot(3)),
        2: gains,
        3: picture(b"heic", 256).item((256, 256)),
        4: picture(b"heic", 1024).item((1024, 1024), auxiliary(DEPTH)),
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
    tile = picture(brand, 64)
    tiles = dict.fromkeys(range(1000, 1000 + across**2), tile.item((64, 64), hidden=True))
    planes = dict.fromkeys(range(3000, 3000 + across**2), tile.item((64, 64), hidden=True))
    sides = (64 * across, 64 * across)
    items = {1: grid(across, across, sides), 2: grid(across, across, sides, auxiliary(ALPHA)), **tiles, **planes}
    references = [(b"dimg", 1, list(tiles)), (b"dimg", 2, list(planes)), (b"auxl", 2, [1])]
    variant = render(packed(brand, items, references), parse("62x.png"), Settings().imaging)
    assert Image.open(BytesIO(variant.data)).size == (62, 62)


def test_a_burst_with_crops_is_read() -> None:
    shot = picture(b"heic", 256).item((256, 256), clap(200, 200), imir(1))
    shots = dict.fromkeys(range(1, 101), shot)
    exifs = {number + 200: Item(b"Exif", bytes(64 * 1024)) for number in shots}
    file = packed(b"heic", {**shots, **exifs}, [(b"cdsc", number + 200, [number]) for number in shots])
    assert contents(file).coded == 65536
