"""Hostile BMP (BITMAPINFOHEADER)."""

import struct
from collections.abc import Iterator

from tests.support.pictures.hostile.case import SIDE, SMALL, WIDE, Case

PALETTE = bytes(1024)


def bmp(width: int, height: int, pixels: bytes = b"", bits: int = 24, compression: int = 0, **lies: int) -> bytes:
    """A bitmap. `lies` are false values of the pixels' `offset`, the number of `colours` and the `header` size."""
    palette = PALETTE if bits <= 8 else b""
    offset = lies.get("offset", 54 + len(palette))
    colours = lies.get("colours", 0)
    info = struct.pack(
        "<LllHHLLllLL", lies.get("header", 40), width, height, 1, bits, compression, len(pixels), 0, 0, colours, 0
    )
    return b"BM" + struct.pack("<LHHL", 54 + len(palette) + len(pixels), 0, 0, offset) + info + palette + pixels


def bombs() -> Iterator[Case]:
    yield "a billion pixels", bmp(40000, 25000), SMALL
    yield "2^31-1 square", bmp(2**31 - 1, 2**31 - 1), SMALL
    yield "64 MP of runs", bmp(SIDE, SIDE, b"\xff\0" * (SIDE * SIDE // 255 + 1), 8, 1), WIDE
    yield "64 MP of short runs", bmp(SIDE, SIDE, b"\x01\0" * 30_000_000, 8, 1), SMALL
    yield "64 MP of runs of 4 bits", bmp(SIDE, SIDE, b"\xff\0" * (SIDE * SIDE // 255 + 1), 4, 2), SMALL
    yield "runs outside the picture", bmp(9, 9, b"\xff\0" * 30_000_000, 8, 1), SMALL
    yield "64 MP of moves", bmp(SIDE, SIDE, b"\0\2\0\0" * 15_000_000, 8, 1), SMALL
    yield "64 MP of one move each row", bmp(SIDE, SIDE, b"\0\2\0\1" * SIDE, 8, 1), WIDE
    yield "64 MP of 1 bit", bmp(SIDE, SIDE, bytes(SIDE * SIDE // 8), 1), WIDE
    yield "20 MP of 24 bits", bmp(5000, 4000, bytes(60_000_000)), WIDE
    yield "wide", bmp(65535, 1, bytes(65535 * 3 + 3)), (*WIDE, "x400")
    yield "tall", bmp(1, 65535, bytes(65535 * 4)), (*WIDE, "x400")


def lies() -> Iterator[Case]:
    pixels = bytes(28 * 9)
    for width, height in ((0, 0), (0, 9), (9, 0), (-9, 9), (9, -9), (9, -(2**31)), (-(2**31), 1)):
        yield f"{width}x{height}", bmp(width, height, pixels), SMALL
    for bits in (0, 1, 2, 3, 4, 8, 16, 32, 64, 65535):
        yield f"{bits} bits", bmp(9, 9, pixels, bits), SMALL
    for compression in (1, 2, 3, 4, 5, 6, 99, 2**32 - 1):
        yield f"compression {compression}", bmp(9, 9, pixels, 8, compression), SMALL
    for offset in (0, 1, 54, 10_000, 2**31, 2**32 - 1):
        yield f"pixels at {offset}", bmp(9, 9, pixels, offset=offset), SMALL
    for colours in (1, 257, 65536, 2**31, 2**32 - 1):
        yield f"{colours} colours", bmp(9, 9, pixels, 8, colours=colours), SMALL
    for header in (0, 4, 12, 16, 64, 108, 124, 2**31, 2**32 - 1):
        yield f"a header of {header}", bmp(9, 9, pixels, header=header), SMALL
