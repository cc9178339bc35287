"""A PNG writer for 8-bit pixels, because the kind of PNG and the choice of filter decide both time and size.

Pillow tries all five filters on every row: on a photograph, this takes most of a variant's time. For resized images,
three filters are enough. Photographs compress best as differences from the mean of the left pixel and
the pixel above; these differences have few repetitions. Gradients compress best as differences from the
pixel above, other graphics unfiltered, by their repetitions. A few rows of the image decide the filter.
The format is W3C's PNG, third edition.
"""

import struct
from collections.abc import Mapping
from typing import Final

from PIL import Image, ImageChops

from core.imaging.packing import QUICK, RUNS, THOROUGH, Level, crc32, packed
from core.imaging.smallest import Kind, kinds

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_STRIPS: Final = 8
_STRIP_ROWS: Final = 8
_BAND: Final = 512
"""Rows that are filtered at a time, so that a large image is not in memory several times."""


_NONE, _UP, _AVERAGE = 0, 2, 3
"""Filter types (section 9.2)."""

_VARIED: Final = 8
"""Differences that compress to more than an eighth of their bytes have few repetitions."""


def write(image: Image.Image, profile: bytes | None) -> bytes:
    """An image in L, LA, RGB or RGBA as a PNG's bytes, with the ICC profile, which is for RGB."""
    colours = {b"iCCP": b"ICC Profile\0\0" + packed([profile], len(profile), THOROUGH)} if profile else {}
    return min((_written(kind, colours) for kind in kinds(image, grey=not profile)), key=len)


def _written(kind: Kind, colours: Mapping[bytes, bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", *kind.image.size, kind.depth, kind.colour_type, 0, 0, 0)
    return file({b"IHDR": header, **colours, **kind.chunks, b"IDAT": _compressed(kind)})


def file(chunks: Mapping[bytes, bytes]) -> bytes:
    """A PNG of these chunks and IEND (section 5.3)."""
    pieces = [SIGNATURE]
    for kind, data in (*chunks.items(), (b"IEND", b"")):
        pieces += (len(data).to_bytes(4), kind, data, crc32(data, crc32(kind)).to_bytes(4))
    return b"".join(pieces)


def _compressed(kind: Kind) -> bytes:
    """The image's rows, each with its filter type before it, as a zlib stream (section 10)."""
    width, height = kind.image.size
    size = height * (1 + (width * len(kind.image.getbands()) * kind.depth + 7) // 8)
    filtering, level = (_NONE, THOROUGH) if kind.image.mode == "P" else _way(kind.image)
    bands = ((top, min(top + _BAND, height)) for top in range(0, height, _BAND))
    return packed((_filtered(kind.image, band, filtering, kind.depth) for band in bands), size, level)


def _way(image: Image.Image) -> tuple[int, Level]:
    """The filter type that makes the image's sample rows smallest, and the best level for its output."""
    strips = [(0, image.height)]
    if image.height > _STRIPS * _STRIP_ROWS:
        tops = ((image.height - _STRIP_ROWS) * (2 * strip + 1) // (2 * _STRIPS) for strip in range(_STRIPS))
        strips = [(top, top + _STRIP_ROWS) for top in tops]
    sizes = {}
    for filtering in (_NONE, _UP, _AVERAGE):
        sample = b"".join(_filtered(image, strip, filtering) for strip in strips)
        sizes[filtering] = len(packed([sample], len(sample), QUICK))
    best = min(sizes, key=lambda filtering: sizes[filtering])
    return best, RUNS if best != _NONE and sizes[best] * _VARIED > len(sample) else THOROUGH


def _filtered(image: Image.Image, band: tuple[int, int], filtering: int, depth: int = 8) -> bytes:
    """The rows from a band's top to the row above its bottom, each with its filter type before it."""
    top, bottom = band
    rows = image.crop((0, top, image.width, bottom))
    if filtering:
        before = image.crop((0, top - 1, image.width, bottom - 1))  # Outside the image, pixels are 0, as in PNG.
        if filtering == _AVERAGE:
            before = Image.blend(image.crop((-1, top, image.width - 1, bottom)), before, 0.5)  # blend() rounds down.
        rows = ImageChops.subtract_modulo(rows, before)
    pixels = memoryview(rows.tobytes("raw", rows.mode if depth == 8 else f"P;{depth}"))
    stride = len(pixels) // rows.height
    begun = bytes([filtering])
    return b"".join(part for start in range(0, len(pixels), stride) for part in (begun, pixels[start : start + stride]))
