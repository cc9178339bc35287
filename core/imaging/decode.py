"""Original bytes to pixels. The header decides before any pixel is decoded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from PIL import Image, JpegImagePlugin

from core.errors import BrokenOriginal, SizewiseError, TooLarge, UnsupportedFormat
from core.imaging.colour import workable
from core.imaging.fit import Plan
from core.imaging.formats import sniff
from core.imaging.guard import Reader, check_file, check_header
from core.imaging.pillow import load_plugin

_DIVISORS: Final = (8, 4, 2, 1)
"""By which the DCT of a JPEG can be decoded smaller, to whole blocks."""


@dataclass(frozen=True)
class Frame:
    """One picture of an original or a variant; a still one has one frame.

    `profile` is the ICC profile of its pixels, None for sRGB or where there is none. `duration` is in milliseconds.
    """

    pixels: Image.Image
    profile: bytes | None
    duration: int


def opened(data: bytes, max_pixels: int) -> Image.Image:
    """An original whose header is read and whose pixels are not.

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
    with _reading():
        scans = check_file(data, name, max_pixels)
        # Image.open would import five plugins first.
        image = Image.OPEN[name][0](Reader(data), "")
        check_header(image, scans, max_pixels)
    if not isinstance(image.info.get("icc_profile"), bytes):  # A TIFF tag has any type.
        image.info.pop("icc_profile", None)
    return image


def divisor(image: Image.Image, plan: Plan) -> int:
    """By what both sides of an original are divided as it is decoded: the most that leaves it as large as is needed.

    1 for everything but a JPEG, whose DCT can be decoded at 1/2, 1/4 or 1/8. The plan's box is the original's as it is
    stored.
    """
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return 1
    left, top, right, bottom = plan.box
    reduction = min((right - left) / plan.scaled[0], (bottom - top) / plan.scaled[1])
    return next(step for step in _DIVISORS if step <= max(reduction, 1))


def decoded(image: Image.Image, frames: range, divided_by: int) -> Iterator[Frame]:
    """The frames of an opened original, decoded one by one, in a mode that scales well.

    Raises BrokenOriginal.
    """
    if divided_by > 1:
        image.draft("", (max(1, image.width // divided_by), max(1, image.height // divided_by)))
    for index in frames:
        with _reading():
            if len(frames) > 1:
                image.seek(index)
            image.load()
            pixels = workable(image)
        # The original itself moves on to the next frame.
        kept = pixels.copy() if pixels is image and len(frames) > 1 else pixels
        yield Frame(kept, image.info.get("icc_profile"), round(image.info.get("duration", 0)))


@contextmanager
def _reading() -> Iterator[None]:
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
