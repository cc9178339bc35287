"""A GIF writer: one palette for all frames, and of each frame only what differs from the one before it.

The format is CompuServe's GIF89a; the compression is Pillow's.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from PIL import Image, ImageChops

from core.imaging.frame import Frame
from core.imaging.indexed import TRANSPARENT, indexed

_KEEP, _CLEAR = 1, 2
"""What is done with a frame before the next one is shown (section 23)."""

_BITS: Final = 8
_NOTHING: Final = (0, 0, 1, 1)
"""A picture has one pixel at least."""


def write(frames: Sequence[Frame], plays: int) -> bytes:
    """Frames in L, LA, RGB or RGBA as a GIF's bytes; durations are whole hundredths of a second, given in ms.

    `plays` is how often an animation is shown, 1 to 65,536, or 0 for ever.
    """
    pictures, palette = indexed([frame.pixels for frame in frames])
    screen = struct.pack("<2H3B", *frames[0].pixels.size, 0x80 | _BITS - 1, 0, 0)
    pieces = [b"GIF89a", screen, palette.ljust(3 << _BITS, b"\0")]
    if len(frames) > 1 and plays != 1:
        pieces.append(b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", max(plays - 1, 0), 0))
    clear = any(frame.pixels.mode in ("LA", "RGBA") for frame in frames)
    disposal = _CLEAR if clear else _KEEP
    for frame, (picture, left, top) in zip(frames, _differences(pictures, clear), strict=True):
        # Where a cleared frame has no transparent colour, some decoders clear it to an opaque one.
        transparent = (clear and len(frames) > 1) or TRANSPARENT in picture.getextrema()
        if len(frames) > 1 or transparent:
            duration = frame.duration if len(frames) > 1 else 0
            pieces.append(_control(duration, disposal, transparent))
        pieces.append(struct.pack("<B4HB", 0x2C, left, top, *picture.size, 0))
        pieces.append(bytes([_BITS]) + picture.tobytes("gif", "L", _BITS, 0) + b"\0")
    return b"".join((*pieces, b";"))


def _control(duration: float, disposal: int, transparent: bool) -> bytes:
    """A graphic control extension (section 23)."""
    flags = disposal << 2 | transparent
    return struct.pack("<4BH2B", 0x21, 0xF9, 4, flags, int(duration) // 10, TRANSPARENT * transparent, 0)


def _differences(pictures: Sequence[Image.Image], clear: bool) -> Iterator[tuple[Image.Image, int, int]]:
    """What is written of each frame, and at which place: left and top in pixels.

    Where frames are to `clear` what was there before, all that is visible; else what is not as it was, the rest of it
    transparent.
    """
    yield pictures[0], 0, 0
    for before, picture in pairwise(pictures):
        if clear:
            box = picture.point(lambda index: index != TRANSPARENT, "L").getbbox() or _NOTHING
            yield picture.crop(box), *box[:2]
        else:
            same = ImageChops.subtract_modulo(picture, before).point(lambda index: 255 * (index == 0), "1")
            box = ImageChops.invert(same).getbbox() or _NOTHING
            changed = picture.copy()
            changed.paste(TRANSPARENT, mask=same)
            yield changed.crop(box), *box[:2]
