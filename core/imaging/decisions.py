"""The decisions about an original's pixels, from a size and the original's header."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from core.imaging.animation import Shown, frames_shown
from core.imaging.decode import divisor
from core.imaging.effort import KEPT_PIXELS, PIXEL, Effort, Pictures, Spent, decoding, effort
from core.imaging.fit import Plan, plan
from core.imaging.formats import variant_format
from core.imaging.guard import DECODED_WITHOUT_END
from core.imaging.orient import as_stored, upright_sides
from core.imaging.original import Original
from core.imaging.settings import ImagingSettings
from core.size import Format, Size

_ALPHA: Final = ("LA", "PA", "La", "RGBA", "RGBa")
"""Modes with an alpha channel."""


@dataclass(frozen=True)
class Decisions:
    """The decisions that follow from a size and an original's header, before any pixel is decoded.

    The plan's box and sides refer to the original as it is stored and decoded; the plan's canvas is upright. Both sides
    of the original are divided by `divided_by` while it is decoded.
    """

    target: Format
    plan: Plan
    divided_by: int
    shown: Shown
    effort: Effort


def decide(original: Original, size: Size, settings: ImagingSettings) -> Decisions:
    """The decisions about an opened original. Raises TooLarge (too many frames) and TooExpensive (too much work)."""
    image, turn = original.image, original.turn
    target = variant_format(size.format, settings.format, image.format, image.mode)
    sides = upright_sides(original.sides, turn)
    upright = plan(sides, size, settings.enlarge, settings.max_side)
    shown = frames_shown(image, original.contents, target, upright.canvas, settings.max_pixels)
    stored = as_stored(upright, turn, sides)
    divided_by = divisor(original, stored)
    chosen = effort(
        target, upright.canvas, _pictures(original, size, shown), _spent(original, shown, divided_by), settings
    )
    return Decisions(target, stored.divided(divided_by), divided_by, shown, chosen)


def has_alpha(image: Image.Image) -> bool:
    """Whether an opened image may have transparent pixels."""
    return image.mode in _ALPHA or "transparency" in image.info


def _pictures(original: Original, size: Size, shown: Shown) -> Pictures:
    image = original.image
    # Transparent pixels of a GIF need few bytes, and most of them are pixels that a frame does not change.
    alpha = image.format != "GIF" and has_alpha(image)
    return Pictures(shown.frames, alpha and not size.background)


def _spent(original: Original, shown: Shown, divided_by: int) -> Spent:
    image, contents = original.image, original.contents
    pixels = image.width * image.height
    decoded = max(pixels * shown.frames, contents.coded) * (1 if contents.ended else DECODED_WITHOUT_END)
    kept = pixels // divided_by**2
    memory = len(contents.data) + (PIXEL * kept if kept <= KEPT_PIXELS else 0)
    return Spent(decoding(image.format or "", decoded), memory)
