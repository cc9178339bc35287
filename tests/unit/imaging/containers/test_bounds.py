"""The limits of an AVIF's or HEIC's parts: a file at a limit is read, one over it is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import BrokenOriginal, TooLarge, UnsupportedFormat
from core.imaging.containers.boxes import contents
from tests.support.pictures.hostile.boxed import Item, avif, coded, grid, heic, packed
from tests.support.pictures.isobmff import box, icc, irot

MIB = 1024 * 1024
TILES = {b"heic": coded(heic(64, 64)), b"avif": coded(avif(64, 64))}
PASP = [box(b"pasp", number.to_bytes(8)) for number in range(40)]


def tile(brand: bytes, *properties: bytes, hidden: bool = False) -> Item:
    return TILES[brand].item((64, 64), *properties, hidden=hidden)


def with_items(brand: bytes, count: int) -> bytes:
    return packed(brand, dict.fromkeys(range(1, count + 1), tile(brand)))


def with_references(brand: bytes, count: int) -> bytes:
    """Each counts, and so does each of its targets."""
    return packed(brand, {1: tile(brand)}, [(b"cdsc", 2, [1] * (count - 1))])


def with_properties(brand: bytes, count: int) -> bytes:
    """The configuration and the size are two of the `count`."""
    return packed(brand, {1: tile(brand, *PASP[: count - 2])})


def with_turns(brand: bytes, count: int) -> bytes:
    return packed(brand, {1: tile(brand, *[irot(1)] * count)})


def with_extents(brand: bytes, count: int) -> bytes:
    return packed(brand, {1: tile(brand), 2: Item(b"Exif", b"", extents=[(0, 9)] * count)}, shared=bytes(9))


def with_metadata(brand: bytes, count: int) -> bytes:
    """`count` is in MiB: once for the file and once for its picture."""
    exif = Item(b"Exif", b"", extents=[(0, MIB // 2)] * 16)
    items = {1: tile(brand), **dict.fromkeys(range(2, 2 + count // 16), exif)}
    if count % 16:
        items[99] = Item(b"Exif", bytes(1))
    return packed(brand, items, [(b"cdsc", number, [1]) for number in items if number > 1], shared=bytes(MIB))


def with_profiles(brand: bytes, count: int) -> bytes:
    """`count` is in MiB."""
    return packed(brand, dict.fromkeys(range(1, count + 1), tile(brand, icc(bytes(MIB - 4)))))


def with_groups(brand: bytes, count: int) -> bytes:
    """`count` is in KiB."""
    return packed(brand, {1: tile(brand)}, inside=box(b"grpl", bytes(1024 * count)))


LIMITS: dict[str, tuple[Callable[[bytes, int], bytes], int, int]] = {
    "items": (with_items, 4096, 4097),
    "references": (with_references, 12288, 12289),
    "properties": (with_properties, 32, 33),
    "crops and turns": (with_turns, 6, 7),
    "pieces": (with_extents, 32, 33),
    "metadata": (with_metadata, 64, 65),
    "profiles": (with_profiles, 32, 33),
    "groups": (with_groups, 64, 65),
}


@pytest.mark.parametrize("brand", TILES)
@pytest.mark.parametrize("what", LIMITS)
def test_a_file_at_a_limit_is_read_and_one_over_it_is_refused(what: str, brand: bytes) -> None:
    made, most, over = LIMITS[what]
    assert contents(made(brand, most)).stated == (64, 64)
    with pytest.raises(TooLarge, match=what):
        contents(made(brand, over))


def test_the_profiles_of_hidden_pictures_are_not_counted() -> None:
    tiles = dict.fromkeys(range(2, 102), tile(b"heic", icc(bytes(MIB)), hidden=True))
    assert contents(packed(b"heic", {1: tile(b"heic"), **tiles}))


@pytest.mark.parametrize("brand", TILES)
def test_tiles_can_share_their_data(brand: bytes) -> None:
    """Libavif writes data that many tiles share, such as opaque alpha, once."""
    shared = tile(brand)
    alike = Item(shared.kind, b"", shared.properties, extents=[(0, len(shared.data))])
    file = packed(
        brand,
        {1: grid(30, 30, (1920, 1920)), **dict.fromkeys(range(2, 902), alike)},
        [(b"dimg", 1, list(range(2, 902)))],
        shared=shared.data,
    )
    assert contents(file).coded == 1920 * 1920


def test_pictures_with_far_more_data_than_the_file_are_refused() -> None:
    shared = tile(b"heic")
    alike = Item(shared.kind, b"", shared.properties, extents=[(0, MIB)])
    with pytest.raises(TooLarge, match="bytes of pictures"):
        contents(packed(b"heic", dict.fromkeys(range(1, 30), alike), shared=shared.data.ljust(MIB, b"\0")))


@pytest.mark.parametrize("packing", ["deflate", "compress_zlib"])
def test_compressed_metadata_counts_as_large_as_it_can_become(packing: str) -> None:
    texts = b"application/rdf+xml\0" + packing.encode() + b"\0"
    assert contents(packed(b"heic", {1: tile(b"heic"), 2: Item(b"mime", bytes(60_000), texts=texts)}))
    with pytest.raises(TooLarge, match="metadata"):
        contents(packed(b"heic", {1: tile(b"heic"), 2: Item(b"mime", bytes(70_000), texts=texts)}))


def test_metadata_with_an_unknown_compression_is_refused() -> None:
    texts = b"application/rdf+xml\0br\0"
    with pytest.raises(UnsupportedFormat, match="compressed in a way"):
        contents(packed(b"heic", {1: tile(b"heic"), 2: Item(b"mime", bytes(9), texts=texts)}))


REPEATED: dict[str, dict[str, Any]] = {
    "meta": {"meta": 2},
    "pitm": {"inside": box(b"pitm", bytes(6))},
    "iref": {"inside": box(b"iref", bytes(4)) * 2},
    "idat": {"inside": box(b"idat", b"") * 2},
}


@pytest.mark.parametrize("brand", TILES)
@pytest.mark.parametrize("kind", REPEATED)
def test_a_duplicate_box_is_damage(kind: str, brand: bytes) -> None:
    """Decoders differ in which of the two they use."""
    with pytest.raises(BrokenOriginal, match=kind):
        contents(packed(brand, {1: tile(brand)}, **REPEATED[kind]))


@pytest.mark.parametrize("kind", ["infe", "iloc"])
def test_an_item_that_is_listed_twice_is_damage(kind: str) -> None:
    """The ID of one item is changed to that of the other."""
    items = {1: tile(b"heic"), 2: Item(b"Exif", bytes(9))}
    data = packed(b"heic", items)
    # After the first item's entry, or after a version and three lengths.
    at = data.rindex(b"infe") + 8 if kind == "infe" else data.index(b"iloc") + 14 + 18
    assert data[at : at + 4] == b"\0\0\0\2"
    with pytest.raises(BrokenOriginal, match=kind):
        contents(data[:at] + b"\0\0\0\1" + data[at + 4 :])


def test_an_item_with_two_lists_of_parts_is_damage() -> None:
    items = {1: grid(1, 1, (64, 64)), 2: tile(b"heic")}
    with pytest.raises(BrokenOriginal, match="dimg"):
        contents(packed(b"heic", items, [(b"dimg", 1, [2]), (b"dimg", 1, [2])]))


def test_a_minimized_file_is_named() -> None:
    with pytest.raises(UnsupportedFormat, match="minimized"):
        contents(packed(b"heic", {1: tile(b"heic")}, before=box(b"mini", bytes(9))))
