"""Sharpness and moiré, compared with sharp's variants of the same originals and with exact ones.

`./noxw -s bench -- sheets` makes the fixtures.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.support.pictures.charts import opened, saved, zone_plate
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import CAT, DOGS, SUNSET
from tests.support.pictures.similarity import ssim

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "sharp").glob("*.webp"))
ORIGINALS = {"zone": saved(zone_plate(1000), "PNG", compress_level=1), "sunset": SUNSET, "dogs": DOGS, "cat": CAT}
ENOUGH = 0.98


def exact(name: str, size: tuple[int, int]) -> Image.Image:
    """The original decoded in full and reduced in one step, by Pillow alone."""
    upright = ImageOps.exif_transpose(Image.open(BytesIO(ORIGINALS[name])))
    return upright.resize(size, Image.Resampling.LANCZOS).convert("L")


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 7


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_variant_is_as_sharp_as_sharps(fixture: Path) -> None:
    """As sharp as sharp's, unless only sharp's has moiré. Never further from the exact one than sharp's."""
    name, width = fixture.stem.split("-")
    theirs = opened(fixture.read_bytes()).convert("L")
    ours = opened(rendered(ORIGINALS[name], f"{width}x.png")).convert("L")
    assert ours.size == theirs.size
    best = exact(name, theirs.size)
    to_exact, theirs_to_exact = ssim(ours, best), ssim(theirs, best)
    assert to_exact >= ENOUGH
    assert to_exact >= theirs_to_exact - 0.002
    if theirs_to_exact >= ENOUGH:
        assert ssim(ours, theirs) >= ENOUGH


def moire(image: Image.Image) -> float:
    """The strongest pattern, in levels, in the area of a reduced zone plate of 1000 pixels that should be even grey.

    That is where the rings alternate too fast, across or down, for the width. It begins at half the width times
    width / 1000 from the middle, here at 1.4 times that, since no kernel cuts off at once. The last 16 pixels at the
    edges, where the original's rings reach the limit, are excluded.
    """
    plate = np.asarray(image.convert("L"), float)
    width = image.width
    from_middle = np.abs(np.arange(width) - (width - 1) / 2)
    farthest = np.maximum(from_middle[None], from_middle[:, None])
    even = (farthest > 1.4 * width / 2 * width / 1000) & (farthest < width / 2 - 16)
    assert even.mean() > 0.4
    return float(np.abs(plate[even] - 127.5).max())


@pytest.mark.parametrize("width", [450, 333, 250, 201, 160, 120])
def test_a_variant_has_no_moire(width: int) -> None:
    assert moire(opened(rendered(ORIGINALS["zone"], f"{width}x.png"))) < 10


def test_the_measure_finds_moire() -> None:
    """Averages of squares, the simplest way to reduce, have three times as much moiré."""
    for width in (450, 250, 120):
        assert moire(zone_plate(1000).resize((width, width), Image.Resampling.BOX)) > 30


@pytest.mark.parametrize("factor", [2, 4, 8])
@pytest.mark.parametrize("more", [1.0, 1.1])
def test_a_jpeg_keeps_its_look_near_the_fractions_of_its_decoder(factor: int, more: float) -> None:
    """The decoder cuts off frequencies in blocks of 8 pixels, before Lanczos could prevent it."""
    photograph = Image.open(BytesIO(SUNSET)).convert("RGB")
    width = int(photograph.width / factor / more)
    found = opened(rendered(saved(photograph, "JPEG", quality=95), f"{width}x.png"))
    wanted = photograph.resize(found.size, Image.Resampling.LANCZOS)
    assert ssim(found.convert("L"), wanted.convert("L")) >= 0.997
