"""Original bytes and a size to a variant's bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image

from core import animation
from core.colour import flatten, to_output, workable
from core.decode import draft, open_original, orientation, reading
from core.encode import encode
from core.fit import Box, Plan, plan
from core.formats import CONTENT_TYPES, OWN_FORMAT
from core.scale import scaled
from core.settings import Settings
from core.size import AUTO, Format, Size
from core.smart import slide

_TO_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE: Final = (5, 6, 7, 8)


Finish = Callable[[Image.Image], tuple[Image.Image, bytes | None]]
"""A loaded original to a variant's pixels and ICC profile."""


@dataclass(frozen=True)
class Rendering:
    """A variant's bytes and their media type."""

    data: bytes
    content_type: str


def render(original: bytes, size: Size, settings: Settings) -> Rendering:
    """Renders the variant of a size from an original's bytes.

    Raises TooLarge over `max_original_pixels`, UnsupportedFormat and BrokenOriginal.
    """
    image = open_original(original, settings.max_original_pixels)
    target = _target(image, size, settings)
    turn = orientation(image)
    width, height = image.size
    upright = (height, width) if turn in _ON_ITS_SIDE else (width, height)
    steps = plan(upright, size, settings.enlarge, settings.max_side)
    box = _stored_box(steps.box, turn, upright)
    resized = (steps.resized[1], steps.resized[0]) if turn in _ON_ITS_SIDE else steps.resized
    if size.fit == "smart":
        box = _slid(image, box, resized)
    quality = size.quality or settings.quality

    def finished(image: Image.Image) -> tuple[Image.Image, bytes | None]:
        pixels = _upright(_resized(image, box, resized), turn)
        pixels, profile = to_output(pixels, image.info.get("icc_profile"), target != "gif")
        return _padded(pixels, steps, target), profile

    count = animation.frame_count(image, original, target, steps.canvas, settings.max_original_pixels)
    if count > 1:
        data = _animated(image, count, finished, target, quality)
    else:
        data = encode(*finished(image), target, quality)
    return Rendering(data, CONTENT_TYPES[target])


def _animated(image: Image.Image, count: int, finished: Finish, target: Format, quality: int) -> bytes:
    """The bytes of an animated variant of `count` frames."""
    shown, durations, profile = [], [], None
    for frame in animation.frames(image, count):
        pixels, profile = finished(frame)
        # A frame that needed nothing done is still the original, which moves on.
        shown.append(pixels.copy() if pixels is image else pixels)
        durations.append(round(frame.info.get("duration", 0)))
    motion = animation.Motion(tuple(durations), animation.plays(image))
    return animation.encode(shown, motion, target, quality, profile)


def _target(image: Image.Image, size: Size, settings: Settings) -> Format:
    """The format that the size names, else the deployment's, else the original's own, else PNG.

    A phone's HEIC, which few browsers show, is a photograph as JPEG is: as PNG it would be many times as large.
    """
    if size.format and size.format != AUTO:
        return size.format
    photograph = image.format == "MPO" or (image.format == "HEIF" and image.mode == "RGB")
    return settings.format or OWN_FORMAT.get("JPEG" if photograph else image.format or "", "png")


def _decoded(image: Image.Image, box: Box, target: tuple[int, int]) -> tuple[Image.Image, Box]:
    """The original's pixels, and where the box lies in them: a JPEG may be decoded at a fraction of its size."""
    reduction = min((box[2] - box[0]) / target[0], (box[3] - box[1]) / target[1])
    divisor = draft(image, reduction)
    with reading():
        image.load()
        pixels = workable(image)
    left, top, right, bottom = (edge / divisor for edge in box)
    return pixels, (left, top, min(right, pixels.width), min(bottom, pixels.height))


def _slid(image: Image.Image, box: Box, target: tuple[int, int]) -> Box:
    """The box, in the original as it is stored, where smart crop puts it."""
    pixels, decoded_box = _decoded(image, box, target)
    divisor = (box[2] - box[0]) / (decoded_box[2] - decoded_box[0])
    left, top, right, bottom = (edge * divisor for edge in slide(pixels, decoded_box))
    return (left, top, right, bottom)


def _resized(image: Image.Image, box: Box, target: tuple[int, int]) -> Image.Image:
    """The box of the original, both as it is stored, at its target size."""
    pixels, box = _decoded(image, box, target)
    return scaled(pixels, target, box)


def _stored_box(box: Box, turn: int, upright: tuple[int, int]) -> Box:
    """Where a box of the upright image lies in the image as it is stored."""
    left, top, right, bottom = box
    width, height = upright
    return {
        1: (left, top, right, bottom),
        2: (width - right, top, width - left, bottom),
        3: (width - right, height - bottom, width - left, height - top),
        4: (left, height - bottom, right, height - top),
        5: (top, left, bottom, right),
        6: (top, width - right, bottom, width - left),
        7: (height - bottom, width - right, height - top, width - left),
        8: (height - bottom, left, height - top, right),
    }[turn]


def _upright(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(_TO_UPRIGHT[turn]) if turn in _TO_UPRIGHT else image


def _padded(image: Image.Image, steps: Plan, target: Format) -> Image.Image:
    """The image in the middle of its canvas: white in a JPEG, transparent elsewhere."""
    if image.size == steps.canvas:
        return image
    offset = ((steps.canvas[0] - image.width) // 2, (steps.canvas[1] - image.height) // 2)
    if target == "jpg":
        flat = flatten(image)
        canvas = Image.new(flat.mode, steps.canvas, "white")
        canvas.paste(flat, offset)
        return canvas
    canvas = Image.new("RGBA", steps.canvas, (255, 255, 255, 0))
    canvas.paste(image.convert("RGBA"), offset)
    return canvas
