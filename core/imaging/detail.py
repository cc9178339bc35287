"""How much detail a picture has, which decides how WebP and AVIF are encoded (docs/quality.md)."""

from typing import Final, Literal

from PIL import Image, ImageChops

Detail = Literal["flat", "smooth", "rich"]
"""`flat` is a graphic: text, a chart, an icon, a screenshot. In it each error of an encoder is seen. `smooth` is a
picture of soft changes, `rich` any other."""

_ALIKE: Final = 0.5
"""Of a flat graphic's pixels, those as light as the pixel above to the left. Photographs have up to a third."""

_COLOURS: Final = 0.005
"""Of a graphic's pixels, the number of colours: in scanned text or fine lines. Grey photographs have so few too."""

_CONTRAST: Final = 1.7
"""Levels by which a smooth picture's pixels differ from the one above to the left, as their mean."""

_PART: Final = 1000
"""Pixels each way, in the middle of a picture, that are compared with those beside them."""

FLAT_MORE: Final = 6
"""What is added to the quality of a flat graphic: with it, text and lines have at least the look of a JPEG's."""


def detail(picture: Image.Image) -> Detail:
    """The detail of a picture in L, LA, RGB or RGBA."""
    width, height = picture.size
    if min(width, height) == 1:
        return "rich"
    if picture.getcolors(int(_COLOURS * width * height)):
        return "flat"
    left, top = max(0, width - _PART) // 2, max(0, height - _PART) // 2
    lightness = picture.crop((left, top, min(left + _PART, width), min(top + _PART, height))).convert("L")
    width, height = lightness.size
    here, above = lightness.crop((1, 1, width, height)), lightness.crop((0, 0, width - 1, height - 1))
    differences = ImageChops.difference(here, above).histogram()
    pixels = (width - 1) * (height - 1)
    if differences[0] >= _ALIKE * pixels:
        return "flat"
    contrast = sum(levels * count for levels, count in enumerate(differences)) / pixels
    return "smooth" if contrast <= _CONTRAST else "rich"
