"""What is decoded and encoded: one picture of an original or of a variant."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Frame:
    """One picture; what does not move has one.

    `profile` is the ICC profile of its pixels, None for sRGB or where there is none. `duration` is in milliseconds.
    """

    pixels: Image.Image
    profile: bytes | None
    duration: float
