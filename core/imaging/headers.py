"""What an original's bytes say of it, read without a decoder: scans, frames, canvases, tags."""

import re
import struct
from collections.abc import Iterator
from typing import Final

from core.errors import TooLarge
from core.imaging.fit import Sides

MOST_PARTS: Final = 1_000_000
"""Pieces that a file is read in: half a second of Pillow's loops. Photographs have a few hundred."""

_MARKER: Final = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])", re.DOTALL)
"""What starts a segment or ends the image: neither a stuffed byte nor a restart (ITU-T T.81, section B.1.1.2)."""

_TIFF_NUMBERS: Final = (3, 4, 5, 8, 9, 10, 11, 12, 13)
"""The types whose values become Python numbers: not bytes, text and undefined (TIFF 6.0, section 2)."""

_GIF_FRAME, _GIF_EXTENSION = 0x2C, 0x21
"""What introduces a frame's descriptor and an extension (GIF89a, sections 20 and 23 to 26)."""


def too_many_parts() -> TooLarge:
    """The error for an original that is made of more parts than any program writes."""
    return TooLarge("The original is made of too many parts.")


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment's marker and its first bytes, up to the end of the image, as libjpeg finds them."""
    at = 2
    while match := _MARKER.search(data, at):
        kind = match[1][0]
        if kind == 0xD9:
            return
        length, start = int.from_bytes(data[match.end() : match.end() + 2]), match.end()
        yield kind, data[start + 2 : start + 6]
        at = start + length


def tiff_counts(data: bytes) -> Iterator[int]:
    """How many numbers each tag of the first directory says that it has (TIFF 6.0, section 2)."""
    order = "<" if data.startswith(b"II") else ">"
    start = int.from_bytes(data[4:8], "little" if order == "<" else "big")
    count = int.from_bytes(data[start : start + 2], "little" if order == "<" else "big")
    entries = data[start + 2 : start + 2 + 12 * count]
    for _, kind, values, _ in struct.iter_unpack(f"{order}HHLL", entries[: len(entries) // 12 * 12]):
        if kind in _TIFF_NUMBERS:
            yield values


def webp_canvas(data: bytes) -> Sides:
    """The canvas, which libwebp allocates as soon as it is given the file (RFC 9649, sections 2.5 to 2.7)."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF


def gif_frames(data: bytes) -> Iterator[Sides]:
    """The right and bottom edge of each frame, by its descriptor (GIF89a, section 20), up to what is no block.

    Pillow would set up each frame to count it, which takes too long for a file of a million frames. Raises TooLarge
    over `MOST_PARTS`.
    """
    at, parts, frames = 13 + _gif_colours(data, 10), 0, 0
    while at < len(data):
        block, at = data[at], at + 1
        if block == _GIF_FRAME:
            left, top, width, height = struct.unpack("<4H", data[at : at + 8].ljust(8, b"\0"))
            yield left + width, top + height
            frames += 1
            at, count = _behind_sub_blocks(data, at + 9 + _gif_colours(data, at + 8) + 1)
        elif block == _GIF_EXTENSION:
            taken = _taken(data[at : at + 13], frames)
            at, count = _behind_sub_blocks(data, at + 1)
            if count < taken:
                at, count = _behind_sub_blocks(data, at)
        else:
            return
        parts += count + 1
        if parts > MOST_PARTS:
            raise too_many_parts()


def _taken(extension: bytes, frames: int) -> int:
    """How many sub-blocks of an extension Pillow takes before it looks for the end of their chain.

    Where the chain has fewer, Pillow takes the next one for its rest. Who read that otherwise could be shown other
    frames than Pillow decodes.
    """
    if extension[:1] == b"\xfe":
        return 0
    return 2 if extension[:1] == b"\xff" and extension[2:] == b"NETSCAPE2.0" and not frames else 1


def _behind_sub_blocks(data: bytes, at: int) -> tuple[int, int]:
    """Where a chain of sub-blocks ends, its empty last one included, and how many there are before that one."""
    count = 0
    while at < len(data) and data[at] and count <= MOST_PARTS:
        at, count = at + 1 + data[at], count + 1
    return at + 1, count


def gif_screen(data: bytes) -> Sides:
    """The sides of the logical screen (GIF89a, section 18)."""
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")


def _gif_colours(data: bytes, flags_at: int) -> int:
    """Bytes of the colour table that a packed field announces."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
