"""Colour spaces that a file states as code points, or as gamma and chromaticities, instead of an ICC profile.

Sizewise converts the same spaces as Chromium 153.
"""

from dataclasses import dataclass
from typing import Final

from core.imaging.transfer import Transfer

Chromaticities = tuple[float, ...]
"""Eight numbers: x and y of white, red, green and blue, in the order of PNG's cHRM."""

_D65: Final = (0.3127, 0.3290)
_C: Final = (0.310, 0.316)
_BT709: Final = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_BT601_525: Final = (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070)
BT2020: Final = (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046)

_PRIMARIES: Final[dict[int, Chromaticities]] = {
    1: _BT709,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: _BT601_525,
    7: _BT601_525,
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: BT2020,
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
"""Chromaticities by the code points of ITU-T H.273, table 2."""

_TRANSFERS: Final[dict[int, Transfer]] = {
    4: 2.2,
    5: 2.8,
    7: "SMPTE 240M",
    8: 1.0,
    13: "sRGB",
    16: "PQ",
    17: "SMPTE 428",
    18: "HLG",
}
"""Transfer functions by the code points of ITU-T H.273, table 3."""

_PNG_TRANSFERS: Final[dict[int, Transfer]] = _TRANSFERS | dict.fromkeys((1, 6, 11, 14, 15), 2.4)
"""In PNG, transfer functions of video are for a display as in ITU-R BT.1886, with a gamma of 2.4."""

_NCLX_TRANSFERS: Final[dict[int, Transfer]] = _TRANSFERS | {9: "log 100", 10: "log 316"}

BRADFORD: Final = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
"""From XYZ to the responses of the eye's cones (ICC.1:2022, annex E.3)."""


@dataclass(frozen=True)
class ColourSpace:
    """The meaning of a channel's values: chromaticities and a transfer function."""

    chromaticities: Chromaticities
    transfer: Transfer


SRGB: Final = ColourSpace(_BT709, "sRGB")


def from_cicp(primaries: int, transfer: int, matrix: int, full_range: int) -> ColourSpace | None:
    """The space of a PNG's cICP chunk (W3C PNG, third edition, section 11.3.2.6), given its four bytes.

    None if the chunk's values are not supported: then the chunks of lower precedence count.
    """
    if (matrix, full_range) != (0, 1) or primaries not in _PRIMARIES or transfer not in _PNG_TRANSFERS:
        return None
    return ColourSpace(_PRIMARIES[primaries], _PNG_TRANSFERS[transfer])


def from_nclx(primaries: int, transfer: int) -> ColourSpace:
    """The space of an AVIF's or HEIC's colr box of type nclx; sRGB for an unspecified space (MIAF, section 7.3.6.4).

    The transfer functions of video are treated as sRGB's. Chromium does this in AVIF, but not in PNG.
    """
    if transfer in (0, 3) or primaries == 0:
        return SRGB
    return ColourSpace(_PRIMARIES.get(primaries, _BT709), _NCLX_TRANSFERS.get(transfer, "sRGB"))


def from_gamma(gamma: int, chromaticities: tuple[int, ...] | None) -> ColourSpace | None:
    """The space of a PNG's gAMA and cHRM chunks, given their integers (sections 11.3.2.1 and 11.3.2.2).

    None if the picture is treated as sRGB: the gamma is 0, the chromaticities are not those of any space, or there are
    no chromaticities and the gamma is within a twentieth of 1 / 2.2. Chromaticities without a gamma do not count, as in
    browsers.
    """
    if gamma <= 0 or (chromaticities is None and abs(gamma * 2.2 / 100_000 - 1) < 0.05):
        return None
    if chromaticities is None:
        return ColourSpace(_BT709, 100_000 / gamma)
    if not _sensible(chromaticities):
        return None
    return ColourSpace(tuple(value / 100_000 for value in chromaticities), 100_000 / gamma)


def _sensible(chromaticities: tuple[int, ...]) -> bool:
    """Whether eight integers of a cHRM chunk are a white with some light, and three primaries that span a triangle."""
    if not all(0 <= value <= 100_000 for value in chromaticities) or chromaticities[1] == 0:
        return False
    x, y, red_x, red_y, green_x, green_y, blue_x, blue_y = chromaticities
    area = (green_x - red_x) * (blue_y - red_y) - (blue_x - red_x) * (green_y - red_y)
    white = (x, y, 100_000 - x - y)
    cones = (sum(round(10_000 * part) * value for part, value in zip(row, white, strict=True)) for row in BRADFORD)
    return area != 0 and all(cones)
