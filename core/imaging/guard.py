"""Limits on the work of decoders. They are checked on a file's header, before a decoder reads it or allocates memory.

Decoders trust what a file states. A few bytes can state a part of a gibibyte, or a million parts, each of which needs
an iteration of a loop. The limits are far beyond what any program writes.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageFile

from core.errors import TooLarge
from core.imaging.containers.contents import MAX_ORIGINAL_SIDE, MOST_PARTS, Contents, too_many_parts
from core.imaging.fit import Sides
from core.imaging.pillow import give_back
from core.imaging.settings import ImagingSettings

_DECODERS: Final = {"WEBP": 16.0, "AVIF": 11.0, "HEIF": 8.5}
"""Peak bytes per pixel of decoders that hold planes or canvases, the result and a copy of it at once."""

_MOST_SCANNED: Final = 2_000_000_000
"""The largest product of a JPEG's pixels and scans: each scan goes over all pixels. Progressive JPEG has about ten
scans."""

DECODED_WITHOUT_END: Final = 6
"""How many times a JPEG without its end marker is decoded, to find out whether it has all its pixels."""

_LARGEST_TILE: Final = 4096 * 4096
"""The most pixels of a TIFF tile. A tile is decoded whole, however small the image is."""

_BITS_PER_SAMPLE, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_LENGTH = 258, 278, 322, 323
"""Tags of TIFF 6.0."""


class Reader(BytesIO):
    """A file in memory that is read in a limited number of pieces, then raises TooLarge."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = MOST_PARTS

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes. Raises TooLarge after `MOST_PARTS` calls."""
        self._left -= 1
        if self._left < 0:
            raise too_many_parts()
        return super().read(size)


def opened_by(name: str, data: bytes) -> ImageFile.ImageFile:
    """A file's image, opened by the decoder that Pillow calls `name`. Raises the decoder's errors."""
    # Image.open would import five plugins first.
    return Image.OPEN[name][0](Reader(data), "")


def check_contents(contents: Contents, settings: ImagingSettings) -> None:
    """Raises TooLarge for contents that no decoder may get."""
    for sides in (contents.canvas, contents.stated):
        if sides:
            _check_sides(sides, settings.max_pixels)
    if contents.coded > settings.max_pixels:
        raise TooLarge(f"The original has {contents.coded} pixels to decode; up to {settings.max_pixels} are allowed.")


def check_header(image: Image.Image, contents: Contents, settings: ImagingSettings, size: int) -> None:
    """Raises TooLarge for an opened image that may not be decoded, given the size of its file in bytes."""
    _check_sides(image.size, settings.max_pixels)
    scans, end = contents.scans, "" if contents.ended else " and no end marker"
    if scans * (1 if contents.ended else DECODED_WITHOUT_END) * image.width * image.height > _MOST_SCANNED:
        raise TooLarge(
            f"The original has {scans} scans of {image.width}x{image.height} pixels{end}: too much work to decode. "
            "Save it again, as a JPEG that is not progressive."
        )
    needed, limit = _memory(image, contents), settings.decoding_memory
    if needed > limit / 2:
        give_back()  # A large image needs the memory of cached blocks.
    if needed > limit or needed + size > settings.memory:
        raise TooLarge(
            f"The original has {image.width}x{image.height} pixels, which need {needed / 1_000_000:.0f} MB to decode"
            f" ({image.format}, {image.mode}); up to {limit / 1_000_000:.0f} MB are allowed."
        )


def _check_sides(sides: Sides, max_pixels: int) -> None:
    width, height = sides
    if width * height > max_pixels:
        raise TooLarge(f"The original has {width}x{height} pixels; up to {max_pixels} in all are allowed.")
    if max(sides) > MAX_ORIGINAL_SIDE:
        raise TooLarge(f"The original has {width}x{height} pixels; up to {MAX_ORIGINAL_SIDE} per side are allowed.")


def _memory(image: Image.Image, contents: Contents) -> float:
    """The most bytes that decoding needs for the pixels, as measured by tests/support/pictures/trial.py."""
    held = 1 if image.mode in ("1", "L", "P") else 4
    worked: float = held
    if image.format in _DECODERS:
        worked = _DECODERS[image.format]
    elif contents.scans > 1:
        # The coefficients of the whole image, 16 bits each; its pixels count only if its end is missing.
        worked = 2 * len(image.getbands()) + (0 if contents.ended else held)
    elif contents.key:
        worked = 18  # High and low bytes, a mask for each channel of both, and the result.
    elif contents.samples and contents.samples.multiplied:
        worked = 13  # High and low bytes, the result, and a band of its alpha.
    elif image.mode in ("I", "F") or image.mode.startswith("I;16"):
        worked = 12
    elif image.mode in ("RGBA", "LA", "PA"):
        worked = held + 1  # Bands of the image are copied, premultiplied.
    elif "transparency" in image.info:
        worked = held + 5
    pixels = max(image.width * image.height, contents.coded)
    return max(pixels * worked, pixels * held + _part(image), _composition(contents))


def _composition(contents: Contents) -> int:
    """Bytes that an animation needs while it is composed: five images of its canvas, and its largest part."""
    parts, canvas = contents.parts, contents.canvas
    if not parts or not canvas or (len(parts) == 1 and parts[0].place == (0, 0, *canvas)):
        return 0
    return 20 * canvas[0] * canvas[1] + 5 * max(part.pixels for part in parts)


def _part(image: Image.Image) -> int:
    """Bytes of a strip or tile of a TIFF, which libtiff decodes whole; 0 for other images.

    Raises TooLarge for a tile of too many pixels.
    """
    if image.format != "TIFF" or not image.use_load_libtiff:  # type: ignore[attr-defined]
        return 0
    tags = image.tag_v2  # type: ignore[attr-defined]
    if _TILE_WIDTH in tags:
        pixels = tags[_TILE_WIDTH] * tags[_TILE_LENGTH]
        if pixels > _LARGEST_TILE:
            raise TooLarge(f"The original has tiles of {pixels} pixels; up to {_LARGEST_TILE} are allowed.")
    else:
        pixels = image.width * min(image.height, tags.get(_ROWS_PER_STRIP, image.height))
    return int(pixels * sum(tags.get(_BITS_PER_SAMPLE, (1,))) // 8)
