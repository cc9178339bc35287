"""Original bytes to pixels. The header decides before any pixel is decoded."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, JpegImagePlugin

from core.errors import BrokenOriginal, SizewiseError, TooLarge, UnsupportedFormat
from core.formats import sniff
from core.guard import Reader, check_file, check_header

ORIENTATION_TAG: Final = 0x0112

# Ours is the limit that counts, from the header and with an answer that says so.
Image.MAX_IMAGE_PIXELS = None

KEPT_BLOCKS: Final = 4
"""Blocks of 16 MiB that Pillow keeps for the next image (its "block allocator"): fresh pages from the
system, which zeroes each, took a third of a render's time."""
Image.core.set_blocks_max(KEPT_BLOCKS)  # type: ignore[attr-defined]

_PLUGINS: Final = {"WEBP": "WebP", "AVIF": "Avif", "TIFF": "Tiff", "PNG": "Png", "GIF": "Gif", "BMP": "Bmp"}


def open_original(data: bytes, max_pixels: int) -> Image.Image:
    """An image whose header is read and whose pixels are not.

    Raises UnsupportedFormat, BrokenOriginal, or TooLarge over `max_pixels` pixels.
    """
    if not data:
        raise BrokenOriginal("The original is empty.")
    name = sniff(data)
    if name is None:
        raise UnsupportedFormat(
            "The original is not an image of a format decoded here: JPEG, PNG, WebP, AVIF, GIF, HEIC, TIFF or BMP."
        )
    load_plugin(name)
    with reading():
        scans = check_file(data, name, max_pixels)
        # Image.open would import five plugins first.
        image = Image.OPEN[name][0](Reader(data), "")
        check_header(image, scans, max_pixels)
    if not isinstance(image.info.get("icc_profile"), bytes):  # A TIFF tag has any type.
        image.info.pop("icc_profile", None)
    return image


def load_plugin(name: str) -> None:
    """Registers one Pillow plugin: left to itself Pillow imports all of them, at a cold start's expense."""
    if name == "HEIF":
        importlib.import_module("pi_heif").register_heif_opener()
    elif name in _PLUGINS:
        importlib.import_module(f"PIL.{_PLUGINS[name]}ImagePlugin")


@contextmanager
def reading() -> Iterator[None]:
    """Turns whatever a decoder raises over an original's bytes into BrokenOriginal.

    Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and more over bytes that
    lie, so inside this block, which is to hold nothing but decoding, any exception means that.
    """
    try:
        yield
    except SizewiseError:
        raise
    except MemoryError as error:
        raise TooLarge("The original takes more memory than there is.") from error
    except Exception as error:
        raise BrokenOriginal("The original is damaged or cut short.") from error


def orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8 (Exif 2.32, section 4.6.4); 1 where there is none to be read.

    XMP's is left out, as browsers leave it out. TIFF and HEIF are turned upright as they are decoded.
    """
    if image.format in ("TIFF", "HEIF"):
        return 1
    for name in ("xmp", "XML:com.adobe.xmp"):
        image.info.pop(name, None)
    try:
        value = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:  # Broken EXIF is no reason to refuse a picture that decodes.
        return 1
    return value if value in range(1, 9) else 1


def draft(image: Image.Image, reduction: float) -> int:
    """Has a JPEG decoded at 1/2, 1/4 or 1/8 by its DCT, if that is no smaller than 1/`reduction`.

    Returns the divisor of both sides; 1 for everything but JPEG.
    """
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return 1
    divisor = next(step for step in (8, 4, 2, 1) if step <= max(reduction, 1))
    if divisor > 1:
        image.draft("", (max(1, image.width // divisor), max(1, image.height // divisor)))
    return divisor
