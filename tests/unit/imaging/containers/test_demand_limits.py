"""Pictures that are made from other pictures: the limits of their depth, number and size."""

import pytest

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.imaging.containers.boxes import contents
from core.imaging.original import opened
from core.settings import Settings
from tests.support.pictures.hostile.boxed import (
    ALPHA,
    BRANDS,
    Coded,
    Item,
    auxiliary,
    flat,
    grid,
    overlay,
    packed,
    same,
    tiled,
)
from tests.support.pictures.isobmff import irot

SETTINGS = Settings(max_original_pixels=1_000_000).imaging


@pytest.mark.parametrize("brand", BRANDS)
def test_the_limit_of_pixels_applies_to_decoded_pixels(brand: bytes) -> None:
    assert opened(tiled(brand, 4, 64, 64), SETTINGS).sides == (64, 64)
    with pytest.raises(TooLarge, match="pixels to decode"):
        opened(tiled(brand, 20, 64, 64), SETTINGS)
    with pytest.raises(TooLarge, match="MB to decode"):
        opened(tiled(brand, 15, 64, 900), SETTINGS)


def test_the_limit_of_memory_applies_to_decoded_pixels() -> None:
    with pytest.raises(TooLarge, match="MB to decode"):
        opened(tiled(b"heic", 16, 64, 64), SETTINGS)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(
    "made", [same((64, 64)), overlay(1, (64, 64)), grid(1, 1, (64, 64))], ids=["iden", "iovl", "grid"]
)
def test_a_chain_of_up_to_six_items_made_from_one_another_is_read(made: Item, brand: bytes) -> None:
    def chain(deep: int) -> bytes:
        items = {**dict.fromkeys(range(1, deep + 1), made), deep + 1: flat(brand, 64).item((64, 64))}
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
        planes = dict.fromkeys(range(1, length + 1), flat(brand, 64).item((64, 64), auxiliary(ALPHA)))
        with pytest.raises(BrokenOriginal, match="itself"):
            contents(packed(brand, planes, [(b"auxl", number, [number % length + 1]) for number in planes]))


@pytest.mark.parametrize("brand", BRANDS)
def test_repeated_visits_of_an_item_count(brand: bytes) -> None:
    def twice(parts: int) -> bytes:
        items = {1: overlay(parts, (64, 64)), 2: overlay(parts, (64, 64)), 3: flat(brand, 64).item((64, 64))}
        return packed(brand, items, [(b"dimg", 1, [2] * parts), (b"dimg", 2, [3] * parts)])

    assert contents(twice(63))
    with pytest.raises(TooLarge, match="too many others"):
        contents(twice(64))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_stream_can_be_up_to_128_pixels_larger_than_stated(brand: bytes) -> None:
    large = flat(brand, 256)
    assert contents(packed(brand, {1: large.item((128, 128))})).coded == 65536
    for sides in ((127, 256), (256, 127), (1, 1)):
        with pytest.raises(BrokenOriginal, match="256x256"):
            contents(packed(brand, {1: large.item(sides)}))


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("place", ["tile", "alpha", "part"])
def test_every_stream_that_is_decoded_is_checked(place: str, brand: bytes) -> None:
    honest, lie = flat(brand, 64).item((64, 64)), flat(brand, 256).item((64, 64), auxiliary(ALPHA))
    shown, references = {
        "tile": (grid(1, 2, (128, 64)), [(b"dimg", 1, [2, 3])]),
        "part": (overlay(2, (64, 64)), [(b"dimg", 1, [2, 3])]),
        "alpha": (honest, [(b"auxl", 3, [1])]),
    }[place]
    with pytest.raises(BrokenOriginal, match="64x64 pixels; its data has 256x256"):
        contents(packed(brand, {1: shown, 2: honest, 3: lie}, references))


def test_slices_and_turns_count_with_the_pixels() -> None:
    large = flat(b"heic", 4096, slices=8)
    last = large.data[large.data.rindex(b"\0\0\2", 0, len(large.data) - 9) :]
    assert int.from_bytes(last[:4]) == len(last) - 4
    for count, turns in ((51, 0), (31, 4)):
        several = Coded(large.kind, large.configuration, large.data + last * count)
        assert contents(packed(b"heic", {1: several.item((4096, 4096), *[irot(1)] * turns)}))
        more = Coded(large.kind, large.configuration, several.data + last)
        with pytest.raises(TooLarge, match="too many pieces"):
            contents(packed(b"heic", {1: more.item((4096, 4096), *[irot(1)] * turns)}))


def test_the_coding_of_an_unsupported_tile_is_named() -> None:
    tile = flat(b"heic", 64).item((64, 64))
    items = {1: grid(1, 2, (128, 64)), 2: tile, 3: Item(b"unci", b"", tile.properties)}
    with pytest.raises(UnsupportedFormat, match="uncompressed"):
        contents(packed(b"heic", items, [(b"dimg", 1, [2, 3])]))
