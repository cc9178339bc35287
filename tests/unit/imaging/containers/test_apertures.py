"""Originals with a clean aperture: a variant shows only that part of the picture, upright."""

from collections.abc import Callable
from io import BytesIO
from itertools import product

import pytest
from PIL import Image

from core.imaging.containers.aperture import Area
from tests.support.pictures.charts import opened
from tests.support.pictures.cropped import SIDES, assert_like, avif, heic, picture
from tests.support.pictures.isobmff import clap, cut, imir, in_track, irot, with_properties
from tests.support.pictures.rendering import rendered

Original = Callable[..., bytes]

PARTS: list[Area] = [
    (60, 40, 180, 120),
    (0, 0, 100, 90),
    (20, 30, 191, 121),
    (61, 41, 100, 90),
    (0, 0, 239, 160),
    (115, 75, 116, 76),
]
"""Of 240x160: in the middle, at a corner, odd, small, one column less, and one pixel."""

TURNS = list(product(range(4), (None, 0, 1)))
"""Quarters anti-clockwise, and then the axis of a mirror."""


def upright(image: Image.Image, turns: int, axis: int | None) -> Image.Image:
    image = image.rotate(90 * turns, expand=True)
    if axis is None:
        return image
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT if axis else Image.Transpose.FLIP_TOP_BOTTOM)


def applied(part: Area, turns: int, axis: int | None) -> list[bytes]:
    return [cut(SIDES, *part), irot(turns), *([] if axis is None else [imir(axis)])]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("original", [avif, heic])
@pytest.mark.parametrize("part", PARTS)
def test_a_variant_shows_the_aperture_turned_upright(original: Original, part: Area, mode: str) -> None:
    for turns, axis in TURNS:
        expected = upright(picture(mode).crop(part), turns, axis)
        added = applied(part, turns, axis)
        data = with_properties(original(mode), {1: added, 2: added} if mode == "RGBA" else {1: added})
        shown = opened(rendered(data, f"{expected.width}x{expected.height}.png"))
        assert_like(shown, expected)


@pytest.mark.parametrize("original", [avif, heic])
def test_a_requested_size_is_relative_to_the_aperture(original: Original) -> None:
    data = with_properties(original(), {1: [cut(SIDES, 60, 40, 180, 120), irot(1)]})
    assert opened(rendered(data, "40x.png")).size == (40, 60)
    assert opened(rendered(data, "500x500-inside.png")).size == (80, 120)


@pytest.mark.parametrize("original", [avif, heic])
def test_pixels_outside_the_aperture_do_not_affect_its_edge(original: Original) -> None:
    data = with_properties(original(), {1: [cut(SIDES, 60, 40, 180, 120)]})
    expected = picture().crop((60, 40, 180, 120)).resize((30, 20), Image.Resampling.LANCZOS)
    assert_like(opened(rendered(data, "30x20.png")), expected)


def test_every_frame_of_a_sequence_is_cropped() -> None:
    data = in_track(avif(frames=3), cut(SIDES, 60, 40, 180, 120))
    shown = Image.open(BytesIO(rendered(data, "120x80.png")))
    for number in range(3):
        shown.seek(number)
        expected = picture().point(lambda value, by=number: value // (by + 1)).crop((60, 40, 180, 120))
        assert_like(shown.convert("RGB"), expected)


@pytest.mark.parametrize("original", [avif, heic])
@pytest.mark.parametrize(
    "aperture", [clap(0, 80), clap(120, 80, (0, 0)), clap(120, 80, (100, 1)), clap(241, 160)], ids=range(4)
)
def test_an_invalid_aperture_is_ignored(original: Original, aperture: bytes) -> None:
    data = with_properties(original(), {1: [aperture]})
    assert_like(opened(rendered(data, "240x160.png")), picture())
