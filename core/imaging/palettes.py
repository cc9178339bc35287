"""Palettes for pictures in mode RGB, and the pictures as indices of a palette."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from typing import Final, cast

from PIL import Image, ImageChops, ImageStat

MOST_COLOURS: Final = 255
"""The most colours of a palette. One more index is for transparent pixels."""

_CUBE: Final = 4
"""Levels of each channel that Pillow does not distinguish when it searches for the nearest colour."""

_FAR: Final = 2
"""Levels in one channel: errors are diffused only where the nearest colour differs by more. So flat areas stay flat."""

_SETTLED: Final = 64
"""Means are good enough if at most this many pixels of a sample would still change to another mean. Waiting until no
pixel changes would take twice as long."""

_GROUND: Final = 32
"""A colour of at least one pixel in this many is a background's. A wrong level would show all over the background."""

_STRIP: Final = 1 << 20
"""Pixels that are matched at a time."""


@dataclass(frozen=True)
class Indexed:
    """A picture as indices, in mode L, into a palette: R, G and B by index."""

    indices: Image.Image
    palette: bytes


Match = Callable[[Image.Image], Indexed]
"""A function from a picture in mode RGB to its indices."""


def differing(one: Image.Image, other: Image.Image, by: int = 0) -> Image.Image:
    """A mask in mode L: 255 where two pictures of one mode differ by more than `by` levels in any channel, else 0."""
    channels = ImageChops.difference(one, other).split()
    return reduce(ImageChops.lighter, channels).point(lambda level: 255 * (level > by))


def exact(picture: Image.Image, palette: bytes, careful: bool) -> Indexed:
    """A picture, whose colours are all in the palette, as indices. Unless `careful`, close colours may be confused."""
    found = _nearest(picture, palette)
    if not careful or ImageChops.difference(found.convert("RGB"), picture).getbbox() is None:
        return _indexed(found)
    # The picture's own palette confuses no colours, but takes ten times as long.
    own = _indexed(picture.quantize(MOST_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
    places = {palette[at : at + 3]: at // 3 for at in range(0, len(palette), 3)}
    table = [places.get(own.palette[at : at + 3], 0) for at in range(0, 3 * 256, 3)]
    return Indexed(own.indices.point(table), palette)


def _nearest(picture: Image.Image, palette: bytes) -> Image.Image:
    """A picture in mode P, with each pixel in about the nearest colour of a palette."""
    # Pillow searches by the darkest corner of a cube of four levels. By the cube's middle it finds nearer colours.
    corners = _as_palette(bytes(max(level - _CUBE // 2, 0) for level in palette))
    found = picture.quantize(palette=corners, dither=Image.Dither.NONE)
    found.putpalette(palette)
    return found


def closest(stack: Image.Image, most: int, careful: bool) -> tuple[Indexed, float]:
    """A stack of pictures in the closest colours, and their error in levels, as root mean square.

    If `careful`, two initial palettes are tried.
    """
    begun = Image.Quantize.MAXCOVERAGE, *([Image.Quantize.MEDIANCUT] if careful else [])
    tries = [stack.quantize(most, method, kmeans=1, dither=Image.Dither.NONE) for method in begun]
    offs = [_off(stack, found.convert("RGB")) for found in tries]
    return _indexed(tries[offs.index(min(offs))]), min(offs)


def means(some: Image.Image, most: int) -> bytes:
    """A palette for photographs, given some of their pixels in mode RGB: mean colours, and colours of backgrounds."""
    palette = _indexed(
        some.quantize(most, Image.Quantize.MAXCOVERAGE, kmeans=_SETTLED, dither=Image.Dither.NONE)
    ).palette
    colours = [tuple(palette[at : at + 3]) for at in range(0, len(palette), 3)]
    pixels = some.width * some.height
    counts = cast(list[tuple[int, tuple[int, ...]]], some.getcolors(pixels))
    grounds = [colour for _, colour in sorted(found for found in counts if found[0] >= pixels / _GROUND)]
    for ground in grounds:
        nearest = min(colours, key=partial(_apart, ground))
        # A colour this close to a background's would be confused with it.
        colours = [
            ground if colour == nearest or (_apart(ground, colour) < _CUBE and colour not in grounds) else colour
            for colour in colours
        ]
    return bytes(chain.from_iterable(dict.fromkeys(colours)))


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """The largest difference of two colours in any channel, in levels."""
    return max(abs(left - right) for left, right in zip(one, other, strict=True))


def near(picture: Image.Image, palette: bytes, diffused: bool) -> Indexed:
    """A picture in the nearest colours of a palette. If `diffused`, large errors are spread to neighbouring pixels."""
    indices = Image.new("L", picture.size)
    rows = max(1, _STRIP // picture.width)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        found = _nearest(strip, palette)
        indices.paste(_indexed(found).indices, (0, top))
        if diffused and (far := differing(found.convert("RGB"), strip, _FAR)).getbbox():
            noisy = strip.quantize(palette=_as_palette(palette), dither=Image.Dither.FLOYDSTEINBERG)
            indices.paste(_indexed(noisy).indices, (0, top), far)
    return Indexed(indices, palette)


def _off(one: Image.Image, other: Image.Image) -> float:
    """The difference of two pictures in mode RGB in levels, as root mean square over all channels."""
    levels = ImageStat.Stat(ImageChops.difference(one, other)).rms
    return float((sum(level**2 for level in levels) / len(levels)) ** 0.5)


def _as_palette(palette: bytes) -> Image.Image:
    """A picture in mode P that passes its palette to quantize()."""
    image = Image.new("P", (1, 1))
    image.putpalette(palette)
    return image


def _indexed(picture: Image.Image) -> Indexed:
    """A picture in Pillow's mode P, split into indices and palette."""
    indices = Image.frombytes("L", picture.size, picture.tobytes())
    return Indexed(indices, bytes(picture.getpalette("RGB") or ()))
