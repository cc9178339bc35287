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
"""Pixels whose colours stand for those of a photograph."""


@dataclass(frozen=True)
class Indexed:
    """A picture as indices, in mode L, of a palette: R, G and B by index."""

    indices: Image.Image
    palette: bytes


Match = Callable[[Image.Image], Indexed]
"""How a picture in mode RGB becomes one of indices."""


def exact(picture: Image.Image, palette: bytes) -> Indexed:
    """A picture all of whose colours are in the palette."""
    found = _nearest(picture, palette)
    if ImageChops.difference(found.convert("RGB"), picture).getbbox() is None:
        return _indexed(found)
    # It took some colours that are close for each other. This way does not, and takes ten times as long.
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

    Of `few` pixels, two ways to begin with are tried.
    """
    tries = [
        stack.quantize(most, begun, kmeans=1, dither=Image.Dither.NONE)
        for begun in ((Image.Quantize.MAXCOVERAGE, Image.Quantize.MEDIANCUT) if few else (Image.Quantize.MAXCOVERAGE,))
    ]
    offs = [max(ImageStat.Stat(ImageChops.difference(stack, found.convert("RGB"))).rms) for found in tries]
    return _indexed(tries[offs.index(min(offs))]), min(offs)


def photographs(stack: Image.Image, first: Image.Image) -> tuple[Match, bool]:
    """How photographs are matched, given a stack of them and the first one, and whether each has to be matched alone.

    To the nearest of colours that are the means of theirs; but where that makes steps in what is smooth, errors are
    diffused, in the colours of an octree. It is told by the first of them, blurred as an eye does it.
    """
    apart = ceil((stack.width * stack.height / _SAMPLE) ** 0.5)
    some = stack.resize((max(1, stack.width // apart), max(1, stack.height // apart)), Image.Resampling.NEAREST)
    means = _indexed(some.quantize(MOST_COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)).palette
    octree = stack.quantize(MOST_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    steps, noise = _off_when_blurred(first, _nearest(first, means)), _off_when_blurred(first, _diffused(first, octree))
    if steps > _STEPS * noise:
        return lambda picture: _indexed(_diffused(picture, octree)), True
    return lambda picture: _indexed(_nearest(picture, means)), False


def _off_when_blurred(picture: Image.Image, found: Image.Image) -> float:
    """By how many levels a picture in mode P is off, as root mean square, once pixels are mixed with those beside."""
    blur = ImageFilter.GaussianBlur(1)
    return max(ImageStat.Stat(ImageChops.difference(picture.filter(blur), found.convert("RGB").filter(blur))).rms)


def _diffused(picture: Image.Image, palette: Image.Image) -> Image.Image:
    return picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def _indexed(picture: Image.Image) -> Indexed:
    """A picture in Pillow's mode P, as its parts."""
    indices = Image.frombytes("L", picture.size, picture.tobytes())
    return Indexed(indices, bytes(picture.getpalette("RGB") or ()))
