"""Flat graphics, in which every error is visible: text, charts and icons as WebP and AVIF."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.imaging.detail import detail
from tests.support.pictures.charts import saved
from tests.support.pictures.rendering import rendered
from tests.support.pictures.samples import CAT
from tests.support.settings import settings

TEXT = "The quick brown fox jumps over the lazy dog."
SETTINGS = settings()


def text(colour: str, behind: str, sides: tuple[int, int] = (360, 240)) -> Image.Image:
    """Lines of text with smooth edges."""
    picture = Image.new("RGB", sides, behind)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(14)
    for line in range(0, sides[1], 24):
        draw.text((6, line), TEXT, colour, font)
    return picture


def bars() -> Image.Image:
    """A chart of a few colours, without smooth edges."""
    picture = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(picture)
    for bar in range(10):
        draw.rectangle((20 + 38 * bar, 40 + 17 * (bar * 7 % 10), 46 + 38 * bar, 280), ("red", "blue", "green")[bar % 3])
    return picture


def off(data: bytes, picture: Image.Image) -> float:
    """The error of a variant's worst channel in levels, as root mean square."""
    shown = np.asarray(Image.open(BytesIO(data)).convert("RGB"), float)
    return float(np.sqrt(((shown - np.asarray(picture, float)) ** 2).mean((0, 1))).max())


@pytest.mark.parametrize("target", ["webp", "avif"])
@pytest.mark.parametrize("colours", [("black", "white"), ("red", "blue"), ("darkred", "white"), ("yellow", "navy")])
def test_text_is_sharper_than_in_a_jpeg(target: str, colours: tuple[str, str]) -> None:
    picture = text(*colours)
    jpeg = saved(picture, "JPEG", quality=80)
    assert off(rendered(saved(picture, "PNG"), f"360x.{target}", SETTINGS), picture) < off(jpeg, picture)


def test_a_chart_of_few_colours_is_a_lossless_webp() -> None:
    picture = bars()
    assert off(rendered(saved(picture, "PNG"), "400x.webp", SETTINGS), picture) == 0


def test_a_lossless_webp_has_up_to_a_quarter_more_bytes_than_a_lossy_one() -> None:
    """The picture is a gradient that is flat between neighbouring pixels and never repeats."""
    picture = Image.radial_gradient("L").resize((900, 900), Image.Resampling.BICUBIC).convert("RGB")
    assert detail(picture) == "flat"
    lossy = saved(picture, "WEBP", quality=90, method=4)
    assert len(rendered(saved(picture, "PNG"), "900x.webp", SETTINGS)) <= 1.25 * len(lossy)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_charts_are_flat_and_photographs_are_not(mode: str) -> None:
    photograph = Image.open(BytesIO(CAT)).convert("RGB").convert(mode)
    assert detail(bars().convert(mode)) == "flat"
    assert detail(text("black", "white").convert(mode)) == "flat"
    # A grey photograph has few colours, like a graphic.
    assert (detail(photograph) == "flat") == (mode in ("L", "LA"))


@pytest.mark.parametrize("target", ["webp", "avif"])
@pytest.mark.parametrize("sides", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_a_picture_one_pixel_wide_is_rendered(target: str, sides: tuple[int, int]) -> None:
    picture = Image.new("RGB", sides, (200, 30, 60))
    data = rendered(saved(picture, "PNG"), f"{sides[0]}x.{target}", SETTINGS)
    assert Image.open(BytesIO(data)).size == sides
    assert off(data, picture) < 4
