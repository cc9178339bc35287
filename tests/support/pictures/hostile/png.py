"""Hostile PNG (ISO 15948)."""

import struct
import zlib
from collections.abc import Iterator
from functools import cache

from tests.support.pictures.hostile.case import SIDE, SMALL, WIDE, Case
from tests.support.pictures.hostile.icc import PROFILES

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
MIB = 1024 * 1024


def chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    """A chunk; `length` replaces the true length."""
    stated = len(data) if length is None else length
    return struct.pack(">L", stated) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def header(width: int, height: int, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, interlace))


def deflated_zeros(length: int) -> bytes:
    """Zero bytes, compressed by zlib 1,000 to 1. One mebibyte is compressed, and the result repeated."""
    whole, rest = divmod(length, MIB)
    # In the Adler-32 (RFC 1950) of zeros, the first sum stays 1 and the second counts the bytes.
    return b"\x78\x01" + _zeros(MIB) * whole + _zeros(rest) + b"\x03\0" + struct.pack(">HH", length % 65521, 1)


@cache
def _zeros(length: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(length)) + packer.flush(zlib.Z_FULL_FLUSH)


def image(width: int, height: int, depth: int = 8, colour: int = 2, extra: bytes = b"", interlace: int = 0) -> bytes:
    """A black image, complete and well-formed; `extra` chunks come before its pixels."""
    row = 1 + (width * CHANNELS[colour] * depth + 7) // 8
    pixels = deflated_zeros(row * height + (MIB if interlace else 0))
    head = SIGNATURE + header(width, height, depth, colour, interlace)
    return head + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def unpaid(width: int, height: int) -> bytes:
    """A header without the pixels that it states."""
    return SIGNATURE + header(width, height) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def bombs() -> Iterator[Case]:
    yield from _pixels()
    yield from _chunks()
    yield from _frames()


def _pixels() -> Iterator[Case]:
    palette = chunk(b"PLTE", bytes(768)) + chunk(b"tRNS", bytes(256))
    yield "a billion pixels", unpaid(40000, 25000), SMALL
    yield "2^31-1 square", unpaid(2**31 - 1, 2**31 - 1), SMALL
    yield "64 MP RGB", image(SIDE, SIDE), WIDE
    yield "64 MP RGBA", image(SIDE, SIDE, colour=6), WIDE
    yield "64 MP RGBA of 16 bits", image(SIDE, SIDE, 16, 6), WIDE
    yield "64 MP grey of 16 bits", image(SIDE, SIDE, 16, 0), WIDE
    yield "64 MP of 1 bit", image(SIDE, SIDE, 1, 0), WIDE
    yield "64 MP grey and alpha", image(SIDE, SIDE, 8, 4), WIDE
    yield "64 MP palette with alpha", image(SIDE, SIDE, 8, 3, palette), WIDE
    yield "64 MP interlaced", image(SIDE, SIDE, 8, 2, interlace=1), WIDE
    yield "wide", image(65535, 1), (*WIDE, "x400")
    yield "tall", image(1, 65535), (*WIDE, "x400", "9x9-contain")
    yield "wider", image(64_000_000, 1), SMALL
    yield "taller", image(1, 32_000_000), SMALL
    yield (
        "more pixels than its header says",
        SIGNATURE + header(1, 1) + chunk(b"IDAT", deflated_zeros(256 * MIB)),
        SMALL,
    )


def _chunks() -> Iterator[Case]:
    yield "text bomb", image(9, 9, extra=chunk(b"zTXt", b"a\0\0" + deflated_zeros(512 * MIB))), SMALL
    yield "many text bombs", image(9, 9, extra=chunk(b"zTXt", b"a\0\0" + deflated_zeros(MIB - 1)) * 200), SMALL
    yield "iTXt bomb", image(9, 9, extra=chunk(b"iTXt", b"a\0\1\0\0\0" + deflated_zeros(512 * MIB))), SMALL
    yield "profile bomb", image(9, 9, extra=chunk(b"iCCP", b"a\0\0" + deflated_zeros(512 * MIB))), SMALL
    yield "Exif bomb", image(9, 9, extra=chunk(b"eXIf", overlapping_exif(MIB))), SMALL
    yield "Exif of 32 MiB", image(9, 9, extra=chunk(b"eXIf", overlapping_exif(32 * MIB))), SMALL
    yield (
        "raw Exif in text",
        image(9, 9, extra=chunk(b"zTXt", b"Raw profile type exif\0\0" + deflated_zeros(MIB - 9))),
        SMALL,
    )
    yield "a million empty texts", image(9, 9, extra=chunk(b"tEXt", b"a\0") * 1_000_000), SMALL
    yield "four million empty chunks", image(9, 9, extra=chunk(b"prVt", b"") * 4_000_000), SMALL
    yield "a million IDATs", SIGNATURE + header(9, 9) + chunk(b"IDAT", b"") * 1_000_000 + chunk(b"IEND", b""), SMALL


