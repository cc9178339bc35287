"""Hostile TIFF (6.0), little endian."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from tests.support.pictures.hostile.case import SIDE, SMALL, WIDE, Case
from tests.support.pictures.hostile.icc import PROFILES
from tests.support.pictures.hostile.png import MIB, deflated_zeros

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
NONE, LZW, DEFLATE, PACKBITS = 1, 5, 8, 32773

Tags = dict[int, tuple[int, int, bytes]]
"""The type, count and value, as bytes, of each tag by its number."""


def short(*values: int) -> tuple[int, int, bytes]:
    return SHORT, len(values), struct.pack(f"<{len(values)}H", *values)


def long(*values: int) -> tuple[int, int, bytes]:
    return LONG, len(values), struct.pack(f"<{len(values)}L", *values)


def tiff(tags: Tags, pixels: bytes = b"", following: int = 0) -> bytes:
    """A file with one directory. The pixels are at offset 8; the directory follows them."""
    start = 8 + len(pixels)
    start += start % 2
    values_at = start + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for number, (kind, count, value) in sorted(tags.items()):
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field = struct.pack("<L", values_at + len(values))
            values += value
        entries += struct.pack("<HHL", number, kind, count) + field
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<L", following)
    return (b"II*\0" + struct.pack("<L", start) + pixels).ljust(start, b"\0") + directory + values


def basics(width: int, height: int, compression: int = NONE, bits: int = 8, samples: int = 3) -> Tags:
    """The tags of every image; the photometric interpretation depends on the number of samples."""
    tags: Tags = {
        256: long(width),
        257: long(height),
        258: short(*[bits] * samples),
        259: short(compression),
        262: short(1 if samples < 3 else 2),
        277: short(samples),
    }
    if samples in (2, 4):
        tags[338] = short(2)
    return tags


def strip(height: int, data: bytes, tags: Tags) -> bytes:
    """An image in one strip."""
    return tiff({**tags, 273: long(8), 278: long(height), 279: long(len(data))}, data)


def black(width: int, height: int, bits: int = 8, samples: int = 3, rows: int = 0) -> bytes:
    """A black, deflated image in strips of `rows` rows, which all share the same bytes."""
    rows = rows or height
    data = deflated_zeros(rows * width * samples * bits // 8)
    count = -(-height // rows)
    tags = basics(width, height, DEFLATE, bits, samples)
    return tiff({**tags, 273: long(*[8] * count), 278: long(rows), 279: long(*[len(data)] * count)}, data)


def tiled(width: int, height: int, tile: tuple[int, int], data: bytes, samples: int = 3, count: int = 1) -> bytes:
    tags = basics(width, height, DEFLATE, 8, samples)
    places = {324: long(*[8] * count), 325: long(*[len(data)] * count)}
    return tiff({**tags, **places, 322: long(tile[0]), 323: long(tile[1])}, data)


def bombs() -> Iterator[Case]:
    yield from _pixels()
    yield from _tables()


def _pixels() -> Iterator[Case]:
    yield "a billion pixels", black(40000, 25000, rows=1), SMALL
    yield "2^32-1 square", strip(1, b"abc", basics(2**32 - 1, 2**32 - 1)), SMALL
    yield "64 MP", black(SIDE, SIDE), WIDE
    yield "64 MP in strips", black(SIDE, SIDE, rows=16), WIDE
    yield "64 MP with alpha", black(SIDE, SIDE, samples=4, rows=16), WIDE
    yield "64 MP of 16 bits with alpha", black(SIDE, SIDE, 16, 4), WIDE
    yield "64 MP of 16 bits with alpha in strips", black(SIDE, SIDE, 16, 4, rows=16), WIDE
    yield "64 MP grey of 16 bits", black(SIDE, SIDE, 16, 1, rows=16), WIDE
    yield "64 MP grey of 32 bits", black(SIDE, SIDE, 32, 1, rows=16), WIDE
    yield "64 MP of 1 bit", black(SIDE, SIDE, 1, 1), WIDE
    yield "wide", black(65535, 1), (*WIDE, "x400")
    yield "tall", black(1, 65535, rows=1), (*WIDE, "x400")
    for side in (4096, 16384, 32768):
        yield f"9x9 in a tile of {side}", tiled(9, 9, (side, side), deflated_zeros(64 * MIB)), SMALL
    yield "64 MP in 16x16 tiles", tiled(SIDE, SIDE, (16, 16), deflated_zeros(768), count=250_000), WIDE


def _tables() -> Iterator[Case]:
    """Tags with many values, and many tags."""
    for count in (100_000, 4_000_000):
        pixels = {273: long(*[8] * count), 278: long(1), 279: long(*[1] * count)}
        yield f"{count} strips", tiff({**basics(1, count, samples=1), **pixels}, b"abcd"), SMALL
        deflated = zlib.compress(b"a")
        pixels = {273: long(*[8] * count), 278: long(1), 279: long(*[len(deflated)] * count)}
        yield f"{count} deflated strips", tiff({**basics(1, count, DEFLATE, samples=1), **pixels}, deflated), SMALL
    short_of = {273: long(*[8] * 9), 278: long(1), 279: long(*[3] * 9)}
    values = {**basics(9, 9, samples=1), **short_of, 270: (SHORT, 20_000_000, bytes(40_000_000))}
    for compression in (4, 7):  # Fax and JPEG.
        counts = {
            **basics(9, 9, compression, 1, 1),
            273: long(8),
            278: long(9),
            279: (1, 60_000_000, bytes(60_000_000)),
        }
        yield f"60 million counts in bytes, compression {compression}", tiff(counts, b"a" * 9), SMALL
    yield "a tag of 20 million numbers", tiff(values, b"a" * 9), SMALL
    yield (
        "a tag of 5 million fractions",
        tiff({**values, 270: (RATIONAL, 5_000_000, bytes(40_000_000))}, b"a" * 9),
        SMALL,
    )
    yield "bits of 20 million samples", tiff({**values, 258: (SHORT, 20_000_000, bytes(40_000_000))}, b"a" * 9), SMALL
    yield "a profile of 40 MB", tiff({**values, 34675: (UNDEFINED, 40_000_000, bytes(40_000_000))}, b"a" * 9), SMALL
    yield "65,535 tags that overlap", _overlapping(), SMALL


def _overlapping() -> bytes:
    """A directory of all possible tags, which all have the same mebibyte as their value."""
    known = basics(9, 9, samples=1)
    entries = b"".join(
        struct.pack("<HHL", tag, known[tag][0], 1) + known[tag][2].ljust(4, b"\0")
        if tag in known
        else struct.pack("<HHLL", tag, UNDEFINED, MIB, 8)
        for tag in range(1, 65535)
    )
    start = 8 + MIB
    return b"II*\0" + struct.pack("<L", start) + bytes(MIB) + struct.pack("<H", 65534) + entries + bytes(4)


def lies() -> Iterator[Case]:
    pixels = bytes(9 * 9 * 3)
    whole = basics(9, 9)
    for width, height in ((0, 0), (0, 9), (9, 0)):
        yield f"{width}x{height}", strip(height, pixels, basics(width, height)), SMALL
    for name, following in {"itself": 8 + len(pixels) + 1, "the header": 0, "the end": 2**32 - 1, "odd": 9}.items():
        tags = {**whole, 273: long(8), 278: long(9), 279: long(len(pixels))}
        yield f"next directory is {name}", tiff(tags, pixels, following), SMALL
    for start in (0, 1, 4, 8, 2**31, 2**32 - 1):
        yield f"directory at {start}", b"II*\0" + struct.pack("<L", start) + bytes(64), SMALL
    yield (
        "directory that is its own Exif",
        tiff({**whole, 273: long(8), 34665: long(8), 330: long(8, 8)}, pixels),
        SMALL,
    )
    yield "65,535 tags in 9 bytes", b"II*\0" + struct.pack("<LH", 8, 65535) + bytes(9), SMALL
    for tag in (256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317, 320, 322, 338, 339, 34675):
        for kind, count in ((LONG, 2**32 - 1), (RATIONAL, 1), (ASCII, 4), (SHORT, 0), (99, 1), (UNDEFINED, 2**31)):
            tags = {**whole, 273: long(8), 278: long(9), 279: long(len(pixels)), tag: (kind, count, b"abcd")}
            yield f"tag {tag} of type {kind}, {count} times", tiff(tags, pixels), SMALL
    for compression in (2, 3, 4, 5, 6, 7, 8, 9, 32773, 32809, 34661, 34676, 34712, 34925, 50000, 50001, 50002, 65535):
        yield f"compression {compression}", strip(9, pixels, basics(9, 9, compression)), SMALL
    for samples in (0, 1, 2, 4, 5, 6, 7, 65535):
        yield f"{samples} samples", strip(9, pixels, {**whole, 277: short(samples)}), SMALL
    yield from _lies_of_pixels(pixels, whole)


def _lies_of_pixels(pixels: bytes, whole: Tags) -> Iterator[Case]:
    for rows in (0, 1, 8, 10, 2**31, 2**32 - 1):
        tags = {**basics(9, 9, DEFLATE), 273: long(8), 278: long(rows), 279: long(40)}
        yield f"{rows} rows a strip", tiff(tags, zlib.compress(pixels)), SMALL
    for tile in ((0, 0), (0, 16), (1, 1), (16, 2**31), (2**32 - 1, 2**32 - 1)):
        yield f"tile of {tile}", tiled(9, 9, tile, zlib.compress(pixels)), SMALL
    for name, profile in PROFILES.items():
        tags = {**whole, 34675: (UNDEFINED, len(profile), profile)}
        yield f"profile, {name}", strip(9, pixels, tags), SMALL
    for predictor in (0, 2, 3, 99):
        yield (
            f"predictor {predictor}",
            strip(9, zlib.compress(pixels), {**basics(9, 9, LZW), 317: short(predictor)}),
            SMALL,
        )
    jpeg = Image.new("RGB", (SIDE // 10, SIDE // 10))
    yield "a JPEG that is larger", strip(9, _jpeg(jpeg), {**basics(9, 9, 7), 262: short(6)}), SMALL


def _jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()
