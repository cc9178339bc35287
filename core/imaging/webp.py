"""A still picture as WebP: lossy, or lossless if the lossless file is hardly larger."""

from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

from core.imaging.detail import FLAT_MORE, detail
from core.imaging.packing import QUICK, packed
from core.imaging.quality import encoder_quality
from core.imaging.saved import saved

_MORE: Final = {"flat": FLAT_MORE, "smooth": 5, "rich": 0}
"""Added to the quality, by a picture's detail: WebP blurs smooth pictures more than JPEG does."""

_LOSSLESS: Final = {"lossless": True, "method": 1, "quality": 20}
_LOSSLESS_PIXELS: Final = 1_000_000
"""The most pixels of a flat graphic that can be lossless. They take at most a tenth of a second."""

_LOSSLESS_BYTES: Final = 1.25
"""A lossless file can have this many times the bytes of the lossy file. Lossy WebP halves chroma, so that coloured text
and lines smear."""

_FEW_COLOURS: Final = 600
_DEFLATED: Final = {True: 4.5, False: 2.1}
"""Lossless is tried only if a graphic's deflated pixels have at most this many times the bytes of the lossy file: first
for few colours, then for more. A lossless file takes as long as two lossy files."""


def write(picture: Image.Image, profile: bytes | None, quality: int, extra: Mapping[str, Any]) -> bytes:
    """A picture in L, LA, RGB or RGBA as a WebP's bytes, with the ICC profile.

    `quality` is 1 to 100: the look of a JPEG of that quality. `extra` are further options of the encoder.
    """
    found = detail(picture)
    picture = picture.convert("RGBA" if picture.mode in ("LA", "RGBA") else "RGB")
    number = encoder_quality("webp", min(quality + _MORE[found], 100))
    lossy = saved(picture, "webp", profile, {**extra, "quality": number})
    if found != "flat" or picture.width * picture.height > _LOSSLESS_PIXELS or not _repeats(picture, len(lossy)):
        return lossy
    lossless = saved(picture, "webp", profile, dict(_LOSSLESS))
    return lossless if len(lossless) <= _LOSSLESS_BYTES * len(lossy) else lossy


def _repeats(picture: Image.Image, lossy: int) -> bool:
    """Whether a graphic has so many repetitions that it may be about as small lossless as its `lossy` bytes."""
    pixels = picture.tobytes()
    deflated = len(packed([pixels], len(pixels), QUICK))
    return deflated <= _DEFLATED[picture.getcolors(_FEW_COLOURS) is not None] * lossy
