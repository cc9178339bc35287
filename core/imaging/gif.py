"""A GIF writer: one palette where it serves all frames, and of each frame only what differs from the one before it.

The format is CompuServe's GIF89a; the compression is Pillow's.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from PIL import Image, ImageChops

from core.imaging.frame import Frame
from core.imaging.indexed import TRANSPARENT, indexed
from core.imaging.palettes import MOST_COLOURS, Indexed

_KEEP, _CLEAR = 1, 2
"""What is done with a frame before the next one is shown (section 23)."""

_TABLE: Final = 0x80
"""The flag of a colour table (sections 18 and 20). Its size is beside it."""

_FEWEST_BITS: Final = 2
"""Of an index, as the compression counts them (appendix F)."""

_NOTHING: Final = (0, 0, 1, 1)
"""A picture has one pixel at least."""


def write(frames: Sequence[Frame], plays: int, shades: int = 0) -> bytes:
    """Frames in L, LA, RGB or RGBA as a GIF's bytes; durations are whole hundredths of a second, given in ms.

    `plays` is how often an animation is shown, 1 to 65,536, or 0 for ever. `shades` is how many colours the tables
    of the original have, where it was a GIF, else 0. The variant gets at most one less than twice as many.
    """
    most = min(2 * shades - 1, MOST_COLOURS) if shades else MOST_COLOURS
    pictures = indexed([frame.pixels for frame in frames], most)
    shared, moves = pictures[0].palette, len(frames) > 1
    bits = _bits(pictures)
    table, last = _TABLE | bits - 1, (1 << bits) - 1
    pieces = [b"GIF89a", struct.pack("<2H3B", *frames[0].pixels.size, table, 0, 0), _table(shared, bits)]
    if moves and plays != 1:
        pieces.append(b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", max(plays - 1, 0), 0))
    clear = moves and any(frame.pixels.mode in ("LA", "RGBA") for frame in frames)
    for frame, picture, (indices, left, top) in zip(frames, pictures, _written(pictures, clear), strict=True):
        # Where a cleared frame has no transparent colour, some decoders clear it to an opaque one.
        transparent = clear or TRANSPARENT in indices.getextrema()
        if moves or transparent:
            disposal = _CLEAR if clear else _KEEP
            pieces.append(_control(frame.duration if moves else 0, disposal, last if transparent else None))
        own = picture.palette != shared
        pieces.append(struct.pack("<B4HB", 0x2C, left, top, *indices.size, table if own else 0))
        pieces += [_table(picture.palette, bits)] if own else []
        written = indices.point([*range(TRANSPARENT), last])
        pieces.append(bytes([bits]) + written.tobytes("gif", "L", bits, 0) + b"\0")
    return b"".join((*pieces, b";"))


def _bits(pictures: Sequence[Indexed]) -> int:
    """Of each index, so that there is one more than the colours of any palette: the last one is transparent."""
    colours = max(len(picture.palette) // 3 for picture in pictures)
    return max(_FEWEST_BITS, colours.bit_length())


def _table(palette: bytes, bits: int) -> bytes:
    return palette.ljust(3 << bits, b"\0")


def _control(duration: float, disposal: int, transparent: int | None) -> bytes:
    """A graphic control extension (section 23), given the index of what is transparent."""
    flags = disposal << 2 | (transparent is not None)
    return struct.pack("<4BH2B", 0x21, 0xF9, 4, flags, int(duration) // 10, transparent or 0, 0)


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
