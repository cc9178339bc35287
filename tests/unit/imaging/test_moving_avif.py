"""Animated AVIFs have the limited range: browsers show the full range of an animation wrong."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import saved
from tests.support.pictures.gifs import Gif, Picture
from tests.support.pictures.playing import played
from tests.support.pictures.pngs import Apng, Moving
from tests.support.pictures.rendering import rendered
from tests.support.pictures.webps import Still, webp

COLOURS = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 0, 255)]


def as_gif() -> bytes:
    return Gif((32, 32), [Picture([[index] * 32] * 32) for index in range(4)], COLOURS, 0).data()


def as_webp() -> bytes:
    return webp((32, 32), [Still(Image.new("RGB", (32, 32), colour)) for colour in COLOURS], False)


def as_apng() -> bytes:
    return Apng((32, 32), [Moving([list(colour) * 32] * 32) for colour in COLOURS], 8, 2).data()


def as_clear_apng() -> bytes:
    frames = [Moving([[*colour, 255] * 16 + [*colour, 0] * 16] * 32) for colour in COLOURS]
    return Apng((32, 32), frames, 8, 6).data()


ORIGINALS = [as_gif, as_webp, as_apng, as_clear_apng]


def ranges(data: bytes) -> set[int]:
    """The full_range_flag of each colr box with numbers of H.273 (ISO/IEC 23008-12, 6.5.5, and 14496-12, 12.1.5)."""
    return {data[match.end() + 6] >> 7 for match in re.finditer(b"colrnclx", data)}


@pytest.mark.parametrize("original", ORIGINALS)
@pytest.mark.parametrize("size", ["32x32", "16x", "8x20-contain"])
def test_an_animation_states_the_limited_range(original: Callable[[], bytes], size: str) -> None:
    """Chromium reads the full range of an animation as the limited one and shows greys with too much contrast."""
    assert ranges(rendered(original(), f"{size}.avif")) == {0}


@pytest.mark.parametrize("original", ORIGINALS)
def test_an_animation_is_coded_in_its_stated_range(original: Callable[[], bytes]) -> None:
    """A reader that follows the stated range shows black as black and white as white."""
    for (pixels, _), colour in zip(played(rendered(original(), "32x32.avif")), COLOURS, strict=True):
        assert np.abs(pixels[4:28, 4:12, :3] - colour).max() <= 4


def test_a_still_picture_states_the_full_range() -> None:
    """The full range has more levels, and browsers show it right in a still picture."""
    assert ranges(rendered(saved(Image.new("RGB", (32, 32), COLOURS[2]), "PNG"), "32x32.avif")) == {1}
