"""Scales pixels to fewer (or more) pixels, with the Lanczos filter.

Scaling takes longer than any other step after a JPEG is decoded. Pillow scales without vector instructions.
cykooz_resizer has vector instructions and works on Pillow's pixels: where a wheel of it exists, scaling is about eight
times as fast. Both libraries compute and round in the same way; a few percent of the pixels differ by one level.
"""

from math import ceil, floor, nextafter
from typing import Final

from PIL import Image

from core.imaging.fit import Box, Sides

try:
    from cykooz_resizer import AlphaMulDiv, CropBox, ResizeOptions, Resizer
except ImportError:
    Resizer = None

_REDUCING_GAP: Final = 3.0
"""Pillow first shrinks by whole factors, down to this many times the requested sides, then by Lanczos."""

_BAND: Final = 500_000
"""Pixels of a transparent image that are premultiplied at a time. Starting a band takes as long as some thousand
pixels."""

_BETWEEN: Final = 16_000_000
"""The most pixels of the intermediate image, which is scaled across but not yet down. A larger image is made in parts.
The filter reads pixels beyond the edge of a part, so that there is no seam."""

_SUPPORT: Final = 3
"""The reach of the Lanczos filter to each side, in pixels of the smaller image."""

_VECTORS: Final = ("L", "RGB", "RGBa", "CMYK")
_TRANSPARENT: Final = ("LA", "RGBA")


def scaled(image: Image.Image, sides: Sides, box: Box) -> Image.Image:
    """The box of the image, scaled to the sides, in the image's mode."""
    if image.size == sides and box == (0, 0, *sides):
        return image
    if image.mode not in _TRANSPARENT and (Resizer is None or image.mode not in _VECTORS):
        return image.resize(sides, Image.Resampling.LANCZOS, box, _REDUCING_GAP)
    way = _transparent if image.mode in _TRANSPARENT else _lanczos
    wide = max(1, _BETWEEN // image.height)
    if sides[0] <= wide:
        return way(image, sides, box)
    made = Image.new(image.mode, sides)
    left, top, right, bottom = box
    for start in range(0, sides[0], wide):
        end = min(start + wide, sides[0])
        part = (left + (right - left) * start / sides[0], top, left + (right - left) * end / sides[0], bottom)
        made.paste(way(image, (end - start, sides[1]), part), (start, 0))
    return made


def _transparent(image: Image.Image, sides: Sides, box: Box) -> Image.Image:
    """Scales an image with alpha. Its colours are weighted by their opacity, so that hidden colours show nowhere.

    Pillow does this too, but on a second copy of the whole image. Here only bands of the image are copied.
    Each band is first scaled across, as in Pillow's own two passes.
    """
    left, top, right, bottom = box
    around = _SUPPORT * max(1.0, (bottom - top) / sides[1]) + 1
    first, last = max(0, floor(top - around)), min(image.height, ceil(bottom + around))
    across = Image.new("RGBa", (sides[0], last - first))
    rows = max(1, _BAND // image.width)
    for start in range(first, last, rows):
        end = min(start + rows, last)
        band = _premultiplied(image.crop((0, start, image.width, end)))
        across.paste(_lanczos(band, (sides[0], end - start), (left, 0, right, end - start)), (0, start - first))
    made = _lanczos(across, sides, (0, top - first, sides[0], bottom - first)).convert("RGBA")
    return made if image.mode == "RGBA" else made.convert("LA")


def _premultiplied(band: Image.Image) -> Image.Image:
    """A part of an image in LA or RGBA, converted to RGBa. The part itself can change."""
    colours = band if band.mode == "RGBA" else band.convert("RGBA")
    if Resizer is None:
        return colours.convert("RGBa")
    AlphaMulDiv().multiply_alpha_pil_inplace(colours)
    return colours


def _lanczos(image: Image.Image, sides: Sides, box: Box) -> Image.Image:
    if Resizer is None or image.mode not in _VECTORS:
        return image.resize(sides, Image.Resampling.LANCZOS, box)  # Without a reducing gap, bands have no seams.
    return _resized(image, sides, box)


def _resized(image: Image.Image, sides: Sides, box: Box) -> Image.Image:
    left, top, right, bottom = box
    crop = CropBox(left, top, _length(left, right, image.width), _length(top, bottom, image.height))
    made = Image.new(image.mode, sides)
    Resizer().resize_pil(image, made, ResizeOptions(crop_box=crop))
    return made


def _length(start: float, end: float, most: int) -> float:
    """The length from start to end. If a rounding error put start plus length over `most`, the box would be refused."""
    length = end - start
    return length if start + length <= most else nextafter(length, 0)
