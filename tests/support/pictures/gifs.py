"""A GIF writer, and what its files show by the rules of GIF89a as applied by browsers. Pixels are lists of rows."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Colour = tuple[int, int, int]
Pixel = tuple[int, int, int, int]
Rows = list[list[Pixel]]

CLEAR: Pixel = (0, 0, 0, 0)
_PASSES = ((0, 8), (4, 8), (2, 4), (1, 2))
"""The first row and the step of each pass of an interlaced picture (appendix E)."""


@dataclass(frozen=True)
class Picture:
    """One picture of a GIF: rows of indices and their place; `delay` is in hundredths of a second."""

    rows: Sequence[Sequence[int]]
    left: int = 0
    top: int = 0
    palette: Sequence[Colour] = ()
    disposal: int = 0
    delay: int = 10
    transparent: int | None = None
    interlaced: bool = False

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height."""
        return len(self.rows[0]), len(self.rows)


@dataclass(frozen=True)
class Gif:
    """A whole file; `repeats` is Netscape's count, or None for a file without it."""

    screen: tuple[int, int]
    pictures: Sequence[Picture]
    palette: Sequence[Colour] = ()
    repeats: int | None = None
    background: int = 0
    extra: bytes = field(default=b"")

    def data(self) -> bytes:
        """The file's bytes; `extra` blocks come before the first picture."""
        flags = 0x80 | _size(self.palette) if self.palette else 0
        head = b"GIF89a" + struct.pack("<2H3B", *self.screen, flags, self.background, 0) + _table(self.palette)
        if self.repeats is not None:
            head += b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", self.repeats, 0)
        return head + self.extra + b"".join(_picture(picture) for picture in self.pictures) + b";"

    def canvas(self) -> tuple[int, int]:
        """The sides of the screen, enlarged if the first picture needs more."""
        first = self.pictures[0]
        return max(self.screen[0], first.left + first.sides[0]), max(self.screen[1], first.top + first.sides[1])

    def shown(self) -> Iterator[Rows]:
        """The whole canvas while each picture is shown."""
        width, height = self.canvas()
        canvas: Rows = [[CLEAR] * width for _ in range(height)]
        for picture in self.pictures:
            before = [list(row) for row in canvas]
            colours = picture.palette or self.palette
            for y, x, index in _placed(picture, width, height):
                if index != picture.transparent:
                    canvas[y][x] = (*colours[index], 255)
            yield [list(row) for row in canvas]
            if picture.disposal == 2:
                for y, x, _ in _placed(picture, width, height):
                    canvas[y][x] = CLEAR
            elif picture.disposal in (3, 4):
                canvas = before


def _placed(picture: Picture, width: int, height: int) -> Iterator[tuple[int, int, int]]:
    """The row, column and index of each pixel that is on the canvas."""
    for y, row in enumerate(picture.rows, picture.top):
        for x, index in enumerate(row, picture.left):
            if y < height and x < width:
                yield y, x, index


def _picture(picture: Picture) -> bytes:
    flags = picture.disposal << 2 | (picture.transparent is not None)
    control = struct.pack("<4BH2B", 0x21, 0xF9, 4, flags, picture.delay, picture.transparent or 0, 0)
    flags = (0x80 | _size(picture.palette) if picture.palette else 0) | 0x40 * picture.interlaced
    head = struct.pack("<B4HB", 0x2C, picture.left, picture.top, *picture.sides, flags)
    height = len(picture.rows)
    order = [y for start, step in _PASSES for y in range(start, height, step)] if picture.interlaced else range(height)
    return control + head + _table(picture.palette) + packed([index for y in order for index in picture.rows[y]])


def packed(indices: Sequence[int], bits: int = 8) -> bytes:
    """LZW (appendix F) that clears its table before codes get longer: each code is an index of `bits` + 1 bits."""
    clear, end = 1 << bits, (1 << bits) + 1
    value = at = 0
    for code in (*_cleared(indices, clear), end):
        value |= code << at
        at += bits + 1
    data = value.to_bytes((at + 7) // 8, "little")
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return bytes([bits]) + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def _cleared(indices: Sequence[int], clear: int) -> Iterator[int]:
    step = clear - 2
    for start in range(0, len(indices), step):
        yield clear
        yield from indices[start : start + step]


def _size(palette: Sequence[Colour]) -> int:
    """The three bits that encode a table's length."""
    return max(1, (len(palette) - 1).bit_length()) - 1


def _table(palette: Sequence[Colour]) -> bytes:
    length = 3 << _size(palette) + 1 if palette else 0
    return bytes(level for colour in palette for level in colour).ljust(length, b"\0")
