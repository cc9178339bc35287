"""The pixels that are decoded for a picture count, not those that are shown."""

import pytest

from core.errors import TooLarge
from core.imaging.containers.boxes import contents
from tests.support.pictures.hostile import boxed
from tests.support.pictures.hostile.boxed import (
    ALPHA,
    BRANDS,
    DEPTH,
    Coded,
    Item,
    auxiliary,
    coded,
    flat,
    grid,
    overlay,
    packed,
    same,
    tiled,
)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(("across", "shown", "coded"), [(4, 256, 65536), (4, 240, 57600), (4, 64, 52428)])
def test_tiles_count_even_if_fewer_pixels_are_shown(brand: bytes, across: int, shown: int, coded: int) -> None:
    """Up to a fifth does not count: tiles may reach over the edge."""
    assert contents(tiled(brand, across, 64, shown)).coded == coded


def test_tiles_with_many_bits_and_full_chroma_count_more_and_so_does_their_canvas() -> None:
    detailed = coded(boxed.detailed(64, 64, 10, 444))
    tiles = {number: detailed.item((64, 64), hidden=True) for number in range(2, 18)}
    made = {1: grid(4, 4, (256, 256)), **tiles}
    assert contents(packed(b"heic", made, [(b"dimg", 1, list(tiles))])).coded == int(65536 * 1.9)


def made(brand: bytes, shown: Item, *properties: bytes) -> bytes:
    return packed(brand, {1: shown, 2: flat(brand, 256).item((256, 256), *properties)}, [(b"dimg", 1, [2])])


MADE = {
    "shown again": (same((64, 64)), 65536),
    "on a small canvas": (overlay(1, (64, 64)), 65536),
    "on a large canvas": (overlay(1, (1000, 1000)), 1_000_000),
    "on a canvas that claims to be small": (Item(b"iovl", overlay(1, (1000, 1000)).data), 1_000_000),
    "in a grid that claims to be small": (Item(b"grid", grid(1, 1, (1000, 1000)).data), 1_000_000),
}


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("name", MADE)
def test_the_parts_of_a_picture_count(name: str, brand: bytes) -> None:
    shown, pixels = MADE[name]
    assert contents(made(brand, shown)).coded == pixels


@pytest.mark.parametrize("brand", BRANDS)
def test_canvases_within_canvases_count_together(brand: bytes) -> None:
    items = {1: overlay(1, (100, 100)), 2: overlay(1, (100, 100)), 3: flat(brand, 64).item((64, 64))}
    assert contents(packed(brand, items, [(b"dimg", 1, [2]), (b"dimg", 2, [3])])).coded == 20_000


@pytest.mark.parametrize("brand", BRANDS)
def test_the_larger_of_colours_and_alpha_counts_and_two_fifths_of_the_other(brand: bytes) -> None:
    for side, pixels in ((64, 16384 + 1638), (256, 65536 + 6553)):
        plane = flat(brand, side).item((side, side), auxiliary(ALPHA))
        file = packed(brand, {1: flat(brand, 128).item((128, 128)), 2: plane}, [(b"auxl", 2, [1])])
        assert contents(file).coded == pixels


@pytest.mark.parametrize("brand", BRANDS)
def test_a_picture_that_is_not_decoded_does_not_count(brand: bytes) -> None:
    """Examples are thumbnails, depth and the other pictures of a burst. Their streams are not read either."""
    large = flat(brand, 256)
    items = {
        1: flat(brand, 64).item((64, 64)),
        2: large.item((256, 256), auxiliary(DEPTH)),
        3: large.item((256, 256)),
        4: large.item((9, 9)),
    }
    assert contents(packed(brand, items, [(b"auxl", 2, [1]), (b"thmb", 3, [1])])).coded == 4096


@pytest.mark.parametrize("brand", BRANDS)
def test_a_picture_can_have_up_to_eight_layers(brand: bytes) -> None:
    one = flat(brand, 64)
    for count, held in ((1, 4096), (4, 4096 * 8 // 5), (8, 4096 * 12 // 5)):
        stream = Coded(one.kind, one.configuration, one.data * count)
        assert contents(packed(brand, {1: stream.item((64, 64))})).coded == held
    with pytest.raises(TooLarge, match="9 layers"):
        contents(packed(brand, {1: Coded(one.kind, one.configuration, one.data * 9).item((64, 64))}))
