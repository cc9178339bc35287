"""One picture of an original or of a variant."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Frame:
    """One picture. A still image has one.

    `profile` is the ICC profile of its pixels, None for sRGB or if there is none. `duration` is in milliseconds.
    """

    pixels: Image.Image
    profile: bytes | None
    duration: float
