"""The crops in boxes of AVIF and HEIC, compared with libheif and with cases of libavif's tests."""

import struct
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from PIL import Image

from core.errors import UnsupportedFormat
from core.imaging.containers.aperture import area
from core.imaging.containers.boxes import contents
from tests.support.pictures.cropped import SIDES, assert_like, avif, heic, heic_shown, uncropped
from tests.support.pictures.isobmff import (
    box,
    boxes,
    changed,
    clap,
    cut,
    imir,
    in_track,
    irot,
    ispe,
    meta_last,
    with_properties,
)

Original = Callable[[], bytes]

PART = (20, 30, 190, 121)
"""Off the middle, of odd height, and less than 64 pixels smaller per side, so that libheif decodes it."""

CASES = [
    ((120, 160), clap(96, 132), (12, 14, 108, 146)),
    ((120, 160), clap(60, 80, (-30, 1), (-40, 1)), (0, 0, 60, 80)),
    ((100, 100), clap(99, 99, (-1, 2), (-1, 2)), (0, 0, 99, 99)),
    ((100, 100), clap(99, 99, (1, 2), (1, 2)), (1, 1, 100, 100)),
    ((16, 16), clap(15, 15, (-32768, 65536), (-32768, 65536)), (0, 0, 15, 15)),
    ((240, 160), clap(119, 79, (1, 2), (1, 2), 7), (61, 41, 180, 120)),
    # Fractions of pixels: heif-convert 1.15 and sharp 0.35 cut 101x51 out of 240x160.
    ((240, 160), clap(101, 51), (69, 55, 170, 106)),
    ((240, 160), clap(100.5, 50.5, unit=2), (69, 55, 170, 106)),
]
"""Sides, aperture and its part of the picture. The first four are from libavif's tests, the fifth from macOS."""

NO_PARTS = [
    clap(96, 132, (0, 0)),
    clap(96, 132, (0, -1)),
    clap(96, 132, (0, 1), (0, 0)),
    clap(-96, 132),
    clap(0, 132),
    clap(96, -132),
    clap(96, 0),
    box(b"clap", clap(96, 132)[8:12] + bytes(4) + clap(96, 132)[16:]),
    box(b"clap", clap(96, 132)[8:-1]),
    clap(121, 160),
    clap(96, 132, (13, 1)),
    clap(96, 132, (0, 1), (-15, 1)),
    clap(96, 132, (2**31 - 1, 1)),
    clap(120, 160),
]
"""For a picture of 120x160: denominators and sides of 0 or less, cut short, over an edge, and the whole picture."""


def sized(data: bytes, sides: tuple[int, int], *added: bytes) -> bytes:
    return with_properties(data, {1: [ispe(*sides), *added]}, without=[b"ispe"])


@pytest.mark.parametrize(("sides", "aperture", "part"), CASES)
def test_an_aperture_is_the_part_given_by_its_fractions(
    sides: tuple[int, int], aperture: bytes, part: tuple[int, int, int, int]
) -> None:
    assert area(aperture[8:], sides) == part


@pytest.mark.parametrize("original", [avif, heic])
@pytest.mark.parametrize("aperture", NO_PARTS)
def test_an_invalid_aperture_leaves_the_picture_whole(original: Original, aperture: bytes) -> None:
    assert contents(sized(original(), (120, 160), aperture)).aperture is None


