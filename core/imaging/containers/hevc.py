"""The size and the samples of an HEVC bitstream's pictures, by the headers of its units (ITU-T H.265, section 7.3)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from core.imaging.containers.bits import Bits
from core.imaging.containers.stream import Stream
from core.imaging.fit import Sides

_LENGTH: Final = 4
"""The bytes that state a unit's length. libheif always reads four bytes, whatever `hvcC` states."""

_CONFIGURATION: Final = 22
"""Bytes of `hvcC` before its arrays of units (ISO/IEC 14496-15, section 8.3.3.1)."""

_PARAMETERS: Final = 33
"""The type of unit that is a sequence parameter set (table 7-1)."""

_PICTURES: Final = range(32)
"""The types of units that are slice segments."""

_MOST_HEADER: Final = 256
"""Bytes of a parameter set that are read: they include the sides, even after the profiles of seven layers."""

_DEEP: Final = {2: 1.65, 3: 1.9}
"""The weight of a pixel of over 8 bits by the format of chroma (table 6-1): its memory relative to 8 bits. In a grid,
it took 13.7 bytes in 4:2:2 and 15.8 in 4:4:4; a pixel of 8 bits took 8.5. A pixel in 4:2:0 needs no more."""


def stream(configurations: Sequence[bytes], data: bytes, count: Callable[[], None]) -> Stream:
    """The statements of the parameter sets in an item's `hvcC`s and its data; `count` is called for each unit."""
    across, down, pixels, pictures, pieces, weight = 0, 0, 0, 0, 0, 1.0
    for unit in chain(*map(_configured, configurations), _units(data)):
        count()
        kind = unit[0] >> 1 & 63
        if kind == _PARAMETERS:
            (width, height), heavier = _picture(unit)
            across, down, pixels = max(across, width), max(down, height), max(pixels, width * height)
            weight = max(weight, heavier)
        elif kind in _PICTURES:
            pieces += 1
            pictures += unit[2] >> 7
    return Stream((across, down), pixels, pictures, pieces, weight)


def _configured(data: bytes) -> Iterator[bytes]:
    """The beginnings of the units in the contents of an `hvcC`."""
    at = _CONFIGURATION + 1
    for _ in range(int.from_bytes(data[_CONFIGURATION:at])):
        units, at = int.from_bytes(data[at + 1 : at + 3]), at + 3
        for _ in range(units):
            if at + 2 > len(data):
                return
            size, at = int.from_bytes(data[at : at + 2]), at + 2
            yield data[at : at + min(size, _MOST_HEADER)].ljust(3, b"\0")
            at += size


def _units(data: bytes) -> Iterator[bytes]:
    """The beginnings of the units in an item's data."""
    at = 0
    while at + _LENGTH < len(data):
        size, at = int.from_bytes(data[at : at + _LENGTH]), at + _LENGTH
        yield data[at : at + min(size, _MOST_HEADER)].ljust(3, b"\0")
        at += size


def _picture(unit: bytes) -> tuple[Sides, float]:
    """Width, height and weight by a sequence parameter set (section 7.3.2.2).

    If the set is cut short, the sides are 0: then the set is not used.
    """
    # A 3 is inserted after two zeros, so that they do not look like the start of a unit (section 7.3.1.1).
    bits = Bits(unit[2:].replace(b"\0\0\3", b"\0\0"))
    bits.read(4)
    layers = bits.read(3)
    bits.read(1 + 88 + 8)
    if layers:
        present = [(bits.read(1), bits.read(1)) for _ in range(8)][:layers]
        for profile, level in present:
            bits.read(88 * profile + 8 * level)
    bits.read_golomb()
    chroma = bits.read_golomb()
    if chroma == 3:
        bits.read(1)
    sides = bits.read_golomb(), bits.read_golomb()
    if bits.ended:
        return (0, 0), 1.0
    if bits.read(1):  # Only a part of the picture is shown.
        for _ in range(4):
            bits.read_golomb()
    deep = bits.read_golomb() or bits.read_golomb()
    return sides, _DEEP.get(chroma, 1.0) if deep else 1.0
