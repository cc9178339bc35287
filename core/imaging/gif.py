"""A GIF writer. If possible, all frames share one palette, and each frame draws only what is not shown already.

The format is CompuServe's GIF89a; the compression is Pillow's.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.imaging.frame import Frame
from core.imaging.indexed import TRANSPARENT, indexed
from core.imaging.palettes import MOST_COLOURS, Indexed
from core.imaging.patches import Patch, patches
from core.imaging.timing import LONGEST

_KEEP, _CLEAR = 1, 2
"""Disposals: whether a frame is kept or cleared before the next one is shown (section 23)."""

_TABLE: Final = 0x80
"""The flag of a colour table (sections 18 and 20). The same byte has the table's size."""

_TRIED_AGAIN: Final = 16_000_000
"""The most pixels of all frames together for which a GIF that is too large is written again. This takes at most two
seconds."""

_PARTS: Final = 4, 8
"""The colours are divided by these numbers: the GIF is written with a quarter, then with an eighth of its colours."""

_FEW: Final = 7
"""The colours that a variant may have even if its original has fewer: smooth edges need intermediate colours."""

_FEWEST_BITS: Final = 2
"""The fewest bits of an index, as the compression counts them (appendix F)."""


@dataclass(frozen=True)
class Limits:
    """Limits of a GIF's variant: `shades`, the colours in the original's tables, and `size` in bytes. 0 is no limit."""

    shades: int = 0
    size: int = 0


def write(frames: Sequence[Frame], plays: int, limits: Limits, diffused: bool = True) -> bytes:
    """Frames in L, LA, RGB or RGBA as a GIF's bytes; durations are whole hundredths of a second, given in ms.

    `plays` is how often an animation is played, 1 to 65,536, or 0 for ever. The variant gets no more colours than the
    original's tables have, unless the tables have very few. It gets fewer colours if its bytes would exceed
    `limits.size`. If the nearest colours of a photograph are not near, errors can be `diffused`, which takes as long as
    all the rest.
    """
    most = min(max(limits.shades, _FEW), MOST_COLOURS) if limits.shades else MOST_COLOURS
    data = _written(frames, plays, most, diffused)
    pixels = len(frames) * frames[0].pixels.width * frames[0].pixels.height
    if len(data) <= limits.size or not limits.size or pixels > _TRIED_AGAIN:
        return data
    tries = (_written(frames, plays, max(most // part, 1), diffused=False) for part in _PARTS)
    return next((smaller for smaller in tries if len(smaller) <= limits.size), data)


def _written(frames: Sequence[Frame], plays: int, most: int, diffused: bool) -> bytes:
    """Frames as a GIF's bytes, in `most` colours or fewer."""
    pictures = indexed([frame.pixels for frame in frames], most, diffused)
    shared, moves = pictures[0].palette, len(frames) > 1
    bits = _bits(shared)
    pieces = [b"GIF89a", struct.pack("<2H3B", *frames[0].pixels.size, _TABLE | bits - 1, 0, 0), _table(shared, bits)]
    if moves and plays != 1:
        pieces.append(b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", max(plays - 1, 0), 0))
    # Some decoders clear to an opaque colour if the frame, or the first frame, has no transparent colour.
    clear = any(TRANSPARENT in picture.indices.getextrema() for picture in pictures)
    for duration, patch in _shown(frames, pictures):
        own = patch.drawn.palette != shared
        drawn = _few_colours(patch.drawn) if own else patch.drawn
        bits = _bits(drawn.palette)
        last = (1 << bits) - 1
        transparent = clear or TRANSPARENT in drawn.indices.getextrema()
        if moves or transparent:
            disposal = _CLEAR if patch.clears else _KEEP
            pieces.append(_control(duration if moves else 0, disposal, last if transparent else None))
        place = patch.left, patch.top, *drawn.indices.size
        pieces.append(struct.pack("<B4HB", 0x2C, *place, _TABLE | bits - 1 if own else 0))
        pieces += [_table(drawn.palette, bits)] if own else []
        indices = drawn.indices.point([*range(TRANSPARENT), last])
        pieces.append(bytes([bits]) + indices.tobytes("gif", "L", bits, 0) + b"\0")
    return b"".join((*pieces, b";"))


def _shown(frames: Sequence[Frame], pictures: Sequence[Indexed]) -> Iterator[tuple[float, Patch]]:
    """Each patch to draw, and its duration in ms. If the next frame is the same, the patch lasts longer instead."""
    drawn = patches(pictures)
    frame, patch = frames[0], next(drawn)
    duration = frame.duration
    for following, other in zip(frames[1:], drawn, strict=True):
        stays = not patch.clears and other.draws_nothing and frame.pixels.tobytes() == following.pixels.tobytes()
        if stays and duration + following.duration <= LONGEST["gif"]:
            duration += following.duration
        else:
            yield duration, patch
            frame, patch, duration = following, other, following.duration
    yield duration, patch


def _few_colours(picture: Indexed) -> Indexed:
    """A picture with a palette of only its own colours."""
    counts, palette = picture.indices.histogram(), picture.palette
    used = [index for index in range(TRANSPARENT) if counts[index]]
    table = {index: place for place, index in enumerate(used)} | {TRANSPARENT: TRANSPARENT}
    indices = picture.indices.point([table.get(index, 0) for index in range(256)])
    return Indexed(indices, b"".join(palette[3 * index : 3 * index + 3] for index in used))


def _bits(palette: bytes) -> int:
    """The bits of an index, for the palette's colours and one more index, the last, which is transparent."""
    return max(_FEWEST_BITS, (len(palette) // 3).bit_length())


def _table(palette: bytes, bits: int) -> bytes:
    return palette.ljust(3 << bits, b"\0")


def _control(duration: float, disposal: int, transparent: int | None) -> bytes:
    """A graphic control extension (section 23), given the index of transparent pixels."""
    flags = disposal << 2 | (transparent is not None)
    return struct.pack("<4BH2B", 0x21, 0xF9, 4, flags, int(duration) // 10, transparent or 0, 0)
