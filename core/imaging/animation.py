"""How an original moves: which of its frames a variant shows, and how often."""

from itertools import islice
from typing import Final

from PIL import Image

from core.errors import TooLarge
from core.imaging.fit import Sides
from core.imaging.formats import own_format
from core.imaging.guard import MOST_FRAMES, gif_canvas
from core.imaging.headers import gif_frames
from core.size import Format

_MOVING: Final = ("gif", "webp", "png", "avif")
"""The formats that hold an animation; for any other, a variant is the first frame."""


def frames_shown(image: Image.Image, data: bytes, target: Format, canvas: Sides, max_pixels: int) -> range:
    """The frames of an opened original that a variant shows, told by the headers; one for a format that can't move.

    An APNG's default image that is no part of the animation does not count. Raises TooLarge where
    all frames together, as they are or on a variant's canvas, have over `max_pixels` pixels, or
    where they are over `MOST_FRAMES`.
    """
    if target not in _MOVING or own_format(image.format) not in _MOVING:
        return range(1)  # A TIFF's pages and a phone's second picture are no animation.
    width, height = gif_canvas(data) if image.format == "GIF" else image.size
    pixels = max(width * height, canvas[0] * canvas[1])
    most = max(1, min(MOST_FRAMES, max_pixels // pixels))
    first = 1 if image.format == "PNG" and getattr(image, "default_image", False) else 0
    count = _count(image, data, most) - first
    if count > most:
        raise TooLarge(f"The original has more frames than are read here: of {pixels} pixels each, up to {most} are.")
    return range(first, first + count) if count > 1 else range(1)


def plays(image: Image.Image) -> int:
    """How often an opened animation is to be shown in all; 0 is for ever.

    A GIF's loop count says how often it is repeated after the first time, and one without it is
    shown once (Netscape's application extension, as browsers read it). APNG and WebP count all plays.
    """
    loop = image.info.get("loop")
    if image.format == "GIF":
        return 1 if loop is None else 0 if loop == 0 else int(loop) + 1
    return int(loop or 0)


def _count(image: Image.Image, data: bytes, most: int) -> int:
    """How many frames there are, counted up to one more than `most` in a GIF."""
    if image.format == "GIF":
        return sum(1 for _ in islice(gif_frames(data), most + 1))
    return int(getattr(image, "n_frames", 1))
