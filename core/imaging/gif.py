"""A GIF writer: one palette where it serves all frames, and of each frame only what differs from the one before it.

The format is CompuServe's GIF89a; the compression is Pillow's.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from PIL import Image, ImageChops

from core.imaging.frame import Frame
from core.imaging.indexed import TRANSPARENT, Indexed, indexed

_KEEP, _CLEAR = 1, 2
"""What is done with a frame before the next one is shown (section 23)."""

_BITS: Final = 8
_TABLE: Final = 0x80 | _BITS - 1
"""The flags for a table of 256 colours (sections 18 and 20)."""

_NOTHING: Final = (0, 0, 1, 1)
"""A picture has one pixel at least."""


def write(frames: Sequence[Frame], plays: int) -> bytes:
    """Frames in L, LA, RGB or RGBA as a GIF's bytes; durations are whole hundredths of a second, given in ms.

    `plays` is how often an animation is shown, 1 to 65,536, or 0 for ever.
    """
    pictures = indexed([frame.pixels for frame in frames])
    shared, moves = pictures[0].palette, len(frames) > 1
    pieces = [b"GIF89a", struct.pack("<2H3B", *frames[0].pixels.size, _TABLE, 0, 0), _table(shared)]
    if moves and plays != 1:
        pieces.append(b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", max(plays - 1, 0), 0))
    clear = moves and any(frame.pixels.mode in ("LA", "RGBA") for frame in frames)
    for frame, picture, (indices, left, top) in zip(frames, pictures, _written(pictures, clear), strict=True):
        # Where a cleared frame has no transparent colour, some decoders clear it to an opaque one.
        transparent = clear or TRANSPARENT in indices.getextrema()
        if moves or transparent:
            pieces.append(_control(frame.duration if moves else 0, _CLEAR if clear else _KEEP, transparent))
        own = picture.palette != shared
        pieces.append(struct.pack("<B4HB", 0x2C, left, top, *indices.size, _TABLE if own else 0))
        pieces += [_table(picture.palette)] if own else []
        pieces.append(bytes([_BITS]) + indices.tobytes("gif", "L", _BITS, 0) + b"\0")
    return b"".join((*pieces, b";"))


def _table(palette: bytes) -> bytes:
    return palette.ljust(3 << _BITS, b"\0")


def _control(duration: float, disposal: int, transparent: bool) -> bytes:
    """A graphic control extension (section 23)."""
    flags = disposal << 2 | transparent
    return struct.pack("<4BH2B", 0x21, 0xF9, 4, flags, int(duration) // 10, TRANSPARENT * transparent, 0)


def _written(pictures: Sequence[Indexed], clear: bool) -> Iterator[tuple[Image.Image, int, int]]:
    """What is written of each picture, and at which place: left and top in pixels.

    Where pictures are to `clear` what was there before, all that is visible; else what is not as it was, the rest of it
    transparent.
    """
    yield pictures[0].indices, 0, 0
    for before, picture in pairwise(pictures):
        indices, box = picture.indices, None
        if clear:
            box = indices.point(lambda index: index != TRANSPARENT, "L").getbbox() or _NOTHING
        elif picture.palette == before.palette:
            same = ImageChops.subtract_modulo(indices, before.indices).point(lambda index: 255 * (index == 0), "1")
            box = ImageChops.invert(same).getbbox() or _NOTHING
            indices = indices.copy()
            indices.paste(TRANSPARENT, mask=same)
        box = box or (0, 0, *indices.size)
        yield indices.crop(box), box[0], box[1]
