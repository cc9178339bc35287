"""The stated part of the original is the part that the variant shows."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.imaging.framing import framing
from core.imaging.pipeline import render
from core.size import parse
from tests.support.pictures.on_its_side import turned
from tests.support.pictures.samples import SUNSET
from tests.support.settings import settings

IMAGING = settings().imaging
SIZES = (
    "90x90",
    "90x90-smart",
    "60x120-smart",
    "120x30-f20x90",
    "100x40-bottomright",
    "80x-q70",
    "50x90-fill",
    "70x70-inside",
)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, in levels."""
    pictures = (np.asarray(picture.convert("RGB"), np.float64) for picture in (one, other))
    return float(np.abs(np.subtract(*pictures)).mean())


@pytest.fixture(scope="module")
def upright() -> Image.Image:
    """A picture whose parts differ, and whose subject is not in the middle."""
    return Image.open(BytesIO(SUNSET)).convert("RGB").crop((0, 0, 2600, 2400)).resize((260, 240))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("text", SIZES)
def test_the_variant_shows_the_stated_box_of_the_upright_original(
    upright: Image.Image, text: str, orientation: int
) -> None:
    data = turned(upright, orientation)
    framed = framing(data, parse(text), IMAGING)
    shown = Image.open(BytesIO(render(data, parse(text), IMAGING).data))
    assert framed.sides == upright.size
    expected = upright.resize(shown.size, Image.Resampling.LANCZOS, box=framed.box)
    assert difference(shown, expected) < 1
    left, top, right, bottom = framed.box
    if right - left < upright.width - 16:  # A wrong crop would fail the test.
        aside = 8 if left < 8 else -8
        moved = upright.resize(shown.size, Image.Resampling.LANCZOS, box=(left + aside, top, right + aside, bottom))
        assert difference(shown, moved) > 2


def test_a_jpeg_decoded_at_a_fraction_has_its_box_in_pixels_of_the_original() -> None:
    framed = framing(SUNSET, parse("100x100-smart"), IMAGING)
    left, top, right, bottom = framed.box
    assert framed.sides == (4272, 2848)
    assert (round(right - left), round(top), round(bottom)) == (2848, 0, 2848)
    small = Image.open(BytesIO(render(SUNSET, parse("100x100-smart"), IMAGING).data))
    whole = Image.open(BytesIO(SUNSET))
    assert difference(small, whole.resize((100, 100), Image.Resampling.LANCZOS, box=(left, top, right, bottom))) < 4
