"""The place of a crop: the pixels that corners, edges and focal points keep."""

import numpy as np
import pytest
from PIL import Image

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.on_its_side import turned
from tests.support.pictures.rendering import rendered

OFFSETS = {
    "": (100, 75),
    "-f50x50": (100, 75),
    "-top": (100, 0),
    "-bottom": (100, 150),
    "-left": (0, 75),
    "-right": (200, 75),
    "-topleft": (0, 0),
    "-topright": (200, 0),
    "-bottomleft": (0, 150),
    "-bottomright": (200, 150),
    # 40 % of 300 is 120, of 250 is 100; minus 50 in both cases.
    "-f40x40": (70, 50),
    "-f60x30": (130, 25),
    # Limited by the edges.
    "-f10x99": (0, 150),
    "-f99x10": (200, 0),
}
"""The offset of a crop of 100 pixels from the left in 300x100, and from the top in 100x250."""


def numbered(width: int, height: int) -> Array:
    """Pixels that state their place: the column in red, the row in green, one level per pixel."""
    rows, columns = np.mgrid[0:height, 0:width]
    return np.dstack([columns % 256, rows % 256, columns // 256 * 90 + rows // 256 * 7]).astype(np.uint8)


@pytest.mark.parametrize("place", OFFSETS)
def test_the_crop_is_at_the_requested_place(place: str) -> None:
    """Nothing is scaled here: each pixel of the variant is a pixel of the original."""
    across, down = OFFSETS[place]
    wide, tall = numbered(300, 100), numbered(100, 250)
    assert (np.asarray(opened(rendered(as_png(wide), f"100x100{place}.png"))) == wide[:, across : across + 100]).all()
    assert (np.asarray(opened(rendered(as_png(tall), f"100x100{place}.png"))) == tall[down : down + 100]).all()


def as_png(pixels: Array) -> bytes:
    """An array as a PNG."""
    return saved(Image.fromarray(pixels), "PNG")


@pytest.mark.parametrize("place", ["-f40x40", "-f60x30", "-topleft", "-bottomright"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_place_is_relative_to_the_upright_picture(orientation: int, place: str) -> None:
    across, down = OFFSETS[place]
    for upright, (left, top) in ((numbered(300, 100), (across, 0)), (numbered(100, 250), (0, down))):
        original = turned(Image.fromarray(upright), orientation)
        shown = np.asarray(opened(rendered(original, f"100x100{place}.png")))
        assert (shown == upright[top : top + 100, left : left + 100]).all()


@pytest.mark.parametrize("place", ["-f30x5", "-left", "-f65x90", "-topright"])
def test_a_jpeg_decoded_at_a_fraction_is_cropped_at_the_same_place(place: str) -> None:
    """A grey ramp of 2400x400 in a box of a sixteenth: the level at the middle shows the place of the crop."""
    ramp = np.linspace(0, 255, 2400)[None].repeat(400, 0).round().astype(np.uint8)
    middle = {"-f30x5": 0.30, "-left": 200 / 2400, "-f65x90": 0.65, "-topright": 2200 / 2400}[place]
    variant = opened(rendered(saved(Image.fromarray(ramp), "JPEG", quality=98), f"25x25{place}.png"))
    assert abs(np.asarray(variant.convert("L"), float)[12, 12] - 255 * middle) < 2


@pytest.mark.parametrize("target", ["gif", "webp", "png"])
def test_every_picture_of_an_animation_is_cropped_at_the_same_place(target: str) -> None:
    pictures = [Image.new("RGB", (120, 40), colour) for colour in ("red", "lime")]
    for picture in pictures:
        picture.paste("blue", (72, 0, 112, 40))
    original = saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=100)
    variant = opened(rendered(original, f"40x40-f77x50-q100.{target}"))
    # 77 % of 120 is 92.4; minus 20.
    for number in range(2):
        variant.seek(number)
        assert np.abs(np.asarray(variant.convert("RGB"), int)[:, 3:36] - (0, 0, 255)).max() <= 6
