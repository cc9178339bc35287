"""GIF without its comments and other extensions (GIF89a, sections 17 to 27)."""

import struct
from typing import Final

from core.imaging.containers.blocks import (
    APPLICATION,
    EXTENSION,
    GRAPHIC_CONTROL,
    IMAGE,
    LOOPING,
    TRAILER,
    after_sub_blocks,
    blocks,
    table_at,
)
from core.imaging.stripped.pieces import Pieces

_SCREEN: Final = 13
"""Bytes before the colours that pictures share (sections 17 and 18)."""

_CONTROL, _LOOP = 5, 16
"""Bytes of a graphic control extension and of a looping extension, without their first two bytes and their last."""

_DESCRIPTOR: Final = 9
"""Bytes of an image descriptor without its first byte (section 20)."""


def stripped(data: bytes, profile: bytes | None) -> Pieces | None:
    """A GIF with only its pictures, their colours, times and places, and the number of times that they are played.

    None if the file is cut short, if it states that number twice, if a picture has no colours or pixels or exceeds the
    screen, or if the first picture does not cover the screen: decoders differ on these files. Also None for a profile,
    which no GIF has.
    """
    view, shared, loop, control = memoryview(data), table_at(data, 10, _SCREEN), b"", b""
    pictures: list[bytes | memoryview] = []
    if profile:
        return None
    for block, at in blocks(data):
        if block == APPLICATION and data[at + 1 : at + 14] in LOOPING:
            if loop:
                return None
            loop = _extension(block, data[at : at + _LOOP])
        elif block == GRAPHIC_CONTROL and data[at] == _CONTROL - 1:
            control = _extension(block, data[at : at + _CONTROL])
        elif block == GRAPHIC_CONTROL:
            return None
        elif block == IMAGE:
            own = table_at(data, at + _DESCRIPTOR - 1, at + _DESCRIPTOR)
            end, _ = after_sub_blocks(data, at + _DESCRIPTOR + len(own) + 1)
            if not (own or shared) or end > len(data) or not _fits(data, at, whole=not pictures):
                return None
            pictures += [control, view[at - 1 : end]]
            control = b""
    return [data[:_SCREEN], shared, loop, *pictures, TRAILER]


def _fits(data: bytes, at: int, *, whole: bool) -> bool:
    """Whether the picture with its descriptor at this place has pixels, all on the screen.

    If `whole`, the picture must cover the screen.
    """
    left, top, width, height = struct.unpack("<4H", data[at : at + 8])
    across, down = struct.unpack("<2H", data[6:10])
    covers = (left, top, width, height) == (0, 0, across, down)
    return covers if whole else bool(0 < width <= across - left and 0 < height <= down - top)


def _extension(label: int, body: bytes) -> bytes:
    return bytes([EXTENSION, label]) + body + b"\0"
