"""Transparency: invisible colours do not show at an edge, and a JPEG gets white."""

from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.size import FORMATS
from tests.support.pictures.charts import opened, saved
from tests.support.pictures.icc import Array
from tests.support.pictures.rendering import rendered

SIDE = 256
EDGES = ("40x40", "100x100", "37x91-contain", "64x64-fill")
SEE_THROUGH = tuple(target for target in FORMATS if target != "jpg")

# The levels by which a codec may be off at a few pixels: the disc's edge is the hardest case for codecs with chroma of
# half the resolution.
LOSS = {"png": 1, "webp": 14, "avif": 9, "gif": 1}


def disc(colour: tuple[int, ...], around: tuple[int, ...], mode: str = "RGBA") -> Image.Image:
    """An opaque disc in a transparent square whose invisible pixels have a colour, too."""
    image = Image.new(mode, (SIDE, SIDE), (*around, 0))
    ImageDraw.Draw(image).ellipse((20, 20, SIDE - 20, SIDE - 20), fill=(*colour, 255))
    return image


def over(data: bytes, background: int) -> Array:
    """A variant's RGB as shown on a page with a grey background."""
    pixels = np.asarray(opened(data).convert("RGBA"), float)
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + background * (1 - alpha)


@pytest.mark.parametrize(("target", "size"), [*product(SEE_THROUGH, EDGES)])
def test_no_green_around_a_red_disc(target: str, size: str) -> None:
    """The invisible green must not show: on black, the disc and its edge have no green.

    On white, green can only come from the white: 255 minus the cover of the red, which is alpha.
    """
    data = rendered(saved(disc((255, 0, 0), (0, 255, 0)), "PNG"), f"{size}-q100.{target}")
    black, white = over(data, 0), over(data, 255)
    assert black[..., 1].mean() < 0.6
    assert black[..., 1].max() <= LOSS[target]
    assert black[..., 2].max() <= LOSS[target]
    assert white[..., 0].min() >= 255 - LOSS[target]


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_no_dark_ring_around_a_white_disc(mode: str, target: str) -> None:
    """Transparent black around white, shown on white, is invisible."""
    white, black = ((255,) * 3, (0,) * 3) if mode == "RGBA" else ((255,), (0,))
    data = rendered(saved(disc(white, black, mode), "PNG"), f"40x40-q100.{target}")
    assert over(data, 255).min() >= 255 - {**LOSS, "jpg": 1}[target]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_no_light_ring_around_a_black_disc(mode: str) -> None:
    white, black = ((255,) * 3, (0,) * 3) if mode == "RGBA" else ((255,), (0,))
    data = rendered(saved(disc(black, white, mode), "PNG"), "40x40.png")
    assert over(data, 0).max() <= 1


def test_the_measure_finds_a_fringe() -> None:
    """If it is resized without multiplying by alpha, the same disc has a green edge."""
    image = disc((255, 0, 0), (0, 255, 0))
    bands = [band.resize((40, 40), Image.Resampling.LANCZOS) for band in image.split()]
    assert over(saved(Image.merge("RGBA", bands), "PNG"), 0)[..., 1].max() > 50


def test_only_visible_pixels_count_in_a_mixture() -> None:
    """Opaque red and invisible blue in equal parts give half-transparent red."""
    image = Image.new("RGBA", (64, 64), (0, 0, 255, 0))
    pixels = image.load()
    assert pixels
    for x, y in product(range(64), range(64)):
        if (x + y) % 2:
            pixels[x, y] = (255, 0, 0, 255)
    middle = opened(rendered(saved(image, "PNG"), "16x16.png")).convert("RGBA").getpixel((8, 8))
    assert np.abs(np.array(middle) - (255, 0, 0, 128)).max() <= 3


