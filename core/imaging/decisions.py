"""What a size and an original's header decide before any pixel is decoded."""

from dataclasses import dataclass

from core.imaging.animation import Shown, frames_shown
from core.imaging.decode import Original, divisor
from core.imaging.effort import Effort, Spent, decoding, effort
from core.imaging.fit import Plan, plan
from core.imaging.formats import variant_format
from core.imaging.orient import as_stored, upright_sides
from core.imaging.settings import ImagingSettings
from core.size import Format, Size


@dataclass(frozen=True)
class Decisions:
    """What a size and an original's header decide before any pixel is decoded.

    The plan's box and sides lie in the original as it is stored and decoded, its canvas is upright. Both sides of the
    original are divided by `divided_by` while it is decoded.
    """

    target: Format
    plan: Plan
    divided_by: int
    shown: Shown
    effort: Effort


def decide(original: Original, size: Size, settings: ImagingSettings) -> Decisions:
    """What is to be done with an opened original. Raises TooLarge for what is too much work."""
    image, turn = original.image, original.turn
    target = variant_format(size.format, settings.format, image.format, image.mode)
    sides = upright_sides(original.sides, turn)
    upright = plan(sides, size, settings.enlarge, settings.max_side)
    shown = frames_shown(image, original.contents, target, upright.canvas, settings.max_pixels)
    stored = as_stored(upright, turn, sides)
    divided_by = divisor(original, stored)
    pixels = max(image.width * image.height * shown.frames, original.contents.coded)
    spent = Spent(decoding(image.format or "", pixels), len(original.contents.data))
    put = effort(target, upright.canvas, shown.frames, spent, settings)
    return Decisions(target, stored.divided(divided_by), divided_by, shown, put)
