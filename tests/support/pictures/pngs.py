"""A writer of PNG and APNG in every colour type and depth, and what an APNG shows (W3C PNG, third edition)."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.pictures.hostile.png import CHANNELS, SIGNATURE, chunk, header

Samples = Sequence[Sequence[int]]
"""Rows of samples, with the channels of a pixel next to each other."""
Shade = tuple[float, float, float, float]
"""Red, green, blue and alpha, 0 to 1."""

DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""The depths of each colour type (section 11.2.1)."""
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""The first column and row, and the steps between columns and rows, of each interlace pass (section 8.1)."""


def packed(rows: Samples, depth: int, colour: int, interlaced: bool = False) -> bytes:
    """Pixels as a zlib stream of unfiltered rows."""
    channels = CHANNELS[colour]
    pieces = []
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        for row in rows[top::down]:
            pixels = [row[at : at + channels] for at in range(0, len(row), channels)][left::across]
            if pixels:
                pieces.append(b"\0" + _bits([sample for pixel in pixels for sample in pixel], depth))
    return zlib.compress(b"".join(pieces))


def _bits(samples: Sequence[int], depth: int) -> bytes:
    """Packs samples, the first one in the high bits (section 7.2)."""
    text = "".join(f"{sample:0{depth}b}" for sample in samples)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8)


def png(
    rows: Samples, depth: int = 8, colour: int = 2, before: bytes = b"", after: bytes = b"", interlaced: bool = False
) -> bytes:
    """A still picture, with the chunks `before` and `after` its pixels."""
    head = header(len(rows[0]) // CHANNELS[colour], len(rows), depth, colour, int(interlaced))
    pixels = chunk(b"IDAT", packed(rows, depth, colour, interlaced))
    return SIGNATURE + head + before + pixels + after + chunk(b"IEND", b"")


def wrong(whole: bytes) -> bytes:
    """A chunk with a wrong checksum."""
    return whole[:-4] + bytes(byte ^ 0x55 for byte in whole[-4:])


@dataclass(frozen=True)
class Moving:
    """A frame of an APNG: samples, place, delay as a fraction of a second, and how it is disposed of and blended."""

    rows: Samples
    left: int = 0
    top: int = 0
    delay: tuple[int, int] = (1, 10)
    dispose: int = 0
    blend: int = 0


@dataclass(frozen=True)
class Apng:
    """A whole file. A `hidden` default image is not part of the animation; without one, it is the first frame."""

    sides: tuple[int, int]
    frames: Sequence[Moving]
    depth: int = 8
    colour: int = 6
    before: bytes = b""
    plays: int = 0
    hidden: Samples | None = None
    interlaced: bool = False

    def data(self) -> bytes:
        """The file's bytes; the chunks `before` are between the control chunk and the first frame."""
        head = header(*self.sides, self.depth, self.colour, int(self.interlaced))
        pieces = [SIGNATURE, head, chunk(b"acTL", struct.pack(">2I", len(self.frames), self.plays)), self.before]
        if self.hidden:
            pieces.append(chunk(b"IDAT", self._packed(self.hidden)))
        sequence = 0
        for number, frame in enumerate(self.frames):
            sides = len(frame.rows[0]) // CHANNELS[self.colour], len(frame.rows)
            ways = (*frame.delay, frame.dispose, frame.blend)
            pieces.append(chunk(b"fcTL", struct.pack(">5I2H2B", sequence, *sides, frame.left, frame.top, *ways)))
            sequence += 1
            if number or self.hidden:
                pieces.append(chunk(b"fdAT", struct.pack(">I", sequence) + self._packed(frame.rows)))
                sequence += 1
            else:
                pieces.append(chunk(b"IDAT", self._packed(frame.rows)))
        return b"".join((*pieces, chunk(b"IEND", b"")))

    def _packed(self, rows: Samples) -> bytes:
        return packed(rows, self.depth, self.colour, self.interlaced)

    def shown(self, shades: Sequence[Sequence[Sequence[Shade]]]) -> Iterator[list[list[Shade]]]:
        """The whole canvas while each frame is shown (section 11.3.6.2), from each frame's pixels in RGBA."""
        canvas: list[list[Shade]] = [[(0, 0, 0, 0)] * self.sides[0] for _ in range(self.sides[1])]
        for number, (frame, picture) in enumerate(zip(self.frames, shades, strict=True)):
            before = [list(row) for row in canvas]
            for y, row in enumerate(picture, frame.top):
                for x, shade in enumerate(row, frame.left):
                    canvas[y][x] = over(shade, canvas[y][x]) if frame.blend else shade
            yield [list(row) for row in canvas]
            # "If the first frame uses APNG_DISPOSE_OP_PREVIOUS it should be treated as APNG_DISPOSE_OP_BACKGROUND."
            if frame.dispose == 1 or (frame.dispose == 2 and not number):
                for y, row in enumerate(picture, frame.top):
                    canvas[y][frame.left : frame.left + len(row)] = [(0, 0, 0, 0)] * len(row)
            elif frame.dispose == 2:
                canvas = before


def over(front: Shade, back: Shade) -> Shade:
    """One colour over another (section 13.16, "Alpha channel processing")."""
    alpha = front[3] + (1 - front[3]) * back[3]
    if not alpha:
        return 0, 0, 0, 0
    mixed = [(f * front[3] + b * back[3] * (1 - front[3])) / alpha for f, b in zip(front[:3], back[:3], strict=True)]
    return mixed[0], mixed[1], mixed[2], alpha
