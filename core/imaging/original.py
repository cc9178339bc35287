"""Opens an original. Before any pixel is decoded, the header decides whether the original is refused."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

from PIL import Image

from core.errors import BrokenOriginal, SizewiseError, TooLarge, UnsupportedFormat
from core.imaging import tiff
from core.imaging.containers.contents import Colours, Contents
from core.imaging.fit import Sides
from core.imaging.formats import not_decoded, sniff
from core.imaging.guard import check_contents, check_header, opened_by
from core.imaging.orient import orientation
from core.imaging.pillow import load_plugin
from core.imaging.settings import ImagingSettings
from core.imaging.whole import ended

_READERS: Final = {
    "JPEG": "segments",
    "PNG": "chunks",
    "GIF": "blocks",
    "WEBP": "riff",
    "AVIF": "boxes",
    "HEIF": "boxes",
    "TIFF": "directories",
}
"""The modules that read a format's contents. They are loaded when they are needed, as decoders are."""

_UNKNOWN_KINDS: Final = ("unknown pixel mode", "Invalid value for samples per pixel", "Unsupported BMP")
"""The beginnings of Pillow's errors for kinds of TIFF and BMP that it does not know."""


@dataclass(frozen=True)
class Original:
    """An original whose header has been read, but not its pixels.

    `sides` are the sides of its visible part, before it is turned upright by `turn`, the Exif orientation. `image` is
    Pillow's.
    """

    image: Image.Image
    contents: Contents
    sides: Sides
    turn: int
    colours: Colours


def opened(data: bytes, settings: ImagingSettings) -> Original:
    """An original, opened.

    Raises UnsupportedFormat, BrokenOriginal and TooLarge for an original that may not be decoded.
    """
    name = _format(data)
    with reading():
        contents = _contents(name, data)
        check_contents(contents, settings)
        if contents.damaged:
            raise BrokenOriginal("The original is damaged: the checksum of its pixels is wrong.")
        image = supported(name, contents)
        check_header(image, contents, settings, len(data))
        if not contents.ended:
            contents = ended(contents)
            image = opened_by(name, contents.data)
    # A TIFF's tag can have any type.
    profile = profile if isinstance(profile := image.info.get("icc_profile"), bytes) else None
    exif = contents.exif or image.info.get("exif")
    turn = 1 if name in ("TIFF", "HEIF") else orientation(exif)
    left, top, right, bottom = contents.aperture or (0, 0, *(contents.canvas or image.size))
    return Original(image, contents, (right - left, bottom - top), turn, profile or contents.colours)


def supported(name: str, contents: Contents) -> Image.Image:
    """The image, opened. Raises UnsupportedFormat if Pillow knows the format, but not this kind of TIFF or BMP."""
    try:
        image = opened_by(name, contents.data)
    except (SyntaxError, OSError) as error:
        if not str(error).startswith(_UNKNOWN_KINDS):
            raise
        kind = contents.kind or "a rare kind of BMP"
        raise UnsupportedFormat(f"The original is {kind}, which is not supported.") from error
    return tiff.decodable(image, contents.samples) if contents.samples else image


@contextmanager
def reading() -> Iterator[None]:
    """Turns exceptions of a decoder into BrokenOriginal, or TooLarge for too many pixels. MemoryError is not changed.

    Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more for invalid bytes. So any other
    exception in this block, which must contain only decoding, means a broken original.
    """
    try:
        yield
    except (SizewiseError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge("The original has a frame or a tile of too many pixels.") from error
    except Exception as error:
        raise BrokenOriginal("The original is damaged or cut short.") from error


def _format(data: bytes) -> str:
    """Pillow's name of a file's format. Loads the format's decoder."""
    if not data:
        raise BrokenOriginal("The original is empty.")
    name = sniff(data)
    if name is None:
        if known := not_decoded(data):
            raise UnsupportedFormat(f"The original is {known}, which is not supported.")
        raise UnsupportedFormat(
            "The original is not an image in a supported format: JPEG, PNG, WebP, AVIF, GIF, HEIC, TIFF or BMP."
        )
    try:
        load_plugin(name)
    except ImportError as error:
        shown = "HEIC" if name == "HEIF" else name
        raise UnsupportedFormat(f"The original's format is {shown}, which this deployment does not decode.") from error
    return name


def _contents(name: str, data: bytes) -> Contents:
    """A file's contents, as its format's reader finds them."""
    if name not in _READERS:
        return Contents(data)
    reader = importlib.import_module(f"core.imaging.containers.{_READERS[name]}")
    return cast(Contents, reader.contents(data))