def _frames() -> Iterator[Case]:
    yield "a million frames", moving(1_000_000, 1), SMALL
    yield "100,000 frames in the file", moving(100_000, 100_000), SMALL
    yield "3,000 frames in PQ", moving(3000, 3000, chunk(b"cICP", b"\x09\x10\0\1")), ("8x8.gif", "8x8.webp")
    for disposal in (0, 1, 2):
        yield f"a large frame after a second header, disposal {disposal}", outgrown(disposal), SMALL


def overlapping_exif(length: int) -> bytes:
    """Exif with 60,000 tags that all have the same bytes as their value."""
    count = 60_000
    tags = b"".join(struct.pack("<HHLL", tag, 7, length - 8, 8) for tag in range(count))
    return struct.pack("<2sHL", b"II", 42, length) + bytes(length - 8) + struct.pack("<H", count) + tags + bytes(4)


def moving(announced: int, present: int, extra: bytes = b"") -> bytes:
    """An APNG (third edition, section 11.3) of one-pixel frames; `extra` chunks come before them."""
    data = zlib.compress(bytes(4))
    frames = [chunk(b"fcTL", struct.pack(">LLLLLHHBB", 0, 1, 1, 0, 0, 1, 100, 0, 0)), chunk(b"IDAT", data)]
    for number in range(1, present):
        frames.append(chunk(b"fcTL", struct.pack(">LLLLLHHBB", 2 * number - 1, 1, 1, 0, 0, 1, 100, 0, 0)))
        frames.append(chunk(b"fdAT", struct.pack(">L", 2 * number) + data))
    control = chunk(b"acTL", struct.pack(">LL", announced, 0))
    return SIGNATURE + header(1, 1) + control + extra + b"".join(frames) + chunk(b"IEND", b"")


def outgrown(disposal: int) -> bytes:
    """An APNG of one pixel with a second header, after which the frames have a billion pixels."""
    control = struct.Struct(">LLLLLHHBB")
    chunks = [
        header(1, 1),
        chunk(b"acTL", struct.pack(">LL", 3, 0)),
        chunk(b"fcTL", control.pack(0, 1, 1, 0, 0, 1, 1, 1, 0)),
    ]
    chunks += [chunk(b"IDAT", zlib.compress(bytes(4))), header(40000, 25000)]
    for number in (1, 3):
        chunks.append(chunk(b"fcTL", control.pack(number, 40000, 25000, 0, 0, 1, 1, disposal, 0)))
        chunks.append(chunk(b"fdAT", struct.pack(">L", number + 1) + deflated_zeros(MIB)))
    return SIGNATURE + b"".join(chunks) + chunk(b"IEND", b"")


def lies() -> Iterator[Case]:
    whole = image(9, 9)
    for width, height in ((0, 0), (0, 9), (9, 0), (2**32 - 1, 1), (1, 2**31)):
        yield f"{width}x{height}", unpaid(width, height), SMALL
    for kind in (b"IDAT", b"PLTE", b"tRNS", b"iCCP", b"tEXt", b"eXIf", b"acTL", b"IEND"):
        for length in (0, 1, 2**20, 2**31 - 1, 2**32 - 1):
            yield f"{kind.decode()} of {length}", whole[:33] + chunk(kind, b"abcd", length) + whole[33:], SMALL
    for length in (0, 12, 14, 2**31 - 1):
        yield f"IHDR of {length}", SIGNATURE + struct.pack(">L", length) + whole[12:], SMALL
    for depth, colour in ((3, 2), (16, 3), (0, 0), (255, 255)):
        yield f"depth {depth}, colour {colour}", SIGNATURE + header(9, 9, depth, colour) + whole[33:], SMALL
    for name, profile in PROFILES.items():
        yield f"profile, {name}", image(9, 9, extra=chunk(b"iCCP", b"a\0\0" + zlib.compress(profile))), SMALL
    yield "profile that is not packed", image(9, 9, extra=chunk(b"iCCP", b"a\0\0junk")), SMALL
    for key in (b"duration", b"loop", b"transparency", b"icc_profile", b"default_image", b"disposal", b"bbox"):
        for text in (b"abc", b"nan", b"-1", b"9" * 400):
            spoken = chunk(b"tEXt", key + b"\0" + text)
            yield f"a text {key.decode()} of {text[:3].decode()}", image(9, 9, extra=spoken), SMALL
            yield f"the same in an animation: {key.decode()}, {text[:3].decode()}", moving(3, 3, spoken), SMALL
    yield "no palette", image(9, 9, 8, 3), SMALL
    yield "short palette", image(9, 9, 8, 3, chunk(b"PLTE", bytes(2))), SMALL
    yield "no pixels", SIGNATURE + header(9, 9) + chunk(b"IEND", b""), SMALL
    yield "two headers", SIGNATURE + header(9, 9) + header(SIDE, SIDE) + whole[33:], SMALL
    yield "a larger second header", SIGNATURE + header(9, 9) + header(40000, 25000) + whole[33:], SMALL
