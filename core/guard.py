"""What a file may ask of its decoder: judged by its header, before any decoder has seen it or allocated for it.

Decoders trust what a file says of itself. A few bytes can say that they have a million parts, each of which costs
a turn of a loop, or that one part has a gibibyte. What is refused here is far beyond what any program writes.
"""

import re
import struct
from io import BytesIO
from typing import Final

from PIL import Image

from core.errors import TooLarge

LONGEST_SIDE: Final = 65535
"""Pixels: JPEG's limit. Decoders hold rows, and lists of them, beside the pixels."""

MEMORY_PER_PIXEL: Final = 6.75
"""Bytes of memory that a pixel of the limit stands for: 64 million of them for 432 MB, so that a render stays below
512 MiB. RGB takes 4."""

_DECODERS: Final = {"WEBP": 16.0, "AVIF": 11.0, "HEIF": 8.5}
"""Bytes a pixel that decoders take which hold the planes or canvases, the result and a copy of it at once."""

MOST_READS: Final = 1_000_000
"""Pieces that a file is read in: half a second of Pillow's loops. Photographs have a few hundred."""

MOST_SEGMENTS: Final = 10_000
MOST_EXIF_SEGMENTS: Final = 64
"""In a JPEG. Pillow puts Exif together by copying it for every segment; there is one, rarely two."""

MOST_SCANNED: Final = 2_000_000_000
"""Pixels times scans of a JPEG: each scan goes over all of them. Progressive JPEG has about ten scans."""

MOST_VALUES: Final = 4 * LONGEST_SIDE
"""Numbers in one TIFF tag: the strips of the tallest image in four planes."""

LARGEST_TILE: Final = 4096 * 4096
"""Pixels of a TIFF tile, which is decoded whole however small the image is."""

_MARKER: Final = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])", re.DOTALL)
"""What starts a segment or ends the image: neither a stuffed byte nor a restart (ITU-T T.81, section B.1.1.2)."""

_TIFF_NUMBERS: Final = (3, 4, 5, 8, 9, 10, 11, 12, 13)
"""The types whose values become Python numbers: not bytes, text and undefined (TIFF 6.0, section 2)."""

_BITS_PER_SAMPLE, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_LENGTH = 258, 278, 322, 323
"""Tags of TIFF 6.0."""


class Reader(BytesIO):
    """A file in memory that is read in a limited number of pieces, then raises TooLarge."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        self._left -= 1
        if self._left < 0:
            raise TooLarge("The original is made of too many parts.")
        return super().read(size)


def check_file(data: bytes, name: str, max_pixels: int) -> int:
    """How many scans a file has, of the format that Pillow calls `name`; 1 where it is not JPEG.

    Raises TooLarge for one that is not to be opened at all.
    """
    if name == "TIFF":
        _check_directory(data)
    elif name == "WEBP":
        _check_size(_webp_size(data), max_pixels)
    return _count_scans(data) if name == "JPEG" else 1


def check_header(image: Image.Image, scans: int, max_pixels: int) -> None:
    """Raises TooLarge for an opened image that is not to be decoded; `scans` is what `check_file` counted."""
    _check_size(image.size, max_pixels)
    if scans * image.width * image.height > MOST_SCANNED:
        raise TooLarge(f"The original has {scans} scans of {image.width}x{image.height} pixels, which is too many.")
    needed, limit = _memory(image, scans), max_pixels * MEMORY_PER_PIXEL
    if needed > limit:
        raise TooLarge(
            f"The original has {image.width}x{image.height} pixels, which take {needed / 1_000_000:.0f} MB to decode"
            f" ({image.format}, {image.mode}); up to {limit / 1_000_000:.0f} MB are used here."
        )


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise TooLarge(f"The original has {width}x{height} pixels; up to {max_pixels} in all are read here.")
    if max(size) > LONGEST_SIDE:
        raise TooLarge(f"The original has {width}x{height} pixels; up to {LONGEST_SIDE} a side are read here.")


def _memory(image: Image.Image, scans: int) -> float:
    """Bytes that the pixels take at the most, as tests/support/trial.py measures them."""
    held = 1 if image.mode in ("1", "L", "P") else 4
    worked: float = held
    if image.format in _DECODERS:
        worked = _DECODERS[image.format]
    elif scans > 1:
        worked = 2 * len(image.getbands())  # The coefficients of the whole image, 16 bits each.
    elif image.mode in ("I", "F") or image.mode.startswith("I;16"):
        worked = 12
    elif image.mode in ("RGBA", "LA", "PA"):
        worked = held + 1  # Bands of it are copied, premultiplied.
    elif "transparency" in image.info:
        worked = held + 5
    pixels = image.width * image.height
    return max(pixels * worked, pixels * held + _part(image))


def _part(image: Image.Image) -> int:
    """Bytes of a strip or tile of a compressed TIFF, which is decoded whole; 0 for anything else."""
    if image.format != "TIFF" or image.info["compression"] == "raw":
        return 0
    tags = image.tag_v2  # type: ignore[attr-defined]
    if _TILE_WIDTH in tags:
        pixels = tags[_TILE_WIDTH] * tags[_TILE_LENGTH]
        if pixels > LARGEST_TILE:
            raise TooLarge(f"The original has tiles of {pixels} pixels; up to {LARGEST_TILE} are read here.")
    else:
        pixels = image.width * min(image.height, tags.get(_ROWS_PER_STRIP, image.height))
    return int(pixels * sum(tags.get(_BITS_PER_SAMPLE, (1,))) // 8)


def _count_scans(data: bytes) -> int:
    """How many scans a JPEG has before its end, as libjpeg finds them."""
    at, segments, scans, exif = 2, 0, 0, 0
    while match := _MARKER.search(data, at):
        kind = match[1][0]
        if kind == 0xD9:
            break
        segments += 1
        scans += kind == 0xDA
        exif += kind == 0xE1 and data.startswith(b"Exif", match.end() + 2)
        if segments > MOST_SEGMENTS or exif > MOST_EXIF_SEGMENTS:
            raise TooLarge("The original is made of too many parts.")
        at = match.end() + int.from_bytes(data[match.end() : match.end() + 2])
    return max(scans, 1)


def _check_directory(data: bytes) -> None:
    """Looks at how many values the tags of a TIFF's first directory say that they have."""
    order = "<" if data.startswith(b"II") else ">"
    start = int.from_bytes(data[4:8], "little" if order == "<" else "big")
    count = int.from_bytes(data[start : start + 2], "little" if order == "<" else "big")
    entries = data[start + 2 : start + 2 + 12 * count]
    for _, kind, values, _ in struct.iter_unpack(f"{order}HHLL", entries[: len(entries) // 12 * 12]):
        if kind in _TIFF_NUMBERS and values > MOST_VALUES:
            raise TooLarge(f"The original has a tag of {values} numbers; up to {MOST_VALUES} are read here.")


def _webp_size(data: bytes) -> tuple[int, int]:
    """The canvas, which libwebp allocates as soon as it is given the file (RFC 9649, sections 2.5 to 2.7)."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
