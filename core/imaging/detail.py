"""The detail of a picture, which decides how WebP and AVIF are encoded (docs/quality.md)."""

from typing import Final, Literal

from PIL import Image, ImageChops

Detail = Literal["flat", "smooth", "rich"]
"""`flat` is a graphic: text, a chart, an icon, a screenshot. In a graphic, every error of an encoder is visible.
`smooth` is a picture of soft changes, `rich` is any other picture."""

_ALIKE: Final = 0.5
"""The smallest share of a flat graphic's pixels that are as light as the pixel above to the left. A photograph's share
is up to a third."""

_COLOURS: Final = 0.005
"""The most colours per pixel of a graphic, such as scanned text or fine lines. Grey photographs have as few colours."""

_CONTRAST: Final = 1.7
"""The largest mean difference, in levels, between a smooth picture's pixels and the pixels above to their left."""

_PART: Final = 1000
"""The sides, in pixels, of the middle part of a picture that is compared."""

FLAT_MORE: Final = 6
"""Added to the quality of a flat graphic, so that text and lines look at least as good as in a JPEG."""


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
