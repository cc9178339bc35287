"""Hostile GIF (89a)."""

import struct
from collections.abc import Iterator

from tests.support.pictures.hostile.case import SIDE, SMALL, WIDE, Case

BLACK = b"\x02\x02\x44\x01\x00"
"""The LZW data of one pixel: minimum code size, a block with clear, 0 and end, and the block that ends the data."""


def head(width: int, height: int) -> bytes:
    """The header and the screen, with a palette of four colours."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x81, 0, 0) + bytes(range(12))


def frame(width: int, height: int, data: bytes = BLACK, left: int = 0, top: int = 0) -> bytes:
    return b"," + struct.pack("<HHHHB", left, top, width, height, 0) + data


def blocks(data: bytes) -> bytes:
    """Data in sub-blocks of up to 255 bytes, and their end."""
    return b"".join(bytes([len(part)]) + part for part in _parts(data)) + b"\0"


def _parts(data: bytes) -> list[bytes]:
    return [data[start : start + 255] for start in range(0, len(data), 255)]


def run(pixels: int) -> bytes:
    """LZW data of one colour: each code is for a string that is one pixel longer than the previous one."""
    codes, size, following, covered, last = [(4, 3), (0, 3)], 3, 6, 1, 1
    while covered < pixels:
        if following > 4095:
            codes.append((4, 12))
            codes.append((0, 3))
            size, following, covered, last = 3, 6, covered + 1, 1
            continue
        last += 1
        codes.append((following, size))
        covered += last
        following += 1
        if following == 1 << size and size < 12:
            size += 1
    codes.append((5, size))
    bits, length, out = 0, 0, bytearray()
    for code, width in codes:
        bits |= code << length
        length += width
        while length >= 8:
            out.append(bits & 255)
            bits >>= 8
            length -= 8
    out.append(bits & 255)
    return b"\x02" + blocks(bytes(out))


def control(transparent: int, disposal: int = 2) -> bytes:
    return b"!\xf9\x04" + bytes([disposal << 2 | 1, 1, 0, transparent]) + b"\0"


def disguised(count: int) -> bytes:
    """Many frames of 64 MP for readers that add blocks after an empty extension to it; one comment for others."""
    large = frame(SIDE, SIDE)
    return b"!\xf9\0" + b"\3!\xfe\xff\0" + large * count + b";"


HIDING = {
    "an unknown byte": b"\0",
    "unknown bytes": bytes(range(1, 33)),
    "an empty extension": b"!\xf9\0" + b"\1a\0",
    "an empty application extension": b"!\xff\0" + b"\1a\0",
    "an empty comment": b"!\xfe\0",
    "a Netscape extension": b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0",
    "a Netscape extension without a count": b"!\xff\x0bNETSCAPE2.0\0\1a\0",
}
"""Bytes before a frame that hide it from a reader that parses them differently from the decoder."""


def bombs() -> Iterator[Case]:
    full = run(SIDE * SIDE)
    yield "a million frames", head(1, 1) + frame(1, 1) * 1_000_000 + b";", SMALL
    yield "four million frames", head(1, 1) + frame(1, 1) * 4_000_000 + b";", SMALL
    yield "a million controlled frames", head(1, 1) + (control(0) + frame(1, 1)) * 1_000_000 + b";", SMALL
    yield "10,000 frames of 4 MP", head(2000, 2000) + frame(2000, 2000, run(4_000_000)) * 10_000 + b";", SMALL
    yield "10,000 small frames on 64 MP", head(SIDE, SIDE) + frame(1, 1) * 10_000 + b";", SMALL
    yield "a billion pixels", head(65535, 65535) + frame(65535, 65535) + b";", SMALL
    yield "a small screen, a large frame", head(1, 1) + frame(65535, 65535) + b";", SMALL
    yield "a small screen, a large second frame", head(1, 1) + frame(1, 1) + frame(65535, 65535) + b";", SMALL
    yield "a small screen, a far frame", head(1, 1) + frame(1, 1, left=65535, top=65535) + b";", SMALL
    for disposal in (1, 2, 3):
        large = control(0, disposal) + frame(65535, 65535)
        yield f"a large first frame, disposal {disposal}", head(1, 1) + large + b";", SMALL
        yield f"a large second frame, disposal {disposal}", head(1, 1) + frame(1, 1) + large + b";", SMALL
        yield f"a large last frame, disposal {disposal}", head(1, 1) + frame(1, 1) * 20 + large + b";", SMALL
        for name, hiding in HIDING.items():
            hidden = hiding + large + b";"
            yield f"a large frame after {name}, disposal {disposal}", head(1, 1) + hidden, SMALL
            yield f"a large second frame after {name}, disposal {disposal}", head(1, 1) + frame(1, 1) + hidden, SMALL
    yield "frames that only one reader sees", head(1, 1) + frame(1, 1) * 2 + disguised(3000), SMALL
    yield (
        "frames further and further outside",
        head(1, 1) + b"".join(control(0) + frame(9, 9, left=step * 2000, top=step * 2000) for step in range(30)),
        SMALL,
    )
    yield "64 MP after a frame of one pixel", head(1, 1) + frame(1, 1) + frame(8000, 8000) * 2 + b";", SMALL
    yield "64 MP", head(SIDE, SIDE) + frame(SIDE, SIDE, full) + b";", WIDE
    yield "64 MP, transparent", head(SIDE, SIDE) + control(0) + frame(SIDE, SIDE, full) + b";", WIDE
    yield "wide", head(65535, 1) + frame(65535, 1, run(65535)) + b";", (*WIDE, "x400")
    yield "tall", head(1, 65535) + frame(1, 65535, run(65535)) + b";", (*WIDE, "x400")
    yield "four million comments", head(1, 1) + b"!\xfe\x01a\0" * 4_000_000 + frame(1, 1) + b";", SMALL
    yield "eight million empty extensions", head(1, 1) + b"!\xf9\0" * 8_000_000 + frame(1, 1) + b";", SMALL
    yield "32 MB between frames", head(1, 1) + bytes(32_000_000) + frame(1, 1) + b";", SMALL
    yield "32 MB of small blocks", head(1, 1) + b"!\xff" + b"\1a" * 16_000_000 + b"\0" + frame(1, 1) + b";", SMALL


def lies() -> Iterator[Case]:
    for width, height in ((0, 0), (0, 9), (9, 0)):
        yield f"{width}x{height}", head(width, height) + frame(width, height) + b";", SMALL
        yield f"frame of {width}x{height}", head(9, 9) + frame(width, height) + b";", SMALL
    for size in (0, 1, 9, 12, 13, 255):
        yield f"code size {size}", head(9, 9) + frame(9, 9, bytes([size]) + BLACK[1:]) + b";", SMALL
    yield "no frame", head(9, 9) + b";", SMALL
    yield "no palette", b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + frame(9, 9) + b";", SMALL
    yield "half a palette", head(9, 9)[:17], SMALL
    yield "a block that is longer than the file", head(9, 9) + frame(9, 9, b"\x02\xff\x44"), SMALL
    yield "no end", head(9, 9) + frame(9, 9, b"\x02" + b"\xff" * 4096), SMALL
    yield "too few pixels", head(99, 99) + frame(99, 99) + b";", SMALL
    yield "too many pixels", head(9, 9) + frame(9, 9, run(1_000_000)) + b";", SMALL
    yield "a code that is not in the table yet", head(9, 9) + frame(9, 9, b"\x02\x02\xf4\x01\0") + b";", SMALL
