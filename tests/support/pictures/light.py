"""The light of displays, by the formulas of ITU-T H.273, ITU-R BT.2100 and SMPTE ST 2094-50, in numpy only."""

import numpy as np

from tests.support.pictures import icc
from tests.support.pictures.icc import Array, Space

D65, C = (0.3127, 0.3290), (0.310, 0.316)
PRIMARIES = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), D65),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), C),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), D65),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), D65),
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), D65),
    8: ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), C),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), D65),
    10: ((1.0, 1e-9), (1e-9, 1.0), (1e-9, 1e-9), (1 / 3, 1 / 3)),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), D65),
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), D65),
}
DISPLAYS = {
    4: lambda v: v**2.2,
    5: lambda v: v**2.8,
    6: lambda v: v**2.4,
    7: lambda v: np.where(v < 0.0912, v / 4, ((v + 0.1115) / 1.1115) ** (1 / 0.45)),
    8: lambda v: v,
    13: lambda v: np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4),
    17: lambda v: 52.37 / 48 * v**2.6,
}
"""The light of a display for a signal, by code point of the transfer function."""


def matrix(primaries: int, target: int) -> Array:
    source, aim = (Space("", PRIMARIES[p][:3], PRIMARIES[p][3], icc.SRGB_CURVE).matrix for p in (primaries, target))
    return np.asarray(np.linalg.inv(aim) @ source)


def signal(light: Array) -> Array:
    """Light as sRGB from 0 to 255, not rounded."""
    light = light.clip(0, 1)
    return np.asarray(255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def pq(v: Array) -> Array:
    """SMPTE ST 2084: cd/m2 divided by 203."""
    root = v ** (1 / 78.84375)
    return np.asarray(
        10000 / 203 * (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
    )


def hlg_scene(v: Array) -> Array:
    """The inverse of HLG's OETF (ITU-R BT.2100)."""
    return np.where(v <= 0.5, v**2 / 3, (np.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12)


def hlg(v: Array) -> Array:
    """HLG in BT.2020 on a display of 1,000 cd/m2: cd/m2 divided by 203."""
    scene = hlg_scene(v)
    luminance = scene @ np.array([0.2627, 0.6780, 0.0593])
    return np.asarray(scene * np.maximum(luminance, 0)[..., None] ** 0.2 * 1000 / 203)


def toned(light: Array) -> Array:
    """SMPTE ST 2094-50, annex D: interpolated between the curve's points for a thousand values of its parameter."""
    peak, t = 1000 / 203, np.linspace(0, 1, 1000)
    corner_x, corner_y = 0.35 + 0.65 * 1 / 0.5, 0.35 * 0.5 + 0.65
    x = (1 - t) ** 2 * 1 + 2 * t * (1 - t) * corner_x + t**2 * peak
    y = (1 - t) ** 2 * 0.5 + 2 * t * (1 - t) * corner_y + t**2 * 1
    lightest = light.max(-1, keepdims=True)
    shown = np.where(lightest <= 1, lightest / 2, np.interp(lightest, x, y))
    return np.asarray(light * shown / np.maximum(lightest, 1e-9))
