"""Colours for pictures in mode RGB: palettes, and the pictures as indices of them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

MOST_COLOURS: Final = 255
"""Of a palette. One index more is for what is transparent."""

_CUBE: Final = 4

_STEPS: Final = 2.0
"""Times that colours may be further off without diffusion than with it, when they are blurred."""

_SAMPLE: Final = 32_768
"""Pixels whose colours stand for those of photographs."""

_PART: Final = 512
"""Pixels, both sides, of the part of a photograph that decides how it is matched."""


@dataclass(frozen=True)
class Indexed:
    """A picture as indices, in mode L, of a palette: R, G and B by index."""

    indices: Image.Image
    palette: bytes


Match = Callable[[Image.Image], Indexed]
"""How a picture in mode RGB becomes one of indices."""


def exact(picture: Image.Image, palette: bytes, careful: bool) -> Indexed:
    """A picture all of whose colours are in the palette; those that are close may be confused, unless `careful`."""
    found = _nearest(picture, palette)
    if not careful or ImageChops.difference(found.convert("RGB"), picture).getbbox() is None:
        return _indexed(found)
    # This way confuses none, and takes ten times as long.
    own = _indexed(picture.quantize(MOST_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
    places = {palette[at : at + 3]: at // 3 for at in range(0, len(palette), 3)}
    table = [places.get(own.palette[at : at + 3], 0) for at in range(0, 3 * 256, 3)]
    return Indexed(own.indices.point(table), palette)


def _nearest(picture: Image.Image, palette: bytes) -> Image.Image:
    """A picture in mode P, each pixel in about the nearest colour of a palette."""
    # Pillow looks for a colour by the darkest corner of a cube of four levels. By its middle it finds nearer ones.
    corners = Image.new("P", (1, 1))
    corners.putpalette(bytes(max(level - _CUBE // 2, 0) for level in palette))
    found = picture.quantize(palette=corners, dither=Image.Dither.NONE)
    found.putpalette(palette)
    return found


def closest(stack: Image.Image, most: int, few: bool) -> tuple[Indexed, float]:
    """A stack of pictures in the closest colours, and by how many levels they are off, as root mean square.

    If there are `few` pixels, it tries two initial palettes.
    """
    tries = [
        stack.quantize(most, begun, kmeans=1, dither=Image.Dither.NONE)
        for begun in ((Image.Quantize.MAXCOVERAGE, Image.Quantize.MEDIANCUT) if few else (Image.Quantize.MAXCOVERAGE,))
    ]
    offs = [_off(stack, found.convert("RGB")) for found in tries]
    return _indexed(tries[offs.index(min(offs))]), min(offs)


def photographs(stack: Image.Image, first: Image.Image, most: int) -> tuple[Match, bool]:
    """How photographs are matched, given a stack of them and the first one, and whether each has to be matched alone.

    They get the nearest of some colours, which are means of theirs. Where that makes steps in what is smooth, errors
    are diffused to the pixels beside. A part of the first photograph decides, after a blur that stands for the eye.
    """
    apart = ceil((stack.width * stack.height / _SAMPLE) ** 0.5)
    some = stack.resize((max(1, stack.width // apart), max(1, stack.height // apart)), Image.Resampling.NEAREST)
    means = some.quantize(most, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    palette, part = _indexed(means).palette, _middle(first)
    steps, noise = _off_when_blurred(part, _nearest(part, palette)), _off_when_blurred(part, _diffused(part, means))
    if steps > _STEPS * noise:
        return lambda picture: _indexed(_diffused(picture, means)), True
    return lambda picture: _indexed(_nearest(picture, palette)), False


def _middle(picture: Image.Image) -> Image.Image:
    left, top = max(0, picture.width - _PART) // 2, max(0, picture.height - _PART) // 2
    return picture.crop((left, top, min(left + _PART, picture.width), min(top + _PART, picture.height)))


def _off_when_blurred(picture: Image.Image, found: Image.Image) -> float:
    """By how many levels a picture in mode P is off, as root mean square, once pixels are mixed with those beside."""
    blur = ImageFilter.GaussianBlur(1)
    return _off(picture.filter(blur), found.convert("RGB").filter(blur))


def _off(one: Image.Image, other: Image.Image) -> float:
    """By how many levels two pictures in mode RGB differ, as root mean square over all channels."""
    levels = ImageStat.Stat(ImageChops.difference(one, other)).rms
    return float((sum(level**2 for level in levels) / len(levels)) ** 0.5)


def _diffused(picture: Image.Image, palette: Image.Image) -> Image.Image:
    return picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def _indexed(picture: Image.Image) -> Indexed:
    """A picture in Pillow's mode P, as its parts."""
    indices = Image.frombytes("L", picture.size, picture.tobytes())
    return Indexed(indices, bytes(picture.getpalette("RGB") or ()))
