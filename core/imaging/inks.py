"""CMYK without a profile: it is shown as if printed according to ISO 12647-2 on coated paper.

As complements of red, green and blue, the inks would be too bright: cyan would be 0, 255, 255.
The model is Neugebauer's: paper, single inks and overprints (inks on top of each other) each cover a share of the
area, which follows from the inks' coverages. The light from these shares adds up
(J. A. S. Viggiano, "Modeling the Color of Multi-Colored
Halftones", TAGA 1990, has the history).
"""

import struct
from functools import cache
from itertools import product
from math import prod
from typing import Final

_SOLIDS: Final = {
    (0, 0, 0): (95.0, 0.0, -2.0),
    (1, 0, 0): (55.0, -37.0, -50.0),
    (0, 1, 0): (48.0, 74.0, -3.0),
    (0, 0, 1): (91.0, -5.0, 93.0),
    (0, 1, 1): (47.0, 68.0, 48.0),
    (1, 0, 1): (50.0, -65.0, 27.0),
    (1, 1, 0): (24.0, 17.0, -46.0),
    (1, 1, 1): (23.0, 0.0, 0.0),
}
"""CIELAB of paper, cyan, magenta, yellow and their overprints (ISO 12647-2:2004/Amd 1:2007, paper types 1 and 2)."""

_BLACK: Final = (16.0, 0.0, 0.0)
_GAIN: Final = 0.16
"""The dot gain: where half-tone dots cover half of an area, printing adds this part of the area (ISO 12647-2:2013,
curve A)."""

_GRID: Final = 5
_WHITE: Final = (0.9642, 1.0, 0.8249)
"""XYZ of D50, ICC's white."""

_Triple = tuple[float, float, float]


@cache
def profile() -> bytes:
    """An ICC profile (ICC.1:2001-04, lut16Type) from CMYK to CIELAB: paper becomes white, all inks together black."""
    curve = [round(65535 * _coverage(step / 255)) for step in range(256)]
    steps = [step / (_GRID - 1) for step in range(_GRID)]
    nodes = [value for inks in product(steps, repeat=4) for value in _encoded(_printed(inks))]
    identity = [0, 65535]
    head = struct.pack(">4B9i2H", 4, 3, _GRID, 0, *(65536 if i % 4 == 0 else 0 for i in range(9)), 256, 2)
    numbers = [*curve * 4, *nodes, *identity * 3]
    table = b"mft2" + bytes(4) + head + struct.pack(f">{len(numbers)}H", *numbers)
    relative_intent = struct.pack(">I", 1)
    size = 128 + 16 + len(table)
    header = struct.pack(">I4sI4s4s4s12s4s", size, b"", 2 << 24, b"prtr", b"CMYK", b"Lab ", b"", b"acsp")
    header += bytes(24) + relative_intent + struct.pack(">3i", *(round(65536 * value) for value in _WHITE))
    return header.ljust(128, b"\0") + struct.pack(">I4sII", 1, b"A2B0", 144, len(table)) + table


def _coverage(dot: float) -> float:
    """The area that a dot covers in print, from 0 to 1."""
    return dot + 4 * _GAIN * dot * (1 - dot)


def _printed(coverages: tuple[float, ...]) -> _Triple:
    """XYZ of an area with these coverages of cyan, magenta, yellow and black, relative to paper; all inks give 0."""
    *colours, black = coverages
    shares = {
        solid: prod(area if ink else 1 - area for ink, area in zip(solid, colours, strict=True)) for solid in _SOLIDS
    }
    paper, under, ink = _light(_SOLIDS[0, 0, 0]), _light(_SOLIDS[1, 1, 1]), _light(_BLACK)
    mixed = [0.0, 0.0, 0.0]
    for i in range(3):
        light = sum(share * _light(_SOLIDS[solid])[i] for solid, share in shares.items()) / paper[i]
        # Black is treated as a filter over the inks below it.
        through = 1 - black + black * ink[i] / paper[i]
        darkest = under[i] * ink[i] / paper[i] ** 2
        mixed[i] = (light * through - darkest) / (1 - darkest)
    return (mixed[0], mixed[1], mixed[2])


@cache
def _light(lab: _Triple) -> _Triple:
    """CIELAB to XYZ, each relative to white's (CIE 15:2004, annex)."""
    middle = (lab[0] + 16) / 116
    x, y, z = (
        f**3 if f > 6 / 29 else 3 * (6 / 29) ** 2 * (f - 4 / 29)
        for f in (middle + lab[1] / 500, middle, middle - lab[2] / 200)
    )
    return (x, y, z)


def _encoded(light: _Triple) -> tuple[int, int, int]:
    """XYZ, each relative to white's, to CIELAB in lut16Type's legacy 16 bits."""
    x, y, z = (value ** (1 / 3) if value > (6 / 29) ** 3 else value * (29 / 6) ** 2 / 3 + 4 / 29 for value in light)
    lightness, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    return round(max(0.0, lightness) * 652.8), round((a + 128) * 256), round((b + 128) * 256)
