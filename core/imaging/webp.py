"""A still picture as WebP: lossy, or lossless where that is hardly larger."""

from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

from core.imaging.flat import FLAT_MORE, is_flat
from core.imaging.quality import encoder_quality
from core.imaging.saved import saved

_SMOOTH: Final = 0.5
_SMOOTH_MORE: Final = 5
"""Bits for each pixel, below which a picture is smooth, and what is added to its quality: WebP blurs it more than JPEG
does (docs/quality.md)."""

_LOSSLESS: Final = {"lossless": True, "method": 2, "quality": 50}
_LOSSLESS_PIXELS: Final = 1_000_000
_LOSSLESS_BYTES: Final = 1.25
"""A flat graphic is lossless up to so many pixels, which take a fifth of a second, and if it has no more than so many
times the bytes of the lossy one: chroma is halved in that, so that coloured text and lines smear."""


def write(picture: Image.Image, profile: bytes | None, quality: int, told: Mapping[str, Any]) -> bytes:
    """A picture in L, LA, RGB or RGBA as a WebP's bytes, with the ICC profile.

    `quality` is 1 to 100: the look of a JPEG of that quality. `told` is what else the encoder is told.
    """
    flat = is_flat(picture)
    picture = picture.convert("RGBA" if picture.mode in ("LA", "RGBA") else "RGB")

    def lossy(more: int) -> bytes:
        return saved(picture, "webp", profile, {**told, "quality": encoder_quality("webp", min(quality + more, 100))})

    pixels = picture.width * picture.height
    if not flat:
        data = lossy(0)
        return lossy(_SMOOTH_MORE) if 8 * len(data) < _SMOOTH * pixels else data
    data = lossy(FLAT_MORE)
    if pixels > _LOSSLESS_PIXELS:
        return data
    lossless = saved(picture, "webp", profile, dict(_LOSSLESS))
    return lossless if len(lossless) <= _LOSSLESS_BYTES * len(data) else data
