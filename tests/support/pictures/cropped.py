"""A picture whose colours show where each pixel was, as AVIF and as HEIC."""

from functools import cache
from io import BytesIO

import numpy as np
import pi_heif  # type: ignore[import-untyped]
import pillow_heif
from PIL import Image

SIDES = (240, 160)
"""Width and height in pixels, both multiples of a coding block's side, so that nothing is padded."""


@cache
def picture(mode: str = "RGB") -> Image.Image:
    """Red rises and falls from left to right, and green from top to bottom, by 4 levels per pixel.

    Blue and alpha change over the whole picture, so that the slopes can be told apart.
    """
    across, down = np.meshgrid(np.arange(SIDES[0]), np.arange(SIDES[1]))
    planes = np.dstack([abs(255 - 4 * across % 510), abs(255 - 4 * down % 510), (across + down) // 2, 255 - across])
    return Image.fromarray(planes[..., : len(mode)].astype(np.uint8))


@cache
def avif(mode: str = "RGB", frames: int = 1) -> bytes:
    """The picture, or a sequence of it in which each frame is darker."""
    buffer = BytesIO()
    others = [picture(mode).point(lambda value, by=number: value // (by + 1)) for number in range(1, frames)]
    options = {"save_all": True, "append_images": others} if others else {}
    picture(mode).save(buffer, "AVIF", quality=100, subsampling="4:4:4", speed=10, **options)
    return buffer.getvalue()


@cache
def heic(mode: str = "RGB") -> bytes:
    buffer = BytesIO()
    pillow_heif.from_pillow(picture(mode)).save(buffer, quality=95, chroma=444)
    return buffer.getvalue()


def uncropped(data: bytes) -> Image.Image:
    """A HEIC as decoded by pi_heif."""
    image: Image.Image = pi_heif.open_heif(BytesIO(data)).to_pillow()
    return image


def heic_shown(data: bytes) -> Image.Image:
    """A HEIC as cropped and turned by pillow-heif's libheif, which has no limit for crops."""
    return pillow_heif.open_heif(BytesIO(data)).to_pillow()


def assert_like(found: Image.Image, expected: Image.Image) -> None:
    """Expects the same pixels, except for a lossy format's changes; a shift by one pixel changes twice as much."""
    assert found.size == expected.size
    assert found.mode == expected.mode
    apart = np.abs(np.asarray(found, float) - np.asarray(expected, float)).reshape(-1, len(found.getbands())).mean(0)
    assert apart.max() < 2, apart
