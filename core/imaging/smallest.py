"""The kind of PNG that stores an image in the fewest bits per pixel, with exact colours.

The sections are those of W3C's PNG, third edition.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fmod
from typing import Final, cast

from PIL import Image, ImageChops, ImageMath

_GREY, _PALETTE = 0, 3
_COLOUR_TYPES: Final = {"L": _GREY, "RGB": 2, "LA": 4, "RGBA": 6}
"""The colour types by Pillow's modes (section 11.2.1)."""

_OPAQUE: Final = 255
_MOST_COLOURS: Final = 256
"""The most colours of a palette (section 11.2.2)."""

_MOST_LEVELS: Final = 16
"""The most levels of a grey image that is stored in fewer than 8 bits."""

_PIXELS_PER_COLOUR: Final = 16
"""With fewer pixels per colour, a palette may need more bytes than it saves."""

_SAMPLE: Final = 16
"""The sides, in pixels, of a small copy that is checked before the whole picture: nearly any colours show in it."""

_DIVISORS: Final = range(32767, 16384, -1)
"""Divisors for colours as signed 32-bit numbers: the remainders need 16 bits."""

_Colour = tuple[int, int, int, int]
"""Red, green, blue and alpha."""


@dataclass(frozen=True)
class Kind:
    """How an image is stored: its colour type, the bits of a sample, and the chunks that its pixels need.

    The image is in L, LA, RGB or RGBA, or in P if samples of up to 8 bits are packed unchanged.
    """

    image: Image.Image
    colour_type: int
    depth: int = 8
    chunks: Mapping[bytes, bytes] = field(default_factory=dict)


def kinds(image: Image.Image, grey: bool) -> list[Kind]:
    """The kinds of PNG to try for an image in L, LA, RGB or RGBA: one of them is the smallest.

    `grey` is whether an image in RGB or RGBA may become grey: with an RGB profile it may not.
    """
    if image.mode == "L":
        return [_of_levels(image)]
    found = image.getcolors(_MOST_COLOURS)
    if not found:
        return [_as_it_is(_without_needless_channels(image, grey))]
    colours = sorted((_in_full(cast(tuple[int, ...], colour)) for _, colour in found), key=lambda it: (it[3], it))
    opaque = colours[0][3] == _OPAQUE
    if opaque and (grey or image.mode == "LA") and all(red == green == blue for red, green, blue, _ in colours):
        return [_of_levels(image.getchannel(0))]
    indices = _indices(image, colours)
    few = [_with_palette(indices, colours)] if indices else []
    if few and len(colours) * _PIXELS_PER_COLOUR <= image.width * image.height:
        return few
    return [*few, _as_it_is(image.convert(image.mode.removesuffix("A")) if opaque else image)]


def _as_it_is(image: Image.Image) -> Kind:
    return Kind(image, _COLOUR_TYPES[image.mode])


def _without_needless_channels(image: Image.Image, grey: bool) -> Image.Image:
    """The image without alpha if alpha is opaque everywhere; in grey if this is allowed and all colours are grey."""
    if image.mode != "RGBA":
        return image
    alpha = image.getchannel("A")
    if alpha.getextrema() == (_OPAQUE, _OPAQUE):
        return image.convert("RGB")
    sides = (min(_SAMPLE, image.width), min(_SAMPLE, image.height))
    if grey and _is_grey(image.resize(sides, Image.Resampling.NEAREST)) and _is_grey(image):
        return Image.merge("LA", (image.getchannel("R"), alpha))
    return image


def _is_grey(image: Image.Image) -> bool:
    red, green, blue, _ = image.split()
    return not (ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox())


def _of_levels(image: Image.Image) -> Kind:
    """An image in L in as few bits as its levels need: as grey if that is exact, else with a palette."""
    levels = sorted(cast(int, level) for _, level in image.getcolors() or ())
    if len(levels) > _MOST_LEVELS:
        return _as_it_is(image)
    depth = _bits(len(levels))
    step = _OPAQUE // (2**depth - 1)
    if not any(level % step for level in levels):
        return Kind(_unpacked(image.point([level // step for level in range(256)])), _GREY, depth)
    indices = image.point([levels.index(level) if level in levels else 0 for level in range(256)])
    return _with_palette(indices, [(level, level, level, _OPAQUE) for level in levels])


def _with_palette(indices: Image.Image, colours: Sequence[_Colour]) -> Kind:
    """An image of indices of colours. Opaque colours come last: the tRNS chunk leaves them out (section 11.3.1.1)."""
    palette = {b"PLTE": bytes(level for colour in colours for level in colour[:3])}
    alphas = bytes(colour[3] for colour in colours if colour[3] < _OPAQUE)
    chunks = {**palette, b"tRNS": alphas} if alphas else palette
    return Kind(_unpacked(indices), _PALETTE, _bits(len(colours)), chunks)


def _bits(count: int) -> int:
    """The smallest depth, in bits, that has this many values."""
    return next(bits for bits in (1, 2, 4, 8) if count <= 2**bits)


def _unpacked(numbers: Image.Image) -> Image.Image:
    """Numbers in mode L, converted to the mode that Pillow packs into fewer bits."""
    return Image.frombytes("P", numbers.size, numbers.tobytes())


def _in_full(colour: tuple[int, ...]) -> _Colour:
    """The colour of a pixel in LA, RGB or RGBA."""
    match colour:
        case (level, alpha):
            return level, level, level, alpha
        case (red, green, blue):
            return red, green, blue, _OPAQUE
        case _:
            return cast(_Colour, colour)


def _indices(image: Image.Image, colours: Sequence[_Colour]) -> Image.Image | None:
    """The index of each pixel's colour, in mode L. In very rare cases None, because no divisor separates the colours.

    Each pixel is a 32-bit number here. Its index is looked up by a remainder that no other colour has.
    """
    numbers = [int.from_bytes(bytes(colour), sys.byteorder, signed=True) for colour in colours]
    for divisor in _DIVISORS:
        places = [int(fmod(number, divisor)) + divisor for number in numbers]  # fmod keeps the sign, as C's % does.
        if len(set(places)) == len(places):
            break
    else:
        return None
    table = bytearray(2**16)
    for index, place in enumerate(places):
        table[place] = index
    pixels = Image.frombytes("I", image.size, image.convert("RGBA").tobytes())
    remainders = ImageMath.lambda_eval(lambda it: it["pixels"] % divisor + divisor, pixels=pixels)
    indices = Image.new("L", image.size)
    # Image.point() would round each number of the table in Python, which takes longer than all the rest.
    indices.im = cast(Image.Image, remainders).im.point(bytes(table), "L")
    return indices