@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_soft_edges_become_white_in_jpeg(name: str) -> None:
    """Black of every alpha: over white, each column is 255 minus its alpha."""
    alpha = np.arange(SIDE, dtype=np.uint8)[None].repeat(64, 0)
    veil = Image.fromarray(np.dstack([np.zeros((64, SIDE, 3), np.uint8), alpha]))
    options = {"lossless": True} if name == "WEBP" else {"quality": 100} if name == "AVIF" else {}
    data = opened(rendered(saved(veil, name, **options), "128x-q98.jpg"))
    assert data.mode == "RGB"
    expected = 255 - (np.arange(0, SIDE, 2) + 0.5)
    assert np.abs(np.asarray(data, float)[16] - expected[:, None])[2:-2].max() <= 4


@pytest.mark.parametrize("target", FORMATS)
def test_a_palette_with_an_alpha_for_each_colour_is_shown(target: str) -> None:
    """A tRNS with several values: half-transparent red, opaque green, invisible blue."""
    image = Image.new("P", (96, 32))
    image.putpalette([255, 0, 0, 0, 200, 0, 0, 0, 255])
    for index in range(3):
        image.paste(index, (32 * index, 0, 32 * index + 32, 32))
    original = saved(image, "PNG", transparency=bytes([128, 255, 0]))
    shown = over(rendered(original, f"48x16-q100.{target}"), 255)[8, [8, 24, 40]]
    # In a GIF, a pixel is opaque or fully transparent.
    red = (255, 0, 0) if target == "gif" else (255, 127, 127)
    assert np.abs(shown - [red, (0, 200, 0), (255, 255, 255)]).max() <= 12


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("name", ["GIF", "PNG"])
def test_a_palette_with_one_transparent_colour_is_shown(name: str, target: str) -> None:
    image = Image.new("P", (64, 32))
    image.putpalette([0, 0, 0, 200, 0, 0])
    image.paste(1, (32, 0, 64, 32))
    shown = over(rendered(saved(image, name, transparency=0), f"32x16-q100.{target}"), 255)[8, [5, 27]]
    assert np.abs(shown - [(255, 255, 255), (200, 0, 0)]).max() <= 12


@pytest.mark.parametrize(("mode", "key"), [("L", 0), ("RGB", (0, 0, 0)), ("1", 0)])
def test_one_transparent_colour_without_a_palette_is_shown(mode: str, key: int | tuple[int, ...]) -> None:
    image = Image.new(mode, (64, 32))
    image.paste("white", (32, 0, 64, 32))
    original = saved(image, "PNG", transparency=key)
    assert "transparency" in opened(original).info
    variant = opened(rendered(original, "32x16.png")).convert("RGBA")
    assert [variant.getpixel((x, 8))[3] for x in (5, 27)] == [0, 255]  # type: ignore[index]


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "RGBA", "P"])
@pytest.mark.parametrize("target", FORMATS)
def test_padding_is_transparent_and_white_in_jpeg(target: str, mode: str) -> None:
    """80x40 in a box of 40x40: ten rows above, ten below."""
    original = saved(Image.new("RGB", (80, 40), (0, 0, 0)).convert(mode), "PNG")
    variant = opened(rendered(original, f"40x40-contain-q100.{target}"))
    assert variant.size == (40, 40)
    alpha = np.asarray(variant.convert("RGBA"))[..., 3]
    assert (alpha[[0, 4, 35, 39]] == (255 if target == "jpg" else 0)).all()
    assert (alpha[12:28] == 255).all()
    shown = over(rendered(original, f"40x40-contain-q100.{target}"), 255)
    assert shown[[0, 5, 34, 39]].min() >= 250
    assert shown[13:27].max() <= 5


def test_an_opaque_picture_gets_no_alpha() -> None:
    """No alpha channel is added that no pixel needs."""
    for mode in ("RGB", "L"):
        variant = opened(rendered(saved(Image.new(mode, (64, 64), "gray"), "PNG"), "32x.png"))
        assert not variant.has_transparency_data
