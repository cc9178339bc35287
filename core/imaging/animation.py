"""An original's animation: the frames that a variant shows, when they end, and how often they are played."""

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
"""The formats that can hold an animation. In any other format, a variant shows only the first frame."""


@dataclass(frozen=True)
class Shown:
    """The frames that a variant shows.

    They are composed from `parts`, the pictures in the file. Without parts, the decoder returns the first `frames`.
    """

    parts: tuple[Part, ...]
    frames: int


def frames_shown(image: Image.Image, contents: Contents, target: Format, canvas: Sides, max_pixels: int) -> Shown:
    """The frames that a variant of a format shows, from the headers alone; one frame if the variant is not animated.

    If an APNG's default image is not part of the animation, only a still variant shows it. Raises TooLarge if all
    frames together, at the original's size or on the variant's canvas, have over `max_pixels` pixels, or if there are
    more than `MOST_FRAMES`.
    """
    moves = target in _MOVING and own_format(image.format) in _MOVING  # A TIFF's pages are not an animation.
    # A still variant shows an APNG's default image, which the decoder has, or a GIF's first part.
    parts = contents.parts if moves else contents.parts[:1] if image.format == "GIF" else ()
    frames = len(parts) or (int(getattr(image, "n_frames", 1)) if moves else 1)
    width, height = contents.canvas or image.size
    pixels = max(width * height, canvas[0] * canvas[1])
    most = max(1, min(MOST_FRAMES, max_pixels // pixels))
    if frames > most:
        raise TooLarge(f"The original has {frames} frames of {pixels} pixels each; up to {most} frames are allowed.")
    if frames > 1 and sum(max(pixels, part.pixels) for part in parts) > max_pixels:
        raise TooLarge(f"The frames of the original have too many pixels together; up to {max_pixels} are allowed.")
    return Shown(parts, frames)


def end(image: Image.Image) -> float:
    """When the decoder's current frame ends, in milliseconds from the beginning of the animation.

    A sum of durations would not be exact, because the decoder rounds each duration.
    """
    return float(image.info.get("timestamp", 0) + image.info.get("duration", 0))


def plays(image: Image.Image, contents: Contents) -> int:
    """How often an animation is played in all; 0 is for ever."""
    if image.format == "AVIF":
        return repeats.plays(contents.data)
    return contents.plays if contents.parts else int(image.info.get("loop", 0))
