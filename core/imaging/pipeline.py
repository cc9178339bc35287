"""From an original's bytes to a variant's bytes: the steps, in their order."""

from dataclasses import dataclass

from PIL import Image

from core.imaging.animation import Shown, frames_shown, plays
from core.imaging.canvas import padded
from core.imaging.colour import to_output
from core.imaging.decode import Original, decoded, divisor, opened
from core.imaging.encode import encoded
from core.imaging.fit import Box, Plan, plan
from core.imaging.formats import CONTENT_TYPES, variant_format
from core.imaging.frame import Frame
from core.imaging.orient import as_stored, turned, upright_sides
from core.imaging.scale import scaled
from core.imaging.settings import ImagingSettings
from core.imaging.smart import placed
from core.size import Format, Size


@dataclass(frozen=True)
class Rendering:
    """A variant's bytes and their media type."""

    data: bytes
    content_type: str


@dataclass(frozen=True)
class _Decisions:
    """What a size and an original's header decide before any pixel is decoded.

    The plan's box and sides lie in the original as it is stored and decoded, its canvas is upright. Both sides of the
    original are divided by `divided_by` while it is decoded.
    """

    target: Format
    plan: Plan
    divided_by: int
    shown: Shown


def render(original: bytes, size: Size, settings: ImagingSettings) -> Rendering:
    """Renders the variant of a size from an original's bytes.

    Raises TooLarge over `max_pixels`, UnsupportedFormat and BrokenOriginal.
    """
    source = opened(original, settings.max_pixels)
    decisions = _decide(source, size, settings)
    often = plays(source.image, source.contents)
    # The list of frames is not bound to a name, so that it is freed before the original. Pillow reuses the memory that
    # was freed last: the next original then fits into the place of this one, without fresh pages from the system.
    data = encoded(_frames(source, size, decisions), often, decisions.target, size.quality or settings.quality)
    return Rendering(data, CONTENT_TYPES[decisions.target])


def _decide(original: Original, size: Size, settings: ImagingSettings) -> _Decisions:
    """What is to be done with an opened original. Raises TooLarge for an animation of too many frames."""
    image, turn = original.image, original.turn
    target = variant_format(size.format, settings.format, image.format, image.mode)
    sides = upright_sides(original.sides, turn)
    upright = plan(sides, size, settings.enlarge, settings.max_side)
    shown = frames_shown(image, original.contents, target, upright.canvas, settings.max_pixels)
    stored = as_stored(upright, turn, sides)
    divided_by = divisor(original, stored)
    return _Decisions(target, stored.divided(divided_by), divided_by, shown)


def _frames(original: Original, size: Size, decisions: _Decisions) -> list[Frame]:
    """The frames of the variant, each decoded once. The first one tells where a smart crop lies."""
    frames: list[Frame] = []
    box: Box | None = None
    for pixels, duration in decoded(original, decisions.shown, decisions.divided_by):
        box = box or placed(pixels, decisions.plan.box, size.fit)
        finished, profile = _finished(pixels, box, original, decisions)
        frames.append(Frame(finished, profile, duration))
    return frames


def _finished(
    decoded: Image.Image, box: Box, original: Original, decisions: _Decisions
) -> tuple[Image.Image, bytes | None]:
    """A decoded frame as the variant shows it, and the ICC profile of its pixels."""
    pixels = scaled(decoded, decisions.plan.sides, box)
    pixels = turned(pixels, original.turn)
    pixels, profile = to_output(pixels, original.colours, decisions.target)
    pixels = padded(pixels, decisions.plan.canvas, decisions.target)
    if pixels is decoded and decisions.shown.frames > 1:
        pixels = pixels.copy()  # It may be the decoder's own image, which moves on to its next frame.
    return pixels, profile
