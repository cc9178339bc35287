"""Pixels to fewer (or more) pixels, by Lanczos."""

from typing import Final

from PIL import Image

from core.fit import Box

REDUCING_GAP: Final = 3.0
"""Pillow shrinks by whole factors first, down to this many times the target, then by Lanczos."""

BAND: Final = 64
"""Rows of a transparent image that are premultiplied at a time."""

_PREMULTIPLIED: Final = {"LA": "La", "RGBA": "RGBa"}


def scaled(image: Image.Image, target: tuple[int, int], box: Box) -> Image.Image:
    """The box of the image at a size of (width, height) pixels, in the image's mode."""
    if image.size == target and box == (0, 0, *target):
        return image
    if image.mode in _PREMULTIPLIED:
        return _transparent(image, target, box)
    return image.resize(target, Image.Resampling.LANCZOS, box, REDUCING_GAP)


def _transparent(image: Image.Image, target: tuple[int, int], box: Box) -> Image.Image:
    """The same, weighing colours by their opacity, so that a transparent pixel's colour shows nowhere.

    Pillow does so too, but on a second copy of the whole image. Here only bands of it are copied, which
    are scaled across first, as Pillow's own two passes are, so that the pixels are Pillow's exactly.
    """
    left, top, right, bottom = box
    mode = _PREMULTIPLIED[image.mode]
    across = Image.new(mode, (target[0], image.height))
    for start in range(0, image.height, BAND):
        end = min(start + BAND, image.height)
        band = image.crop((0, start, image.width, end)).convert(mode)
        part = band.resize((target[0], end - start), Image.Resampling.LANCZOS, (left, 0, right, end - start))
        across.paste(part, (0, start))
    down = across.resize(target, Image.Resampling.LANCZOS, (0, top, target[0], bottom))
    return down.convert(image.mode)
