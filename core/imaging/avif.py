"""A still picture as AVIF."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PIL import Image

from core.imaging.detail import FLAT_MORE, detail
from core.imaging.quality import encoder_quality
from core.imaging.saved import saved

_FEW_PIXELS: Final = 10_000
CAREFUL: Final = {"speed": 6, "advanced": {"tune": "ssim", "alpha:lossless": "1"}}
"""The encoder's options for pictures of few pixels, which take little time. The default tuning is for photographs, and
loses details as small as those of an icon. This tuning keeps them, as the library sharp does."""

_CAREFUL_MORE: Final = 8
"""Added to the quality with the options `CAREFUL`, because their tuning loses more detail at the same quality."""

_WHOLE_CHROMA: Final = 90
"""The lowest quality at which chroma is not halved. At lower qualities, a photograph looks like a JPEG, whose chroma is
halved too."""


def write(picture: Image.Image, profile: bytes | None, quality: int, extra: Mapping[str, Any]) -> bytes:
    """A picture in L, LA, RGB or RGBA as an AVIF's bytes, with the ICC profile.

    `quality` is 1 to 100: the look of a JPEG of that quality. `extra` are further options of the encoder, among them
    whether chroma is halved. Raises SizeRefused if the encoder is not installed, and MemoryError if it fails.
    """
    flat, few = detail(picture) == "flat", are_few([picture])
    more = (FLAT_MORE if flat else 0) + (_CAREFUL_MORE if few else 0)
    options = {**extra, "quality": encoder_quality("avif", min(quality + more, 100)), **(CAREFUL if few else {})}
    if picture.mode in ("L", "LA"):
        options["subsampling"] = "4:0:0"
    elif picture.mode == "RGB" and not flat and not few and quality < _WHOLE_CHROMA:
        # In transparent pictures, the chroma of a visible pixel would mix with that of an invisible neighbour.
        options["subsampling"] = "4:2:0"
    if options["subsampling"] == "4:4:4":
        # To convert RGB to YUV, libavif calls a function of libyuv whose error is up to three levels; for RGBA, it
        # calls a better function. libavif leaves out an opaque alpha plane.
        picture = picture.convert("RGBA")
    elif picture.mode in ("L", "LA"):
        picture = picture.convert("RGBA" if picture.mode == "LA" else "RGB")
    return saved(picture, "avif", profile, options)


def are_few(pictures: Sequence[Image.Image]) -> bool:
    """Whether all pictures together have few pixels."""
    return len(pictures) * pictures[0].width * pictures[0].height <= _FEW_PIXELS
