"""A PNG writer for 8-bit pixels, because the kind of PNG and the choice of filter decide both time and size.

Pillow tries all five filters on every row: on a photograph that takes most of a variant's time. Three
ways cover what is resized. Photographs compress best as differences from the mean of the left neighbour
and the one above, which have few repetitions left to look for; gradients as differences from the one above;
other graphics unfiltered, by their repetitions. Which one suits an image is measured on a few of its rows.
The format is W3C's PNG, third edition.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops

from core.imaging.packing import QUICK, RUNS, THOROUGH, Level, crc32, packed
from core.imaging.smallest import Kind, kinds

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_STRIPS: Final = 8
_STRIP_ROWS: Final = 8
_BAND: Final = 512
"""Rows that are filtered at a time, so that a large image is not in memory several times."""


@dataclass(frozen=True)
class _Way:
    """A filter type (section 9.2), and how its output is compressed best."""

    filter: int
    level: Level


_NONE, _UP, _AVERAGE = 0, 2, 3
_GRAPHIC: Final = _Way(_NONE, THOROUGH)
_WAYS: Final = (_GRAPHIC, _Way(_UP, THOROUGH), _Way(_AVERAGE, RUNS))


def write(image: Image.Image, profile: bytes | None) -> bytes:
    """An image in L, LA, RGB or RGBA as a PNG's bytes, with the ICC profile, which is one of RGB."""
    colours = {b"iCCP": b"ICC Profile\0\0" + packed([profile], len(profile), THOROUGH)} if profile else {}
    return min((_written(kind, colours) for kind in kinds(image, grey=not profile)), key=len)


def _written(kind: Kind, colours: Mapping[bytes, bytes]) -> bytes:
    way = _GRAPHIC if kind.image.mode == "P" else _way(kind.image)
    header = struct.pack(">IIBBBBB", *kind.image.size, kind.depth, kind.colour_type, 0, 0, 0)
    return file({b"IHDR": header, **colours, **kind.chunks, b"IDAT": _compressed(kind, way)})


def file(chunks: Mapping[bytes, bytes]) -> bytes:
    """A PNG of these chunks, and the one that ends it (section 5.3)."""
    pieces = [SIGNATURE]
    for kind, data in (*chunks.items(), (b"IEND", b"")):
        pieces += (len(data).to_bytes(4), kind, data, crc32(data, crc32(kind)).to_bytes(4))
    return b"".join(pieces)


def _way(image: Image.Image) -> _Way:
    """The way that makes less of the image's sample rows."""
    if image.height <= _STRIPS * _STRIP_ROWS:
        strips = [(0, image.height)]
    else:
        tops = ((image.height - _STRIP_ROWS) * (2 * strip + 1) // (2 * _STRIPS) for strip in range(_STRIPS))
        strips = [(top, top + _STRIP_ROWS) for top in tops]

    def sampled(way: _Way) -> int:
        sample = b"".join(_filtered(image, strip, way.filter) for strip in strips)
        return len(packed([sample], len(sample), QUICK))

    return min(_WAYS, key=sampled)


def _compressed(kind: Kind, way: _Way) -> bytes:
    """The image's rows, each with its filter type before it, as a zlib stream (section 10)."""
    width, height = kind.image.size
    size = height * (1 + (width * len(kind.image.getbands()) * kind.depth + 7) // 8)
    bands = ((top, min(top + _BAND, height)) for top in range(0, height, _BAND))
    return packed((_filtered(kind.image, band, way.filter, kind.depth) for band in bands), size, way.level)


def _filtered(image: Image.Image, band: tuple[int, int], kind: int, depth: int = 8) -> bytes:
    """The rows from one to before another, each with its filter type before it."""
    top, bottom = band
    rows = image.crop((0, top, image.width, bottom))
    if kind:
        before = image.crop((0, top - 1, image.width, bottom - 1))  # Pillow gives 0 for pixels outside, as PNG has it.
        if kind == _AVERAGE:
            before = Image.blend(image.crop((-1, top, image.width - 1, bottom)), before, 0.5)
        rows = ImageChops.subtract_modulo(rows, before)
    pixels = memoryview(rows.tobytes("raw", rows.mode if depth == 8 else f"P;{depth}"))
    stride = len(pixels) // rows.height
    begun = bytes([kind])
    return b"".join(part for start in range(0, len(pixels), stride) for part in (begun, pixels[start : start + stride]))
