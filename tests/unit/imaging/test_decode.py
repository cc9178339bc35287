"""A JPEG that is decoded at a fraction of its size loses no detail, keeps its colours and does not shift."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import SUNSET
from tests.support.pictures.similarity import ssim


def luma(data: bytes) -> Array:
    return np.asarray(opened(data).convert("L"))


@pytest.fixture(scope="module")
def whole() -> bytes:
    """The photograph's pixels in a format that is always decoded completely."""
    return saved(opened(SUNSET), "BMP")


@pytest.mark.parametrize("size", ["200x", "600x", "1200x", "300x300-right", "711x"])
def test_decoding_at_a_fraction_loses_nothing(size: str, whole: bytes) -> None:
    """A photograph of 12 megapixels decoded at 1/2 to 1/8 is compared with the same photograph decoded completely."""
    small, full = rendered(SUNSET, f"{size}.png"), rendered(whole, f"{size}.png")
    colours = np.asarray(opened(small), float) - np.asarray(opened(full), float)
    assert ssim(opened(small), opened(full)) > 0.99
    assert np.abs(colours).mean() < 1.5
    assert np.abs(colours.mean((0, 1))).max() < 0.5


@pytest.mark.parametrize("width", [96, 128, 192, 255])
def test_decoding_at_a_fraction_does_not_shift_the_picture(width: int) -> None:
    """An edge keeps its place for every factor, although the original's sides are odd."""
    image = Image.new("L", (1021, 515), 20)
    image.paste(235, (510, 0, 1021, 515))
    image = image.filter(ImageFilter.GaussianBlur(3))
    small = rendered(saved(image, "JPEG", quality=98), f"{width}x.png")
    row = luma(small)[10].astype(float)
    edge = (235 - row).sum() / (235 - 20)
    assert abs(edge - 510 * width / 1021) < 0.06
