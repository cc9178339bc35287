"""The clean aperture: the part of a coded picture that is shown (ISO/IEC 14496-12, section 12.1.4)."""

import struct

from core.imaging.fit import Sides

Area = tuple[int, int, int, int]
"""Left, top, right and bottom of a part of a picture, in whole pixels."""


def area(clap: bytes, sides: Sides) -> Area | None:
    """The part that the contents of a `clap` box name, in a picture with these sides; None if the part is invalid.

    An empty part, or a part beyond the picture, is invalid (MIAF, ISO/IEC 23000-22, section 7.3.6.7): libavif and
    Chromium then show the whole picture. MIAF requires whole pixels. Fractions are rounded as in libheif:
    the left edge down, the top edge and both lengths to the nearest, halves up.
    """
    if len(clap) < 32:
        return None
    numbers = struct.unpack(">8i", clap[:32])
    if min(numbers[1::2]) <= 0 or min(numbers[:4:2]) <= 0:
        return None
    (across, down), (across_per, down_per) = numbers[:4:2], numbers[1:4:2]
    left = _start(sides[0], across, across_per, numbers[4], numbers[5], half=0)
    top = _start(sides[1], down, down_per, numbers[6], numbers[7], half=1)
    right = left + (2 * across + across_per) // (2 * across_per)
    bottom = top + (2 * down + down_per) // (2 * down_per)
    inside = 0 <= left < right <= sides[0] and 0 <= top < bottom <= sides[1]
    return (left, top, right, bottom) if inside else None


def _start(side: int, length: int, length_per: int, offset: int, offset_per: int, half: int) -> int:
    """The start of an aperture, given its middle's offset from the picture's middle. `half` 1 adds half a pixel."""
    divisor = 2 * length_per * offset_per
    twice = side * length_per * offset_per + 2 * offset * length_per - length * offset_per
    return (2 * twice + half * divisor) // (2 * divisor)


def within(inner: Area, outer: Area) -> Area:
    """The inner part, which is relative to the outer part, as a part of the whole."""
    left, top = outer[:2]
    return (left + inner[0], top + inner[1], left + inner[2], top + inner[3])


def rotated(part: Area, sides: Sides, turns: int) -> Area:
    """The part in the picture turned by quarters, anti-clockwise (`irot`, ISO/IEC 23008-12, section 6.5.10)."""
    for _ in range(turns):
        left, top, right, bottom = part
        part, sides = (top, sides[0] - right, bottom, sides[0] - left), (sides[1], sides[0])
    return part


def mirrored(part: Area, sides: Sides, axis: int) -> Area:
    """The part in the mirrored picture: axis 0 exchanges top and bottom, 1 left and right (`imir`, section 6.5.12)."""
    left, top, right, bottom = part
    if axis:
        return (sides[0] - right, top, sides[0] - left, bottom)
    return (left, sides[1] - bottom, right, sides[1] - top)
