"""Original bytes to pixels. The header decides before any pixel is decoded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, JpegImagePlugin

from core.errors import BrokenOriginal, SizewiseError, TooLarge, UnsupportedFormat
from core.imaging.animation import duration
from core.imaging.colour import workable
from core.imaging.fit import Plan
from core.imaging.formats import sniff
from core.imaging.frame import Frame
from core.imaging.guard import Outline, Reader, check_file, check_header
from core.imaging.pillow import load_plugin

_DIVISORS: Final = (8, 4, 2, 1)
"""By these factors libjpeg can shrink a JPEG while it decodes it."""


def opened(data: bytes, max_pixels: int) -> tuple[Image.Image, Outline]:
    """An original whose header is read and whose pixels are not, and what its bytes say of it.

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
        outline = check_file(data, name, max_pixels)
        # Image.open would import five plugins first.
        image = Image.OPEN[name][0](Reader(data), "")
        check_header(image, outline.scans, max_pixels)
    if not isinstance(image.info.get("icc_profile"), bytes):  # A TIFF tag has any type.
        image.info.pop("icc_profile", None)
    return image, outline


def divisor(image: Image.Image, plan: Plan) -> int:
    """By what both sides of an original are divided while it is decoded: the most that leaves enough pixels for a plan.

    It is 1 for everything but a JPEG. The plan is for the original as it is stored.
    """
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return 1
    left, top, right, bottom = plan.box
    reduction = min((right - left) / plan.sides[0], (bottom - top) / plan.sides[1])
    return next(step for step in _DIVISORS if step <= max(reduction, 1))


def decoded(image: Image.Image, indices: range, divided_by: int) -> Iterator[Frame]:
    """The frames of an opened original, decoded one by one, in a mode that scales well.

    A frame's pixels may be the original itself, which moves on to the next one. Raises TooLarge and BrokenOriginal.
    """
    if divided_by > 1:
        image.draft("", (max(1, image.width // divided_by), max(1, image.height // divided_by)))
    for index in indices:
        with _reading():
            if len(indices) > 1:
                image.seek(index)
            image.load()
            frame = Frame(workable(image), image.info.get("icc_profile"), duration(image))
        yield frame


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
    except Image.DecompressionBombError as error:
        raise TooLarge("The original has a frame or a tile of more pixels than are read here.") from error
    except MemoryError as error:
        raise TooLarge("The original takes more memory than there is.") from error
    except Exception as error:
        raise BrokenOriginal("The original is damaged or cut short.") from error