LAYOUTS: list[dict[str, Any]] = [
    {},
    {"wide": True},
    {"long": True},
    {"wide": True, "long": True},
    {"large": True},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_every_layout_of_the_boxes_is_read(layout: dict[str, Any]) -> None:
    found = contents(with_properties(avif(), {1: [cut(SIDES, *PART)]}, **layout))
    assert found.aperture == PART
    cropped = with_properties(heic(), {1: [cut(SIDES, *PART)]}, **layout)
    assert contents(cropped).aperture == PART
    assert_like(uncropped(contents(cropped).data), uncropped(heic()))


def test_a_property_after_many_others_is_found() -> None:
    """Libheif reads up to a hundred, libavif reads more."""
    found = contents(with_properties(avif(), {1: [cut(SIDES, *PART)]}, wide=True, unused=200))
    assert found.aperture == PART


@pytest.mark.parametrize("original", [avif, heic])
def test_the_meta_box_can_be_the_last_one_and_without_a_size(original: Original) -> None:
    assert contents(meta_last(with_properties(original(), {1: [cut(SIDES, *PART)]}))).aperture == PART


def test_the_crop_of_another_item_is_not_applied() -> None:
    assert contents(with_properties(avif("RGBA"), {2: [cut(SIDES, *PART)]})).aperture is None


def test_a_sequence_has_the_crop_of_its_track() -> None:
    other = with_properties(avif(frames=3), {1: [cut(SIDES, 0, 0, 9, 9)]})
    assert contents(in_track(other, cut(SIDES, *PART))).aperture == PART
    assert contents(other).aperture is None


def test_a_sequence_has_the_crop_of_its_colours_even_if_alpha_comes_first() -> None:
    cropped = in_track(avif("RGBA", frames=2), cut(SIDES, *PART))
    colours, alpha = [contents for kind, contents in boxes(dict(boxes(cropped))[b"moov"]) if kind == b"trak"]
    swapped = cropped.replace(box(b"trak", colours) + box(b"trak", alpha), box(b"trak", alpha) + box(b"trak", colours))
    assert swapped != cropped
    assert contents(swapped).aperture == PART


TURNS = [[cut(SIDES, *PART), irot(turns)] for turns in range(4)]
MIRRORS = [[cut(SIDES, *PART), irot(turns), imir(axis)] for turns, axis in product(range(4), range(2))]
ORDERS = [[imir(axis), irot(turns), clap(110, 120, (5, 1), (-3, 1))] for turns, axis in product(range(4), range(2))]
TWICE = [[cut(SIDES, *PART), irot(1), clap(60, 130, (3, 1), (-2, 1))]]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("applied", TURNS + MIRRORS + ORDERS + TWICE)
def test_a_heic_is_cropped_as_by_libheif(applied: list[bytes], mode: str) -> None:
    items = {1: applied, 2: applied} if mode == "RGBA" else {1: applied}
    data = with_properties(heic(mode), items)
    part = contents(data).aperture
    assert part
    assert_like(uncropped(contents(data).data).crop(part), heic_shown(data))


def test_an_alpha_plane_without_a_crop_is_cropped_with_its_colours() -> None:
    data = with_properties(heic("RGBA"), {1: [cut(SIDES, *PART), irot(1)], 2: [irot(1)]})
    shown = uncropped(contents(data).data).crop(contents(data).aperture)
    expected = uncropped(heic("RGBA")).crop(PART).transpose(Image.Transpose.ROTATE_90)
    assert_like(shown, expected)


def test_an_alpha_plane_with_another_crop_is_left_to_libheif() -> None:
    data = with_properties(heic("RGBA"), {1: [cut(SIDES, *PART)], 2: [cut(SIDES, 0, 0, 200, 140)]})
    assert contents(data).aperture is None
    assert contents(data).data == data


def test_a_depth_map_with_another_crop_changes_nothing() -> None:
    crops = {1: [cut(SIDES, *PART)], 2: [cut(SIDES, 0, 0, 200, 140)]}
    data = with_properties(heic("RGBA"), crops).replace(b"auxid:1", b"auxid:2")
    data = data.replace(b"auxiliary:alpha", b"auxiliary:depth")
    assert contents(data).aperture == PART


def test_a_picture_made_from_another_one_is_left_to_libheif() -> None:
    reference = box(b"iref", bytes(4) + box(b"dimg", struct.pack(">HHH", 1, 1, 2)))
    cropped = with_properties(heic("RGBA"), {1: [cut(SIDES, *PART)]})
    data = changed(cropped, [b"meta"], lambda meta: meta.replace(b"iref", b"free") + reference)
    assert contents(data).aperture is None
    assert contents(data).data == data


def test_a_heic_without_a_crop_is_not_changed() -> None:
    turned = with_properties(heic(), {1: [irot(1)]})
    assert contents(turned).data is turned


def test_removing_the_crop_changes_no_other_property() -> None:
    data = with_properties(heic("RGBA"), {1: [cut(SIDES, *PART)], 2: [imir(1), cut(SIDES, *PART)]})
    changes = [(before, after) for before, after in zip(data, contents(data).data, strict=True) if before != after]
    assert len(changes) == 2
    assert all(before & 0x80 and after == 0 for before, after in changes)


@pytest.mark.parametrize(("coding", "name"), [(b"avc1", "AVC"), (b"vvc1", "VVC"), (b"jpeg", "JPEG"), (b"av01", "AV1")])
def test_the_coding_of_an_unsupported_heif_is_named(coding: bytes, name: str) -> None:
    """It is not damaged: 415, not 422."""
    with pytest.raises(UnsupportedFormat, match=name):
        contents(heic().replace(b"hvc1", coding))
    assert contents(heic())
