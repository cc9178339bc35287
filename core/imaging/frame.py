"""One picture of an original or of a variant."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Frame:
    """One picture. A still image has one frame.

    `profile` is the ICC profile of the pixels; None means sRGB, or no profile. `duration` is in milliseconds.
    """

    pixels: Image.Image
    profile: bytes | None
    duration: float
