"""A PNG writer for 8-bit pixels, because the choice of filter decides both time and size.

Pillow tries all five filters on every row: on a photograph that takes most of a variant's time. Two
ways cover what is resized: photographs compress best as differences from the left neighbour, which
have few repetitions left to look for; graphics compress best unfiltered, by their repetitions.
Which one suits an image is measured on a few of its rows. The format is W3C's PNG, third edition.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES: Final = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}
_STRIPS: Final = 4
_STRIP_ROWS: Final = 16
_BAND: Final = 512
"""Rows that are filtered at a time, so that a large image is not in memory several times."""
_Z_RLE: Final = 3
"""zlib's strategy that looks for runs only; Python has no name for it."""


@dataclass(frozen=True)
class _Way:
    """A filter type (section 9.2), and how its output is compressed best."""

    filter: int
    level: int
    strategy: int


_PHOTOGRAPH: Final = _Way(1, 6, _Z_RLE)
_GRAPHIC: Final = _Way(0, 6, zlib.Z_DEFAULT_STRATEGY)


def write(image: Image.Image, profile: bytes | None) -> bytes:
    """An image in L, LA, RGB or RGBA as a PNG's bytes, with the ICC profile."""
    header = struct.pack(">IIBBBBB", *image.size, 8, _COLOUR_TYPES[image.mode], 0, 0, 0)
    colours = {b"iCCP": b"ICC Profile\0\0" + zlib.compress(profile)} if profile else {}
    return file({b"IHDR": header, **colours, b"IDAT": _compressed(image, _way(image))})


def file(chunks: Mapping[bytes, bytes]) -> bytes:
    """A PNG of these chunks, and the one that ends it (section 5.3)."""
    pieces = [SIGNATURE]
    for kind, data in (*chunks.items(), (b"IEND", b"")):
        pieces += (len(data).to_bytes(4), kind, data, zlib.crc32(data, zlib.crc32(kind)).to_bytes(4))
    return b"".join(pieces)


def _way(image: Image.Image) -> _Way:
    """The way that makes less of the image's sample rows."""
    if image.height <= _STRIPS * _STRIP_ROWS:
        sample = image
    else:
        sample = Image.new(image.mode, (image.width, _STRIPS * _STRIP_ROWS))
        for strip in range(_STRIPS):
            top = (image.height - _STRIP_ROWS) * strip // (_STRIPS - 1)
            sample.paste(image.crop((0, top, image.width, top + _STRIP_ROWS)), (0, strip * _STRIP_ROWS))
    return min(_PHOTOGRAPH, _GRAPHIC, key=lambda way: len(_compressed(sample, way)))


def _compressed(image: Image.Image, way: _Way) -> bytes:
    """The image's rows, each with its filter type before it, as a zlib stream (section 10)."""
    deflate = zlib.compressobj(way.level, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL + 1, way.strategy)
    pieces = [
        deflate.compress(_filtered(image.crop((0, top, image.width, min(top + _BAND, image.height))), way.filter))
        for top in range(0, image.height, _BAND)
    ]
    return b"".join((*pieces, deflate.flush()))


def _filtered(rows: Image.Image, kind: int) -> bytes:
    if kind:
        left = Image.new(rows.mode, rows.size)
        left.paste(rows, (1, 0))
        rows = ImageChops.subtract_modulo(rows, left)
    stride = rows.width * len(rows.getbands())
    pixels = memoryview(rows.tobytes())
    before = bytes([kind])
    return b"".join(
        part for start in range(0, len(pixels), stride) for part in (before, pixels[start : start + stride])
    )
