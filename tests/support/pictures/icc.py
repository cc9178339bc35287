"""ICC profiles written by hand, and their formulas: known colours without a colour management library.

The layouts are those of ICC.1:2001-04 (version 2) and ICC.1:2022 (version 4); section numbers refer to the latter.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
D50 = np.array([0.9642, 1.0, 0.8249])
"""The profile connection space's white (section 7.2.16)."""
PERCEPTUAL, RELATIVE, ABSOLUTE = 0, 1, 3
"""Rendering intents (section 7.2.15)."""
D65 = (0.3127, 0.3290)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


@dataclass(frozen=True)
class Space:
    """An RGB space: the chromaticities of its primaries and white, and its transfer function.

    `curve` is that function as g a b c d of parametricCurveType (section 10.18): (aX + b)^g from d on, cX below.
    """

    name: str
    primaries: tuple[tuple[float, float], ...]
    white: tuple[float, float]
    curve: tuple[float, float, float, float, float]

    @property
    def matrix(self) -> Array:
        """Linear RGB to XYZ under D50 (Bradford-adapted, annex E)."""
        columns = np.array([_xyz(x, y) for x, y in self.primaries]).T
        white = _xyz(*self.white)
        to_white = columns * np.linalg.solve(columns, white)
        gains = np.diag((_BRADFORD @ D50) / (_BRADFORD @ white))
        return np.asarray(np.linalg.inv(_BRADFORD) @ gains @ _BRADFORD @ to_white)

    def decode(self, rgb: Array) -> Array:
        """RGB from 0 to 1, last axis, to CIELAB under D50."""
        g, a, b, c, d = self.curve
        linear = np.where(rgb >= d, (a * rgb + b).clip(0) ** g, c * rgb)
        return xyz_to_lab(linear @ self.matrix.T)

    def encode(self, lab: Array) -> Array:
        """CIELAB under D50 to RGB; values are outside 0 to 1 if the colour is outside the space."""
        g, a, b, c, d = self.curve
        linear = lab_to_xyz(lab) @ np.linalg.inv(self.matrix).T
        return np.asarray(np.where(linear >= c * d, (linear.clip(1e-9) ** (1 / g) - b) / a, linear / c))

    def profile(self, padding: int = 0) -> bytes:
        """The space as a version 4 display profile, with `padding` bytes of a private tag."""
        tags = {name: _xyz_tag(column) for name, column in zip(("rXYZ", "gXYZ", "bXYZ"), self.matrix.T, strict=True)}
        tags |= dict.fromkeys(("rTRC", "gTRC", "bTRC"), b"para" + bytes(4) + struct.pack(">HH", 3, 0) + self._curve())
        return profile(b"mntr", b"RGB ", b"XYZ ", self.name, tags, padding)

    def _curve(self) -> bytes:
        return b"".join(_fixed(value) for value in self.curve)


SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
SRGB = Space("sRGB", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), D65, SRGB_CURVE)
"""IEC 61966-2-1."""
DISPLAY_P3 = Space("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65, SRGB_CURVE)
"""The primaries of SMPTE EG 432-1, the white and the curve of sRGB."""
ADOBE_RGB = Space("Adobe RGB (1998)", ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65, (563 / 256, 1, 0, 1, 0))
"""Adobe RGB (1998) Color Image Encoding, version 2005-05."""
PROPHOTO = Space(
    "ProPhoto RGB",
    ((0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105)),
    (0.345704, 0.358540),
    (1.8, 1, 0, 1 / 16, 1 / 32),
)
"""ISO 22028-2, ROMM RGB."""
WIDE = (DISPLAY_P3, ADOBE_RGB, PROPHOTO)


def gray_profile(gamma: float) -> bytes:
    """A version 4 profile for greys."""
    curve = b"para" + bytes(4) + struct.pack(">HH", 0, 0) + _fixed(gamma)
    return profile(b"mntr", b"GRAY", b"XYZ ", "grey", {"kTRC": curve}, 0)


def cmyk_profile(nodes: Sequence[tuple[float, float, float]], intent: int = RELATIVE) -> bytes:
    """A version 2 printer profile of sixteen known colours, a lut16Type with two grid points per ink (section 10.10).

    `nodes` are CIELAB relative to the paper, in the table's order: cyan changes slowest, then magenta, yellow, black.
    """
    line = struct.pack(">2H", 0, 65535)
    values = b"".join(
        struct.pack(">3H", round(n * 652.8), round((a + 128) * 256), round((b + 128) * 256)) for n, a, b in nodes
    )
    head = struct.pack(">4B", 4, 3, 2, 0) + b"".join(_fixed(float(i % 4 == 0)) for i in range(9))
    table = b"mft2" + bytes(4) + head + struct.pack(">2H", 2, 2) + line * 4 + values + line * 3
    return profile(b"prtr", b"CMYK", b"Lab ", "sixteen inks", {"A2B0": table}, 0, version=2, intent=intent)


def profile(
    kind: bytes,
    space: bytes,
    pcs: bytes,
    name: str,
    tags: dict[str, bytes],
    padding: int,
    version: int = 4,
    intent: int = PERCEPTUAL,
) -> bytes:
    """A whole profile: header, tag table and tags. Equal tags are stored once, as in real profiles."""
    texts = {"desc": _text(name, version), "cprt": _text("CC0", version if version == 4 else 1)}
    all_tags = {**texts, "wtpt": _xyz_tag(D50), **tags}
    if padding:
        all_tags["pad "] = b"data" + bytes(8) + bytes(padding)
    table, body, offsets = b"", b"", dict[bytes, int]()
    start = 128 + 4 + 12 * len(all_tags)
    for signature, data in all_tags.items():
        if data not in offsets:
            offsets[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += signature.encode() + struct.pack(">II", offsets[data], len(data))
    head = struct.pack(">I4sB3x4s4s4s", start + len(body), bytes(4), version, kind, space, pcs)
    head += (
        struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
        + bytes(24)
        + struct.pack(">I", intent)
        + b"".join(map(_fixed, D50))
    )
    return head.ljust(128, b"\0") + struct.pack(">I", len(all_tags)) + table + body


def xyz_to_lab(xyz: Array) -> Array:
    """CIE 15:2004, section 8.2.1, under D50."""
    ratio = xyz / D50
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def lab_to_xyz(lab: Array) -> Array:
    """The inverse of `xyz_to_lab`."""
    lightness = (lab[..., 0] + 16) / 116
    f = np.stack([lightness + lab[..., 1] / 500, lightness, lightness - lab[..., 2] / 200], -1)

    return np.asarray(np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * D50)


def _xyz(x: float, y: float) -> Array:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz_tag(xyz: Array) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, xyz))


def _text(text: str, version: int) -> bytes:
    """A multiLocalizedUnicodeType in version 4, a textDescriptionType in version 2, and a textType for `version` 1."""
    ascii_text = text.encode() + b"\0"
    if version == 1:
        return b"text" + bytes(4) + ascii_text
    if version == 2:
        return b"desc" + bytes(4) + struct.pack(">I", len(ascii_text)) + ascii_text + bytes(78)
    wide = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(wide), 28) + wide
