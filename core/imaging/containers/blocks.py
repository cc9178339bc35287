"""GIF: the contents of its blocks (GIF89a, sections 17 to 27)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from core.errors import BrokenOriginal
from core.imaging.containers.contents import MOST_FRAMES, MOST_PARTS, Contents, Part, too_many_parts

IMAGE, EXTENSION = 0x2C, 0x21
GRAPHIC_CONTROL, APPLICATION = 0xF9, 0xFF
LOOPING: Final = (b"NETSCAPE2.0\3\1", b"ANIMEXTS1.0\3\1")
"""The beginnings of extensions for looping, before the count of repetitions. Without them, an animation plays once."""
TRAILER: Final = b";"

_DISPOSALS: Final[tuple[Literal["keep", "clear", "restore"], ...]] = ("keep", "keep", "clear", "restore", "restore")
"""By number. Old programs wrote 4 for 3 by mistake, and browsers accept 4. Any other number means keep."""

_BLACK: Final = bytes(6)
"""The colours of a picture without a colour table, as in browsers."""

_SHORTEST: Final = 10.0
"""Milliseconds. Frames of up to this duration are too short (https://bugzilla.mozilla.org/show_bug.cgi?id=440882)."""

_TOO_SHORT: Final = 100.0
"""Milliseconds for which browsers show a frame that is too short."""


@dataclass(frozen=True)
class _Control:
    """A graphic control extension (section 23)."""

    disposal: Literal["keep", "clear", "restore"] = "keep"
    duration: float = _TOO_SHORT
    transparent: int | None = None


def contents(data: bytes) -> Contents:
    """The contents of a GIF. At most one picture more than `MOST_FRAMES` is read.

    The canvas is the logical screen, enlarged to contain the first picture, as in browsers. Raises BrokenOriginal for a
    file that is cut short or has no pixels, and TooLarge for more than `MOST_PARTS` blocks.
    """
    shared, control, parts, plays = table_at(data, 10, 13), _Control(), list[Part](), 1
    shades, shares = 0, False
    for block, at in blocks(data):
        if block == GRAPHIC_CONTROL:
            control = _control(data[at + 1 : at + 5])
        elif block == APPLICATION and data[at + 1 : at + 14] in LOOPING:
            plays = _plays(data[at + 14 : at + 16])
        elif block == IMAGE:
            own = table_at(data, at + 8, at + 9)
            shades, shares = shades + len(own) // 3, shares or not own
            parts.append(_part(data, at, len(own), own or shared or _BLACK, control))
            control = _Control()
            if len(parts) > MOST_FRAMES:
                break
    first = next((part.data for part in parts if part.data), None)
    if first is None:
        raise BrokenOriginal("The original, a GIF, has no picture.")
    width, height = struct.unpack("<2H", data[6:10])
    canvas = (max(width, parts[0].place[2]), max(height, parts[0].place[3]))
    if not all(canvas):
        raise BrokenOriginal("The original, a GIF, has a canvas without pixels.")
    return Contents(first, canvas, tuple(parts), plays, shades + shares * len(shared or _BLACK) // 3)


def blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """The kind of each block, an image or the label of an extension, and where the block begins after this byte.

    Raises BrokenOriginal for a file that ends in an extension or in the head of an image, and TooLarge for too many
    blocks.
    """
    at, left = 13 + len(table_at(data, 10, 13)), MOST_PARTS
    while at + 1 < len(data):
        block, at = data[at], at + 1
        if block == IMAGE:
            yield block, at
            at += 9 + len(table_at(data, at + 8, at + 9)) + 1
        elif block == EXTENSION:
            yield data[at], at + 1
            at += 1
        else:
            return
        following, count = after_sub_blocks(data, at)
        if (at if block == IMAGE else following) > len(data):
            raise BrokenOriginal("The original, a GIF, is cut short.")
        at = following
        left -= count + 1
        if left < 0:
            raise too_many_parts()


def after_sub_blocks(data: bytes, at: int) -> tuple[int, int]:
    """Where a chain of sub-blocks ends, after its empty last one, and how many sub-blocks are before the last one."""
    count = 0
    while at < len(data) and data[at] and count <= MOST_PARTS:
        at, count = at + 1 + data[at], count + 1
    return at + 1, count


def table_at(data: bytes, flags_at: int, at: int) -> bytes:
    """The colour table that a packed field announces (sections 18 and 20); empty if there is none."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return data[at : at + 3 * 2 ** ((flags & 7) + 1)] if flags & 0x80 else b""


def _control(fields: bytes) -> _Control:
    """A graphic control extension, given its first sub-block without the length before it."""
    flags, delay, transparent = struct.unpack("<BHB", fields[:4].ljust(4, b"\0"))
    disposal = flags >> 2 & 7
    duration = 10.0 * delay
    return _Control(
        _DISPOSALS[disposal] if disposal < len(_DISPOSALS) else "keep",
        duration if duration > _SHORTEST else _TOO_SHORT,
        transparent if flags & 1 else None,
    )


def _part(data: bytes, at: int, skipped: int, colours: bytes, control: _Control) -> Part:
    """The picture whose descriptor is at this place, given the length of its own colour table, and its colours."""
    left, top, width, height, flags = struct.unpack("<4HB", data[at : at + 9].ljust(9, b"\0"))
    end, _ = after_sub_blocks(data, start := at + 9 + skipped + 1)
    file = b""
    if width and height:
        extension = b""
        if control.transparent is not None:
            # Black, like all transparent pixels: a lossy variant would spend bytes on a colour that nobody sees.
            hidden = 3 * control.transparent
            colours = (colours[:hidden] + bytes(3) + colours[hidden + 3 :])[: len(colours)]
            extension = bytes([EXTENSION, GRAPHIC_CONTROL, 4, 1, 0, 0, control.transparent, 0])
        screen = struct.pack("<2H3B", width, height, 0x80 | (len(colours) // 3 - 1).bit_length() - 1, 0, 0)
        picture = struct.pack("<B4HB", IMAGE, 0, 0, width, height, flags & 0x40)
        file = b"".join((b"GIF89a", screen, colours, extension, picture, data[start - 1 : end], TRAILER))
    return Part(file, (left, top, left + width, top + height), control.duration, control.disposal, over=True)


def _plays(count: bytes) -> int:
    """How often an animation is played in all, given how often it is repeated after the first time; 0 is for ever."""
    repeated = int.from_bytes(count, "little")
    return repeated + 1 if repeated else 0
