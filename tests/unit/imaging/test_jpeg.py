"""Every picture can become a JPEG at every quality, even noise and the narrowest ones."""

import random
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageStat

from core.imaging import jpeg
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import DISPLAY_P3
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import SUNSET

MODES = ("L", "RGB")


def noise(mode: str, sides: tuple[int, int], black_and_white: bool = True) -> Image.Image:
    """Each channel of each pixel is randomly black or white, or any level."""
    length = len(mode) * sides[0] * sides[1]
    levels = random.Random(1).randbytes(length)
    return Image.frombytes(mode, sides, bytes(255 * (level & 1) for level in levels) if black_and_white else levels)


@pytest.mark.parametrize("mode", MODES)
def test_noise_is_written_at_every_quality(mode: str) -> None:
    """Its file has 1.5 times as many bytes as pixels."""
    picture = noise(mode, (300, 300))
    for quality in range(1, 101):
        variant = opened(jpeg.write(picture, None, quality))
        assert ImageStat.Stat(variant).stddev[0] > 20
    assert len(jpeg.write(picture, None, 100)) > 300 * 300


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rows", [1, 3, 5, 8, 9])
def test_noise_narrower_than_a_block_is_written(mode: str, rows: int) -> None:
    """JPEG codes blocks of 8 pixels, with halved chroma 16. Here, most of each block is repeated pixels."""
    for sides in ((16383, rows), (rows, 16383)):
        for quality in (50, 80, 94, 95, 100):
            assert opened(jpeg.write(noise(mode, sides, rows % 2 == 0), None, quality)).size == sides


@pytest.mark.parametrize("quality", [90, 92, 94])
def test_an_original_of_noise_is_rendered(quality: int) -> None:
    original = saved(noise("RGB", (300, 300)), "PNG", icc_profile=DISPLAY_P3.profile())
    variant = opened(rendered(original, f"300x-q{quality}.jpg"))
    assert np.abs(np.asarray(variant, float) - np.asarray(opened(original), float)).mean() < 100
    assert variant.info["icc_profile"] == DISPLAY_P3.profile()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("quality", [1, 80, 94, 95, 100])
def test_the_file_is_the_same_as_by_pillow_itself(mode: str, quality: int) -> None:
    """A larger buffer changes no byte, and a comment of the original is left out."""
    picture = opened(SUNSET).convert(mode).resize((120, 90))
    picture.info = {"comment": b"unasked"}
    found = jpeg.write(picture, DISPLAY_P3.profile(), quality)
    plain = Image.frombytes(mode, picture.size, picture.tobytes())
    wanted = BytesIO()
    plain.save(wanted, "JPEG", quality=quality, optimize=True, icc_profile=DISPLAY_P3.profile())
    assert found == wanted.getvalue()
