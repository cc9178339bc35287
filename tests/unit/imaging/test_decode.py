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
    """A photograph's pixels as the whole JPEG holds them, in a format that has no short cut."""
    return saved(opened(SUNSET), "BMP")


@pytest.mark.parametrize("size", ["200x", "600x", "1200x", "300x300-right", "711x"])
def test_decoding_small_loses_nothing(size: str, whole: bytes) -> None:
    """A twelve-megapixel photograph decoded at 1/2 to 1/8 against the same decoded in full."""
    small, full = rendered(SUNSET, f"{size}.png"), rendered(whole, f"{size}.png")
    colours = np.asarray(opened(small), float) - np.asarray(opened(full), float)
    assert ssim(opened(small), opened(full)) > 0.99
    assert np.abs(colours).mean() < 1.5
    assert np.abs(colours.mean((0, 1))).max() < 0.5


@pytest.mark.parametrize("width", [96, 128, 192, 255])
def test_decoding_small_does_not_shift(width: int) -> None:
    """An edge stays where it is, whatever the factor and however odd the original's sides are."""
    image = Image.new("L", (1021, 515), 20)
    image.paste(235, (510, 0, 1021, 515))
    image = image.filter(ImageFilter.GaussianBlur(3))
    small = rendered(saved(image, "JPEG", quality=98), f"{width}x.png")
    row = luma(small)[10].astype(float)
    edge = (235 - row).sum() / (235 - 20)
    assert abs(edge - 510 * width / 1021) < 0.06
