"""Whether a picture is a flat graphic: text, a chart, an icon, a screenshot. In it each error of an encoder is seen."""

from typing import Final

from PIL import Image, ImageChops

_SHARE: Final = 0.5
"""Of a flat graphic's pixels, those as light as the pixel above to the left. Photographs have up to a third."""

_PART: Final = 1000
"""Pixels each way, in the middle of a picture, that are compared with those beside them."""

_COLOURS: Final = 0.005
"""Of a graphic's pixels, the number of colours: in scanned text or fine lines. Grey photographs have so few too."""

FLAT_MORE: Final = 8
"""What is added to the quality of a flat graphic: with it, text and lines have at least the look of a JPEG's."""


def is_flat(picture: Image.Image) -> bool:
    """Whether a picture in L, LA, RGB or RGBA has few colours, or most pixels the lightness of one beside them."""
    width, height = picture.size
    if min(width, height) == 1:
        return False
    if picture.getcolors(int(_COLOURS * width * height)):
        return True
    left, top = max(0, width - _PART) // 2, max(0, height - _PART) // 2
    lightness = picture.crop((left, top, min(left + _PART, width), min(top + _PART, height))).convert("L")
    width, height = lightness.size
    here, above = lightness.crop((1, 1, width, height)), lightness.crop((0, 0, width - 1, height - 1))
    same = ImageChops.difference(here, above).histogram()[0]
    return same >= _SHARE * (width - 1) * (height - 1)
