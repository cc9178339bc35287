"""Orientation: an original is scaled as it is stored, and only the variant's pixels are turned upright."""

from dataclasses import replace
from typing import Final

from PIL import Image

from core.imaging.fit import Plan, Sides

_PREFIX, _TIFF_HEADERS = b"Exif\0\0", (b"II*\0", b"MM\0*")
_EXIF_TAG: Final = 0x0112
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


def orientation(exif: object) -> int:
    """The orientation that Exif data states, 1 to 8 (Exif 2.32, section 4.6.4); 1 without a valid one.

    XMP's orientation is ignored, as in browsers. TIFF and HEIF are turned upright by their decoders.
    """
    if not isinstance(exif, bytes) or not exif.removeprefix(_PREFIX).startswith(_TIFF_HEADERS):
        return 1
    try:
        tags = Image.Exif()
        tags.load(exif)
        value = tags.get(_EXIF_TAG, 1)
    except Exception:  # A picture with broken Exif is not refused if it decodes.
        return 1
    return value if value in range(1, 9) else 1


def upright_sides(sides: Sides, turn: int) -> Sides:
    """The sides of the upright image, from the stored sides, or the reverse."""
    return (sides[1], sides[0]) if turn in _ON_ITS_SIDE else sides


def as_stored(plan: Plan, turn: int, sides: Sides) -> Plan:
    """A plan for an upright image with these sides, as a plan for the image as it is stored."""
    left, top, right, bottom = plan.box
    width, height = sides
    box = {
        1: (left, top, right, bottom),
        2: (width - right, top, width - left, bottom),
        3: (width - right, height - bottom, width - left, height - top),
        4: (left, height - bottom, right, height - top),
        5: (top, left, bottom, right),
        6: (top, width - right, bottom, width - left),
        7: (height - bottom, width - right, height - top, width - left),
        8: (height - bottom, left, height - top, right),
    }[turn]
    return replace(plan, box=box, sides=upright_sides(plan.sides, turn))


def as_upright(plan: Plan, turn: int, sides: Sides) -> Plan:
    """The reverse of `as_stored`: a plan for a stored image with these sides, as a plan for the upright image."""
    return as_stored(plan, {6: 8, 8: 6}.get(turn, turn), sides)


def turned(image: Image.Image, turn: int) -> Image.Image:
    """A stored image, turned upright."""
    return image.transpose(_TO_UPRIGHT[turn]) if turn in _TO_UPRIGHT else image
