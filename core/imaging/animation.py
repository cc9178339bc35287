"""How an original moves: which of its frames a variant shows, and how often."""

from typing import Final

from PIL import Image

from core.errors import TooLarge
from core.imaging.fit import Sides
from core.imaging.formats import own_format
from core.imaging.guard import MOST_FRAMES, Outline
from core.size import Format

_MOVING: Final = ("gif", "webp", "png", "avif")
"""The formats that hold an animation; for any other, a variant is the first frame."""


def frames_shown(image: Image.Image, outline: Outline, target: Format, canvas: Sides, max_pixels: int) -> range:
    """The indices of the frames that a variant shows, from the headers alone; one index for what does not move.

    An APNG's default image that is no part of the animation does not count. Raises TooLarge where
    all frames together, as they are or on a variant's canvas, have over `max_pixels` pixels, or
    where they are over `MOST_FRAMES`.
    """
    if target not in _MOVING or own_format(image.format) not in _MOVING:
        return range(1)  # A TIFF's pages and a phone's second picture are no animation.
    first = 1 if image.format == "PNG" and getattr(image, "default_image", False) else 0
    is_gif = image.format == "GIF"
    count = (outline.frames if is_gif else int(getattr(image, "n_frames", 1))) - first
    width, height = outline.canvas if is_gif else image.size
    pixels = max(width * height, canvas[0] * canvas[1])
    most = max(1, min(MOST_FRAMES, max_pixels // pixels))
    if count > most:
        raise TooLarge(f"The original has more frames than are read here: of {pixels} pixels each, up to {most} are.")
    return range(first, first + count) if count > 1 else range(1)


def duration(image: Image.Image) -> int:
    """For how many milliseconds the current frame of an animation is shown."""
    return round(_number(image, "duration"))


def plays(image: Image.Image) -> int:
    """How often an animation is to be shown in all; 0 is for ever.

    A GIF's loop count says how often it is repeated after the first time, and one without it is
    shown once (Netscape's application extension, as browsers read it). APNG and WebP count all plays.
    """
    loop = round(_number(image, "loop"))
    if image.format == "GIF":
        return 1 if "loop" not in image.info else loop + 1 if loop else 0
    return loop


def _number(image: Image.Image, name: str) -> float:
    # A text chunk of a PNG may have any name, and stands under it in Pillow's info.
    value = image.info.get(name, 0)
    return value if isinstance(value, int | float) else 0
