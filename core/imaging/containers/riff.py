"""WebP: the contents of its RIFF chunks (RFC 9649, section 2)."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from core.imaging.containers.contents import MOST_FRAMES, Contents
from core.imaging.fit import Sides

ALPHA: Final = 0x10
ANIMATION: Final = 0x02
PROFILE: Final = 0x20
"""Flags of VP8X (section 2.7)."""


def contents(data: bytes) -> Contents:
    """The contents of a WebP.

    An animation that does not cover its canvas, or has a frame with alpha, gets the alpha flag. Encoders set the flag
    by the pixels of some frames. Without the flag, libwebp shows an animation without alpha.
    """
    canvas = _canvas(data)
    flags = data[20] if data[12:16] == b"VP8X" and len(data) > 20 else 0
    if flags & ANIMATION and not flags & ALPHA and not _opaque(data, canvas):
        data = with_alpha(data)
    return Contents(data, canvas)


def with_alpha(data: bytes) -> bytes:
    """The file with VP8X's alpha flag set; a file without VP8X stays as it is (section 2.7)."""
    return data[:20] + bytes([data[20] | ALPHA]) + data[21:] if data[12:16] == b"VP8X" else data


def chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each chunk in a part of the file, and where its contents begin and end."""
    while start < end:
        following = start + 8 + int.from_bytes(data[start + 4 : start + 8], "little")
        yield data[start : start + 4], start + 8, following
        start = following + following % 2


def _canvas(data: bytes) -> Sides:
    """The canvas, which libwebp allocates as soon as it gets the file (sections 2.5 to 2.7)."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF


def _opaque(data: bytes, canvas: Sides) -> bool:
    """Whether all of the first `MOST_FRAMES` frames cover the canvas and have no alpha (section 2.7.1.1)."""
    for kind, at, _ in islice(chunks(data, 12, len(data)), 2 * MOST_FRAMES):
        if kind == b"ANMF":
            head, picture = data[at + 6 : at + 12], data[at + 16 : at + 29]
            sides = (1 + int.from_bytes(head[:3], "little"), 1 + int.from_bytes(head[3:], "little"))
            if sides != canvas or has_alpha(picture):
                return False
    return True


def has_alpha(picture: bytes) -> bool:
    """Whether a frame's picture has alpha, by its first bytes (sections 2.7.1.2 and 3.4)."""
    return picture.startswith(b"ALPH") or (picture.startswith(b"VP8L") and bool(picture[12:] and picture[12] & 0x10))
