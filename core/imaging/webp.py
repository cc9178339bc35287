"""A still picture as WebP: lossy, or lossless where that is hardly larger."""

from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

from core.imaging.detail import FLAT_MORE, detail
from core.imaging.packing import QUICK, packed
from core.imaging.quality import encoder_quality
from core.imaging.saved import saved

_MORE: Final = {"flat": FLAT_MORE, "smooth": 5, "rich": 0}
"""What is added to the quality: what is smooth WebP blurs more than JPEG does."""

_LOSSLESS: Final = {"lossless": True, "method": 1, "quality": 20}
_LOSSLESS_PIXELS: Final = 1_000_000
_LOSSLESS_BYTES: Final = 1.25
"""A flat graphic is lossless up to so many pixels, which take a tenth of a second at most, and if it has no more than
so many times the bytes of the lossy one: chroma is halved in that, so that coloured text and lines smear."""

_FEW_COLOURS: Final = 600
_DEFLATED: Final = {True: 4.5, False: 2.1}
"""Times the bytes of the lossy one that a graphic's pixels have at most, deflated, where it may be lossless: if it has
few colours, and if it has more. It is tried only then, since it takes as long as two lossy ones."""


def write(picture: Image.Image, profile: bytes | None, quality: int, told: Mapping[str, Any]) -> bytes:
    """A picture in L, LA, RGB or RGBA as a WebP's bytes, with the ICC profile.

    `quality` is 1 to 100: the look of a JPEG of that quality. `told` is what else the encoder is told.
    """
    found = detail(picture)
    picture = picture.convert("RGBA" if picture.mode in ("LA", "RGBA") else "RGB")
    number = encoder_quality("webp", min(quality + _MORE[found], 100))
    lossy = saved(picture, "webp", profile, {**told, "quality": number})
    if found != "flat" or picture.width * picture.height > _LOSSLESS_PIXELS or not _repeats(picture, len(lossy)):
        return lossy
    lossless = saved(picture, "webp", profile, dict(_LOSSLESS))
    return lossless if len(lossless) <= _LOSSLESS_BYTES * len(lossy) else lossy


def _repeats(picture: Image.Image, lossy: int) -> bool:
    """Whether a graphic, which takes `lossy` bytes with loss, repeats itself enough to be about as small without."""
    pixels = picture.tobytes()
    deflated = len(packed([pixels], len(pixels), QUICK))
    return deflated <= _DEFLATED[picture.getcolors(_FEW_COLOURS) is not None] * lossy
