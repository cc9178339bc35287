"""Pixels in 255 colours and a transparent one, as GIF holds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import ceil
from typing import Final, cast

from PIL import Image, ImageChops, ImageFilter, ImageStat

from core.imaging.stack import most_stacked, parted, stacked

TRANSPARENT: Final = 255
"""The index of transparent pixels."""

_VISIBLE: Final = 128
"""Of 255. What is less opaque becomes transparent."""

_FEW_PIXELS: Final = 32_768
"""Of all frames together. Choosing the closest colours for them takes a tenth of a second at the most."""

_FEW_SHADES, _MOST_OF_FEW_SHADES = 8192, 1_000_000
"""Colours of a graphic with smooth edges, of which a photograph has more; and pixels for which choosing the closest
takes half a second at the most."""

_CLOSE, _CLOSEST = 1.5, 0.5
"""Levels by which the closest colours may be off, as root mean square, 45 and 54 dB: before graphics are taken for
photographs; and before frames of few pixels get palettes of their own."""

_CUBE: Final = 4

_STEPS: Final = 2.0
"""Times that colours may be further off without diffusion than with it, when they are blurred."""

_MOST_RUNS: Final = 300
"""Palettes without which colours would be lost. Each takes some milliseconds."""

_MOST_LOOKED_AT: Final = 4_000_000
"""Pixels that a palette is chosen by, of all frames together."""


@dataclass(frozen=True)
class Indexed:
    """A picture as indices, in mode L, of a palette: R, G and B by index."""

    indices: Image.Image
    palette: bytes


_Match = Callable[[Image.Image], Indexed]
"""How a picture in mode RGB becomes one of indices."""


def indexed(pictures: Sequence[Image.Image], most: int = TRANSPARENT) -> list[Indexed]:
    """Pictures of the same sides, in L, LA, RGB or RGBA, as indices of one palette, or of one each.

    Palettes have `most` colours at the most, 1 to 255. Where each picture has few enough colours they are kept, in one
    palette for as many pictures as possible. Few pixels and graphics get the colours that come closest to them, others
    some that are near.
    """
    pixels, runs = len(pictures) * pictures[0].width * pictures[0].height, _runs_of_few_colours(pictures, most)
    few, limited = pixels <= _FEW_PIXELS, most < TRANSPARENT
    if not runs and (few or (pixels <= _MOST_OF_FEW_SHADES and (limited or _have_few_shades(pictures)))):
        together, off = _closest(pictures, most, few)
        if off <= (_CLOSEST if few else _CLOSE) or limited or (few and len(pictures) == 1):
            return _matched(pictures, lambda _: together)
        if few:
            return [found for picture in pictures for found in indexed([picture])]
    matches: list[tuple[Sequence[Image.Image], _Match]]
    matches = [(run, partial(_exact, palette=colours)) for run, colours in runs]
    together_at_most = most_stacked(pictures[0])
    if not runs:
        match, alone = _photographs(pictures[:: -(-pixels // _MOST_LOOKED_AT)])
        matches, together_at_most = [(pictures, match)], 1 if alone else together_at_most
    return [
        found
        for run, match in matches
        for start in range(0, len(run), together_at_most)
        for found in _matched(run[start : start + together_at_most], match)
    ]


def _have_few_shades(pictures: Sequence[Image.Image]) -> bool:
    """Whether pictures are graphics and no photographs."""
    return stacked([_opaque(picture)[0] for picture in pictures]).getcolors(_FEW_SHADES) is not None


def _matched(pictures: Sequence[Image.Image], match: _Match) -> list[Indexed]:
    """Pictures as indices, given how a picture in mode RGB is matched; what is transparent is so in them."""
    opaque = [_opaque(picture) for picture in pictures]
    stack = match(stacked([colours for colours, _ in opaque]))
    found = [Indexed(indices, stack.palette) for indices in parted(stack.indices, pictures[0].height)]
    for picture, (_, hidden) in zip(found, opaque, strict=True):
        if hidden:
            picture.indices.paste(TRANSPARENT, mask=hidden)
    return found


def _runs_of_few_colours(pictures: Sequence[Image.Image], most: int) -> list[tuple[Sequence[Image.Image], bytes]]:
    """Pictures in their order, each run of them with its colours; none where some have too many."""
    runs: list[tuple[Sequence[Image.Image], bytes]] = []
    start, colours = 0, set[tuple[int, ...]]()
    for number, picture in enumerate(pictures):
        found = _opaque(picture)[0].getcolors(most)
        own = {cast(tuple[int, ...], colour) for _, colour in found or ()}
        if not own or len(runs) == _MOST_RUNS:
            return []
        if len(colours | own) > most:
            runs.append((pictures[start:number], bytes(chain.from_iterable(sorted(colours)))))
            start, colours = number, set()
        colours |= own
    return [*runs, (pictures[start:], bytes(chain.from_iterable(sorted(colours))))]


def _exact(picture: Image.Image, palette: bytes) -> Indexed:
    """A picture all of whose colours are in the palette."""
    found = _nearest(picture, palette)
    if ImageChops.difference(found.convert("RGB"), picture).getbbox() is None:
        return _indexed(found)
    # It took some colours that are close for each other. This way does not, and takes ten times as long.
    own = _indexed(picture.quantize(TRANSPARENT, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
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


def _closest(pictures: Sequence[Image.Image], most: int, few: bool) -> tuple[Indexed, float]:
    """A stack of pictures in the closest colours, and by how many levels they are off, as root mean square.

    Of `few` pixels, two ways to begin with are tried.
    """
    stack = stacked([_opaque(picture)[0] for picture in pictures])
    tries = [
        stack.quantize(most, begun, kmeans=1, dither=Image.Dither.NONE)
        for begun in ((Image.Quantize.MAXCOVERAGE, Image.Quantize.MEDIANCUT) if few else (Image.Quantize.MAXCOVERAGE,))
    ]
    offs = [max(ImageStat.Stat(ImageChops.difference(stack, found.convert("RGB"))).rms) for found in tries]
    return _indexed(tries[offs.index(min(offs))]), min(offs)


def _photographs(pictures: Sequence[Image.Image]) -> tuple[_Match, bool]:
    """How photographs like these are matched, and whether each has to be matched alone.

    To the nearest of colours that are the means of theirs; but where that makes steps in what is smooth, errors are
    diffused, in the colours of an octree. It is told by the first of them, blurred as an eye does it.
    """
    stack = stacked([_opaque(picture)[0] for picture in pictures])
    apart = ceil((stack.width * stack.height / _FEW_PIXELS) ** 0.5)
    some = stack.resize((max(1, stack.width // apart), max(1, stack.height // apart)), Image.Resampling.NEAREST)
    means = _indexed(some.quantize(TRANSPARENT, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)).palette
    octree = stack.quantize(TRANSPARENT, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    first = _opaque(pictures[0])[0]
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


def _opaque(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """A picture without alpha, where it is transparent in a colour that it has anyway, and the mask of that."""
    if picture.mode not in ("LA", "RGBA"):
        return (picture if picture.mode == "RGB" else picture.convert("RGB")), None  # convert() would copy it.
    hidden = picture.getchannel("A").point(lambda alpha: 255 * (alpha < _VISIBLE), "1")
    colours = picture.convert("RGB")
    visible = _visible(hidden)
    colours.paste(cast(tuple[int, ...], colours.getpixel(visible)) if visible else 0, mask=hidden)
    return colours, hidden


def _visible(hidden: Image.Image) -> tuple[int, int] | None:
    """The place of a pixel that is not hidden, None if all are."""
    visible = ImageChops.invert(hidden)
    if (box := visible.getbbox()) is None:
        return None
    top = box[1]
    row = visible.crop((0, top, visible.width, top + 1)).getbbox()
    return (row[0], top) if row else None
