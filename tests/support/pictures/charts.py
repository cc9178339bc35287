"""Colour charts: pictures of known colours, and the colours that a picture shows."""

import random
from io import BytesIO

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000

from tests.support.pictures.icc import SRGB, Array, Space

PATCH = 48
"""The side of a patch in pixels, a multiple of JPEG's blocks."""

CHECKER = np.array(
    [
        [(37.54, 14.37, 14.92), (64.66, 19.27, 17.50), (49.32, -3.82, -22.54), (43.46, -12.74, 22.72)],
        [(54.94, 9.61, -24.79), (70.48, -32.26, -0.37), (62.73, 35.83, 56.50), (39.43, 10.75, -45.17)],
        [(50.57, 48.64, 16.67), (30.10, 22.54, -20.87), (71.77, -24.13, 58.19), (71.51, 18.24, 67.37)],
        [(28.37, 15.42, -49.80), (54.38, -39.72, 32.27), (42.43, 51.05, 28.62), (81.80, 2.67, 80.41)],
        [(50.63, 51.28, -14.12), (49.57, -29.71, -28.32), (95.19, -1.03, 2.93), (81.29, -0.57, 0.44)],
        [(66.89, -0.75, -0.06), (50.76, -0.13, 0.14), (35.63, -0.46, -0.48), (20.64, 0.07, -0.46)],
    ]
)
"""The 24 patches of the ColorChecker Classic in CIELAB under D50, as published by X-Rite in November 2014."""


def values(space: Space, lab: Array = CHECKER) -> Array:
    """The colours' RGB in a space, from 0 to 1, clipped if they are outside the space."""
    return space.encode(lab).clip(0, 1)


HALF = "96x144"
"""The size of half the chart's picture."""

IN_SRGB = SRGB.decode(values(SRGB))
"""The chart's colours as sRGB can show them: its cyan is outside sRGB."""

STEPS = np.linspace(0, 255, 24).round().reshape(6, 4, 1)
"""24 greys in the layout of the chart."""


def picture(patches: Array, mode: str = "RGB") -> Image.Image:
    """A picture of rows of patches; values are 0 to 255, one per channel of the mode."""
    pixels = np.round(patches).astype(np.uint8).repeat(PATCH, 0).repeat(PATCH, 1)
    return Image.frombytes(mode, (pixels.shape[1], pixels.shape[0]), pixels.tobytes())


def shown(data: bytes, space: Space = SRGB, rows: int = 6, columns: int = 4) -> Array:
    """The CIELAB under D50 of each patch of a picture in a space: the mean of the patch's middle."""
    image = opened(data)
    assert image.mode in ("L", "LA", "P", "RGB", "RGBA"), "more than 8 bits would be read wrongly here"
    pixels = np.asarray(image.convert("RGBA"), float)[..., :3] / 255
    down, across = pixels.shape[0] // rows, pixels.shape[1] // columns
    blocks = pixels[: down * rows, : across * columns].reshape(rows, down, columns, across, 3)
    inner = blocks[:, down // 3 : -(down // 3), :, across // 3 : -(across // 3)]
    return space.decode(inner.mean((1, 3)))


def difference(left: Array, right: Array) -> Array:
    """CIEDE2000 per patch."""
    return np.asarray(deltaE_ciede2000(left, right))


def saved(image: Image.Image, name: str, **options: object) -> bytes:
    """The image's bytes in one of Pillow's formats."""
    buffer = BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    """An image with its pixels loaded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


INK_STEPS = np.array(
    [[(c, m, y, k) for y in (0, 0.5, 1) for k in (0, 0.4, 0.8)] for c in (0, 0.5, 1) for m in (0, 0.5, 1)]
)
"""81 mixtures of cyan, magenta, yellow and black, from 0 to 1: nine rows of nine."""


def zone_plate(side: int) -> Image.Image:
    """Rings that become finer from the middle to the edges, where black and white alternate pixel by pixel.

    Any pattern in a reduced copy, except for rings around the middle, is moiré.
    """
    across = np.arange(side) - (side - 1) / 2
    radius = across[None] ** 2 + across[:, None] ** 2
    return Image.fromarray(np.round(127.5 + 127.5 * np.cos(np.pi * radius / side)).astype(np.uint8))


# Side by side, a trained eye sees a difference of about 1. Differences above it come from eight bits in spaces as wide
# as ProPhoto, and in WebP and AVIF also from YCbCr: one step of a dark grey's chroma is 2 there.
LIMIT = 2.2
MEAN = 0.9
YCBCR = {"limit": 4.5, "mean": 1.2}


def assert_colours(found: Array, expected: Array, limit: float = LIMIT, mean: float = MEAN) -> None:
    """Expects every difference to be below `limit`, and their mean below `mean`."""
    apart = difference(found, expected)
    assert apart.max() < limit, np.round(apart, 2)
    assert apart.mean() < mean, np.round(apart, 2)


def mosaic(colours: int, width: int, height: int, seed: int = 0) -> Array:
    """Pixels in exactly this many opaque colours."""
    chance = random.Random(f"mosaic {seed}")
    numbers = chance.sample(range(1 << 24), colours)
    order = [*range(colours), *(chance.randrange(colours) for _ in range(width * height - colours))]
    chance.shuffle(order)
    palette = np.array([[number >> 16, number >> 8 & 255, number & 255, 255] for number in numbers], np.uint8)
    return palette[order].reshape(height, width, 4)
