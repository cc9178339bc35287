"""From an original's bytes to a variant's bytes: the steps, in their order."""

from dataclasses import dataclass

from PIL import Image

from core.imaging.animation import frames_shown, plays
from core.imaging.canvas import padded
from core.imaging.colour import to_output
from core.imaging.decode import decoded, divisor, opened
from core.imaging.encode import encoded
from core.imaging.fit import Box, Plan, plan
from core.imaging.formats import CONTENT_TYPES, variant_format
from core.imaging.frame import Frame
from core.imaging.guard import Outline
from core.imaging.orient import as_stored, orientation, turned, upright_sides
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
    original are divided by `divided_by` while it is decoded. `indices` are those of the frames that the variant shows.
    """

    target: Format
    turn: int
    plan: Plan
    divided_by: int
    indices: range


def render(original: bytes, size: Size, settings: ImagingSettings) -> Rendering:
    """Renders the variant of a size from an original's bytes.

    Raises TooLarge over `max_pixels`, UnsupportedFormat and BrokenOriginal.
    """
    image, outline = opened(original, settings.max_pixels)
    decisions = _decide(image, outline, size, settings)
    # The list of frames is not bound to a name, so that it is freed before the original. Pillow reuses the memory that
    # was freed last: the next original then fits into the place of this one, without fresh pages from the system.
    data = encoded(_frames(image, size, decisions), plays(image), decisions.target, size.quality or settings.quality)
    return Rendering(data, CONTENT_TYPES[decisions.target])


def _decide(image: Image.Image, outline: Outline, size: Size, settings: ImagingSettings) -> _Decisions:
    """What is to be done with an opened original. Raises TooLarge for an animation of too many frames."""
    target = variant_format(size.format, settings.format, image.format, image.mode)
    turn = orientation(image)
    sides = upright_sides(image.size, turn)
    upright = plan(sides, size, settings.enlarge, settings.max_side)
    indices = frames_shown(image, outline, target, upright.canvas, settings.max_pixels)
    stored = as_stored(upright, turn, sides)
    divided_by = divisor(image, stored)
    return _Decisions(target, turn, stored.divided(divided_by), divided_by, indices)


def _frames(image: Image.Image, size: Size, decisions: _Decisions) -> list[Frame]:
    """The frames of the variant, each decoded once. The first one tells where a smart crop lies."""
    frames: list[Frame] = []
    box: Box | None = None
    for frame in decoded(image, decisions.indices, decisions.divided_by):
        box = box or placed(frame.pixels, decisions.plan.box, size.fit)
        frames.append(_finished(frame, box, decisions))
    return frames


def _finished(frame: Frame, box: Box, decisions: _Decisions) -> Frame:
    """A decoded frame as the variant shows it."""
    pixels = scaled(frame.pixels, decisions.plan.sides, box)
    pixels = turned(pixels, decisions.turn)
    pixels, profile = to_output(pixels, frame.profile, decisions.target)
    pixels = padded(pixels, decisions.plan.canvas, decisions.target)
    if pixels is frame.pixels and len(decisions.indices) > 1:
        pixels = pixels.copy()  # It may be the original itself, which moves on to its next frame.
    return Frame(pixels, profile, frame.duration)
