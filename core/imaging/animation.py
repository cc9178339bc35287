"""How an original moves: which of its frames a variant shows, for how long, and how often."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from core.errors import TooLarge
from core.imaging.containers import repeats
from core.imaging.containers.contents import MOST_FRAMES, Contents, Part
from core.imaging.fit import Sides
from core.imaging.formats import own_format
from core.size import Format

_MOVING: Final = ("gif", "webp", "png", "avif")
"""The formats that hold an animation; for any other, a variant is the first frame."""


@dataclass(frozen=True)
class Shown:
    """The frames that a variant shows: they are put together from `parts`, or else the decoder's first `frames`."""

    parts: tuple[Part, ...]
    frames: int


def frames_shown(image: Image.Image, contents: Contents, target: Format, canvas: Sides, max_pixels: int) -> Shown:
    """The frames that a variant of a format shows, from the headers alone; one for what does not move.

    An APNG's default image that is no part of the animation is shown only where the variant can't move. Raises
    TooLarge where all frames together, as they are or on a variant's canvas, have over `max_pixels` pixels, or where
    they are over `MOST_FRAMES`.
    """
    moves = target in _MOVING and own_format(image.format) in _MOVING  # A TIFF's pages are no animation.
    # What stands still shows an APNG's default image, which the decoder has, and a GIF's first part.
    parts = contents.parts if moves else contents.parts[:1] if image.format == "GIF" else ()
    frames = len(parts) or (int(getattr(image, "n_frames", 1)) if moves else 1)
    width, height = contents.canvas or image.size
    pixels = max(width * height, canvas[0] * canvas[1])
    most = max(1, min(MOST_FRAMES, max_pixels // pixels))
    if frames > most:
        raise TooLarge(f"The original has more frames than are read here: of {pixels} pixels each, up to {most} are.")
    if frames > 1 and sum(max(pixels, part.pixels) for part in parts) > max_pixels:
        raise TooLarge(f"The original has frames of more pixels together than are read here, up to {max_pixels}.")
    return Shown(parts, frames)


def end(image: Image.Image) -> float:
    """When the current frame of the decoder's animation ends, in milliseconds from the beginning.

    A sum of durations would not be exact: the decoder rounds each of them.
    """
    return float(image.info.get("timestamp", 0) + image.info.get("duration", 0))


def plays(image: Image.Image, contents: Contents) -> int:
    """How often an animation is to be shown in all; 0 is for ever."""
    if image.format == "AVIF":
        return repeats.plays(contents.data)
    return contents.plays if contents.parts else int(image.info.get("loop", 0))
