"""Hostile AVIF (ISO 23000-22, ISO 14496-12)."""

import random
import struct
from collections.abc import Iterator
from functools import cache
from io import BytesIO

from PIL import Image

from tests.support.pictures.hostile import sequences
from tests.support.pictures.hostile.case import SIDE, SMALL, WIDE, Case
from tests.support.pictures.hostile.icc import PROFILES


@cache
def picture(width: int, height: int, frames: int = 1, mode: str = "RGB") -> bytes:
    """A flat picture, or a sequence of them."""
    buffer = BytesIO()
    image = Image.new(mode, (width, height), "red")
    others = [Image.new(mode, (width, height), (number, 0, 0)) for number in range(1, frames)]
    options = {"save_all": True, "append_images": others} if others else {}
    image.save(buffer, "AVIF", quality=10, speed=10, **options)
    return buffer.getvalue()


def find(data: bytes, kind: bytes) -> int:
    """The offset of a box's payload."""
    at = data.index(kind)
    return at + 4


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def resized(data: bytes, width: int, height: int) -> bytes:
    """The picture with another size in its `ispe`, but not in its AV1 bitstream."""
    return patched(data, find(data, b"ispe") + 4, struct.pack(">LL", width, height))


def bombs() -> Iterator[Case]:
    large = picture(SIDE, SIDE)
    yield "a billion pixels", resized(picture(64, 64), 40000, 25000), SMALL
    yield "2^32-1 square", resized(picture(64, 64), 2**32 - 1, 2**32 - 1), SMALL
    yield "64 MP", large, WIDE
    yield "64 MP stated as 9x9", resized(large, 9, 9), SMALL
    yield "9x9 stated as 64 MP", resized(picture(9, 9), SIDE, SIDE), SMALL
    yield "wide", picture(65535, 1), (*WIDE, "x400")
    yield "tall", picture(1, 65535), (*WIDE, "x400")
    moving = picture(16, 16, 4)
    for count in (5, 10_000, 2_000_000, 2**32 - 1):
        yield f"{count} frames", _frames(moving, count), SMALL
    yield from sequences.still_bombs()
    yield from sequences.moving_bombs(moving, picture(4096, 4096, 3))
    yield "a million boxes", picture(9, 9) + b"\0\0\0\x08free" * 1_000_000, SMALL
    yield "a million boxes before", _before(b"\0\0\0\x08free" * 1_000_000), SMALL
    yield (
        "100,000 boxes deep",
        _before(b"".join(struct.pack(">L4s", 8 * n, b"moov") for n in range(100_000, 0, -1))),
        SMALL,
    )


def _before(boxes: bytes) -> bytes:
    """A picture with boxes between the file type and the rest."""
    data = picture(9, 9)
    (length,) = struct.unpack(">L", data[:4])
    return data[:length] + boxes + data[length:]


def _frames(data: bytes, count: int) -> bytes:
    """The sequence with another number of samples, each one byte long and shown for one tick."""
    data = patched(data, find(data, b"stsz") + 4, struct.pack(">LL", 1, count))
    return patched(data, find(data, b"stts") + 4, struct.pack(">LLL", 1, count, 1))


def lies() -> Iterator[Case]:
    still, moving = picture(32, 32), picture(32, 32, 3)
    alpha = picture(32, 32, 1, "RGBA")
    for width, height in ((0, 0), (0, 9), (9, 0), (1, 1), (65536, 1), (33, 31)):
        yield f"{width}x{height}", resized(still, width, height), SMALL
    for name, data in {"still": still, "sequence": moving, "alpha": alpha}.items():
        for kind in sorted({data[at : at + 4] for at in _boxes(data)}):
            at = data.index(kind) - 4
            for length in (0, 1, 7, 8, 9, 2**31, 2**32 - 1):
                yield f"{name}, {kind.decode()} of {length}", patched(data, at, struct.pack(">L", length)), SMALL
            chance = random.Random(f"{name} {kind!r}")
            for number in range(4):
                value = bytes(chance.choice((0, 1, 0x7F, 0xFF)) for _ in range(4))
                place = at + 8 + 4 * number
                yield f"{name}, {kind.decode()} with {value.hex()} at {number}", patched(data, place, value), SMALL
    for name, profile in PROFILES.items():
        if profile:
            yield f"profile, {name}", _profiled(profile), SMALL


def _boxes(data: bytes) -> list[int]:
    """The offsets of the names of all boxes."""
    kinds = (
        b"ftyp meta hdlr pitm iloc iinf infe iprp ipco ispe pixi av1C colr ipma mdat iref auxC"
        b" moov mvhd trak tkhd mdia mdhd minf stbl stco stsc stsz stss stts stsd av01"
    )
    return [data.index(kind) for kind in kinds.split() if kind in data]


def _profiled(profile: bytes) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (9, 9), "red").save(buffer, "AVIF", speed=10, icc_profile=profile)
    return buffer.getvalue()
