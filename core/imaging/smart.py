"""Smart crop: finds the crop of an original that keeps what people look at.

The method and its constants are those of Jonas Wagner's smartcrop.js 2.0, the luma is Rec. 709's. A pixel's interest
depends on its edges, its saturation and its likeness to skin. Its weight depends on its place in the crop.
The largest crop that fits can move along only one axis, so sums over columns or rows are enough.
"""

from itertools import accumulate
from math import sqrt
from typing import Final

from PIL import Image, ImageFilter

from core.imaging.fit import Box, Sides
from core.size import Fit

_LONGEST: Final = 64
"""The longer side, in pixels, of the image that decides the crop. More pixels would move the crop by less than a
hundredth."""

_FINER: Final = 4
"""Edges are detected in an image whose sides are this many times as long: at 64 pixels, texture would be lost."""

_PREMULTIPLIED: Final = {"LA": "La", "RGBA": "RGBa"}
_BAND: Final = 256
"""About how many rows are shrunk at a time."""

_SKIN: Final = (0.78, 0.57, 0.44)
_SKIN_THRESHOLD: Final = 0.8
_SATURATION_THRESHOLD: Final = 0.4
_OUTSIDE: Final = -0.5
_LAPLACIAN: Final = ImageFilter.Kernel((3, 3), (0, -1, 0, -1, 4, -1, 0, -1, 0), scale=1)


def placed(image: Image.Image, box: Box, fit: Fit) -> Box:
    """The box of a decoded original, moved to its best place if the fit is `smart`.

    The box fills the image along at least one axis.
    """
    if fit != "smart":
        return box
    left, top, right, bottom = box
    columns, rows = _profiles(image)
    # Along the axis that the box fills, a decoded image can be a part of a pixel longer: its sides are rounded up.
    if image.width - (right - left) > image.height - (bottom - top):
        start = _best(columns, (right - left) / image.width) * image.width
        start = min(start, image.width - (right - left))
        return (start, top, start + right - left, bottom)
    start = _best(rows, (bottom - top) / image.height) * image.height
    start = min(start, image.height - (bottom - top))
    return (left, start, right, start + bottom - top)


def _profiles(image: Image.Image) -> tuple[list[float], list[float]]:
    """The interest of each column and each row of a small version of the image."""
    scale = min(1.0, _LONGEST / max(image.size))
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    fine = (
        _reduced(image, (width * _FINER, height * _FINER))
        .resize((width * _FINER, height * _FINER), Image.Resampling.BOX, reducing_gap=1.0)
        .convert("RGB")
    )
    edges = fine.convert("L").filter(_LAPLACIAN).reduce(_FINER).tobytes()
    levels = [level / 255 for level in fine.reduce(_FINER).tobytes()]
    interest = list(map(_interest, levels[0::3], levels[1::3], levels[2::3], (edge / 255 for edge in edges)))
    columns = [sum(interest[column::width]) for column in range(width)]
    rows = [sum(interest[row * width : (row + 1) * width]) for row in range(height)]
    return columns, rows


def _reduced(image: Image.Image, sides: Sides) -> Image.Image:
    """The image; with alpha, shrunk in bands by a whole factor to at least the sides: Pillow would copy the image."""
    factor = min(image.width // sides[0], image.height // sides[1])
    if image.mode not in _PREMULTIPLIED or factor < 2:
        return image
    mode, rows = _PREMULTIPLIED[image.mode], factor * max(1, _BAND // factor)
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height))).convert(mode)
        small.paste(band.reduce(factor), (0, top // factor))
    return small.convert(image.mode)


def _interest(red: float, green: float, blue: float, detail: float) -> float:
    """A pixel's interest, given its colours and its `detail`, the strength of its edge: all are 0 to 1."""
    lightest, darkest = max(red, green, blue), min(red, green, blue)
    lightness = (lightest + darkest) / 2
    score = 0.2 * detail
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    if luma >= 0.2:
        size = sqrt(red * red + green * green + blue * blue)
        away = sum((part / size - skin) ** 2 for part, skin in zip((red, green, blue), _SKIN, strict=True))
        skin = 1 - sqrt(away)
        if skin > _SKIN_THRESHOLD:
            score += 1.8 * detail * (skin - _SKIN_THRESHOLD) / (1 - _SKIN_THRESHOLD)
    if lightest > darkest and 0.05 <= luma <= 0.9:
        saturation = (lightest - darkest) / (2 - lightest - darkest if lightness > 0.5 else lightest + darkest)
        if saturation > _SATURATION_THRESHOLD:
            score += 0.1 * (detail + 0.2) * (saturation - _SATURATION_THRESHOLD) / (1 - _SATURATION_THRESHOLD)
    return score


def _best(profile: list[float], share: float) -> float:
    """The start of the window that scores most, as a share of the profile. The window's length is `share`.

    Of windows with equal scores, the most central one is chosen: an image without interest is cropped as by `cover`.
    """
    length = len(profile)
    window = max(1, round(share * length))
    weights = [_importance((at + 0.5) / window) for at in range(window)]
    inside = [0.0, *accumulate(profile)]

    def score(start: int) -> float:
        within = sum(weight * value for weight, value in zip(weights, profile[start:], strict=False))
        return within + _OUTSIDE * (inside[-1] - (inside[start + window] - inside[start]))

    starts = range(length - window + 1)
    middle = (length - window) / 2
    best = max(starts, key=lambda start: (round(score(start), 6), -abs(start - middle)))
    return (1 - share) / 2 if round(score(best), 6) <= round(score(round(middle)), 6) else best / length


def _importance(place: float) -> float:
    """The weight of a place across the crop, 0 to 1: the middle and the thirds weigh most."""
    off = abs(0.5 - place) * 2
    edge = -20 * max(off - 0.6, 0) ** 2
    centred = 1.41 - off
    thirds = max(1 - (((off - 1 / 3 + 1) % 2 * 0.5 - 0.5) * 16) ** 2, 0)
    return centred + max(0, centred + edge + 0.5) * 1.2 * thirds + edge
