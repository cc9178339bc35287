"""Hostile WebP (RFC 9649)."""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from tests.support.pictures.hostile.case import SIDE, SMALL, WIDE, Case
from tests.support.pictures.hostile.icc import PROFILES
from tests.support.pictures.hostile.png import MIB, overlapping_exif

ICC, ALPHA, EXIF, ANIMATION = 0x20, 0x10, 0x08, 0x02


def chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    """A chunk; `length` replaces the true length."""
    stated = len(data) if length is None else length
    return kind + struct.pack("<L", stated) + data + bytes(len(data) % 2)


def riff(chunks: bytes, length: int | None = None) -> bytes:
    return b"RIFF" + struct.pack("<L", len(chunks) + 4 if length is None else length) + b"WEBP" + chunks


def uint24(value: int) -> bytes:
    return struct.pack("<L", value)[:3]


def canvas(width: int, height: int, flags: int = 0) -> bytes:
    """The VP8X chunk."""
    return chunk(b"VP8X", bytes([flags, 0, 0, 0]) + uint24(width - 1) + uint24(height - 1))


def picture(width: int, height: int, lossless: bool = False) -> bytes:
    """The only chunk of a real picture: VP8 or VP8L."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), "red").save(buffer, "WEBP", lossless=lossless, quality=0, method=0)
    return buffer.getvalue()[12:]


def empty(width: int, height: int) -> bytes:
    """A VP8L chunk whose header states a size, without pixels (section 3.4)."""
    return chunk(b"VP8L", b"\x2f" + struct.pack("<L", (width - 1) | (height - 1) << 14) + bytes(8))


def frame(image: bytes, width: int = 1, height: int = 1, left: int = 0, top: int = 0) -> bytes:
    """An ANMF chunk."""
    place = uint24(left // 2) + uint24(top // 2) + uint24(width - 1) + uint24(height - 1)
    return chunk(b"ANMF", place + uint24(100) + b"\0" + image)


def animated(width: int, height: int, frames: bytes) -> bytes:
    return riff(canvas(width, height, ANIMATION) + chunk(b"ANIM", bytes(6)) + frames)


def bombs() -> Iterator[Case]:
    dot = picture(1, 1, lossless=True)
    large = picture(SIDE, SIDE, lossless=True)
    yield "16,383 square, lossless", riff(empty(16383, 16383)), SMALL
    yield "16,383 square on a canvas", riff(canvas(16383, 16383) + empty(16383, 16383)), SMALL
    yield "a canvas of 2^24", riff(canvas(2**24, 2**24) + dot), SMALL
    yield "a canvas of 2^24 x 255", riff(canvas(2**24, 255, ANIMATION) + chunk(b"ANIM", bytes(6)) + frame(dot)), SMALL
    yield "a canvas of 65,535 with a dot", animated(65535, 65535, frame(dot)), SMALL
    yield "64 MP, lossless", riff(large), WIDE
    yield "64 MP", riff(picture(SIDE, SIDE)), WIDE
    yield "64 MP, animated", animated(SIDE, SIDE, frame(dot) * 2), WIDE
    for side in (4096, 5160):
        whole = frame(picture(side, side, lossless=True), side, side)
        yield f"{side} square, two frames", animated(side, side, whole * 2), SMALL
    yield "64 MP, two frames", animated(SIDE, SIDE, frame(large, SIDE, SIDE) * 2), SMALL
    yield "10,000 frames on 64 MP", animated(SIDE, SIDE, frame(dot) * 10_000), SMALL
    yield "a million frames", animated(1, 1, frame(dot) * 1_000_000), SMALL
    yield "wide", riff(picture(16383, 1)), (*WIDE, "x400")
    yield "tall", riff(picture(1, 16383)), (*WIDE, "x400")
    yield "four million unknown chunks", riff(canvas(1, 1) + chunk(b"junk", b"") * 4_000_000 + dot), SMALL
    yield "Exif of 32 MB", riff(canvas(1, 1, EXIF) + dot + chunk(b"EXIF", overlapping_exif(32 * MIB))), SMALL
    yield "a profile of 60 MB", riff(canvas(1, 1, ICC) + chunk(b"ICCP", bytes(60_000_000)) + dot), SMALL


def lies() -> Iterator[Case]:
    dot, real = picture(1, 1, lossless=True), picture(9, 9)
    for length in (0, 1, 4, 2**31, 2**32 - 1):
        yield f"RIFF of {length}", riff(real, length), SMALL
        for kind in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"EXIF", b"XMP "):
            lie = chunk(kind, b"abcdefghij", length)
            yield f"{kind.decode()} of {length}", riff(lie + real), SMALL
            yield f"{kind.decode()} of {length} on a canvas", riff(canvas(9, 9, 0x3E) + lie + real), SMALL
    yield "a frame larger than the canvas", animated(1, 1, frame(picture(99, 99), 99, 99)), SMALL
    yield "a picture larger than its frame", animated(9, 9, frame(picture(SIDE // 8, SIDE // 8), 9, 9)), SMALL
    yield "a picture of 16,383 in a frame of 9", animated(9, 9, frame(empty(16383, 16383), 9, 9) * 2), SMALL
    yield "a second frame of 16,383", animated(9, 9, frame(dot) + frame(empty(16383, 16383), 16383, 16383)), SMALL
    yield "a picture larger than the canvas", riff(canvas(9, 9) + empty(16383, 16383)), SMALL
    yield "a frame off the canvas", animated(9, 9, frame(dot, left=2**24, top=2**24)), SMALL
    yield "no picture", riff(canvas(9, 9)), SMALL
    yield "no frame", animated(9, 9, b""), SMALL
    yield "two pictures", riff(real + real), SMALL
    yield "zero size", riff(chunk(b"VP8 ", bytes(3) + b"\x9d\x01\x2a" + bytes(4))), SMALL
    for name, profile in PROFILES.items():
        yield f"profile, {name}", riff(canvas(9, 9, ICC) + chunk(b"ICCP", profile) + real), SMALL
