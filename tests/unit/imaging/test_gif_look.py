"""GIF output looks like what it was made from; a moving AVIF has the range that browsers show right."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageSequence

from tests.support.pictures.charts import opened, saved
from tests.support.pictures.rendering import rendered

Array = npt.NDArray[np.float64]


def logo(scale: int = 4) -> Image.Image:
    """Rings, a bar and text on nothing, with soft edges, drawn larger and made smaller."""
    large = Image.new("RGBA", (200 * scale, 80 * scale))
    draw = ImageDraw.Draw(large)
    draw.ellipse([4 * scale, 4 * scale, 76 * scale, 76 * scale], fill=(200, 30, 40, 255))
    draw.ellipse([24 * scale, 24 * scale, 56 * scale, 56 * scale], fill=(255, 255, 255, 255))
    draw.rectangle([86 * scale, 60 * scale, 190 * scale, 66 * scale], fill=(20, 60, 150, 255))
    draw.text((86 * scale, 20 * scale), "Sizes & colours", fill=(20, 60, 150, 255), font_size=14 * scale)
    return large.reduce(scale)


def over_white(image: Image.Image) -> Array:
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image.convert("RGBA"))
    return np.asarray(flat.convert("RGB"), float)


def decibels(one: Array, other: Array) -> float:
    error = float(((one - other) ** 2).mean())
    return 99.0 if not error else float(10 * np.log10(255**2 / error))


def test_a_transparent_logo_has_no_outlines() -> None:
    """What GIF can show of it at best: each pixel opaque or not at a half. sharp comes within a decibel of that."""
    picture = logo()
    variant = opened(rendered(saved(picture, "PNG"), "200x80.gif"))
    best = picture.copy()
    best.putalpha(picture.getchannel("A").point(lambda alpha: 255 * (alpha >= 128)))
    exact = over_white(picture)
    assert decibels(exact, over_white(variant)) > decibels(exact, over_white(best)) - 1
    found, wanted = (np.asarray(image.convert("RGBA").getchannel("A")) for image in (variant, best))
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("count", [2, 16, 200, 255])
def test_few_colours_are_kept(count: int) -> None:
    """Also colours that are one level apart."""
    colours = np.random.default_rng(3).permutation(256)[:count]
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[..., 0] = colours[np.arange(1024).reshape(32, 32) % count]
    pixels[..., 2] = 7
    variant = opened(rendered(saved(Image.fromarray(pixels), "PNG"), "32x32.gif"))
    assert np.array_equal(np.asarray(variant.convert("RGB")), pixels)


def test_padding_is_clear_and_the_picture_is_not() -> None:
    variant = opened(rendered(saved(Image.new("RGB", (60, 20), (9, 99, 199)), "PNG"), "60x60-contain.gif"))
    alpha = np.asarray(variant.convert("RGBA").getchannel("A"))
    assert alpha[:20].max() == alpha[40:].max() == 0
    assert alpha[20:40].min() == 255
    assert variant.convert("RGBA").getpixel((30, 30)) == (9, 99, 199, 255)


def moving(frames: int, side: int) -> bytes:
    """A soft spot that wanders over a picture of many colours."""
    y, x = np.mgrid[0:side, 0:side]
    pictures = []
    for index in range(frames):
        spot = np.exp(-((x - index * side / frames) ** 2 + (y - side / 2) ** 2) / side)
        pixels = np.stack([255 * x / side, 255 * y / side, 255 * spot], 2)
        pictures.append(Image.fromarray(pixels.astype(np.uint8)))
    return saved(pictures[0], "WEBP", save_all=True, append_images=pictures[1:], lossless=True, duration=100)


@pytest.mark.parametrize("side", [40, 300])
def test_every_frame_of_many_colours_is_close(side: int) -> None:
    original = moving(5, side)
    variant = Image.open(BytesIO(rendered(original, f"{side}x.gif")))
    pairs = zip(ImageSequence.Iterator(Image.open(BytesIO(original))), ImageSequence.Iterator(variant), strict=True)
    for wanted, found in pairs:
        assert decibels(over_white(wanted), over_white(found)) > 30


def test_a_moving_avif_has_the_limited_range() -> None:
    """Chromium shows the full range wrong in an animation; in a still picture it does not."""
    for original, full in ((moving(3, 40), 0), (saved(logo(), "PNG"), 0x80)):
        data = rendered(original, "40x.avif")
        boxes = [data[at + 8 : at + 15] for at in range(len(data)) if data.startswith(b"colrnclx", at)]
        assert boxes
        assert {box[6] & 0x80 for box in boxes} == {full}
