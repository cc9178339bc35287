"""WebP: what its RIFF chunks say (RFC 9649, section 2)."""

from typing import Final

from core.imaging.containers.contents import MOST_FRAMES, Contents
from core.imaging.fit import Sides

_ALPHA: Final = 0x10
_ANIMATION: Final = 0x02
"""Flags of VP8X (section 2.7)."""


def contents(data: bytes) -> Contents:
    """What a WebP says of itself. Its decoder is told to keep transparent what no frame covers, or a frame states so.

    Encoders write the alpha flag by the pixels of some frames. Without it libwebp shows an animation without alpha.
    """
    canvas = _canvas(data)
    flags = data[20] if data[12:16] == b"VP8X" and len(data) > 20 else 0
    if flags & _ANIMATION and not flags & _ALPHA and not _opaque(data, canvas):
        data = with_alpha(data)
    return Contents(data, canvas)


def with_alpha(data: bytes) -> bytes:
    """The file with VP8X's alpha flag set; one without VP8X stays as it is (section 2.7)."""
    return data[:20] + bytes([data[20] | _ALPHA]) + data[21:] if data[12:16] == b"VP8X" else data


def _canvas(data: bytes) -> Sides:
    """The canvas, which libwebp allocates as soon as it is given the file (sections 2.5 to 2.7)."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF


def _opaque(data: bytes, canvas: Sides) -> bool:
    """Whether every frame covers the canvas, and none has alpha, by the first `MOST_FRAMES` (section 2.7.1.1)."""
    at = 12
    for _ in range(2 * MOST_FRAMES):
        if data[at : at + 4] == b"ANMF":
            head, picture = data[at + 14 : at + 20], data[at + 24 : at + 37]
            sides = (1 + int.from_bytes(head[:3], "little"), 1 + int.from_bytes(head[3:], "little"))
            if sides != canvas or _has_alpha(picture):
                return False
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
        if at >= len(data):
            break
    return True


def _has_alpha(picture: bytes) -> bool:
    """Whether a frame's picture, of which this is the beginning, has alpha (sections 2.7.1.2 and 3.4)."""
    return picture.startswith(b"ALPH") or (picture.startswith(b"VP8L") and bool(picture[12:] and picture[12] & 0x10))
