"""Written PNGs, as read by Pillow and by the specification, and pictures to write."""

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from random import Random

from PIL import Image


def by_pillow(image: Image.Image) -> int:
    """The number of bytes that Pillow needs by default, with all five filters and zlib's level 6."""
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return len(buffer.getvalue())


def chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG by name, in order; each must have the checksum of its data."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, rest = {}, data[8:]
    while rest:
        length, name = struct.unpack(">I4s", rest[:8])
        assert struct.unpack(">I", rest[8 + length : 12 + length])[0] == zlib.crc32(rest[4 : 8 + length])
        found[name] = rest[8 : 8 + length]
        rest = rest[12 + length :]
    return found


def depth_and_type(data: bytes) -> tuple[int, int]:
    """The bits per sample, and the colour type."""
    header = chunks(data)[b"IHDR"]
    return header[8], header[9]


def in_full(image: Image.Image) -> bytes:
    """Each pixel as red, green, blue and alpha of 8 bits each."""
    return image.convert("RGBA").tobytes()


def check_pixels(data: bytes, image: Image.Image) -> None:
    back = Image.open(BytesIO(data))
    assert back.size == image.size
    assert in_full(back) == in_full(image)


def picture(mode: str, colours: Sequence[int | tuple[int, ...]], sides: tuple[int, int] = (60, 40)) -> Image.Image:
    """A picture that has each of the colours and no other, in random order."""
    image, random = Image.new(mode, sides), Random(3)
    places = [(x, y) for x in range(sides[0]) for y in range(sides[1])]
    random.shuffle(places)
    for number, place in enumerate(places):
        image.putpixel(place, colours[number % len(colours)])
    return image
