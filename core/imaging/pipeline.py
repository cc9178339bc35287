"""From an original's bytes to a variant's bytes: the steps, in their order."""

from dataclasses import dataclass

from PIL import Image

from core.imaging.animation import frames_shown, plays
from core.imaging.canvas import padded
from core.imaging.colour import to_output
from core.imaging.decode import Frame, decoded, divisor, opened
from core.imaging.encode import encoded
from core.imaging.fit import Box, Plan, plan
from core.imaging.formats import CONTENT_TYPES, variant_format
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

    The plan's `box` and `scaled` lie in the original as it is stored, its `canvas` is upright. Both sides of the
    original are divided by `divisor` as it is decoded. `frames` are those that the variant shows.
    """

    target: Format
    orientation: int
    plan: Plan
    divisor: int
    frames: range


def render(original: bytes, size: Size, settings: ImagingSettings) -> Rendering:
    """Renders the variant of a size from an original's bytes.

    Raises TooLarge over `max_pixels`, UnsupportedFormat and BrokenOriginal.
    """
    image = opened(original, settings.max_pixels)
    decisions = _decide(image, original, size, settings)
    frames: list[Frame] = []
    box: Box | None = None
    for frame in decoded(image, decisions.frames, decisions.divisor):
        box = box or placed(frame.pixels, decisions.plan.box, size.fit)
        frames.append(_finished(frame, box, decisions))
    data = encoded(frames, plays(image), decisions.target, size.quality or settings.quality)
    return Rendering(data, CONTENT_TYPES[decisions.target])


def _decide(image: Image.Image, original: bytes, size: Size, settings: ImagingSettings) -> _Decisions:
    """What is to be done with an opened original. Raises TooLarge for an animation of too many frames."""
    target = variant_format(size.format, settings.format, image.format, image.mode)
    turn = orientation(image)
    sides = upright_sides(image.size, turn)
    upright = plan(sides, size, settings.enlarge, settings.max_side)
    frames = frames_shown(image, original, target, upright.canvas, settings.max_pixels)
    stored = as_stored(upright, turn, sides)
    divided_by = divisor(image, stored)
    return _Decisions(target, turn, stored.divided(divided_by), divided_by, frames)


def _finished(frame: Frame, box: Box, decisions: _Decisions) -> Frame:
    """A decoded frame as the variant shows it."""
    pixels = scaled(frame.pixels, decisions.plan.scaled, box)
    pixels = turned(pixels, decisions.orientation)
    pixels, profile = to_output(pixels, frame.profile, decisions.target)
    pixels = padded(pixels, decisions.plan.canvas, decisions.target)
    return Frame(pixels, profile, frame.duration)
